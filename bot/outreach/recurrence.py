"""When a campaign goes out next, by the clock on the wall. Pure: wall times are naive, ``instant`` makes moments of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from apscheduler.triggers.cron import CronTrigger

from survey_flows.told import Told, told

from .campaign import When
from .hours import DAYS, weekdays
from .wall_time import instant

__all__ = ["following", "instant"]

LOOK_AHEAD = 9
"""A pattern that has no day within so many years (29 February may be eight away) has none at all."""

_CURE = told('Write minute, hour, day, month, day of the week, like "30 16 * * thu".')


def following(when: When, after: datetime | None) -> datetime | None:
    """The next wall time strictly after ``after`` (None: from the beginning); None where there is none.

    ``now``, ``trigger`` and ``date`` go by no clock of their own, so they have none. Raises ValueError for a pattern
    that is to be counted from the beginning: it has none; and for one that cannot be read. Where a pattern names both
    days of the month and days of the week, both have to hold: "30 16 1-7 * thu" is the first Thursday.
    """
    if when.kind == "at":
        return when.at if when.at is not None and (after is None or when.at > after) else None
    if when.kind != "cron" or when.cron is None:
        return None
    if after is None:
        raise ValueError("A pattern has no beginning: say after which wall time.")
    # The pattern is looked up as if it were UTC's: it then has every wall time once, whatever a zone's clock does.
    start = after.replace(tzinfo=UTC) + timedelta(microseconds=1)
    found: datetime | None = _trigger(when.cron, start.year + LOOK_AHEAD).get_next_fire_time(None, start)
    if found is None or (when.ends is not None and found.date() > when.ends):
        return None
    return found.replace(tzinfo=None)


@lru_cache(maxsize=256)
def _trigger(text: str, last_year: int) -> CronTrigger:
    fields = text.split()
    if len(fields) != 5:
        raise ValueError(
            told(
                "'{text}' has {number} fields where a pattern has five. {cure}",
                text=text,
                number=len(fields),
                cure=_CURE,
            )
        )
    minute, hour, day, month, weekday = fields
    try:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=_weekdays(weekday),
            end_date=datetime(last_year, 12, 31, tzinfo=UTC),
            timezone=UTC,
        )
    except ValueError as error:
        why = str(error)  # what APScheduler says of it stays in its own words
        if not isinstance(error.args[0], Told):
            why = why.rstrip(".")
        raise ValueError(
            told("'{text}' is no pattern: {why}. {cure}", text=text, why=why, cure=_CURE)
        ) from None


def _weekdays(text: str) -> str:
    """The days of the week as names. In crontab Sunday is 0 and 7; to APScheduler 0 is Monday.

    >>> _weekdays("1-5,0")
    'mon,tue,wed,thu,fri,sun'
    """
    if text == "*":
        return text
    chosen: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        named = "-".join(_named(end) for end in span.split("-")) if span not in ("*", "0-7") else "sun-sat"
        days = weekdays(named)
        first = weekdays(named.partition("-")[0])
        order = sorted(days, key=lambda day: (day - min(first)) % 7)
        if step and (not step.isdigit() or int(step) == 0):
            raise ValueError(told("'{part}' has a step that is no number", part=part))
        chosen.update(order[:: int(step or 1)])
    return ",".join(DAYS[day][:3] for day in sorted(chosen))


def _named(day: str) -> str:
    if not day.isdigit():
        return day
    if int(day) > 7:
        raise ValueError(told("'{day}' is no day of the week", day=day))
    return DAYS[(int(day) - 1) % 7][:3]
