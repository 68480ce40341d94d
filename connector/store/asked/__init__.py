"""Questions that only read: facts and records as one room or another looks at them."""
