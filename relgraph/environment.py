"""What the surroundings say before any setting is checked: the settings file, the language.

Loads next to nothing, so that a command can give its help, or say what is wrong with a setting,
in its reader's language.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from relgraph.errors import SettingsError, because
from relgraph.schema.vocabulary import LANGS, Lang


def settings_file() -> Path | None:
    """The settings file in use, or None. Raises SettingsError if the named one is missing."""
    named = os.environ.get("RELGRAPH_SETTINGS")
    if named:
        if not Path(named).is_file():
            raise SettingsError(because("no_settings_file", file=named))
        return Path(named)
    default = Path("relgraph.toml")
    return default if default.is_file() else None


def language() -> Lang:
    """The reader's language: of the settings, else of the locale. A wrong setting counts as none.

    It is for help and refusals, which must be readable with wrong settings, too.
    """
    wanted = os.environ.get("RELGRAPH_LANG") or _language_in_file()
    return next((lang for lang in LANGS if lang == wanted), locale_language())


def locale_language() -> Lang:
    """That of messages, by the first variable that POSIX asks which is set."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "zh" if named.lower().startswith("zh") else "en"


def _language_in_file() -> str | None:
    try:
        file = settings_file()
        return None if file is None else tomllib.loads(file.read_text("utf-8")).get("lang")
    except (OSError, ValueError, SettingsError):  # whoever reads the settings says so
        return None
