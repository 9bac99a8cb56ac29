"""The present moment, as an argument: tests set it by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment, with its zone."""


def utcnow() -> datetime:
    """The clock that the service runs by."""
    return datetime.now(UTC)
