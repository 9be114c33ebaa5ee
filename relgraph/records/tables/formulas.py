"""Text that a spreadsheet program would run as a formula, and the mark that keeps it text.

A cell that begins with =, +, -, @, a tab or a carriage return is guarded by an apostrophe before
it, as people type it there. Import takes the apostrophe away; text that has one of its own before
such a sign gets a second one in every export, so that it comes back as it was.
"""

from __future__ import annotations

import re

_SIGNS = "[=+\\-@\\t\\r＝＋－＠]"
_FORMULA = re.compile(f"'*{_SIGNS}")
_GUARDED = re.compile(f"'+{_SIGNS}")


def guarded(text: str) -> str:
    """Text of a cell that no spreadsheet program takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_written(text: str) -> str:
    """Text of a cell for programs, which only keeps an apostrophe of its own apart."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text that was meant by a cell."""
    return text[1:] if _GUARDED.match(text) else text
