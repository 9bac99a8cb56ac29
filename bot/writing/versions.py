"""The published versions of surveys, and how many people were asked and answered each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..rounds import OUTSIDE
from ..store.tables import conversations, surveys

ANSWERED = ("started", "complete", "partial")
"""Conversations in which something was answered."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Conversations: how many were begun, and in how many something was answered."""

    asked: int
    answered: int


@dataclass(frozen=True, slots=True)
class Version:
    """One version, with its counts where they were asked for."""

    id: UUID
    version: str
    created_at: datetime
    counts: Counts = Counts(0, 0)


async def newest(db: AsyncConnection) -> Mapping[str, Version]:
    """The newest version of every survey, by key."""
    rows = await db.execute(
        select(surveys.c.key, surveys.c.id, surveys.c.version, surveys.c.created_at).order_by(surveys.c.id)
    )
    return {key: Version(id_, version, at) for key, id_, version, at in rows}


async def counts(db: AsyncConnection) -> Mapping[str, Counts]:
    """Over all versions of each survey that anybody was asked."""
    found = await _by_version(db)
    made: dict[str, Counts] = {}
    for id_, key in await db.execute(
        select(surveys.c.id, surveys.c.key).where(surveys.c.id.in_(list(found)))
    ):
        before = made.get(key, Counts(0, 0))
        made[key] = Counts(before.asked + found[id_].asked, before.answered + found[id_].answered)
    return {key: counted for key, counted in made.items() if counted.asked}


async def of(db: AsyncConnection, key: str) -> list[Version]:
    """The versions of one survey, the newest first."""
    found = await _by_version(db)
    rows = await db.execute(
        select(surveys.c.id, surveys.c.version, surveys.c.created_at)
        .where(surveys.c.key == key)
        .order_by(surveys.c.id.desc())
    )
    return [Version(id_, version, at, found.get(id_, Counts(0, 0))) for id_, version, at in rows]


async def _by_version(db: AsyncConnection) -> Mapping[UUID, Counts]:
    # Hidden in a function, the column has no index: reading the table through once is ten times as quick as by the index.
    version = func.coalesce(conversations.c.survey_id, conversations.c.survey_id, type_=Uuid()).label(
        "version"
    )
    state = conversations.c.state
    found: dict[UUID, Counter[str]] = {}
    for id_, name, number in await db.execute(select(version, state, func.count()).group_by(version, state)):
        found.setdefault(id_, Counter())[name] = number
    return {
        id_: Counts(
            sum(number for name, number in states.items() if name not in (*OUTSIDE, "cut")),
            sum(states[name] for name in ANSWERED),
        )
        for id_, states in found.items()
    }


async def text(db: AsyncConnection, key: str, version: str) -> str | None:
    """The text of one version; None where there is none."""
    found: str | None = await db.scalar(
        select(surveys.c.text).where(surveys.c.key == key, surveys.c.version == version)
    )
    return found
