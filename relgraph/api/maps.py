"""Map documents of the last customers looked at, so that a layout is not made twice.

The account is read afresh for each request; only equal accounts share a document.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime

from relgraph.schema.account import Account
from relgraph.schema.vocabulary import Lang
from relgraph.viz.build import build_map
from relgraph.viz.document import MapDocument

MOST_CARDS = 20_000
"""Cards of all kept documents together, some 100 MB."""


class MapCache:
    """A small cache. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: OrderedDict[object, MapDocument] = OrderedDict()
        self._cards = 0

    def get(self, account: Account, deal_id: str | None, lang: Lang, now: datetime) -> MapDocument:
        """The map document; it is shared, so nobody may change it."""
        key = (account, deal_id, lang, now.date())
        with self._lock:
            document = self._found.get(key)
            if document is not None:
                self._found.move_to_end(key)
                return document
        document = build_map(account, deal_id, lang, now=now)
        with self._lock:
            if key not in self._found:
                self._cards += len(document.cards)
            self._found[key] = document
            while self._cards > MOST_CARDS and len(self._found) > 1:
                _, oldest = self._found.popitem(last=False)
                self._cards -= len(oldest.cards)
        return document

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._found.clear()
            self._cards = 0
