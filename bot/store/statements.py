"""Queries: problem statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import statements


async def of_survey(db: AsyncConnection, survey: str) -> Sequence[Row[Any]]:
    """All statements of a survey, whatever became of them, oldest first."""
    wanted = select(statements).where(statements.c.survey == survey).order_by(statements.c.id)
    return list(await db.execute(wanted))


async def ending(db: AsyncConnection, digits: str) -> Sequence[Row[Any]]:
    """The statements whose id ends in these digits."""
    rows = await db.execute(select(statements).order_by(statements.c.id))
    return [row for row in rows if digits and row.id.hex.endswith(digits)]


async def enter(db: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """New statements."""
    if rows:
        await db.execute(insert(statements), list(rows))


async def change(db: AsyncConnection, id_: UUID, **values: Any) -> None:
    """Change one."""
    await db.execute(update(statements).where(statements.c.id == id_).values(**values))
