"""Search: from a few words to people, customers, deals and all else that has a name.

The beginnings of names come first, then later words, pinyin, initials, e-mail addresses and
titles. Ranges of the index are read up to a limit, so that a word that half of all people begin
with costs no more than another one; where a limit cuts something off, the answer says so. At one
customer, or for a viewer who may see only some, the ranges of those customers are read instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from relgraph import queries
from relgraph.database import Transaction
from relgraph.records.access import Access
from relgraph.records.batches import batches
from relgraph.records.search.entering import Stored, place_at, plain_key, read_key
from relgraph.records.search.index import is_due
from relgraph.records.search.keys import (
    PLACES,
    is_han,
    normalised,
    pinyin_of,
    slips,
)
from relgraph.schema.kind import NodeKind
from relgraph.schema.kinds import CUSTOMER, SEARCHED_KINDS, STAKEHOLDER, is_scoped
from relgraph.schema.values import Values

RANGE = 100
"""Keys that are read of one kind for each word."""
WIDE_RANGE = 500
"""The same if several words are not found together among those."""
WIDEST_RANGE = 20_000
"""The same if they are not found together among those either."""
NOWHERE = "\t"
"""What no key begins with."""
NEAR_WORDS = 5
"""Words one letter away that are tried."""
MOST_WORDS = 6


_KINDS = {kind.search_letter: kind for kind in SEARCHED_KINDS}


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Items with their kind, names, customer, and what of them matched.

    `truncated` says that there may be more than these, `near` that nothing fits as it is
    written and these are spelt alike, `indexing` that a large write is not indexed yet.
    """

    items: list[Values] = field(default_factory=list)
    truncated: bool = False
    near: bool = False
    indexing: bool = False


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: NodeKind
    key: Stored
    exact: bool
    near: bool = False

    @property
    def order(self) -> tuple[Any, ...]:
        """The best first; the same on every database."""
        key, rank = self.key, self.kind.search_rank
        return (not self.exact, key.place, len(key.text), key.text, rank, key.node_id)


def search(
    access: Access,
    q: str,
    *,
    kinds: Sequence[str] | None = None,
    customer_id: str | None = None,
    limit: int = 20,
) -> SearchResult:
    """What begins with `q`, or in which every word of it begins a word.

    `kinds` are names of nodes (`stakeholder`, `deal` …), all if None; `customer_id` narrows to
    what belongs to one customer. A `q` without a letter or digit finds nothing.
    """
    text = normalised(q)
    searched = [kind for kind in SEARCHED_KINDS if kinds is None or kind.name in kinds]

    def work(tx: Transaction) -> SearchResult:
        if not text:
            return SearchResult()
        customers = tx.visible
        if customer_id is not None:
            only = frozenset({customer_id})
            customers = only if customers is None else only & customers
        reader = _Search(tx, searched, customers)
        hits = reader.hits(text) or reader.near_hits(text)
        items, more = _items_of(tx, hits, access.today, customer_id, limit)
        near = bool(hits) and hits[0].near
        return SearchResult(items, more or reader.cut, near, is_due(tx))

    return access.read(work)


