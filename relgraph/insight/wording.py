"""Turns what insight says into sentences, as parts that carry ids so that they can be links."""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from relgraph.insight.basis import STALE_DAYS, BasedOn
from relgraph.insight.chain import DecisionChain, Step
from relgraph.insight.statement import AnswerPiece, Finding, Names, Value, Way, Word, Words
from relgraph.schema.account import Account
from relgraph.schema.vocabulary import Function, Lang, label_or_text
from relgraph.words import catalogue, join_names, say

MOST_NAMES = 3
"""Names in a sentence before the rest is counted."""
_SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; `ids` are the people whom it names."""

    text: str
    ids: tuple[str, ...] = ()


def answer_parts(account: Account, pieces: Iterable[AnswerPiece], lang: Lang) -> list[Part]:
    """The answer strip in the reader's language."""
    parts: list[Part] = []
    between = ""
    for piece in pieces:
        clause = statement_parts(account, f"answer.{piece.key}", piece.values, lang)
        parts += [Part(between), *clause]
        between = say(lang, "answer.after_sentence" if piece.ends else "answer.after_clause")
    parts.append(Part(between.rstrip()))
    return _tidied(parts)


def finding_parts(account: Account, finding: Finding, lang: Lang) -> list[Part]:
    """A finding in the reader's language."""
    key = f"finding.{finding.code}"
    return _tidied(statement_parts(account, key, finding.values, lang))


def finding_text(account: Account, finding: Finding, lang: Lang) -> str:
    """A finding as one text."""
    return text_of(finding_parts(account, finding, lang))


def text_of(parts: Iterable[Part]) -> str:
    """Parts joined into one text."""
    return "".join(part.text for part in parts)


def based_on_text(based: BasedOn, lang: Lang) -> str:
    """“Based on 6 of 11 seats; of 8 people judged, 3 more than 90 days ago”.

    Of people where no seat is on record; of the ties where no stance is known. What is old is
    counted over all people, as wherever else it is counted.
    """
    if based.ties and not (based.assessed or based.seats_assessed):
        return say(lang, "insight.based_on.ties", ties=based.ties)
    known, total, key = (
        (based.seats_assessed, based.seats, "seats")
        if based.seats
        else (based.assessed, based.people, "people")
    )
    text = say(lang, f"insight.based_on.{key}", known=known, total=total)
    if not based.old:
        return text
    values = {"assessed": based.assessed, "old": based.old, "days": STALE_DAYS}
    return text + say(lang, "insight.based_on.old", **values)


def step_reason(step: Step, lang: Lang) -> str:
    """Why a person signs, or why a step is empty."""
    values = step.reason_values
    currency = values.get("currency")
    reason = say(
        lang,
        f"insight.reason.{step.reason_code}",
        limit=money(values.get("limit"), currency),
        minimum=money(values.get("minimum"), currency),
        function=_function_label(values.get("function"), lang),
    )
    matched = values.get("matched")
    # A department of the function needs no explanation; a guess by role or title does.
    return reason + ("" if matched in (None, "department") else say(lang, f"insight.by.{matched}"))


def _function_label(function: float | str | None, lang: Lang) -> str:
    return label_or_text(Function, None if function is None else str(function), lang)


def chain_why(account: Account, chain: DecisionChain, lang: Lang) -> str:
    """Why a chain is incomplete; "" if it is complete."""
    last = chain.last_manager or chain.requester
    functions = [_function_label(function, lang) for function in chain.undecided]
    values: dict[str, Value] = {
        "amount": money(chain.amount, chain.currency),
        "functions": join_names(lang, functions),
    }
    if last is not None:
        values["last"] = Names((last,))
    sentences = (
        text_of(_tidied(statement_parts(account, f"insight.why.{code}", values, lang)))
        for code in chain.why
    )
    return ("" if lang == "zh" else " ").join(sentences)


def requester_text(account: Account, chain: DecisionChain, lang: Lang) -> list[Part]:
    """Who asks for the purchase, and how we come to think so."""
    if chain.requester is None:
        return []
    values: dict[str, Value] = {"name": Names((chain.requester,))}
    key = f"insight.requester.{chain.requester_source}"
    return _tidied(statement_parts(account, key, values, lang))


