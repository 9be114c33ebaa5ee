"""Imports: tables are checked whole, compared and written, at once or in parts."""
