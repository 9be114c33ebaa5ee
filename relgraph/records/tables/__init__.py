"""Tables as they come in: CSV files and workbooks as raw cells, and the empty template."""
