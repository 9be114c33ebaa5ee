"""Broken records: what is said of each, to the letter, and that nothing is written."""
