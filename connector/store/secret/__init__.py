"""What opens something: keys, seals, tokens, links to sign in."""
