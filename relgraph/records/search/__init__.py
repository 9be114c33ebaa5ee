"""Search: keys of names, the index that holds them, and asking it."""
