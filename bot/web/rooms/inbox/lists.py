"""The list of conversations beside every page of the inbox, and the alerts that are pinned above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import phrases

from .... import alerts
from ....app import App
from ....dialogue import counting, listing, searching
from ....dialogue.counting import Counts
from ....dialogue.listing import Line, Wanted, spoken
from ....dialogue.within import within
from ....outreach.calendars import attended
from ....store.tables import campaigns, people
from ... import tongue
from ..outreach.reach import keys_seen
from . import showing
from .asking import Asked
from .who import member, reach, reader

PAGE = 50
PINNED = 3
"""So many alerts are shown in full; the others are counted."""
LATELY = 8
"""So many conversations that have had their answer stand below those that wait."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The list: who waits, who has had an answer lately, where it goes on, and how much waits in all."""

    rows: list[showing.Row]
    lately: list[showing.Row]
    onward: UUID | None
    counts: Counts
    more: bool = False


async def listed(db: AsyncConnection, app: App, request: Request, asked: Asked) -> Listed:
    """The conversations that an address asks for, within reach."""
    now, who, schools = app.clock(), member(request), reach(request)
    numbers = await counting.counts(db, schools, who.id, now)
    if asked.q:
        narrowed = [spoken(people, asked.language)] if asked.language else []
        narrowed += [within(frozenset({asked.school}))] if asked.school else []
        found, more = await searching.search(db, asked.q, schools, now, reader=reader(app), narrowed=narrowed)
        return Listed(showing.rows(found, asked.query, now), [], None, numbers, more)
    wanted = asked.wanted(schools, who.id, now)
    lines, onward = await _page(db, app, wanted, asked.after, done=asked.view == "done")
    lately: list[Line] = []
    if asked.view == "mine" and onward is None and not asked.narrowed:
        lately = await listing.given_lately(db, who.id, schools, now, LATELY)
    elif asked.view == "all" and onward is None:
        answered = Wanted(
            unanswered=False, language=wanted.language, school=wanted.school, campaign=wanted.campaign,
            channel=wanted.channel, reach=schools, done=True, by=wanted.by, now=now,
        )  # fmt: skip
        lately, _ = await _page(db, app, answered, None, done=True, limit=LATELY)
    return Listed(
        showing.rows(lines, asked.query, now), showing.rows(lately, asked.query, now), onward, numbers
    )


async def _page(
    db: AsyncConnection, app: App, wanted: Wanted, after: UUID | None, *, done: bool, limit: int = PAGE
) -> tuple[list[Line], UUID | None]:
    try:
        return await listing.listed(
            db, wanted, reader=reader(app), order="newest" if done else "longest", after=after, limit=limit
        )
    except LookupError:  # a campaign that there is not
        return [], None


@dataclass(frozen=True, slots=True)
class Pinned:
    """An alert above the list, without any words of the message."""

    row: Row[Any]
    heading: str
    language: str


async def pinned(db: AsyncConnection, request: Request) -> tuple[list[Pinned], int]:
    """Alerts about danger that nobody has closed (those that nobody has seen first), and how many more there are."""
    found = [row for row in await alerts.listed(db, reach=reach(request), limit=200) if row.kind != "person"]
    found.sort(key=lambda row: (row.state != "new", row.created_at))
    shown = [Pinned(row, alert_heading(row.kind), showing.language(row.language)) for row in found[:PINNED]]
    return shown, len(found) - len(shown)


def alert_heading(kind: str) -> str:
    """What an alert is about, as it may be: nobody has looked."""
    kinds = {
        "self_harm": tongue.say("Safety alert: somebody may harm themselves"),
        "harm": tongue.say("Safety alert: somebody may have been hurt"),
        "violence": tongue.say("Safety alert: a message may speak of violence"),
        "person": tongue.say("Somebody asks to talk to a person"),
    }
    return kinds.get(kind, tongue.say("A message needs a person"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed to."""

    languages: Sequence[tuple[str, str]]
    schools: Sequence[str]
    campaigns: Sequence[str]
    channels: Sequence[str]


class Known:
    """What the list can be narrowed to, looked up once a minute: schools stand with thousands of people."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._schools: Sequence[str] = ()

    async def choices(self, db: AsyncConnection, app: App, request: Request) -> Choices:
        """For whoever asks."""
        schools = reach(request)
        now = app.clock()
        if schools is None and (self._at is None or abs((now - self._at).total_seconds()) > 60):
            self._schools, self._at = await attended(db), now
        keys = select(campaigns.c.key).where(campaigns.c.state != "draft")
        found = list((await db.execute(keys.order_by(campaigns.c.id.desc()).limit(30))).scalars())
        seen = await keys_seen(db, found, schools)
        languages = sorted(
            ((tag, showing.language(tag)) for tag in phrases.LANGUAGES), key=lambda pair: pair[1]
        )
        return Choices(
            languages,
            self._schools if schools is None else sorted(schools),
            [key for key in found if key in seen],
            sorted(app.channels),
        )
