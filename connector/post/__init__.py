"""Ways to reach a person outside of the CRM: a mail server, a Telegram bot. I/O only."""
