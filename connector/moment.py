"""moment"""
