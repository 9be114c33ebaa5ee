"""The change log: writing its notes and reading the history of a node, an edge or a write."""
