"""Numbers that asked us to stop before they were erased: known again by a keyed digest, so that no list brings them back.

A digest tells nobody a number who does not have the key (OPENLINE_SECRET_KEY). Without one the digest still works, but
whoever holds the database can try all numbers there are.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import erased_addresses

AT_ONCE = 5_000
SOURCE = "before they were erased"
"""Where the ledger has a STOP from that is known only by its digest."""
Reach = tuple[str, str]
"""A channel and an address there."""


def key(secret: str) -> bytes:
    """The key of the digests, from the secret key of the settings."""
    return hashlib.sha256(b"openline erased addresses:" + secret.encode()).digest()


def digest(seal: bytes, reach: Reach) -> str:
    """What is kept in place of a number.

    >>> digest(b"k", ("sms", "+15035550101")) == digest(b"other", ("sms", "+15035550101"))
    False
    """
    return hmac.new(seal, ":".join(reach).encode(), "sha256").hexdigest()


async def among(db: AsyncConnection, seal: bytes, reaches: Collection[Reach]) -> set[Reach]:
    """Those of these numbers that had asked us to stop and were erased."""
    by_digest = {digest(seal, reach): reach for reach in reaches}
    found: set[Reach] = set()
    for some in _parts(by_digest):
        wanted = select(erased_addresses.c.digest).where(erased_addresses.c.digest.in_(some))
        found |= {by_digest[one] for one in (await db.execute(wanted)).scalars()}
    return found


async def remember(db: AsyncConnection, seal: bytes, reaches: Collection[Reach], now: datetime) -> None:
    """Nobody writes to these again before they write to us."""
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    # Only the day: a moment would lead to the erasure, and to who was erased.
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [{"digest": digest(seal, reach), "at": day} for reach in sorted(set(reaches))]
    if rows:
        await db.execute(upsert(erased_addresses).on_conflict_do_nothing(), rows)


async def forget(db: AsyncConnection, seal: bytes, reaches: Collection[Reach]) -> None:
    """They have said since that we may write."""
    for some in _parts([digest(seal, reach) for reach in reaches]):
        await db.execute(delete(erased_addresses).where(erased_addresses.c.digest.in_(some)))


def _parts(values: Iterable[str]) -> Iterable[list[str]]:
    listed = sorted(values)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
