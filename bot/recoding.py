"""What a changed codebook does to what was coded before: people's codings follow their themes, or are read again.

The machine's codings need nothing of this: `openline code --again` makes them anew. ``snapshot`` before and after, and
analysis.recoding.difference between them, show what that has changed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, insert, null, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.recoding import Moved

from .codebooks import Books
from .store.database import Database
from .store.readings import AT_ONCE, lock, outgrown, parts
from .store.tables import answers, codings, readings, surveys

SOME = 5000
"""So many rows are gone through before others have their turn."""


@dataclass(frozen=True, slots=True)
class Followed:
    """How many readings by people have other themes now, and how many answers are to be read again."""

    readings: int
    again: int


async def snapshot(db: AsyncConnection, keys: Collection[str]) -> dict[UUID, frozenset[str]]:
    """The themes that count of every answer to these surveys that has been coded: {answer: themes}, maybe none."""
    counts = func.coalesce(answers.c.decided, answers.c.coder)
    wanted = (
        select(answers.c.id, codings.c.theme)
        .outerjoin(codings, and_(codings.c.answer_id == answers.c.id, codings.c.coder == counts))
        .where(_of(keys), counts.is_not(None))
    )
    found: dict[UUID, set[str]] = {}
    for at, (answer, theme) in enumerate(await db.execute(wanted)):
        found.setdefault(answer, set()).update([theme] if theme is not None else ())
        if at % SOME == 0:
            await asyncio.sleep(0)
    return {answer: frozenset(themes) for answer, themes in found.items()}


async def snapshots(database: Database, books: Books) -> dict[str, dict[UUID, frozenset[str]]]:
    """By codebook, the themes that count of every answer that has been coded."""
    found = {}
    async with database.read() as db:
        for key in await books.keys(db):
            if surveys := await books.surveys(db, key):
                found[key] = await snapshot(db, surveys)
    return found


async def follow(
    db: AsyncConnection, moved: Moved, codebook: str, keys: Collection[str], now: datetime
) -> Followed:
    """After a new version of this codebook: people's codings go where their themes have gone, and what has to be read
    again is due for review. Each coding remembers what it was. ``keys``: the surveys that are coded with it.
    """
    if not moved:
        return Followed(0, 0)
    # Whoever is just deciding about one of them is waited for.
    await lock(
        db, list((await db.execute(_by_people(codebook, keys, codings.c.answer_id).distinct())).scalars())
    )
    by_reading: dict[tuple[UUID, str], list[Row[Any]]] = {}
    for row in await db.execute(_by_people(codebook, keys, codings).order_by(codings.c.id)):
        by_reading.setdefault((row.answer_id, row.coder), []).append(row)
    other: dict[UUID, dict[str, Any]] = {}
    away: list[UUID] = []
    touched: list[tuple[UUID, str]] = []
    again: set[UUID] = set()
    for reading, rows in by_reading.items():
        themes, unsettled = moved.recode(row.theme for row in rows)
        if unsettled:
            again.add(reading[0])
        if themes != {row.theme for row in rows}:
            touched.append(reading)
            away += [row.id for row in rows]
            other |= _followed(rows, moved)
    for some in parts(away):
        await db.execute(delete(codings).where(codings.c.id.in_(some)))
    rows_in = list(other.values())
    for start in range(0, len(rows_in), AT_ONCE):
        await db.execute(insert(codings), rows_in[start : start + AT_ONCE])
    by_coder: dict[str, list[UUID]] = {}
    for answer, coder in touched:
        by_coder.setdefault(coder, []).append(answer)
    for coder, ids in by_coder.items():
        for some in parts(ids):
            which = readings.c.answer_id.in_(some), readings.c.coder == coder
            await db.execute(update(readings).where(*which).values(changed_at=now))
    await outgrown(db, again)
    return Followed(len(touched), len(again))


async def foreseen(db: AsyncConnection, moved: Moved, codebook: str, keys: Collection[str]) -> Followed:
    """What follow() would do: how many readings would have other themes, and how many answers would be read again."""
    if not moved:
        return Followed(0, 0)
    touched: dict[tuple[UUID, str], set[str]] = {}
    wanted = _by_people(codebook, keys, codings.c.answer_id, codings.c.coder, codings.c.theme)
    themes = {*moved.onto, *moved.again}
    for answer, coder, theme in await db.execute(wanted.where(codings.c.theme.in_(themes))):
        touched.setdefault((answer, coder), set()).add(theme)
    changes = {reading: moved.recode(given) for reading, given in touched.items()}
    return Followed(
        sum(after != touched[reading] for reading, (after, _) in changes.items()),
        len({reading[0] for reading, (_, unsettled) in changes.items() if unsettled}),
    )


async def read_by_others(db: AsyncConnection, survey: str, codebook: str) -> list[UUID]:
    """The answers to this survey whose codes count because people gave them, by another codebook than this."""
    wanted = (
        select(answers.c.id)
        .join(readings, and_(readings.c.answer_id == answers.c.id, readings.c.coder == answers.c.decided))
        .where(_of([survey]), readings.c.codebook != codebook)
        .order_by(answers.c.id)
    )
    return list((await db.execute(wanted)).scalars())


async def set_aside(db: AsyncConnection, ids: Collection[UUID]) -> None:
    """What people made of these answers was by another codebook: it stays, does not count, and they are due for review."""
    await outgrown(db, ids)


async def forget_chances(db: AsyncConnection, keys: Collection[str]) -> None:
    """The codes of these surveys' codebook are others now, or in another order: what coders thought of each code of the old one
    says nothing any more, and would be taken for the new ones'. The themes they gave stay."""
    old = _of(keys), or_(answers.c.chances.is_not(None), answers.c.held.is_not(None))
    await db.execute(update(answers).where(*old).values(chances=null(), held=null()))


def _followed(rows: list[Row[Any]], moved: Moved) -> dict[UUID, dict[str, Any]]:
    """One reading's codings with their themes of now, each once: that which had its theme before goes first."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row.theme in moved.onto):
        theme = moved.onto.get(row.theme, row.theme)
        was = {"was": row.theme} if theme != row.theme else {}
        found.setdefault(theme, {**row._mapping, "theme": theme, "evidence": {**row.evidence, **was}})
    return {row["id"]: row for row in found.values()}


def _by_people(codebook: str, keys: Collection[str], *what: Any) -> Select[Any]:
    same = and_(readings.c.answer_id == codings.c.answer_id, readings.c.coder == codings.c.coder)
    return (
        select(*what)
        .select_from(codings)
        .join(readings, same)
        .join(answers, answers.c.id == codings.c.answer_id)
        .where(_of(keys), readings.c.codebook == codebook, readings.c.purpose != "stale")
    )


def _of(keys: Collection[str]) -> ColumnElement[bool]:
    return answers.c.survey_id.in_(select(surveys.c.id).where(surveys.c.key.in_(keys)))
