"""The API as other programs use it: through a generated client, and as docs/api.md shows."""
