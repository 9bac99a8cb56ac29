"""Coders: which of them a survey's themes are from, those that learned from people, and what they learned from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Result, Row, Select, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import answers, coders, codings, conversations, readings, surveys


@dataclass(frozen=True, slots=True)
class Coders:
    """The versions of the machine coder, and whether people have coded any of it themselves."""

    machine: tuple[str, ...]
    people: bool


async def of_survey(db: AsyncConnection, key: str) -> Coders:
    """The coders of every version of this survey."""
    here = answers.join(surveys, surveys.c.id == answers.c.survey_id)
    machine = await db.execute(
        select(answers.c.coder)
        .select_from(here)
        .where(surveys.c.key == key, answers.c.coder.is_not(None))
        .distinct()
        .order_by(answers.c.coder)
    )
    read = await db.execute(
        select(exists().select_from(here).where(surveys.c.key == key, answers.c.decided.is_not(None)))
    )
    return Coders(tuple(machine.scalars()), bool(read.scalar()))


async def newest(db: AsyncConnection, codebook: str, version: str) -> Row[Any] | None:
    """The coder that learned last from people, for this version of a codebook."""
    rows = await db.execute(
        select(coders)
        .where(coders.c.codebook == codebook, coders.c.codebook_version == version)
        .order_by(coders.c.created_at.desc(), coders.c.version)
        .limit(1)
    )
    return rows.one_or_none()


async def enter(db: AsyncConnection, row: Mapping[str, Any]) -> None:
    """Enter a coder that has learned. Where another process has entered the same, or it was made for an earlier version of
    the codebook that teaches nothing else, it is the coder of this version."""
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    new = {"codebook_version": row["codebook_version"]}
    entered = upsert(coders).values(**row)
    await db.execute(entered.on_conflict_do_update(index_elements=["version"], set_=new))


async def read(db: AsyncConnection, surveys_of: Collection[str], codebook: str) -> int:
    """How many answers to these surveys people have decided, by this codebook, that a coder may learn from."""
    rows = await db.execute(select(func.count()).select_from(_decided(surveys_of, codebook).subquery()))
    return int(rows.scalar_one())


async def confirmed(
    db: AsyncConnection, surveys_of: Collection[str], codebook: str, until: datetime
) -> Sequence[tuple[Row[Any], tuple[str, ...]]]:
    """The answers that people have decided, with the themes they gave; none later than ``until``."""
    given = and_(codings.c.answer_id == answers.c.id, codings.c.coder == answers.c.decided)
    # In one statement: a reading that is taken back between two would be one of no theme.
    found = (
        _decided(surveys_of, codebook)
        .add_columns(codings.c.theme)
        .outerjoin(codings, given)
        .where(readings.c.changed_at <= until)
        .order_by(answers.c.id, codings.c.theme)
    )
    of = groupby(await db.execute(found), key=lambda row: row.id)
    each = [list(rows) for _, rows in of]
    return [(rows[0], tuple(row.theme for row in rows if row.theme is not None)) for rows in each]


def _decided(surveys_of: Collection[str], codebook: str) -> Select[Any]:
    return (
        select(
            answers.c.id,
            answers.c.survey_id,
            answers.c.question,
            answers.c.person_id,
            answers.c.heard,
            answers.c.language,
            answers.c.declared,
            readings.c.drawn,
        )
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .join(readings, (readings.c.answer_id == answers.c.id) & (readings.c.coder == answers.c.decided))
        .join(conversations, conversations.c.id == answers.c.conversation_id)
        .where(surveys.c.key.in_(surveys_of), readings.c.codebook == codebook)
        # Ids of what was learned from stand in evidence for ever: none may be that of an answer before it is cut from
        # its person, for such an id tells the time.
        .where(or_(~surveys.c.anonymous, conversations.c.address_id.is_(None)))
    )


async def unread(db: AsyncConnection, surveys_of: Collection[str], most: int) -> Sequence[Row[Any]]:
    """Answers in people's own words that nobody has read, the newest."""
    rows: Result[Any] = await db.execute(
        select(answers.c.heard, answers.c.language, answers.c.declared)
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .where(surveys.c.key.in_(surveys_of), answers.c.coder.is_not(None), answers.c.decided.is_(None))
        .order_by(answers.c.id.desc())
        .limit(most)
    )
    return rows.all()


# Not of one to which more words have come while the coder learned.
HELD = (
    update(answers)
    .where(answers.c.id == bindparam("_id"), answers.c.decided.is_not(None))
    .values(held=bindparam("held"))
)


async def hold(db: AsyncConnection, held: Mapping[UUID, bytes]) -> None:
    """Keep what a coder that had not learned from them says of answers that people have read."""
    if held:
        await db.execute(HELD, [{"_id": id_, "held": chances} for id_, chances in held.items()])


async def versions(db: AsyncConnection, surveys_of: Collection[str]) -> Sequence[UUID]:
    """The ids of every version of these surveys."""
    rows = await db.execute(select(surveys.c.id).where(surveys.c.key.in_(surveys_of)))
    return rows.scalars().all()
