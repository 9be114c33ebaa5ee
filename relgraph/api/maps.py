"""Map documents of the last customers looked at, so that a layout is not made twice.

The account is read afresh for each request; only equal accounts share a document.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from relgraph.insight.evaluation import Evaluation
from relgraph.schema.vocabulary import Lang
from relgraph.viz.build import build_map
from relgraph.viz.document import MapDocument

MOST_CARDS = 20_000
"""Cards of all kept documents together, some 100 MB."""


class MapCache:
    """A small cache. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._documents: OrderedDict[object, MapDocument] = OrderedDict()
        self._cards = 0

    def get(self, evaluation: Evaluation, lang: Lang) -> MapDocument:
        """The map document; it is shared, so nobody may change it."""
        key = (evaluation.account, evaluation.deal_id, lang, evaluation.now.date())
        with self._lock:
            document = self._documents.get(key)
            if document is not None:
                self._documents.move_to_end(key)
                return document
        document = build_map(evaluation, lang)
        with self._lock:
            if key not in self._documents:
                self._cards += len(document.cards)
            self._documents[key] = document
            while self._cards > MOST_CARDS and len(self._documents) > 1:
                _, oldest = self._documents.popitem(last=False)
                self._cards -= len(oldest.cards)
        return document

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._documents.clear()
            self._cards = 0
