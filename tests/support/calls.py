"""Counts calls of functions while a test runs."""

from __future__ import annotations

import functools
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest


def count_calls(monkeypatch: pytest.MonkeyPatch, *functions: Callable[..., Any]) -> Counter[str]:
    """How often each function is called from now on, by its name.

    The function is replaced in every module of relgraph that has imported it, so that no caller
    escapes.
    """
    calls: Counter[str] = Counter()
    modules = [module for name, module in sys.modules.items() if name.startswith("relgraph.")]
    for function in functions:
        counting = _counting(function, calls)
        for module in modules:
            for name, value in list(vars(module).items()):
                if value is function:
                    monkeypatch.setattr(module, name, counting)
    return calls


def _counting(function: Callable[..., Any], calls: Counter[str]) -> Callable[..., Any]:
    @functools.wraps(function)
    def counted(*args: Any, **options: Any) -> Any:
        calls[function.__name__] += 1
        return function(*args, **options)

    return counted
