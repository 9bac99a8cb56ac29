"""Codebooks that were imported or changed here, and which survey uses which. A version never changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import codebook_uses, codebooks, surveys

_HEAD = (
    codebooks.c.id,
    codebooks.c.key,
    codebooks.c.version,
    codebooks.c.title,
    codebooks.c.digest,
    codebooks.c.added_by,
    codebooks.c.created_at,
)


async def versions(db: AsyncConnection, key: str | None = None) -> Sequence[Row[Any]]:
    """The versions of one codebook, or of all, without their texts, oldest first."""
    wanted = select(*_HEAD).order_by(codebooks.c.id)
    return list(await db.execute(wanted if key is None else wanted.where(codebooks.c.key == key)))


async def find(db: AsyncConnection, key: str, version: str | None = None) -> UUID | None:
    """The row of this version, or of the newest."""
    wanted = select(codebooks.c.id).where(codebooks.c.key == key).order_by(codebooks.c.id.desc()).limit(1)
    if version is not None:
        wanted = wanted.where(codebooks.c.version == version)
    return (await db.execute(wanted)).scalar()


async def text(db: AsyncConnection, row: UUID) -> str:
    """The codebook in this row, as YAML."""
    return str((await db.execute(select(codebooks.c.text).where(codebooks.c.id == row))).scalar_one())


async def enter(db: AsyncConnection, row: dict[str, Any]) -> None:
    """One more version."""
    await db.execute(insert(codebooks).values(**row))


async def used_by(db: AsyncConnection, survey: str) -> str | None:
    """The key of the codebook that this survey names; None: the usual one."""
    wanted = select(codebook_uses.c.codebook).where(codebook_uses.c.survey == survey)
    return (await db.execute(wanted)).scalar()


async def uses(db: AsyncConnection) -> dict[str, str | None]:
    """Every published survey, oldest first, and the key of the codebook that it names; None: the usual one."""
    named = {row.survey: row.codebook for row in await db.execute(select(codebook_uses))}
    published = (await db.execute(select(surveys.c.key).order_by(surveys.c.id))).scalars()
    return {key: named.get(key) for key in published}


async def use(db: AsyncConnection, survey: str, key: str | None, now: datetime) -> None:
    """From now on the survey's answers are coded with this codebook; None: with the usual one, whichever that is."""
    if key is None:
        await db.execute(delete(codebook_uses).where(codebook_uses.c.survey == survey))
        return
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    new = {"codebook": key, "changed_at": now}
    row = upsert(codebook_uses).values(survey=survey, **new)
    await db.execute(row.on_conflict_do_update(index_elements=[codebook_uses.c.survey], set_=new))
