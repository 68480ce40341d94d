"""amoCRM's payloads -> records. Pure: no request, no clock. One file a theme; `values` reads its JSON tolerantly."""
