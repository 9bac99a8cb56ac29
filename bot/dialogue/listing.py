"""Who has written and waits for a person; and who has been answered. One line a person, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import addresses, alerts, campaigns, messages, people, threads
from .handling import NOBODYS, Handled, given_to, handled, resting
from .people import short
from .sureness import same
from .understood import understood
from .waiting import WAITING
from .waits import talk, waits
from .within import Reach, within

Order = Literal["newest", "longest"]
"""By the last words, the newest first; or by how long somebody waits, the longest first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which threads to list. ``campaign`` is the key of one whose message they had before they wrote.

    ``school``: their own, or that of a child. ``reach``: only those of these schools. ``done``: only where nothing waits.
    ``by``: only what this account answers, or ``nobody``. ``rests``: only what rests at ``now``, or only what does not.
    """

    unanswered: bool = True
    language: str | None = None
    school: str | None = None
    campaign: str | None = None
    channel: str | None = None
    reach: Reach = None
    done: bool = False
    by: UUID | Literal["nobody"] | None = None
    rests: bool | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thread in the list.

    ``at`` is when the words came by which it is listed: the last ones; in the order of the longest wait the first ones
    that wait. ``text`` is those words, for whoever may read them. ``waiting`` counts messages without an answer, the
    first of which came at ``since``. ``alerts`` counts those that nobody has closed; ``danger`` is one of them that speaks of
    danger: then the words are for whoever opens it. ``message`` has the words, and is where the next page begins.
    """

    person: UUID
    name: str | None
    respondent: str
    language: str
    school: str | None
    channel: str
    at: datetime
    text: str
    text_language: str | None
    translated: bool
    waiting: int
    since: datetime | None
    alerts: int
    stopped: bool
    message: UUID | None = None
    danger: UUID | None = None
    handled: Handled = NOBODYS

    @property
    def short(self) -> str:
        """The id as commands show and take it."""
        return short(self.person)

    @property
    def answered(self) -> bool:
        """Whether somebody has answered all of it, or said that it needs no answer."""
        return not self.waiting


COLUMNS = (
    messages.c.id, messages.c.created_at, messages.c.text, messages.c.language, messages.c.channel,
    people.c.id.label("person_id"), addresses.c.suppressed, people.c.name, people.c.respondent,
    people.c.language.label("speaks"), people.c.school,
)  # fmt: skip
"""Of which a line is made."""