def passed_over_text(account: Account, chain: DecisionChain, lang: Lang) -> list[Part]:
    """Which managers were passed over and why; [] if none was."""
    if not chain.passed_over:
        return []
    values: dict[str, Value] = {"names": Names(chain.passed_over)}
    return _tidied(statement_parts(account, "insight.passed_over", values, lang))


def money(amount: float | str | None, currency: float | str | None) -> str:
    """An amount with its currency, e.g. `¥800,000`, `CHF 1,200.50`; "" if unknown."""
    if amount is None or isinstance(amount, str):
        return ""
    digits = f"{amount:,.0f}" if float(amount).is_integer() else f"{amount:,.2f}"
    if not currency:
        return digits
    symbol = _SYMBOLS.get(str(currency))
    return f"{symbol}{digits}" if symbol else f"{currency} {digits}"


def statement_parts(
    account: Account, key: str, values: Mapping[str, Value], lang: Lang
) -> list[Part]:
    """The sentence `key` with its gaps filled.

    Where the words hold `key.one` and `key.many`, the number of people in `names` chooses.
    """
    sentences = catalogue()
    if key not in sentences:
        names = values.get("names")
        many = isinstance(names, Names) and len(names.ids) > 1
        key = f"{key}.{'many' if many else 'one'}"
    parts: list[Part] = []
    for text, gap, _, _ in string.Formatter().parse(sentences[key][lang]):
        parts.append(Part(text))
        if gap is not None:
            parts += _value_parts(account, values[gap], lang)
    return parts


def _value_parts(account: Account, value: Value, lang: Lang) -> list[Part]:
    if isinstance(value, Names):
        return _name_parts(account, value.ids, lang)
    if isinstance(value, Way):
        links = [Part(name_of(account, id_, lang), (id_,)) for id_ in value.ids]
        return _with_between(links, " → ", " → ")
    if isinstance(value, Word):
        return [Part(say(lang, value.key))]
    if isinstance(value, Words):
        return [Part(join_names(lang, [say(lang, key) for key in value.keys]))]
    return [Part(str(value))]


def _name_parts(account: Account, ids: Sequence[str], lang: Lang) -> list[Part]:
    """Names as a list; of a long one the first few and the number of the others."""
    listed = ids if len(ids) <= MOST_NAMES + 1 else ids[:MOST_NAMES]
    links = [Part(name_of(account, id_, lang), (id_,)) for id_ in listed]
    if len(listed) < len(ids):
        links.append(
            Part(say(lang, "insight.and_others", count=len(ids) - len(listed)), tuple(ids))
        )
    comma = say(lang, "insight.list_comma")
    return _with_between(links, comma, say(lang, "insight.list_last"))


def _with_between(links: list[Part], between: str, last: str) -> list[Part]:
    parts: list[Part] = []
    for index, link in enumerate(links):
        if index:
            parts.append(Part(last if index == len(links) - 1 else between))
        parts.append(link)
    return parts


def name_of(account: Account, id_: str, lang: Lang) -> str:
    """Name of one of their people or ours; an empty seat by its title; else the id."""
    person = account.by_id.get(id_)
    if person is not None:
        if person.placeholder and not person.name_in(lang):
            title = person.title_in(lang)
            return say(lang, "insight.seat_of", title=title) if title else say(lang, "insight.seat")
        return person.name_in(lang) or id_
    member = next((member for member in account.members if member.id == id_), None)
    return (member.name_in(lang) if member else "") or id_


def _tidied(parts: Iterable[Part]) -> list[Part]:
    """Without empty parts, neighbours without ids joined, and Latin set off from Chinese."""
    tidied: list[Part] = []
    for part in parts:
        if not part.text:
            continue
        space = " " if tidied and _needs_space(tidied[-1].text[-1], part.text[0]) else ""
        if tidied and not part.ids and not tidied[-1].ids:
            tidied[-1] = Part(tidied[-1].text + space + part.text)
        elif not part.ids or not space:
            tidied.append(Part(space + part.text, part.ids))
        elif tidied[-1].ids:
            tidied += [Part(space), part]
        else:
            tidied[-1] = Part(tidied[-1].text + space)
            tidied.append(part)
    return tidied


def _needs_space(left: str, right: str) -> bool:
    """Whether a Chinese character and a Latin letter or digit meet."""
    return (_is_latin(left) and _is_chinese(right)) or (_is_chinese(left) and _is_latin(right))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
