"""Draws what people are to read: some by lot, so that what they find stands for all; the others because they teach most.

The lot draws people, by the last digits of their ids, smallest first, with all that they said, and takes what has been read
for another reason as it comes: so whom it has reached are at any time a random sample of all. A share of what is drawn, by another lot, is
read by two people, each without suggestions and without the other's reading.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.teaching import WINDOW, Waiting, order

from ..app import App
from ..store import draws, readings
from .identical import carry, kind

MOST = 5000
"""So many answers are looked at in one go."""
LOTS, DOUBTS = 20, 30
"""So many are drawn at a time: few, since every reading changes what teaches most."""
EACH = 40
"""So many of each language are looked at for those that teach most."""


def twice(answer: UUID, share: float) -> bool:
    """Whether the lot wants this answer to be read by two people: of all answers about this share."""
    return int.from_bytes(sha256(f"double {answer.hex}".encode()).digest()[:8]) < share * 2**64


async def by_lot(app: App, db: AsyncConnection, survey: str, count: int, wanted: int = 1) -> int:
    """Draw so many answers by lot, each to be read by ``wanted`` people at least. Returns how many there were.

    Those that need no more readers are drawn too, and not counted.
    """
    found, most = 0, 2 * count
    while found < count and (rows := await draws.next_by_lot(db, survey, most)):
        same = await carry(app, db, survey, [row for row in rows if row.decided is None])
        read = {row.id for row in rows if row.decided is not None or row.id in same}
        taken = []
        for row in rows:
            if found < count:
                taken.append(row)
                found += wanted > 1 or row.id not in read
        await _enter(app, db, taken, readings.LOT, wanted, once=read)
        await readings.by_lot(db, [row.id for row in taken if row.id in read])
        # Where nearly all have been read, as after an import, few looks must do.
        most = min(2 * most, MOST)
    return found


async def by_doubt(app: App, db: AsyncConnection, survey: str, schools: readings.Schools = None) -> int:
    """Draw those that teach most, of these schools. Returns how many there were."""
    rows = await draws.in_doubt(db, survey, EACH, schools)
    same = await carry(app, db, survey, rows)
    unread = {str(row.id): row for row in rows if row.id not in same}
    lately = await draws.read_lately(db, survey, WINDOW)
    given = await readings.themes(db, [row.id for row in (*unread.values(), *lately)])

    async def waiting(some: Sequence[Row[Any]]) -> list[Waiting]:
        return [
            Waiting(
                str(row.id),
                row.heard,
                row.language or row.declared,
                await kind(app, db, row.survey_id, row.question),
                tuple(coding.theme for coding in given.get((row.id, row.decided or row.coder), ())),
                row.doubt or 0.0,
            )
            for row in some
        ]

    dealt = order(await waiting(list(unread.values())), await waiting(lately), DOUBTS)
    await _enter(app, db, [unread[one.answer] for one in dealt], draws.DOUBT)
    return len(dealt)


async def choose(app: App, db: AsyncConnection, answer: UUID, wanted: int = 1) -> None:
    """Put one answer in front of the queue."""
    row = {"answer_id": answer, "drawn": draws.CHOSEN, "wanted": wanted, "created_at": app.clock()}
    await draws.draw(db, [row])


async def _enter(
    app: App,
    db: AsyncConnection,
    rows: Sequence[Row[Any]],
    drawn: str,
    wanted: int = 1,
    once: Set[UUID] = frozenset(),
) -> None:
    now = app.clock()
    entered = [
        {
            "answer_id": row.id,
            "drawn": drawn,
            # What has been read is read again only where somebody asks for it.
            "wanted": max(
                wanted, 2 if row.id not in once and twice(row.id, app.settings.double_share) else 1
            ),
            # One after another, so that they are read in this order.
            "created_at": now + timedelta(microseconds=at),
        }
        for at, row in enumerate(rows)
    ]
    # Entered in the order of their ids: two who draw at once must not wait for each other in a ring.
    await draws.draw(db, sorted(entered, key=lambda row: str(row["answer_id"])))
