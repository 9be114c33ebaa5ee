"""Lists of all nodes or edges of a kind, narrowed, sorted, page by page, since some time."""
