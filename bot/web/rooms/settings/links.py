"""Sign-in links that an admin hands over: nothing is sent, and each is shown once."""

from __future__ import annotations

from datetime import timedelta

from babel.dates import format_timedelta

from ....settings import Settings
from ... import tongue

LIFE = timedelta(days=1)
"""Long enough to hand a link to somebody by hand."""


def address_of(settings: Settings, token: str) -> str:
    """What goes into their browser."""
    return f"{settings.public_url}/signin/link/{token}"


def in_words(life: timedelta) -> str:
    """ "24 hours"."""
    locale = tongue.current().replace("-", "_")
    return format_timedelta(life, granularity="hour", threshold=100, locale=locale)
