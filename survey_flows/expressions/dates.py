"""Dates and times as ODK writes them, as days since 1970-01-01, and as a reader likes them.

Everything is on the clock it was written with: an offset (-05:00) is read and left aside. So a day is a whole number
wherever the school is, and 2026-10-14T20:00-05:00 is still the 14th.

Source: ODK XForms Specification, "Data Types" and "XPath Functions" (date, decimal-date-time, decimal-time,
format-date, format-date-time); JavaRosa, DateFormatter.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_day_names, get_month_names

_DATE = r"\s*(\d{4})-(\d{2})-(\d{2})"
_TIME = r"(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)?\s*"
_MOMENT = re.compile(rf"{_DATE}(?:\s*|T{_TIME})", re.ASCII)
_CLOCK = re.compile(rf"\s*{_TIME}", re.ASCII)
_EPOCH = date(1970, 1, 1).toordinal()
_DAY = timedelta(days=1)


def moment(written: str) -> datetime | None:
    """The date, or date and time, that a text is; None for any other text.

    >>> moment("2026-10-14T08:30:00.000-05:00"), moment("2026-02-30"), moment("soon")
    (datetime.datetime(2026, 10, 14, 8, 30), None, None)
    """
    match = _MOMENT.fullmatch(written)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction = match.groups()
    try:
        midnight = datetime.fromordinal(date(int(year), int(month), int(day)).toordinal())
        clock = time(
            int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "0").ljust(6, "0")[:6])
        )
        return datetime.combine(midnight, clock)
    except ValueError:
        return None


def days(written: str) -> float:
    """Days since 1970-01-01, with the time as a fraction; NaN for what is no date."""
    when = moment(written)
    if when is None:
        return float("nan")
    return when.toordinal() - _EPOCH + (when - datetime.combine(when, time())) / _DAY


def from_days(number: float) -> datetime | None:
    """The other way; None where there is no such date."""
    if not -_EPOCH < number < 2932897:
        return None
    whole = int(number // 1)
    midnight = datetime.fromordinal(_EPOCH + whole)
    return midnight + timedelta(milliseconds=round((number - whole) * 86_400_000))


def of_day(written: str) -> float:
    """The part of the day that has passed: 0.5 at noon; from a time or from a date with a time.

    >>> of_day("18:00"), of_day("2026-10-14T06:00:00"), of_day("late")
    (0.75, 0.25, nan)
    """
    clock = _CLOCK.fullmatch(written)
    return days(written) % 1 if clock is None else days("1970-01-01T" + written.strip())


def stamp(when: datetime) -> str:
    """A date with a time as ODK stores it, with its offset where it has one."""
    return when.isoformat(timespec="milliseconds")


def formatted(when: datetime, pattern: str, language: str) -> str:
    """Fill in a pattern of ODK: %Y %y %m %n %b %d %e %a, %H %h %M %S %3, and JavaRosa's %W; others stay as they are.

    >>> formatted(datetime(2026, 3, 5, 9, 7), "%a %e %b %Y, %h:%M", "es")
    'jue 5 mar 2026, 9:07'
    """
    return re.sub(r"%(.)", lambda code: _code(when, code[1], language), pattern, flags=re.DOTALL)


def _code(when: datetime, code: str, language: str) -> str:
    if code in ("b", "a"):
        months, weekdays = _names(language)
        return months[when.month] if code == "b" else weekdays[when.weekday()]
    plain = {
        "Y": f"{when.year:04}",
        "y": f"{when.year % 100:02}",
        "m": f"{when.month:02}",
        "n": f"{when.month}",
        "d": f"{when.day:02}",
        "e": f"{when.day}",
        "H": f"{when.hour:02}",
        "h": f"{when.hour}",
        "M": f"{when.minute:02}",
        "S": f"{when.second:02}",
        "3": f"{when.microsecond // 1000:03}",
        "W": f"{when.isocalendar().week}",
        "%": "%",
    }
    return plain.get(code, "%" + code)


@lru_cache(maxsize=64)
def _names(language: str) -> tuple[dict[int, str], dict[int, str]]:
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        locale = Locale("en")
    return dict(get_month_names("abbreviated", locale=locale)), dict(
        get_day_names("abbreviated", locale=locale)
    )
