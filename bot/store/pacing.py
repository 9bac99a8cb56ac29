"""How fast a sender may send: a bucket of tokens in a row that all workers share, and the rest of each chat.

A token is one SMS part, or one message. Only a sender with a limit has a row: without one the table is not touched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import addresses, senders


def one(_: str) -> int:
    """Every message costs the same."""
    return 1


@dataclass(frozen=True, slots=True)
class Pace:
    """``rate`` tokens a second, 0 for no limit; ``cost`` says how many tokens a text takes."""

    rate: float = 0.0
    cost: Callable[[str], int] = one

    @property
    def burst(self) -> float:
        """How many tokens gather while nothing is sent: no second has more than this beyond its rate."""
        return max(1.0, min(5.0, self.rate * 5), self.rate / 5)

    @property
    def worthwhile(self) -> float:
        """With how many tokens a sender that had run out begins again: a claim for each single one costs too much."""
        return max(1.0, self.rate / 10)


FREELY = Pace()


@dataclass(frozen=True, slots=True)
class Purse:
    """What a sender may spend now, and when there will be something worthwhile."""

    tokens: float
    at: datetime
    ready_at: datetime


async def purse(db: AsyncConnection, sender: str, pace: Pace, now: datetime) -> Purse:
    """Look into this sender's bucket; its row stays locked until the transaction ends. The caller owns that."""
    look = select(senders.c.tokens, senders.c.at).where(senders.c.name == sender).with_for_update()
    found = (await db.execute(look)).first()
    if found is None:
        full = _insert(db).values(name=sender, tokens=pace.burst, at=now).on_conflict_do_nothing()
        await db.execute(full)
        found = (await db.execute(look)).one()
    # Another machine's clock may be ahead, and whoever rests has a moment to come: until then nothing gathers.
    tokens = min(pace.burst, found.tokens + pace.rate * max(0.0, (now - found.at).total_seconds()))
    since = max(now, found.at)
    lacking = max(0.0, pace.worthwhile - tokens)
    return Purse(tokens, since, since + timedelta(seconds=lacking / pace.rate))


async def spend(db: AsyncConnection, sender: str, had: Purse, cost: int) -> None:
    """Take what was claimed out of the bucket, which may then owe some. In the transaction of ``purse``."""
    await db.execute(
        update(senders).where(senders.c.name == sender).values(tokens=had.tokens - cost, at=had.at)
    )


async def rest(db: AsyncConnection, sender: str, until: datetime) -> None:
    """No worker gets a token of this sender's before ``until``."""
    await db.execute(
        _insert(db)
        .values(name=sender, tokens=0.0, at=until)
        .on_conflict_do_update(
            index_elements=[senders.c.name],
            set_={"tokens": case((senders.c.tokens < 0, senders.c.tokens), else_=0.0), "at": until},
            where=senders.c.at < until,
        )
    )


async def pause_chats(db: AsyncConnection, chats: Collection[UUID], until: datetime) -> None:
    """Nothing goes to these addresses before ``until``.

    To be called before anything else is locked: the inbox holds addresses while it waits for messages.
    """
    if not chats:
        return
    theirs = addresses.c.id.in_(list(chats))
    if db.dialect.name == "postgresql":  # in the order in which everybody locks addresses
        await db.execute(select(addresses.c.id).where(theirs).order_by(addresses.c.id).with_for_update())
    await db.execute(update(addresses).where(theirs).values(next_at=until))


def _insert(db: AsyncConnection) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(senders) if db.dialect.name == "postgresql" else sqlite.insert(senders)
