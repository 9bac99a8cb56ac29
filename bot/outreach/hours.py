"""When messages may go: a window of hours and days, cut to a school's calendar. Pure; moments go in and out in UTC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from survey_flows.told import told

from .public_holidays import public_holidays
from .wall_time import Span, spans

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LOOK_AHEAD = 60
"""So many days ahead is the next opening looked for."""

_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?"
_WINDOW = re.compile(rf"{_CLOCK}\s*[-–]\s*{_CLOCK}(?:\s+(.+))?", re.IGNORECASE)
_CURE = told("Write hours like 12:00-18:00 mon-fri, or 9am-8pm mon,wed,fri.")


@dataclass(frozen=True, slots=True)
class Window:
    """Wall times from ``opens`` (in) to ``closes`` (out), on these days of the week (0 is Monday)."""

    opens: time
    closes: time
    days: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> Window:
        """The window as people write it; without days it is Monday to Friday. Raises ValueError that says how to mend it.

        >>> str(Window.parse("9am-8pm mon, wed, fri"))
        '09:00-20:00 mon,wed,fri'
        """
        found = _WINDOW.fullmatch(" ".join(text.split()))
        if found is None:
            raise ValueError(told("'{text}' cannot be read as hours. {cure}", text=text, cure=_CURE))
        opens, closes = _clock(text, *found.groups()[:3]), _clock(text, *found.groups()[3:6])
        if opens >= closes:
            raise ValueError(
                told(
                    "'{text}' ends before it begins. Hours never go over midnight: the latest end is 23:59, "
                    "and an end in the afternoon is written as 18:00 or 6pm.",
                    text=text,
                )
            )
        return cls(opens, closes, weekdays(found[7] or "mon-fri"))

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M} {_days_text(self.days)}"


def weekdays(text: str) -> frozenset[int]:
    """Days of the week as they are written: mon-fri; mon,wed,fri; sat-mon. Raises ValueError.

    >>> sorted(weekdays("sun-tue"))
    [0, 1, 6]
    """
    days: set[int] = set()
    for part in re.split(r"\s*,\s*|\s+(?![-–])", re.sub(r"\s*[-–]\s*", "-", text.strip().casefold())):
        first, dash, last = part.partition("-")
        begin, end = _weekday(first), _weekday(last if dash else first)
        days |= {day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)}
    return frozenset(days)


def _weekday(word: str) -> int:
    for number, name in enumerate(DAYS):
        if len(word) >= 3 and name.startswith(word):
            return number
    raise ValueError(
        told("'{word}' is no day of the week. Write mon, tue, wed, thu, fri, sat, sun.", word=word)
    )


def _days_text(days: Iterable[int]) -> str:
    parts = []
    for _, run in groupby(enumerate(sorted(days)), lambda one: one[1] - one[0]):
        names = [DAYS[day][:3] for _, day in run]
        parts.append(f"{names[0]}-{names[-1]}" if len(names) > 2 else ",".join(names))
    return ",".join(parts)


def _clock(text: str, hour: str, minute: str | None, half: str | None) -> time:
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(
                told("'{text}' has an hour that does not go with am or pm. {cure}", text=text, cure=_CURE)
            )
        hours = hours % 12 + (12 if half.casefold() == "pm" else 0)
    try:
        return time(hours, int(minute or 0))
    except ValueError:
        raise ValueError(
            told(
                "'{text}' has a time that no clock shows. The latest end is 23:59. {cure}",
                text=text,
                cure=_CURE,
            )
        ) from None


OUTER = Window(time(9), time(20), frozenset(range(6)))
"""Nothing goes outside these hours, Monday to Saturday, unless a school's calendar says so: inside the federal 8 to 21
and most of the states' stricter rules (docs/calendars.md)."""


@dataclass(frozen=True)
class Calendar:
    """What a school says of its days. ``hours`` holds for each day of the week at most one window; ``holidays`` is
    a country or a part of one ("US", "US-NY") whose public holidays are closed days, or ""; ``closed`` are spans of
    days, the first and the last in; ``dates`` are days with a name, which campaigns may go by."""

    timezone: str
    hours: tuple[Window, ...] = (OUTER,)
    holidays: str = ""
    closed: tuple[tuple[date, date], ...] = ()
    dates: Mapping[str, tuple[date, ...]] = field(default_factory=dict, hash=False)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The school's time zone."""
        return ZoneInfo(self.timezone)

    def closed_on(self, day: date) -> bool:
        """Whether nothing is to go on this day, whatever the hour: a holiday, or a day that the school is closed."""
        return any(first <= day <= last for first, last in self.closed) or day in public_holidays(
            self.holidays, day.year
        )

    def open_on(self, day: date, window: Window | None = None) -> tuple[Span, ...]:
        """The spans of a day that are within the school's hours and, where one is given, within a window."""
        known = self._known.get((day, window))
        if known is None:
            known = self._known[day, window] = self._open_on(day, window)
        return known

    @cached_property
    def _known(self) -> dict[tuple[date, Window | None], tuple[Span, ...]]:
        return {}

    def _open_on(self, day: date, window: Window | None) -> tuple[Span, ...]:
        weekday = day.weekday()
        hours = next((hours for hours in self.hours if weekday in hours.days), None)
        if hours is None or (window is not None and weekday not in window.days) or self.closed_on(day):
            return ()
        opens = max(hours.opens, window.opens) if window else hours.opens
        closes = min(hours.closes, window.closes) if window else hours.closes
        return spans(self.zone, day, opens, closes) if opens < closes else ()

    def to_json(self) -> dict[str, Any]:
        """All of it, as the table ``schools`` keeps it."""
        return {
            "timezone": self.timezone,
            "hours": [str(window) for window in self.hours],
            "holidays": self.holidays,
            "closed": [[first.isoformat(), last.isoformat()] for first, last in self.closed],
            "dates": {name: [day.isoformat() for day in days] for name, days in self.dates.items()},
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any], base: Calendar) -> Calendar:
        """The calendar that ``said`` describes; what it leaves out is as in ``base``."""
        iso = date.fromisoformat
        return cls(
            timezone=said.get("timezone", base.timezone),
            hours=tuple(map(Window.parse, said["hours"])) if "hours" in said else base.hours,
            holidays=said.get("holidays", base.holidays),
            closed=tuple((iso(first), iso(last)) for first, last in said["closed"])
            if "closed" in said
            else base.closed,
            dates={name: tuple(map(iso, days)) for name, days in said["dates"].items()}
            if "dates" in said
            else base.dates,
        )


def opening(calendar: Calendar, window: Window | None, at: datetime) -> Span | None:
    """The span, in UTC, that is open at ``at`` or opens next after it; it begins at ``at`` at the earliest.

    Open is what is within the window (None: all of the school's hours), within the school's hours, and on no closed
    day, by the clock on the school's wall. None where nothing opens within ``LOOK_AHEAD`` days.
    """
    today = at.astimezone(calendar.zone).date()
    for ahead in range(LOOK_AHEAD + 1):
        for start, end in calendar.open_on(today + timedelta(days=ahead), window):
            if end > at:
                return max(start, at), end
    return None