class _Search:
    """Reads ranges of the index in one transaction; `cut` says that one was longer than read."""

    def __init__(
        self, tx: Transaction, kinds: list[NodeKind], customers: frozenset[str] | None
    ) -> None:
        self._tx = tx
        self._kinds = kinds
        self._customers = None if customers is None else sorted(customers)
        self.cut = False

    def hits(self, text: str) -> list[_Hit]:
        """The best key of each node that fits, the best first.

        Several words are looked for as they stand, then each for itself.
        """
        hits: list[_Hit] = []
        for phrase in _phrases(text):
            ranges = self._ranges(phrase, RANGE)
            self.cut = self.cut or any(len(keys) >= RANGE for keys in ranges.values())
            hits += [
                _Hit(kind, key, key.text == phrase) for kind, keys in ranges.items() for key in keys
            ]
        words = text.split(" ")[:MOST_WORDS]
        if len(words) > 1 and not hits:
            # Where one word is rare, the shortest reach has all of it: most questions end there.
            for reach in (RANGE, WIDE_RANGE, WIDEST_RANGE):
                hits, cut = self._all_words(words, reach)
                if hits or not cut:
                    break
            self.cut = self.cut or cut
        return _best(hits)

    def near_hits(self, text: str) -> list[_Hit]:
        """What is spelt or sounds almost so."""
        hits: list[_Hit] = []
        for other in self._near_texts(text):
            hits += [_Hit(hit.kind, hit.key, hit.exact, near=True) for hit in self.hits(other)]
        return _best(hits)

    def _ranges(self, text: str, limit: int) -> dict[NodeKind, list[Stored]]:
        """Keys that begin so by kind, so many of each at most."""
        starts = {
            kind.plural: kind.search_letter + text if kind in self._kinds else NOWHERE
            for kind in SEARCHED_KINDS
        }
        keys: dict[NodeKind, list[Stored]] = {kind: [] for kind in self._kinds}
        for id_ in self._range_ids(text, starts, limit):
            keys[_KINDS[plain_key(id_)[0]]].append(read_key(id_))
        return keys

    def _range_ids(self, text: str, starts: dict[str, str], limit: int) -> Iterator[str]:
        if self._customers is None:
            rows = queries.rows(self._tx, "search_ranges", **starts, limit=limit)
        else:
            places = {
                f"{kind.plural}_at": [
                    place_at(kind, customer, text) for customer in self._customers
                ]
                if kind in self._kinds
                else []
                for kind in SEARCHED_KINDS
                if is_scoped(kind)
            }
            rows = queries.rows(self._tx, "search_ranges_at", **starts, **places, limit=limit)
        return (row["id"] for row in rows)

    def _all_words(self, words: list[str], limit: int) -> tuple[list[_Hit], bool]:
        """Nodes with a key for each word: those of the rarest one of each kind, looked through."""
        ranges = [self._ranges(word, limit) for word in words]
        names: dict[str, _Hit] = {}
        cut = False
        for kind in self._kinds:
            rarest = min((by_kind[kind] for by_kind in ranges), key=len)
            cut = cut or len(rarest) >= limit
            for hit in _best(_Hit(kind, key, exact=False) for key in rarest):
                names[f"{kind.plural}/{hit.key.node_id}"] = hit
        hits: list[_Hit] = []
        for batch in batches(sorted(names)):
            hits += [
                names[row["id"]]
                for row in queries.rows(self._tx, "search_entries", ids=batch)
                if all(any(key.startswith(word, 1) for key in row["keys"]) for word in words)
            ]
        return hits, cut

    def _near_texts(self, text: str) -> Iterable[str]:
        if is_han(text):
            # The usual slip is another character of the same sound, the next one a wrong one.
            han = "".join(text.split(" "))
            yield from ("".join(syllables) for syllables in pinyin_of(han, person=True))
            if len(han) > 2:
                yield from (han[:-1], han[1:])
            return
        words = text.split(" ")[:MOST_WORDS]
        for number, word in enumerate(words):
            if len(word) < 3:
                continue
            variants = sorted(slips(word))
            rows = queries.rows(self._tx, "search_words", ids=variants)
            # A word that only leads to what may not be seen must not take another one's place.
            for row in rows if self._tx.visible is not None else rows[:NEAR_WORDS]:
                yield " ".join([*words[:number], row["id"], *words[number + 1 :]])


def _phrases(text: str) -> list[str]:
    """The text, and without its spaces: pinyin and Chinese names are written both ways."""
    together = text.replace(" ", "")
    return list(dict.fromkeys([text, together]))


def _best(hits: Iterable[_Hit]) -> list[_Hit]:
    best: dict[tuple[NodeKind, str], _Hit] = {}
    for hit in sorted(hits, key=lambda hit: hit.order):
        best.setdefault((hit.kind, hit.key.node_id), hit)
    return list(best.values())


def _items_of(
    tx: Transaction, hits: list[_Hit], today: date, customer_id: str | None, limit: int
) -> tuple[list[Values], bool]:
    """Hits with what is stored of them, and whether there are more."""
    narrowed = customer_id is not None or tx.visible is not None
    wanted = hits if narrowed else hits[: limit + 1]
    rows: dict[tuple[NodeKind, str], Values] = {}
    for kind in {hit.kind for hit in wanted}:
        ids = [hit.key.node_id for hit in wanted if hit.kind is kind]
        more = {"today": today.isoformat()} if kind is STAKEHOLDER else {}
        for row in queries.rows(tx, f"named_{kind.plural}", ids=ids, **more):
            rows.setdefault((kind, row["id"]), row)
    items = []
    for hit in wanted:
        known = rows.get((hit.kind, hit.key.node_id))
        if known is None or not _is_at(hit.kind, known, customer_id):
            continue
        field_, way = PLACES[hit.key.place]
        way = "near" if hit.near else "exact" if hit.exact and way == "prefix" else way
        matched = {"field": field_, "how": way, "text": hit.key.text}
        items.append({**known, "kind": hit.kind.name, "matched": matched})
    return items[:limit], len(items) > limit


def _is_at(kind: NodeKind, row: Values, customer_id: str | None) -> bool:
    if customer_id is None:
        return True
    return (row["id"] if kind is CUSTOMER else row.get("customer_id")) == customer_id
