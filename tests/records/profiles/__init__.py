"""Exports of other systems and what becomes of them."""
