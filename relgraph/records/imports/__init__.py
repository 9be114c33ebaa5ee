"""Imports: all rows are checked, compared and written, at once or in parts."""
