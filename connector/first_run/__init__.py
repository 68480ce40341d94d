"""What to write into a new account's configuration, proposed from what its CRM holds. Pure: nothing here decides."""
