"""When the scenario takes place, and with which records."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "seeds"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 9, tzinfo=UTC)
TODAY = date(2026, 11, 24)
