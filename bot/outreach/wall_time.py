"""From the clock on a school's wall to moments in UTC and back. Pure.

Twice a year the clock is changed: some wall times then do not exist (a gap), and some come twice (a fold).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
"""From a moment (in) to another (out), in UTC."""

_FARTHEST = timedelta(hours=15)
"""No zone is farther from UTC than fourteen hours."""


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the clock shows a naive ``wall`` time.

    One that does not exist gives the first moment after the gap; one that comes twice gives the first.

    >>> instant(datetime(2026, 3, 8, 2, 30), ZoneInfo("America/New_York")).isoformat()  # 03:00 there
    '2026-03-08T07:00:00+00:00'
    """
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    if first < second:  # only in a gap: PEP 495
        return _change(zone, (wall - second).replace(tzinfo=UTC), (wall - first).replace(tzinfo=UTC))
    return (wall - first).replace(tzinfo=UTC)


@lru_cache(maxsize=16384)
def spans(zone: ZoneInfo, day: date, opens: time, closes: time) -> tuple[Span, ...]:
    """All moments of a day at which the clock shows ``opens`` or later, and not yet ``closes``.

    On most days that is one span. A fold may make it two, with hours between them that do not belong; a gap may leave
    none.
    """
    midnight = datetime.combine(day, time(), UTC)
    begin, end = midnight - _FARTHEST, midnight + timedelta(days=1) + _FARTHEST
    before, after = _offset(zone, begin), _offset(zone, end)
    parts = [(begin, end, before)]
    if before != after:
        change = _change(zone, begin, end)
        parts = [(begin, change, before), (change, end, after)]
    found: list[Span] = []
    for lowest, highest, offset in parts:
        start = max(lowest, datetime.combine(day, opens, UTC) - offset)
        stop = min(highest, datetime.combine(day, closes, UTC) - offset)
        if start >= stop:
            continue
        if found and found[-1][1] == start:
            start = found.pop()[0]
        found.append((start, stop))
    return tuple(found)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The moment between two at which the zone's offset changes, to the second: the first with the later offset."""
    low, high = low.replace(microsecond=0), high.replace(microsecond=0)
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high
