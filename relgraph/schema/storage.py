"""How a field of a model stands in the database, where a property cannot hold it as it is."""

from __future__ import annotations

JSON_FIELDS = frozenset({"external_ids", "motives"})
"""Maps, stored as JSON text."""

LIST_FIELDS = frozenset({"product_lines"})
"""Lists of text, stored as such; in a CSV cell separated by `;`."""

SYSTEM_FIELDS = frozenset({"created_at", "updated_at", "version", "importing", "scope"})
"""Properties that relgraph itself keeps; an import file cannot set them."""
