"""What is served over HTTP: one FastAPI application over the opened accounts."""
