"""The service: JSON under /api/v1, pages for people, the drawings, and their protection."""
