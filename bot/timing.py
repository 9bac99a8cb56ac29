"""When somebody who has not finished is reminded, and when a conversation is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

REMIND = (timedelta(hours=24), timedelta(hours=72))
"""How long after a person's last word (or the first message) each reminder goes out."""
EXPIRE = timedelta(days=7)
"""How long after it a conversation is given up."""


def next_due(since: datetime, reminders: int) -> datetime:
    """When to look again, ``reminders`` having gone out, counted from the person's last word."""
    return since + (REMIND[reminders] if reminders < len(REMIND) else EXPIRE)
