"""How long a campaign takes at the sender's rate, and whether that fits the hours. Pure.

It reckons with an empty queue and the schools' calendars as they are: another campaign at the same time makes it longer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

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
        what = f"{timing.channel}: no hours are open before it is given up."
        yield Finding(
            "block", "hours", what, "Widen 'hours:', lengthen 'try_for:', or send it at another time."
        )
        return
    zone, today = calendar.zone, now.astimezone(calendar.zone).date()
    begin, end = timing.begins.astimezone(zone), timing.ends.astimezone(zone)
    speed = f" at {timing.rate:g} a second" if timing.rate else ""
    whom = "1 person" if timing.people == 1 else f"{timing.people} people"
    head = f"{timing.channel}: {whom}, takes {lasting(timing.took)}{speed}"
    days = sorted(timing.days)
    if len(days) == 1 and not timing.left:
        on = "today" if days[0] == today else say(days[0])
        yield Finding("note", "hours", f"{head}: {on}, {begin:%H:%M} to {end:%H:%M}.", "")
        return
    first, *later = days
    on = "today's hours" if first == today else f"the hours of {say(first)}"
    told = ", ".join(f"{timing.days[day]} on {say(day)}" for day in later[:MANY_DAYS])
    rest = f": the others go later ({told}{' …' if len(later) > MANY_DAYS else ''})" if later else ""
    cure = "Begin earlier in the day, or take it as it is: nobody is left out."
    if not timing.left:
        what = f"{head}; {on} allow {timing.days[first]} of {timing.people}{rest}."
        yield Finding("warn", "hours", what, cure)
        return
    what = f"{head}; {timing.left} of {timing.people} get nothing, because it is given up before their turn{rest}."
    severe = timing.left > TOO_MANY * timing.people
    cure = "Lengthen 'try_for:', widen 'hours:', or raise the rate if your provider allows more."
    yield Finding("block" if severe else "warn", "hours", what, cure)


def lasting(span: timedelta) -> str:
    """A span as people say it.

    >>> lasting(timedelta(seconds=12000)), lasting(timedelta(seconds=70)), lasting(timedelta(seconds=20))
    ('about 3 h 20 min', 'about 2 min', 'less than a minute')
    """
    minutes = -(-int(span.total_seconds()) // 60)
    if span < timedelta(minutes=1):
        return "less than a minute"
    hours, minutes = divmod(minutes, 60)
    return f"about {f'{hours} h {minutes} min' if hours and minutes else f'{hours} h' if hours else f'{minutes} min'}"
