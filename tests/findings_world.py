"""A store with people who were asked and said things that are coded already: what findings are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from sqlalchemy import insert, update

from bot.store.database import Database
from bot.store.tables import addresses, answers, codings, conversations, people, readings, surveys

CODER = "1-x"
TEXT = """
survey: {key}
source: en
title: {{en: The fall}}
intro: "{{school}} asks. Reply STOP to end."
questions:
  - {{key: hard, kind: open, text: What makes it hard?}}
"""


@dataclass
class World:
    """One survey, ``key``."""

    database: Database
    clock: object
    new_id: object
    key: str = "fall"
    survey: UUID | None = None

    async def begin(self, *, anonymous: bool = False) -> World:
        self.survey = self.new_id()
        async with self.database.begin() as db:
            await db.execute(
                insert(surveys).values(
                    id=self.survey, key=self.key, version="1", text=TEXT.format(key=self.key), anonymous=anonymous,
                    created_at=self.clock(),
                )
            )  # fmt: skip
        return self

    async def say(
        self, number: int, *themes: str, school: str = "Lincoln", language: str = "en", coded: bool = True, words="the bus",
        at: datetime | None = None, person: UUID | None = None, chances=None, settled: bool = True, spoke: bool = True,
    ) -> list[UUID]:  # fmt: skip
        """So many people say ``words``, which name these themes; the ids of their answers. Without ``coded`` no coder has read
        them yet; without ``spoke`` they were asked only. Not ``settled``: an anonymous survey has not cut them off."""
        at, said = at or self.clock(), []
        async with self.database.begin() as db:
            for _ in range(number):
                who, conversation, answer = person or self.new_id(), self.new_id(), self.new_id()
                if person is None:
                    await db.execute(
                        insert(people).values(
                            id=who, respondent="family", language=language, language_by="import", school=school,
                            groups={"grade": "3"}, created_at=at,
                        )
                    )  # fmt: skip
                address = None if settled else await self._address(db, who, at)
                await db.execute(
                    insert(conversations).values(
                        id=conversation, survey_id=self.survey, person_id=who, state="complete" if spoke else "asked",
                        address_id=address, started_at=at,
                    )
                )  # fmt: skip
                if not spoke:
                    continue
                read = {"coder": CODER, "language": language} if coded else {"code_at": at}
                packed = None if chances is None else np.asarray(chances, np.float16).tobytes()
                await db.execute(
                    insert(answers).values(
                        id=answer, survey_id=self.survey, conversation_id=conversation, person_id=who, question="hard",
                        kind="open", heard=words, understood=True, declared=language, created_at=at, chances=packed,
                        language_score=0.99, **read,
                    )
                )  # fmt: skip
                said.append(answer)
                if coded:
                    await self._code(db, answer, CODER, themes)
        return said

    async def decide(
        self, answer: UUID, *themes: str, drawn: str = "lot", by: str = "staff:1", copied: bool = False
    ) -> None:
        """Somebody reads an answer: these are its themes, and theirs counts. ``copied``: they read one with the same words."""
        async with self.database.begin() as db:
            row = {
                "codebook": "school_barriers",
                "codebook_version": "1",
                "purpose": "review",
                "drawn": drawn,
                "copied": copied,
            }
            await db.execute(
                insert(readings).values(
                    id=self.new_id(), answer_id=answer, coder=by, created_at=self.clock(), changed_at=self.clock(), **row
                )
            )  # fmt: skip
            await self._code(db, answer, by, themes, 1.0)
            await db.execute(update(answers).where(answers.c.id == answer).values(decided=by))

    async def coded(self, answer: UUID, *themes: str) -> None:
        """The coder reads an answer that nobody had read."""
        async with self.database.begin() as db:
            await db.execute(
                update(answers).where(answers.c.id == answer).values(coder=CODER, code_at=None, language="en")
            )
            await self._code(db, answer, CODER, themes)

    async def _address(self, db, person: UUID, at: datetime) -> UUID:
        id_ = self.new_id()
        await db.execute(
            insert(addresses).values(
                id=id_, person_id=person, channel="sms", address=f"+1503555{int(id_) % 10_000:04}{int(id_) % 97}", created_at=at
            )
        )  # fmt: skip
        return id_

    async def _code(self, db, answer: UUID, coder: str, themes, probability: float = 0.8) -> None:
        for theme in themes:
            await db.execute(
                insert(codings).values(
                    id=self.new_id(), answer_id=answer, theme=theme, probability=probability, coder=coder, evidence={},
                    created_at=self.clock(),
                )
            )  # fmt: skip


DAY = timedelta(days=1)
