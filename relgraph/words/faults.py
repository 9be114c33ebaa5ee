"""What pydantic finds wrong with a value, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from relgraph.schema.vocabulary import Lang
from relgraph.words import Sentence, Wording, catalogue, say

PLAIN = frozenset({"missing", "extra_forbidden"})
"""Kinds of faults whose own English is not good enough for what everybody meets."""


class Unfit(ValueError):
    """What a validator raises, with the sentence that says what would be right."""

    def __init__(self, key: str, /, **values: object) -> None:
        self.sentence = Sentence(key, values)
        super().__init__(self.sentence.text("en"))


@dataclass(frozen=True, slots=True)
class Fault(Wording):
    """One entry of `ValidationError.errors()`.

    Pydantic's own English sentence says more than the kind of fault, but for those in PLAIN; a
    Chinese reader gets the sentence for the kind.
    """

    detail: Mapping[str, Any]

    def text(self, lang: Lang) -> str:
        """What is wrong, without the place."""
        kind, values = self.detail["type"], dict(self.detail.get("ctx") or {})
        if isinstance(unfit := values.get("error"), Unfit):
            return unfit.sentence.text(lang)
        if lang == "en" and kind not in PLAIN:
            return str(self.detail["msg"]).removeprefix("Value error, ")
        if lang == "zh" and "expected" in values:  # pydantic lists what it takes in English
            values["expected"] = str(values["expected"]).replace(" or ", " 或 ")
        key = f"invalid.{kind}"
        return say(lang, key if key in catalogue() else "invalid.other", **values)
