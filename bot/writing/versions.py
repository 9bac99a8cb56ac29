"""The published versions of surveys, and how many people were asked and answered each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
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


_ANSWERED = func.sum(case((conversations.c.state.in_(ANSWERED), 1), else_=0))
_ASKED = func.count()


async def newest(db: AsyncConnection) -> Mapping[str, Version]:
    """The newest version of every survey, by key."""
    rows = await db.execute(
        select(surveys.c.key, surveys.c.id, surveys.c.version, surveys.c.created_at).order_by(surveys.c.id)
    )
    return {key: Version(id_, version, at) for key, id_, version, at in rows}


async def counts(db: AsyncConnection) -> Mapping[str, Counts]:
    """Over all versions of each survey."""
    rows = await db.execute(
        select(surveys.c.key, _ASKED, _ANSWERED)
        .join(conversations, conversations.c.survey_id == surveys.c.id)
        .where(conversations.c.state.not_in((*OUTSIDE, "cut")))
        .group_by(surveys.c.key)
    )
    return {key: Counts(asked, answered or 0) for key, asked, answered in rows}


async def of(db: AsyncConnection, key: str) -> list[Version]:
    """The versions of one survey, the newest first."""
    inside = conversations.c.state.not_in((*OUTSIDE, "cut"))
    rows = await db.execute(
        select(
            surveys.c.id, surveys.c.version, surveys.c.created_at, func.count(conversations.c.id), _ANSWERED
        )
        .join(conversations, (conversations.c.survey_id == surveys.c.id) & inside, isouter=True)
        .where(surveys.c.key == key)
        .group_by(surveys.c.id, surveys.c.version, surveys.c.created_at)
        .order_by(surveys.c.id.desc())
    )
    return [
        Version(id_, version, at, Counts(asked, answered or 0)) for id_, version, at, asked, answered in rows
    ]


async def text(db: AsyncConnection, key: str, version: str) -> str | None:
    """The text of one version; None where there is none."""
    found: str | None = await db.scalar(
        select(surveys.c.text).where(surveys.c.key == key, surveys.c.version == version)
    )
    return found
