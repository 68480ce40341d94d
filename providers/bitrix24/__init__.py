"""bitrix24"""
