"""When messages may go: a window of hours and days, cut to a school's calendar. Pure; moments go in and out in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Window:
    """Wall times from ``opens`` (in) to ``closes`` (out), on these days of the week (0 is Monday)."""

    opens: time
    closes: time
    days: frozenset[int]
