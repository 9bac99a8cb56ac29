"""Which occasion of a campaign is next, and when its run begins: at the first school whose clock shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .calendars import Calendars
from .campaign import Campaign
from .hours import Calendar, opening
from .recurrence import following, instant

ONCE = "once"


@dataclass(frozen=True, slots=True)
class Next:
    """An occasion, and the moment at which its run begins."""

    occasion: str
    at: datetime


def next_of(campaign: Campaign, calendars: Calendars, now: datetime, after: str | None = None) -> Next | None:
    """The first occasion after ``after`` (None: from now on); None where there is no more, or somebody has to say so.

    Of a recurring campaign those that were missed, for no worker ran, are passed over but for the latest.
    """
    kind = campaign.when.kind
    if kind == "now":
        return Next(ONCE, now) if after is None else None
    if kind == "trigger":
        return None
    if kind == "date":
        return _next_day(campaign, calendars, now, after)
    wall = _wall(after) if after else None
    if wall is None and kind == "cron":
        # The latest clock of all: the first occasion is still to come at every school.
        wall = max(now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for zone in calendars.zones())
    found = following(campaign.when, wall)
    while found is not None:
        later = following(campaign.when, found) if kind == "cron" else None
        if later is None or _first(later, calendars) > now:
            break
        found = later
    return Next(_written(found), _first(found, calendars)) if found else None


def wall_of(campaign: Campaign, occasion: str) -> datetime | None:
    """The wall time of an occasion; None where it is the moment at which the run begins."""
    if campaign.when.kind == "date":
        hour = campaign.when.time or campaign.hours.opens
        return datetime.combine(date.fromisoformat(occasion), hour)
    return _wall(occasion) if campaign.when.kind in ("at", "cron") else None


def due_of(
    campaign: Campaign, occasion: str, begins_at: datetime, calendars: Calendars
) -> list[Mapping[str | None, datetime]]:
    """For each step the moment at which it may go, by school; None stands for every other.

    That is the occasion's wall time at the school, moved into open hours. Where nothing opens any more it stays, and
    is given up when its time has run out.
    """
    wall = wall_of(campaign, occasion)
    found: list[Mapping[str | None, datetime]] = []
    for step in campaign.steps:
        due: dict[str | None, datetime] = {None: _due(campaign, calendars.other, wall, begins_at, step.after)}
        for school in calendars.schools:
            moment = _due(campaign, calendars.of(school), wall, begins_at, step.after)
            if moment != due[None]:
                due[school] = moment
        found.append(due)
    return found


def given_up(
    campaign: Campaign, step: int, occasion: str, begins_at: datetime, calendar: Calendar
) -> datetime:
    """When a step is given up at a school: ``try_for`` after its moment there, by that school's own clock."""
    wall = wall_of(campaign, occasion)
    return _moment(calendar, wall, begins_at, campaign.steps[step].after) + campaign.try_for


def _due(
    campaign: Campaign, calendar: Calendar, wall: datetime | None, begins_at: datetime, after: timedelta
) -> datetime:
    moment = _moment(calendar, wall, begins_at, after)
    span = opening(calendar, campaign.hours, moment)
    return span[0] if span else moment


def _moment(calendar: Calendar, wall: datetime | None, begins_at: datetime, after: timedelta) -> datetime:
    if wall is None:
        wall = begins_at.astimezone(calendar.zone).replace(tzinfo=None)
        return begins_at if not after else instant(wall + after, calendar.zone)
    return instant(wall + after, calendar.zone)


def _next_day(campaign: Campaign, calendars: Calendars, now: datetime, after: str | None) -> Next | None:
    """A campaign that goes by people's dates looks every day for those whose moment has come."""
    zone = calendars.other.zone
    today = now.astimezone(zone).date()
    day = max(date.fromisoformat(after) + timedelta(days=1), today) if after else today
    if campaign.when.ends is not None and day > campaign.when.ends:
        return None
    hour = campaign.when.time or campaign.hours.opens
    return Next(day.isoformat(), _first(datetime.combine(day, hour or time(12)), calendars))


def _first(wall: datetime, calendars: Calendars) -> datetime:
    return min(instant(wall, ZoneInfo(zone)) for zone in calendars.zones())


def _written(wall: datetime) -> str:
    return wall.isoformat(timespec="minutes")


def _wall(occasion: str) -> datetime:
    return datetime.fromisoformat(occasion)
