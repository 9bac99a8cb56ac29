"""Identical replies are read once: the same words, letter for letter, in one language, to one kind of question of a survey.

What a person makes of one is entered for each of them, so that every answer has a reading of its own; ``drawn`` says
``same`` where it came with another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.questions import Open

from .. import duties
from ..app import App
from ..store import readings


async def kind(app: App, db: AsyncConnection, survey: UUID, question: str) -> str:
    """What kind of question it is: what it seeks, so that "the bus" as a help is not "the bus" as a barrier."""
    asked = (await app.shelf.get(db, survey)).by_key.get(question)
    return asked.seeks if isinstance(asked, Open) and asked.seeks else f"question {question}"


async def identical(app: App, db: AsyncConnection, answer: Row[Any]) -> list[UUID]:
    """Every answer that is read as this one is, itself first."""
    survey = (await app.shelf.get(db, answer.survey_id)).key
    own = await kind(app, db, answer.survey_id, answer.question)
    alike = await readings.alike(db, survey, answer.heard, answer.language)
    others = [row.id for row in alike if row.id != answer.id
              and await kind(app, db, row.survey_id, row.question) == own]  # fmt: skip
    return [answer.id, *others]


async def carry(app: App, db: AsyncConnection, survey: str, unread: Sequence[Row[Any]]) -> set[UUID]:
    """Give those of these answers to which an identical one has been read its readings. Returns which."""
    known: dict[tuple[str, str, str], UUID] = {}
    for row in await readings.read_alike(db, survey, {row.heard for row in unread}):
        of = await kind(app, db, row.survey_id, row.question)
        known.setdefault((row.heard, row.language, of), row.id)
    twins: dict[UUID, UUID] = {}
    for row in unread:
        of = await kind(app, db, row.survey_id, row.question)
        if (twin := known.get((row.heard, row.language, of))) not in (None, row.id):
            twins[row.id] = twin
    # Whoever is deciding about one just now is left to it; and words that came meanwhile have made another reply of it.
    said = {row.id: row.heard for row in unread}
    free = await readings.lock(db, twins, skip=True)
    twins = {row.id: twins[row.id] for row in free if row.decided is None and row.heard == said[row.id]}
    if not twins:
        return set()
    stand: dict[UUID, list[Row[Any]]] = {}
    for reading in await readings.of(db, set(twins.values())):
        stand.setdefault(reading.answer_id, []).append(reading)
    given = await readings.themes(db, set(twins.values()))
    rows, codings = [], []
    for new, old in twins.items():
        for reading in stand.get(old, ()):
            own = {"id": app.new_id(), "answer_id": new, "drawn": readings.SAME, "copied": True}
            rows.append(dict(reading._mapping) | own)
            codings += [
                dict(coding._mapping) | {"id": app.new_id(), "answer_id": new}
                for coding in given.get((old, reading.coder), ())
            ]
    await readings.put(db, rows, codings)
    done = {row["answer_id"] for row in rows}
    await duties.counted(db, done, await app.books.of_survey(db, survey), app.clock(), app.new_id)
    return done
