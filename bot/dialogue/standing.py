"""What staff have to know of one conversation beside its messages: children, who answers, alerts, and whether a reply can go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App
from ..store.tables import alerts, guardianships, students
from . import reaching
from .drafting import target
from .handling import NOBODYS, Handled, handled
from .people import ways
from .threads import heard_last


@dataclass(frozen=True, slots=True)
class Child:
    """A child of theirs."""

    school: str | None
    attributes: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """``language`` is the one in which a reply goes; ``refused`` says why none can go. ``alarms``: alerts that nobody has
    closed, by the message that raised them, with their kinds."""

    children: tuple[Child, ...]
    handled: Handled
    language: str
    refused: str | None
    alarms: dict[UUID, tuple[UUID, str]]


async def standing(db: AsyncConnection, app: App, person: UUID, now: datetime) -> Standing:
    """How the conversation with somebody stands. Raises LookupError."""
    theirs = await ways(db, person)
    refused = None
    try:
        reaching.address(app, theirs, await heard_last(db, theirs))
    except reaching.Refused as error:
        refused = str(error)
    return Standing(
        tuple(await _children(db, person)),
        (await handled(db, [person], now)).get(person, NOBODYS),
        await target(db, person),
        refused,
        await _alarms(db, person),
    )


async def _children(db: AsyncConnection, person: UUID) -> Sequence[Child]:
    rows = await db.execute(
        select(students.c.school, students.c.attributes)
        .join(guardianships, guardianships.c.student_id == students.c.id)
        .where(guardianships.c.person_id == person, students.c.removed_at.is_(None))
        .order_by(students.c.school, students.c.id)
    )
    return [Child(school, dict(attributes or {})) for school, attributes in rows]


async def _alarms(db: AsyncConnection, person: UUID) -> dict[UUID, tuple[UUID, str]]:
    rows = await db.execute(
        select(alerts.c.message_id, alerts.c.id, alerts.c.kind).where(
            alerts.c.person_id == person, alerts.c.state != "closed"
        )
    )
    return {message: (id_, kind) for message, id_, kind in rows}
