"""The map document as JSON; that of a large customer says once what most cards and lines share."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

import orjson

from relgraph.schema.values import Values
from relgraph.viz.document import Card, DrawnLine, MapDocument

OMITTED = "omitted"


def to_json(document: MapDocument) -> bytes:
    """The document as JSON.

    One that leaves lines out also leaves out members of cards and lines that are as `omitted`
    says; every other document has all members everywhere.
    """
    if not document.left_out:
        return orjson.dumps(document)
    data = orjson.loads(orjson.dumps(document))
    usual = {"cards": _usual(Card), "lines": _usual(DrawnLine)}
    for part, values in usual.items():
        data[part] = [_without(item, values) for item in data[part]]
    return orjson.dumps(data | {OMITTED: usual})


def completed(data: Values) -> Values:
    """A document read from JSON, with all members everywhere."""
    usual: dict[str, Values] = data.get(OMITTED, {})
    rest = {name: value for name, value in data.items() if name != OMITTED}
    return rest | {part: [values | item for item in data[part]] for part, values in usual.items()}


def _usual(cls: type[Any]) -> Values:
    """What the members of a class are unless something else is known."""
    usual: Values = {}
    for member in fields(cls):
        if member.default is not MISSING:
            usual[member.name] = member.default
        elif member.default_factory is not MISSING:
            usual[member.name] = member.default_factory()
    return usual


def _without(item: Values, usual: Values) -> Values:
    return {
        name: value for name, value in item.items() if name not in usual or value != usual[name]
    }
