"""A month as a page shows it: which days are closed and why, what goes out on which. Pure."""

from __future__ import annotations

import calendar as weeks
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ....outreach.campaign import Campaign
from ....outreach.hours import Calendar
from ....outreach.public_holidays import public_holidays
from ....outreach.recurrence import following
from ...tongue import say


@dataclass(slots=True)
class Day:
    """One day. ``why`` it is closed, "" for an open one; ``names`` are dates of the school's; ``goes`` pairs of address and words."""

    day: date
    inside: bool
    why: str = ""
    names: list[str] = field(default_factory=list)
    goes: list[tuple[str, str]] = field(default_factory=list)


def month(
    first: date, calendar: Calendar, coming: Mapping[date, Sequence[tuple[str, str]]]
) -> list[list[Day]]:
    """The weeks of a month, Sunday first, whole weeks."""
    made = []
    for week in weeks.Calendar(6).monthdatescalendar(first.year, first.month):
        made.append([_day(day, first, calendar, coming) for day in week])
    return made


def _day(day: date, first: date, calendar: Calendar, coming: Mapping[date, Sequence[tuple[str, str]]]) -> Day:
    inside = day.month == first.month
    names = [name.replace("_", " ") for name, days in calendar.dates.items() if day in days]
    return Day(day, inside, closed(calendar, day), names, list(coming.get(day, ())) if inside else [])


def closed(calendar: Calendar, day: date) -> str:
    """Why nothing goes out on a day; "" where something may."""
    if calendar.open_on(day):
        return ""
    holiday = public_holidays(calendar.holidays, day.year).get(day)
    if holiday:
        return holiday
    return say("Closed") if calendar.closed_on(day) else say("No hours")


def occasions(
    campaign: Campaign, next_at: datetime | None, calendar: Calendar, first: date, last: date
) -> Iterable[date]:
    """The days from ``first`` to ``last`` on which a campaign that is scheduled begins."""
    if next_at is None:
        return
    begins = next_at.astimezone(calendar.zone).date()
    if campaign.when.kind != "cron":
        if first <= begins <= last:
            yield begins
        return
    at = max(
        datetime.combine(first, datetime.min.time()), datetime.combine(begins, datetime.min.time())
    ) - timedelta(seconds=1)
    for _ in range(31):
        found = following(campaign.when, at)
        if found is None or found.date() > last:
            return
        yield found.date()
        at = found
