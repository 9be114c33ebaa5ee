"""Exports: every table in the import format, and the change log that goes with them."""
