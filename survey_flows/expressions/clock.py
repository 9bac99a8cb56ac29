"""Dates and times as functions of an expression.

Source: docs.getodk.org/form-operators-functions, "Date and time"; ODK XForms Specification, "XPath Functions".
"""

from __future__ import annotations

from datetime import datetime

from .dates import formatted, from_days, moment, of_day, stamp
from .grammar import ExpressionError
from .values import Value, number, text
from .world import World


def _now(world: World) -> datetime:
    if world.now is None:
        raise ExpressionError(
            "today() and now() need to know what time it is.", "Give the time with the answers."
        )
    return world.now


def today(world: World) -> str:
    """The date on the person's clock."""
    return _now(world).date().isoformat()


def now(world: World) -> str:
    """The date and time on the person's clock, with its offset."""
    return stamp(_now(world))


def _when(value: Value) -> datetime | None:
    if isinstance(value, bool | float):
        return from_days(float(value))
    written = text(value)
    return moment(written) or from_days(number(written))


def to_date(value: Value) -> str:
    """``date``: of days since 1970, or of a date with a time; "" of anything else.

    >>> to_date(20740.0), to_date("2026-10-14T20:00:00-05:00"), to_date("soon")
    ('2026-10-14', '2026-10-14', '')
    """
    when = _when(value)
    return when.date().isoformat() if when else ""


def to_moment(value: Value) -> str:
    """``date-time``: the same, with the time."""
    when = _when(value)
    return stamp(when) if when else ""


def part_of_day(value: Value) -> float:
    """``decimal-time``: 0.25 at six in the morning."""
    return float(value) % 1 if isinstance(value, bool | float) else of_day(text(value))


def format_date(world: World, value: Value, pattern: str) -> str:
    """``format-date`` and ``format-date-time``: one and the same; "" for what is no date."""
    when = _when(value)
    return formatted(when, pattern, world.language) if when else ""