async def listed(
    db: AsyncConnection,
    wanted: Wanted = Wanted(),
    *,
    reader: str = "en",
    order: Order = "newest",
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[list[Line], UUID | None]:
    """At most ``limit`` threads behind ``after``, and where the next page begins (None at the end).

    Raises LookupError for a campaign that is not there.
    """
    campaign = await _campaign(db, wanted.campaign) if wanted.campaign is not None else None
    rows = (await db.execute(_page(wanted, campaign, order, after, limit + 1))).all()
    shown = rows[:limit]
    return await lines(db, shown, reader, wanted.now), shown[-1].id if len(rows) > limit else None


async def lines(
    db: AsyncConnection, rows: Sequence[Row[Any]], reader: str, now: datetime | None = None
) -> list[Line]:
    """Rows with the columns of ``COLUMNS``, with what else belongs into their lines."""
    persons = [row.person_id for row in rows]
    known = await understood(db, [(row.text or "", row.language) for row in rows], reader)
    waiting = await _waiting(db, persons)
    alarmed = await _alarmed(db, persons)
    how = await handled(db, persons, now) if now is not None else {}
    return [_line(row, reader, row.text in known, waiting, alarmed, how) for row in rows]


async def last(db: AsyncConnection, persons: Sequence[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """These people with the last that they wrote to staff, where there is any."""
    newer, theirs = messages.alias("newer"), addresses.alias("theirs")
    newest = (
        select(newer.c.id)
        .join(theirs, theirs.c.id == newer.c.address_id)
        .where(theirs.c.person_id == people.c.id, talk(newer))
        .order_by(newer.c.id.desc())
        .limit(1)
        .correlate(people)
        .scalar_subquery()
    )
    none = {"created_at": people.c.created_at, "text": "", "channel": ""}
    columns = [
        func.coalesce(one, none[one.name]).label(one.name) if one.name in none else one for one in COLUMNS
    ]
    wanted = (
        select(*columns)
        .select_from(people)
        .outerjoin(messages, messages.c.id == newest)
        .outerjoin(addresses, addresses.c.id == messages.c.address_id)
        .where(people.c.id.in_(persons))
    )
    return (await db.execute(wanted)).all()


async def given_lately(
    db: AsyncConnection, member: UUID, reach: Reach, now: datetime, limit: int
) -> list[Line]:
    """The conversations of one account in which nothing waits, those that were written in last first."""
    mine = (
        select(threads.c.person_id)
        .join(people, people.c.id == threads.c.person_id)
        .where(threads.c.assigned_to == member, within(reach))
        .order_by(threads.c.changed_at.desc())
        .limit(100)
    )
    rows = await last(db, list((await db.execute(mine)).scalars()))
    found = [one for one in await lines(db, rows, "en", now) if one.answered and one.message is not None]
    return sorted(found, key=lambda one: one.at, reverse=True)[:limit]


def _page(
    wanted: Wanted, campaign: UUID | None, order: Order, after: UUID | None, limit: int
) -> Select[*tuple[Any, ...]]:
    """The message by which each thread stands in the list, in order: one that no other of the same person goes before."""
    other, theirs = messages.alias("other"), addresses.alias("theirs")
    among = waits if wanted.unanswered else talk
    last = order == "newest"
    better = (
        select(other.c.id)
        .join(theirs, theirs.c.id == other.c.address_id)
        .where(
            theirs.c.person_id == people.c.id,  # SQLite then looks at what they are first, and here last
            among(other),
            *_fits(other, wanted, campaign),
            other.c.id > messages.c.id if last else other.c.id < messages.c.id,
        )
        .exists()
    )
    page = (
        select(*COLUMNS)
        .join(addresses, addresses.c.id == messages.c.address_id)
        .join(people, people.c.id == addresses.c.person_id)
        .where(among(messages), *_fits(messages, wanted, campaign))
        .order_by(messages.c.id.desc() if last else messages.c.id)
        .limit(limit)
    )
    if after is not None:
        page = page.where(messages.c.id < after if last else messages.c.id > after)
    if wanted.school is not None:
        page = page.where(within(frozenset({wanted.school})))
    if wanted.reach is not None:
        page = page.where(within(wanted.reach))
    if wanted.by is not None:
        page = page.where(given_to(None if wanted.by == "nobody" else wanted.by))
    if wanted.rests is not None and wanted.now is not None:
        asleep = resting(wanted.now)
        page = page.where(asleep if wanted.rests else ~asleep)
    if wanted.done:
        left = (
            select(other.c.id)
            .join(theirs, theirs.c.id == other.c.address_id)
            .where(theirs.c.person_id == people.c.id, waits(other))
            .exists()
        )
        page = page.where(~left)
    return page.where(~better)  # last: it is what costs most, and SQLite asks in this order


def _fits(of: Any, wanted: Wanted, campaign: UUID | None) -> Iterator[ColumnElement[bool]]:
    """What is asked of a message itself. Of several that wait, one may fit that is neither the first nor the last."""
    if wanted.language is not None:
        yield _language(of, wanted.language)
    if wanted.channel is not None:
        yield of.c.channel == wanted.channel
    if campaign is not None:
        earlier = messages.alias("before")
        yield (
            select(earlier.c.id)
            .where(
                earlier.c.address_id == of.c.address_id,
                earlier.c.campaign_id == campaign,
                earlier.c.sent_at <= of.c.created_at,
            )
            .exists()
        )


def _language(of: Any, tag: str) -> ColumnElement[bool]:
    """They speak it, or wrote in it."""
    return or_(spoken(people, tag), spoken(of, tag))


def spoken(of: Any, tag: str) -> ColumnElement[bool]:
    """Whether the language of a row is this one: a tag means all of its kinds, "es" also "es-MX"."""
    return or_(of.c.language == tag, of.c.language.startswith(f"{tag}-", autoescape=True))


async def _campaign(db: AsyncConnection, key: str) -> UUID:
    found: UUID | None = (await db.execute(select(campaigns.c.id).where(campaigns.c.key == key))).scalar()
    if found is None:
        raise LookupError(f"There is no campaign {key}. They are listed by: openline campaign list")
    return found


async def _waiting(db: AsyncConnection, persons: Sequence[UUID]) -> dict[UUID, tuple[int, datetime]]:
    found = await db.execute(
        select(addresses.c.person_id, func.count(), func.min(messages.c.created_at))
        .join(messages, messages.c.address_id == addresses.c.id)
        .where(addresses.c.person_id.in_(persons), waits(messages))
        .group_by(addresses.c.person_id)
    )
    return {person: (count, since) for person, count, since in found}


async def _alarmed(db: AsyncConnection, persons: Sequence[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """The alerts that nobody has closed, as (id, kind), by person."""
    found: dict[UUID, list[tuple[UUID, str]]] = {}
    rows = await db.execute(
        select(alerts.c.person_id, alerts.c.id, alerts.c.kind)
        .where(alerts.c.person_id.in_(persons), alerts.c.state != "closed")
        .order_by(alerts.c.id)
    )
    for person, id_, kind in rows:
        found.setdefault(person, []).append((id_, kind))
    return found


def _line(
    row: Row[Any],
    reader: str,
    known: bool,
    waiting: dict[UUID, tuple[int, datetime]],
    alarmed: dict[UUID, list[tuple[UUID, str]]],
    how: dict[UUID, Handled],
) -> Line:
    count, since = waiting.get(row.person_id, (0, None))
    alarms = alarmed.get(row.person_id, [])
    return Line(
        person=row.person_id,
        name=row.name,
        respondent=row.respondent,
        language=row.speaks,
        school=row.school,
        channel=row.channel,
        at=row.created_at,
        text=row.text,
        text_language=row.language,
        translated=known or same(row.language, reader),
        waiting=count,
        since=since,
        alerts=len(alarms),
        stopped=row.suppressed == "stopped",
        message=row.id,
        danger=next((id_ for id_, kind in alarms if kind != "person"), None),
        handled=how.get(row.person_id, NOBODYS),
    )


__all__ = [
    "COLUMNS",
    "WAITING",
    "Line",
    "Order",
    "Wanted",
    "given_lately",
    "last",
    "lines",
    "listed",
    "spoken",
]
