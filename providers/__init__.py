"""Providers: one folder a CRM, strangers to one another."""
