"""Times as a reader has them: in their zone, in the language of the page."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import dates
from markupsafe import Markup

from . import tongue

_zone: ContextVar[str] = ContextVar("zone_of_the_reader", default="UTC")


def read_in(zone: str) -> None:
    """From here on in this request, times are told in this zone (IANA)."""
    _zone.set(zone)


def zone() -> tzinfo:
    """The reader's zone."""
    return _known(_zone.get())


@cache
def _known(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _locale() -> str:
    return tongue.current().replace("-", "_")


def here(at: datetime) -> datetime:
    """A moment on the reader's clock."""
    return at.astimezone(zone())


def day(at: datetime | date, now: datetime | None = None) -> str:
    """ "Wed 14 Oct"; with the year where it is not the one of ``now``.

    >>> day(date(2026, 10, 14))
    'Wed 14 Oct 2026'
    """
    on = here(at).date() if isinstance(at, datetime) else at
    pattern = "EEE d MMM" if now is not None and here(now).year == on.year else "EEE d MMM y"
    return dates.format_date(on, pattern, locale=_locale())


def clock(at: datetime) -> str:
    """ "4:30 pm", as the language writes it."""
    text = dates.format_time(here(at), "short", locale=_locale())
    return text.replace("\u202f", " ").replace("AM", "am").replace("PM", "pm")


def moment(at: datetime, now: datetime | None = None) -> Markup:
    """ "4:30 pm" today, else "Wed 14 Oct, 4:30 pm": as a ``time`` element that programs can read."""
    today = now is not None and here(now).date() == here(at).date()
    text = clock(at) if today else f"{day(at, now)}, {clock(at)}"
    return Markup('<time datetime="%s">%s</time>') % (at.astimezone(UTC).isoformat(timespec="seconds"), text)


def ago(at: datetime, now: datetime) -> str:
    """How long it is: "26 minutes", "2 days"."""
    return dates.format_timedelta(now - at, locale=_locale(), threshold=1.2)


def weekday(on: date) -> str:
    """ "Mon 5".

    >>> weekday(date(2026, 10, 5))
    'Mon 5'
    """
    return dates.format_date(on, "EEE d", locale=_locale())


def whole(at: datetime) -> str:
    """ "Wednesday 14 October 2026, 10:08 am"."""
    return f"{dates.format_date(here(at).date(), 'EEEE d MMMM y', locale=_locale())}, {clock(at)}"
