"""The three phases of a round: families are asked, they are heard, their words are coded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import Survey

from ..app import App
from ..coding import ENGLISH
from ..outreach.ask import ask
from ..store import queue
from ..store.tables import answers, translations
from .crowd import Crowd

LOOK = 0.1
"""Seconds between looks at the store."""

Progress = Callable[[str, int, int], object]
"""Is told (phase, done, of how many); the phases are asking, hearing, coding."""


async def asking(app: App, crowd: Crowd, survey: Survey, progress: Progress) -> None:
    """Families are asked; students open the line themselves. Ends when every first message has left."""
    total = len(crowd.parts)
    hear = sum(len(part.person.script) + len(part.person.afterwards) for part in crowd.parts.values())
    crowd.on_word = lambda: progress("hearing", min(len(crowd.said), hear), hear)
    students = [part.person for part in crowd.parts.values() if part.person.channel == "telegram"]
    starting = asyncio.gather(*(crowd.start(student) for student in students))
    await ask(app, survey, ["sms"], at_any_hour=True)
    await starting
    while (reached := crowd.reached) < total:
        progress("asking", reached, total)
        crowd.check()
        await asyncio.sleep(LOOK)
    progress("asking", total, total)


async def hearing(app: App, crowd: Crowd) -> None:
    """Until nobody has anything left to say, and nothing is left to send."""
    while True:
        taken = crowd.taken
        await crowd.rest()
        if not await waiting(app) and crowd.taken == taken:
            return
        await asyncio.sleep(LOOK)


async def coding(app: App, progress: Progress) -> None:
    """Until the worker has coded every open answer and looked up its English."""
    while True:
        async with app.database.read() as db:
            left = await _count(db, answers.c.code_at.is_not(None))
            total = left + await _count(db, answers.c.coder.is_not(None))
            waiting = select(translations.c.source_text, translations.c.source)
            without = (await db.execute(waiting.where(translations.c.due_at.is_not(None)))).all()
        progress("coding", total - left, total)
        if not left and not await _known(app, without):
            return
        await asyncio.sleep(LOOK)


async def _known(app: App, without: Iterable[Any]) -> bool:
    """Whether the English of any of these is known: then the worker is about to store it."""
    assert app.translator is not None
    found = [await app.translator.translate([heard], language, ENGLISH) for heard, language in without]
    return any(result != [None] for result in found)


async def _count(db: AsyncConnection, which: ColumnElement[bool]) -> int:
    return int((await db.execute(select(func.count()).select_from(answers).where(which))).scalar_one())


async def waiting(app: App) -> int:
    """How many messages may still go out."""
    async with app.database.read() as db:
        counted = await queue.counts(db)
    return sum(n for (_, state), n in counted.items() if state in ("queued", "sending", "uncertain"))
