"""How campaigns stand: what they are called, how far they have come, what holds them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.told import listed as beside
from survey_flows.told import told

from ..app import App
from ..store.tables import campaigns, runs
from .campaign import Campaign
from .campaign_file import loads


class Refused(Exception):  # noqa: N818
    """This cannot be done with the campaign now; the text says why, and what to do instead."""


def gets_nothing(suppressed: str) -> str:
    """Why nothing can go to an address."""
    return {
        "stopped": told("That address gets nothing: it is stopped. START from there undoes a STOP."),
        "dead": told("That address gets nothing: it is dead. START from there undoes a STOP."),
    }[suppressed]


@dataclass(frozen=True, slots=True)
class RunStanding:
    """One run: how many people its audience had when it began, how many are recipients by now, how many messages."""

    occasion: str
    state: str
    begins_at: datetime
    expected: int
    expanded: int
    staged: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a campaign stands. ``size`` is its audience now, where that was counted."""

    key: str
    title: str
    state: str
    reason: str | None
    next_at: datetime | None
    written_by: str | None
    approved_by: str | None
    size: int | None
    runs: tuple[RunStanding, ...]
    text: str


async def standing(app: App, key: str) -> Standing:
    """How a campaign stands. Raises LookupError with the nearest names."""
    async with app.database.read() as db:
        return await standing_of(db, await row_of(db, key))


async def listed(app: App) -> list[Standing]:
    """Every campaign, the newest first."""
    async with app.database.read() as db:
        rows = (await db.execute(select(campaigns).order_by(campaigns.c.id.desc()))).all()
        return [await standing_of(db, row) for row in rows]


async def find(db: AsyncConnection, key: str) -> UUID:
    """The id of a campaign. Raises LookupError with the nearest names."""
    row = await row_of(db, key)
    return UUID(str(row.id))


async def campaign_of(app: App, key: str) -> Campaign:
    """The campaign as it was written. Raises LookupError with the nearest names."""
    return loads((await standing(app, key)).text, key)


async def row_of(
    db: AsyncConnection, key: str, *, lock: bool = False, missing: bool = False
) -> Row[*tuple[Any, ...]]:
    """The row of a campaign; with ``missing``, None where there is none. Raises LookupError with the nearest names."""
    wanted = select(campaigns).where(campaigns.c.key == key)
    row = (await db.execute(wanted.with_for_update() if lock else wanted)).first()
    if row is None and not missing:
        keys = list((await db.execute(select(campaigns.c.key))).scalars())
        near = get_close_matches(key, keys, 1)
        hint = (
            told("Did you mean {name}?", name=near[0])
            if near
            else told("There are: {names}.", names=beside(sorted(keys)) or told("none yet"))
        )
        raise LookupError(told("There is no campaign {name}. {hint}", name=key, hint=hint))
    return row  # type: ignore[return-value]


async def standing_of(db: AsyncConnection, row: Row[*tuple[Any, ...]]) -> Standing:
    """How the campaign of this row stands, with its last twenty runs."""
    wanted = select(runs).where(runs.c.campaign_id == row.id).order_by(runs.c.id.desc()).limit(20)
    theirs = tuple(
        RunStanding(run.occasion, run.state, run.begins_at, run.expected, run.expanded, run.staged)
        for run in await db.execute(wanted)
    )
    return Standing(
        row.key, loads(row.text, row.key).title, row.state, row.reason, row.next_at, row.written_by,
        row.approved_by, theirs[0].expected if theirs else row.approved_size, theirs, row.text,
    )  # fmt: skip
