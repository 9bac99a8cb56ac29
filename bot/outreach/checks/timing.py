"""How long a campaign takes at the sender's rate, and whether that fits the hours. Pure.

It reckons with an empty queue and the schools' calendars as they are: another campaign at the same time makes it longer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from survey_flows.told import listed, told, told_n

from ..calendars import Calendars
from ..campaign import Campaign
from ..hours import Calendar, opening
from ..recurrence import following, instant
from .finding import Finding

TOO_MANY = 0.2
"""Of those who would be left out, the share from which on nothing is sent at all."""
MANY_DAYS = 5

Load = Mapping[tuple[str, str | None], tuple[int, int]]
"""For each channel and school: people, and how many sends (SMS parts) they take."""


@dataclass(slots=True)
class Timing:
    """One channel: how long it sends, how many people on which day, who is left when it is given up."""

    channel: str
    rate: float
    people: int = 0
    sends: int = 0
    days: Counter[date] = field(default_factory=Counter)
    begins: datetime | None = None
    ends: datetime | None = None

    @property
    def took(self) -> timedelta:
        """Sending time, without the nights between."""
        return timedelta(seconds=self.sends / self.rate if self.rate else 0)

    @property
    def left(self) -> int:
        """People for whom no open hour is left."""
        return self.people - self.days.total()


def timings(
    campaign: Campaign, load: Load, calendars: Calendars, rates: Mapping[str, float], now: datetime
) -> list[Timing]:
    """How the first step goes out, for each channel. ``rates`` are sends a second; 0 is no limit."""
    groups: dict[str, dict[Calendar, tuple[int, int]]] = defaultdict(dict)
    for (channel, school), (people, sends) in load.items():
        calendar = calendars.of(school)
        had = groups[channel].get(calendar, (0, 0))
        groups[channel][calendar] = had[0] + people, had[1] + sends
    return [
        _sent(Timing(channel, rates.get(channel, 0.0)), campaign, groups[channel], now)
        for channel in sorted(groups)
    ]


def _sent(
    timing: Timing, campaign: Campaign, groups: Mapping[Calendar, tuple[int, int]], now: datetime
) -> Timing:
    waiting = dict(groups)
    timing.people = sum(people for people, _ in groups.values())
    timing.sends = sum(sends for _, sends in groups.values())
    spans = [(*span, calendar) for calendar in groups for span in _spans(campaign, calendar, now)]
    free = now
    for start, end, calendar in sorted(spans, key=lambda one: one[:2]):
        people, sends = waiting[calendar]
        begin = max(start, free)
        if not people or begin >= end:
            continue
        room = sends if not timing.rate else min(sends, int((end - begin).total_seconds() * timing.rate))
        gone = people if room == sends else int(people * room / sends)
        waiting[calendar] = people - gone, sends - room
        free = begin + timedelta(seconds=room / timing.rate if timing.rate else 0)
        timing.days[begin.astimezone(calendar.zone).date()] += gone
        timing.begins = timing.begins or begin
        timing.ends = free
    return timing


def _spans(campaign: Campaign, calendar: Calendar, now: datetime) -> Iterator[tuple[datetime, datetime]]:
    at = begins(campaign, calendar, now)
    until = at + campaign.try_for
    while span := opening(calendar, campaign.hours, at):
        start, end = span[0], min(span[1], until)
        if start >= end:
            return
        yield start, end
        at = span[1]


def begins(campaign: Campaign, calendar: Calendar, now: datetime) -> datetime:
    """The moment at which the next run begins at a school; for what has no moment of its own, now."""
    when, wall = campaign.when, now.astimezone(calendar.zone).replace(tzinfo=None)
    if when.kind == "date":
        planned: datetime | None = datetime.combine(wall.date(), when.time or campaign.hours.opens)
    else:
        planned = when.at if when.kind == "at" else following(when, wall)
    return max(instant(planned, calendar.zone), now) if planned else now


def fits(timing: Timing, calendar: Calendar, say: Callable[[date], str], now: datetime) -> Iterator[Finding]:
    """What there is to say of one channel. ``calendar`` is the one whose clock the times are told by."""
    if not timing.people:
        return
    if timing.begins is None or timing.ends is None:
        what = told("{channel}: no hours are open before it is given up.", channel=timing.channel)
        cure = told("Widen 'hours:', lengthen 'try_for:', or send it at another time.")
        yield Finding("block", "hours", what, cure)
        return
    zone, today = calendar.zone, now.astimezone(calendar.zone).date()
    begin, end = timing.begins.astimezone(zone), timing.ends.astimezone(zone)
    head = _head(timing)
    days = sorted(timing.days)
    if len(days) == 1 and not timing.left:
        on = told("today") if days[0] == today else say(days[0])
        what = told(
            "{head}: {day}, {begin} to {end}.", head=head, day=on, begin=f"{begin:%H:%M}", end=f"{end:%H:%M}"
        )
        yield Finding("note", "hours", what, "")
        return
    first, *later = days
    rest = _rest([told("{n} on {day}", n=timing.days[day], day=say(day)) for day in later])
    values: dict[str, Any] = {"head": head, "all": timing.people, "rest": rest}
    if not timing.left:
        values |= {"some": timing.days[first], "day": say(first)}
        what = (
            told("{head}; today's hours allow {some} of {all}{rest}.", **values)
            if first == today
            else told("{head}; the hours of {day} allow {some} of {all}{rest}.", **values)
        )
        cure = told("Begin earlier in the day, or take it as it is: nobody is left out.")
        yield Finding("warn", "hours", what, cure)
        return
    what = told(
        "{head}; {some} of {all} get nothing, because it is given up before their turn{rest}.",
        **values,
        some=timing.left,
    )
    severe = timing.left > TOO_MANY * timing.people
    cure = told("Lengthen 'try_for:', widen 'hours:', or raise the rate if your provider allows more.")
    yield Finding("block" if severe else "warn", "hours", what, cure)


def _head(timing: Timing) -> str:
    values = {"channel": timing.channel, "time": lasting(timing.took), "rate": f"{timing.rate:g}"}
    if timing.rate:
        return told_n(
            "{channel}: {n} person, takes {time} at {rate} a second",
            "{channel}: {n} people, takes {time} at {rate} a second",
            timing.people,
            **values,
        )
    return told_n(
        "{channel}: {n} person, takes {time}", "{channel}: {n} people, takes {time}", timing.people, **values
    )


def _rest(later: list[str]) -> str:
    """How the others go, as the end of a sentence; "" where there are none."""
    if not later:
        return ""
    days = listed(later[:MANY_DAYS])
    more = len(later) > MANY_DAYS
    return (
        told(": the others go later ({days} …)", days=days)
        if more
        else told(": the others go later ({days})", days=days)
    )


def lasting(span: timedelta) -> str:
    """A span as people say it.

    >>> lasting(timedelta(seconds=12000)), lasting(timedelta(seconds=70)), lasting(timedelta(seconds=20))
    ('about 3 h 20 min', 'about 2 min', 'less than a minute')
    """
    minutes = -(-int(span.total_seconds()) // 60)
    if span < timedelta(minutes=1):
        return told("less than a minute")
    hours, minutes = divmod(minutes, 60)
    if hours and minutes:
        return told("about {hours} h {minutes} min", hours=hours, minutes=minutes)
    return told("about {hours} h", hours=hours) if hours else told("about {minutes} min", minutes=minutes)
