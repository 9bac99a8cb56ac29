"""The date that a campaign goes by: whether there is one of that name, and when it comes next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.told import told

from ...store.tables import people, students
from ..anchors import ABSENCE
from ..calendars import Calendars
from ..campaign import Campaign
from ..hours import Calendar
from .finding import Finding


async def known(db: AsyncConnection, campaign: Campaign, calendars: Calendars) -> list[Finding]:
    """A block where nobody and no school has a date of the name: the campaign would wait for ever."""
    named = campaign.when.of
    if campaign.when.kind != "date" or named is None or named == ABSENCE:
        return []
    dates = {name for calendar in _all(calendars) for name in calendar.dates}
    if named in dates:
        return []
    for attribute in (people.c.groups[named].as_string(), students.c.attributes[named].as_string()):
        if (await db.execute(select(attribute).where(attribute.is_not(None)).limit(1))).first() is not None:
            return []
    near = get_close_matches(named, [ABSENCE, *dates], 1)
    what = told("No school's calendar and nobody on the list has a date named {name}.", name=named)
    cure = (
        told("Did you mean {name}?", name=near[0])
        if near
        else told("A school's dates are set with `openline calendar set`.")
    )
    return [Finding("block", "when", what, cure)]


def next_of(campaign: Campaign, calendars: Calendars, today: date) -> date | None:
    """The next day of that name in any school's calendar; None where the date is of another kind, or over."""
    if campaign.when.kind != "date":
        return None
    named = campaign.when.of or ""
    return min(
        (day for calendar in _all(calendars) for day in calendar.dates.get(named, ()) if day >= today),
        default=None,
    )


def _all(calendars: Calendars) -> Iterator[Calendar]:
    yield calendars.other
    yield from calendars.named.values()
