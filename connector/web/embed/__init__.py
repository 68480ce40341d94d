"""Pages inside a CRM: who opened them is proven by the CRM, and only the account's own host may frame them."""
