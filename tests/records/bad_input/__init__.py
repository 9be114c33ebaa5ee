"""Broken records: the exact message for each, and that nothing is written."""
