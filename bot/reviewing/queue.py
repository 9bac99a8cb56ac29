"""Who reads what next: held for them for some minutes, so that no two read the same unless both are meant to.

Every third reading is one by lot, so that what is found says something of all replies; every fourth other one is a second
reading, where any waits; the rest are those that teach most.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App
from ..store import draws
from ..store.readings import Schools
from . import drawing

LEASE = timedelta(minutes=20)
"""So long an answer is kept for whoever has it before them."""
PASSED = timedelta(hours=12)
"""So long one that somebody has passed over does not come back to them."""
EVERY_LOT, EVERY_SECOND = 3, 4


def reader(member: UUID) -> str:
    """Under which name a member of staff reads.

    >>> reader(UUID(int=7))
    'staff:00000000-0000-0000-0000-000000000007'
    """
    return f"staff:{member}"


async def next_(
    app: App, db: AsyncConnection, survey: str, coder: str, schools: Schools = None
) -> UUID | None:
    """The answer that this reader is to read next, held for them; None where none is left. The same one until they have
    decided, passed it over, or let its time run out. To be called in a transaction that writes.

    ``schools``: of whose families they may read (None: of all). Who may not read all draws none by lot, for the lot is of
    all: they read those of their schools that it has reached.
    """
    now = app.clock()
    if (held := await draws.held(db, survey, coder, now, schools)) is not None:
        drawn = await draws.drawn(db, held)
        if await draws.free(db, held, coder, drawn.wanted if drawn else 1, now):
            await draws.hold(db, held, coder, now + LEASE)
            return held
    await draws.release(db, coder, now)
    turns = _turns(await draws.turn(db, survey, coder))
    waiting = _sorted(await draws.to_read(db, survey, coder, now, schools=schools))
    for turn in turns:
        if not waiting[turn] and await _draw(app, db, survey, turn, schools):
            waiting = _sorted(await draws.to_read(db, survey, coder, now, schools=schools))
        for row in waiting[turn]:
            answer: UUID = row.answer_id
            if await draws.free(db, answer, coder, row.wanted, now):
                await draws.hold(db, answer, coder, now + LEASE)
                return answer
    return None


async def _draw(app: App, db: AsyncConnection, survey: str, turn: str, schools: Schools) -> int:
    if turn == "lot" and schools is None:
        return await drawing.by_lot(app, db, survey, drawing.LOTS)
    return await drawing.by_doubt(app, db, survey, schools) if turn == "doubt" else 0


async def pass_over(app: App, db: AsyncConnection, answer: UUID, coder: str) -> None:
    """Somebody else may read it; to this reader it does not come back today."""
    now = app.clock()
    await draws.release(db, coder, now, answer)
    await draws.hold(db, answer, draws.passing(coder), now + PASSED)


def _turns(done: int) -> tuple[str, ...]:
    """What this reader's next reading is to be, and what else if there is none of that.

    >>> [_turns(done)[1] for done in range(8)]
    ['doubt', 'doubt', 'lot', 'second', 'doubt', 'lot', 'doubt', 'second']
    """
    first = (
        "lot" if done % EVERY_LOT == EVERY_LOT - 1
        else "second" if done % EVERY_SECOND == EVERY_SECOND - 1
        else "doubt"
    )  # fmt: skip
    return "chosen", first, *(each for each in ("doubt", "lot", "second") if each != first)


def _sorted(rows: Iterable[Row[Any]]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {"chosen": [], "lot": [], "doubt": [], "second": []}
    for row in rows:
        found["second" if row.read else row.drawn].append(row)
    return found
