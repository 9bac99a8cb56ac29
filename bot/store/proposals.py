"""Queries: themes that were proposed, and the replies behind them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, String, cast, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .readings import parts
from .tables import answers, proposals


async def of_survey(db: AsyncConnection, survey: str) -> Sequence[Row[Any]]:
    """All proposals of a survey, whatever became of them, oldest first."""
    wanted = select(proposals).where(proposals.c.survey == survey).order_by(proposals.c.id)
    return list(await db.execute(wanted))


async def ending(db: AsyncConnection, digits: str) -> Sequence[Row[Any]]:
    """The proposals whose id ends in these digits, locked: any survey's, oldest first."""
    # SQLite keeps ids as bare digits, PostgreSQL shows them with hyphens.
    own = func.replace(cast(proposals.c.id, String), "-", "")
    wanted = select(proposals).where(own.endswith(digits, autoescape=True)).order_by(proposals.c.id)
    return list(await db.execute(wanted.with_for_update())) if digits else []


async def staying(db: AsyncConnection, ids: Collection[UUID]) -> set[UUID]:
    """Those of these answers that are still there, and under no other id before this transaction has ended."""
    found: set[UUID] = set()
    for some in parts(ids):
        wanted = select(answers.c.id).where(answers.c.id.in_(some)).order_by(answers.c.id)
        found |= set((await db.execute(wanted.with_for_update(read=True, key_share=True))).scalars())
    return found


async def enter(db: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """New proposals."""
    if rows:
        await db.execute(insert(proposals), list(rows))


async def change(db: AsyncConnection, id_: UUID, **values: Any) -> None:
    """Change one."""
    await db.execute(update(proposals).where(proposals.c.id == id_).values(**values))


async def remove(db: AsyncConnection, ids: Collection[UUID]) -> None:
    """Take out proposals that nobody has decided on."""
    gone = delete(proposals).where(proposals.c.id.in_(ids), proposals.c.state == "open")
    await db.execute(gone)


async def replies(db: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, Row[Any]]:
    """The words of these answers, their language and whose they are; of those that are still there."""
    found: dict[UUID, Row[Any]] = {}
    for some in parts(ids):
        rows = await db.execute(
            select(
                answers.c.id, answers.c.person_id, answers.c.heard, answers.c.language, answers.c.declared
            ).where(answers.c.id.in_(some))
        )
        found |= {row.id: row for row in rows}
    return found
