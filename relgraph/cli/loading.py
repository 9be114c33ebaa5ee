"""Loads modules when they are needed, at the least cost."""

from __future__ import annotations

import gc
from importlib import import_module
from types import ModuleType


def load(name: str) -> ModuleType:
    """A module, loaded without looking for garbage meanwhile.

    What modules hold stays, and is much: to look through it again and again is a tenth of the work
    of loading it. Afterwards it counts as what nobody needs to look through.
    """
    gc.disable()
    try:
        return import_module(name)
    finally:
        gc.freeze()
        gc.enable()
