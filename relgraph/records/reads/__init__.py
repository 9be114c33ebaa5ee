"""Reading: one customer, lists, single nodes and edges, and what is stored of given rows."""
