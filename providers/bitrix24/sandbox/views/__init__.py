"""How rows look on the wire: crm.item's typed camelCase, the old methods' all-text UPPER_CASE, and the rest."""
