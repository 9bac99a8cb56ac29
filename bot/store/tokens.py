"""Queries for the tokens that let programs in. None of them commits; a token itself is never here, only its digest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import api_tokens, staff


@dataclass(frozen=True, slots=True)
class Token:
    """One token, and the person on whose behalf a program uses it."""

    id: UUID
    name: str
    email: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None
    disabled_at: datetime | None
    """Since when its person may no longer sign in."""


_COLUMNS = (
    api_tokens.c.id,
    api_tokens.c.name,
    staff.c.email,
    api_tokens.c.scopes,
    api_tokens.c.created_at,
    api_tokens.c.expires_at,
    api_tokens.c.used_at,
    api_tokens.c.revoked_at,
    staff.c.disabled_at,
)
_ALL = select(*_COLUMNS).join(staff, staff.c.id == api_tokens.c.staff_id)


async def add(
    db: AsyncConnection,
    token: UUID,
    member: UUID,
    name: str,
    token_hash: str,
    scopes: frozenset[str],
    now: datetime,
    expires_at: datetime | None,
) -> None:
    """A new row."""
    await db.execute(
        insert(api_tokens).values(
            id=token,
            staff_id=member,
            name=name,
            token_hash=token_hash,
            scopes=sorted(scopes),
            created_at=now,
            expires_at=expires_at,
        )
    )


async def by_hash(db: AsyncConnection, token_hash: str) -> Token | None:
    """The token with this digest, good or not: the caller looks at its dates."""
    found = (await db.execute(_ALL.where(api_tokens.c.token_hash == token_hash))).first()
    return _read(found) if found else None


async def everything(db: AsyncConnection) -> list[Token]:
    """All tokens there ever were, by name and then by age."""
    found = await db.execute(_ALL.order_by(api_tokens.c.name, api_tokens.c.created_at))
    return [_read(row) for row in found]


async def revoke(db: AsyncConnection, name: str, now: datetime) -> int:
    """End every token of this name that has not been ended; how many there were."""
    ended = await db.execute(
        update(api_tokens)
        .where(api_tokens.c.name == name, api_tokens.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return ended.rowcount


async def note_use(db: AsyncConnection, token: UUID, now: datetime, since: datetime) -> None:
    """Write down that it was used, unless somebody else has done so after ``since``."""
    await db.execute(
        update(api_tokens)
        .where(api_tokens.c.id == token, or_(api_tokens.c.used_at.is_(None), api_tokens.c.used_at <= since))
        .values(used_at=now)
    )


def _read(row: Sequence[Any]) -> Token:
    id_, name, email, scopes, *dates = row
    return Token(id_, name, email, frozenset(scopes), *dates)
