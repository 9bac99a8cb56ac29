"""The round that is under way: how many replied, day by day, and what goes out just now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analysis.findings import Summary

from ... import times
from ...view.groups import dimension_name
from ...view.silence import Part, silence

DAYS = 14
FEWEST = 7
"""With fewer days than these there is room left, so that one day is not a wall."""
TALL = 96
"""Height of the tallest column, in pixels."""
LABELS = 18
"""Room above it for its number."""


@dataclass(frozen=True, slots=True)
class Column:
    """One day: where its column stands (percent of the width, pixels from the top), and what it says."""

    x: str
    middle: str
    width: str
    top: int
    height: int
    number: int
    label: str
    today: bool


@dataclass(frozen=True, slots=True)
class Round:
    """What stands beside the tasks. ``share`` is in whole percent."""

    key: str
    title: str
    question: str
    language: str
    asked: int
    replied: int
    share: int
    columns: tuple[Column, ...]
    languages: Part | None
    whole: str


def columns(replies: Sequence[tuple[datetime, int]], now: datetime) -> tuple[Column, ...]:
    """First replies by hour as columns by day, from the first day with any (at most two weeks ago) until today."""
    by_day: Counter[date] = Counter()
    for at, number in replies:
        by_day[times.here(at).date()] += number
    today = times.here(now).date()
    first = max(min(by_day, default=today), today - timedelta(days=DAYS - 1))
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    most = max([by_day[day] for day in days], default=0) or 1
    room = 100 / max(len(days), FEWEST)
    wide = room * 0.8
    return tuple(
        Column(
            x=f"{n * room + (room - wide) / 2:.2f}",
            middle=f"{n * room + room / 2:.2f}",
            width=f"{wide:.2f}",
            top=LABELS + TALL - (tall := round(by_day[day] / most * TALL)),
            height=tall,
            number=by_day[day],
            label=times.weekday(day) if n in (0, len(days) - 1) or day.weekday() == 0 else "",
            today=day == today,
        )
        for n, day in enumerate(days)
    )


def running(
    key: str,
    title: str,
    question: str,
    language: str,
    counted: tuple[int, int],
    replies: Sequence[tuple[datetime, int]],
    found: Summary | None,
    now: datetime,
) -> Round:
    """``counted``: how many were asked and how many have replied, just now; shares by language are the published ones."""
    asked, replied = counted
    told = silence(found) if found is not None and found.asked else None
    parts = {part.dimension: part for part in told.parts} if told else {}
    return Round(
        key,
        title,
        question,
        language,
        asked,
        replied,
        round(replied / asked * 100) if asked else 0,
        columns(replies, now) if replies else (),
        parts.get(dimension_name("language")) or next(iter(parts.values()), None),
        told.share if told else "",
    )
