"""A survey whose replies a machine has coded, and staff who read them: no model, its codes are given by hand."""

from __future__ import annotations

import random
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sayings import SURVEY
from sqlalchemy import delete, insert, select, update

import survey_flows
from bot import staff
from bot.app import App, opened
from bot.reviewing import deciding, queue
from bot.settings import Settings
from bot.store.tables import answers, codings, conversations, draws, people, readings

MACHINE = "0123456789ab"
BUS, ILL, FEES = "transport.bus_service", "health.illness", "needs.money"
WORDS = ["bus", "late", "winter", "shoes", "rain", "ill", "office", "night", "work", "far", "fees", "lunch"]


@dataclass
class Room:
    app: App
    survey: object
    survey_id: object
    readers: list[str]
    lot: random.Random

    async def says(self, text=None, language="en", themes=(BUS,), doubt=0.5, question="why", **more):
        """One reply, coded by the machine; returns its id."""
        app, id_ = self.app, self.app.new_id()
        text = text if text is not None else f"{' '.join(self.lot.sample(WORDS, 5))} {id_.hex[-6:]}"
        person, talk, now = app.new_id(), app.new_id(), app.clock()
        async with app.database.begin() as db:
            await db.execute(
                insert(people).values(
                    id=person,
                    respondent="family",
                    language=language,
                    language_by="import",
                    groups={},
                    created_at=now,
                )
            )
            await db.execute(
                insert(conversations).values(
                    id=talk, survey_id=self.survey_id, person_id=person, state="complete", started_at=now
                )
            )
            await db.execute(
                insert(answers).values(
                    {
                        "id": id_,
                        "survey_id": self.survey_id,
                        "conversation_id": talk,
                        "person_id": person,
                        "question": question,
                        "kind": "open",
                        "heard": text,
                        "understood": True,
                        "declared": language,
                        "language": language,
                        "created_at": now,
                        "coder": MACHINE,
                        "doubt": doubt,
                        **more,
                    }
                )
            )
            if themes:
                await db.execute(insert(codings), [
                    {"id": app.new_id(), "answer_id": id_, "theme": theme, "probability": 0.8 - at / 10, "coder": MACHINE,
                     "evidence": {"cues": ["bus"], "nearest": "The bus is late."}, "created_at": now}
                    for at, theme in enumerate(themes)])  # fmt: skip
        return id_

    async def next(self, reader=0):
        async with self.app.database.begin() as db:
            return await queue.next_(self.app, db, self.survey.key, self.readers[reader])

    async def decide(self, answer, *themes, reader=0, **more):
        async with self.app.database.begin() as db:
            return await deciding.decide(self.app, db, answer, self.readers[reader], themes, **more)

    async def agree(self, answer, *themes, reader=0):
        async with self.app.database.begin() as db:
            return await deciding.agree(self.app, db, answer, self.readers[reader], themes)

    async def withdraw(self, answer, reader=0):
        async with self.app.database.begin() as db:
            return await deciding.withdraw(self.app, db, answer, self.readers[reader])

    async def rows(self, table, *where):
        async with self.app.database.read() as db:
            return (await db.execute(select(table).where(*where).order_by(*table.primary_key))).all()

    async def drawn(self, how):
        """The answers that are drawn so."""
        return {row.answer_id for row in await self.rows(draws, draws.c.drawn == how)}

    async def readings(self, answer):
        return {row.coder: row for row in await self.rows(readings, readings.c.answer_id == answer)}

    async def themes(self, answer, coder=None):
        """The themes that count, or that one coder gave."""
        (row,) = await self.rows(answers, answers.c.id == answer)
        found = await self.rows(codings, codings.c.answer_id == answer)
        return {one.theme for one in found if one.coder == (coder or row.decided or row.coder)}

    async def decided(self, answer):
        (row,) = await self.rows(answers, answers.c.id == answer)
        return row.decided

    async def set(self, answer, **values):
        async with self.app.database.begin() as db:
            await db.execute(update(answers).where(answers.c.id == answer).values(**values))

    async def delete(self, answer):
        async with self.app.database.begin() as db:
            await db.execute(delete(codings).where(codings.c.answer_id == answer))
            await db.execute(delete(answers).where(answers.c.id == answer))

    async def set_all(self, **values):
        async with self.app.database.begin() as db:
            await db.execute(update(answers).values(**values))


@asynccontextmanager
async def room(url, clock, tmp_path, *, readers=("ines", "kim", "ana"), double=0.0):
    """The room, with so many readers; ``double`` is the share that two people read."""
    settings = Settings(
        database_url=url, cache_folder=tmp_path, double_share=double, start_survey="", _env_file=None
    )
    async with opened(settings, clock=clock, channels={}) as app:
        survey = survey_flows.loads(SURVEY, "test")
        async with app.database.begin() as db:
            id_ = await app.shelf.publish(db, survey, clock(), app.new_id)
            members = [
                await staff.add(db, clock(), f"{name}@school.example", name.title()) for name in readers
            ]
        names = [queue.reader(member.id) for member in members]
        yield Room(app, survey, id_, names, random.Random(1))
