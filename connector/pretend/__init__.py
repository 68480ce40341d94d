"""A pretend company: what happened in it, which each sandbox replays in its own CRM's terms."""
