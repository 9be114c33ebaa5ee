"""Writing: operations are planned against what is stored, written, noted, and undone."""
