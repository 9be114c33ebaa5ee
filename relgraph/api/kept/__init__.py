"""Answers that are kept, and sent again as long as nothing that they show has changed."""
