"""Where a reply goes, and when: to the address somebody last wrote from; at once while they are talking to us."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App
from ..outreach.calendars import load, school_of
from ..outreach.hours import opening
from ..store.tables import people
from .people import Ways

TALKING = timedelta(hours=24)
"""Whoever has written in this time is answered at any hour: they are awake to us, and wait."""


class Refused(Exception):  # noqa: N818
    """This reply cannot be sent; the text says why, and what to do instead."""


def address(app: App, ways: Ways, heard: Row[*tuple[Any, ...]] | None) -> Row[*tuple[Any, ...]]:
    """The address that a reply goes to: where they last wrote from, else the newest that may be written to.

    Raises Refused where there is none: they have said STOP, or nothing reaches them.
    """
    if not ways.all:
        raise Refused("There is no address of theirs that a message could go to.")
    # A STOP by one address is one by all; what they have taken up again since, by START, is open.
    alive = [one for one in ways.all if one.suppressed is None]
    if not alive and any(one.suppressed == "stopped" for one in ways.all):
        raise Refused(
            "They have asked us to stop, so nothing may be sent: not by any of their addresses. Only their own START "
            "undoes it. Call them, if they need an answer."
        )
    if not alive:
        raise Refused("No message reaches them any more: their number is dead. Find another way to them.")
    usable = [one for one in alive if one.channel in app.channels]
    if not usable:
        channels = ", ".join(sorted({one.channel for one in alive}))
        raise Refused(f"They are reached by {channels}, which is not set up here. See: openline doctor")
    if heard is not None:
        for one in usable:
            if one.id == heard.address_id:
                return one
    allowed = [one for one in usable if one.consented]
    if not allowed and heard is None:
        raise Refused("They have never written to us, and no list says that we may write to them.")
    return (allowed or usable)[-1]


async def due(
    db: AsyncConnection, app: App, person: UUID, heard: Row[*tuple[Any, ...]] | None, now: datetime
) -> datetime | None:
    """When a reply may go: now to whoever has written within a day, else when their school's hours begin. None where they
    do not in the next two months."""
    if heard is not None and now - heard.created_at <= TALKING:
        return now
    school = (await db.execute(select(school_of()).where(people.c.id == person))).scalar()
    calendars = await load(db, app.settings.timezone, app.settings.country)
    hours = opening(calendars.of(school), None, now)
    return hours[0] if hours is not None else None
