"""Short letters about one's own numbers: what they say. Pure; sending is for connector.post."""
