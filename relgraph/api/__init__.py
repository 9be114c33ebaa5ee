"""The service: JSON under /api/v1, pages for people, the drawings, and their protection."""

from relgraph.api import addresses

addresses.install()  # before any route is declared
