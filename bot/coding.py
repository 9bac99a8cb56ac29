"""New answers: identify the language, theme-code the original words, store. Translation is asked for, and never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import structlog
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis import language, sentiment
from analysis.codebook import Codebook
from analysis.coder import Coded, Coder, Reply
from analysis.coder import Coding as Theme
from analysis.teaching import doubt
from survey_flows import Survey, phrases

from . import duties
from .clock import Clock
from .codebooks import Books
from .ids import NewId
from .interpreting import ENGLISH, Wishes
from .learning import Coders, sought
from .shelf import Shelf
from .store import answers, coders, memory
from .store.database import Database
from .store.memory import digest

log = structlog.get_logger(__name__)

BATCH = 32
LEASE = timedelta(minutes=5)
"""A coder that takes longer has died: its answers are due again."""


class Coding:
    """Codes what is due. Any number of processes may do it at once."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        books: Books,
        coders: Coders,
        clock: Clock,
        new_id: NewId,
        wishes: Wishes = Wishes(),
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._books = books
        self._coders = coders
        self._clock = clock
        self._new_id = new_id
        self._wishes = wishes
        self._settled: dict[str, str] = {}
        """By codebook, the coder that has read everything that older ones had read."""

    async def code(self) -> int:
        """Code one batch; return how many answers it held. When nothing is due, one that an older coder has read."""
        now = self._clock()
        async with self._database.begin() as db:
            due = await answers.claim(db, BATCH, now, until := now + LEASE) or await self._older(db, until)
            surveys = {id_: await self._shelf.get(db, id_) for id_ in {row.survey_id for row in due}}
            books = {id_: await self._books.of_survey(db, survey.key) for id_, survey in surveys.items()}
        by_book: dict[str, list[Row[Any]]] = {}
        for row in due:
            by_book.setdefault(books[row.survey_id].id, []).append(row)
        for rows in by_book.values():
            await self._code(rows, surveys, books[rows[0].survey_id], now, until)
        if due:
            log.info("coded", answers=len(due))
        return len(due)

    async def _older(self, db: AsyncConnection, until: datetime) -> Sequence[Row[Any]]:
        for key in await self._books.keys(db):
            book = await self._books.get(db, key)
            mine = self._coders.learned(book)
            newest = await coders.newest(db, book.id, book.version)
            # Towards the newest coder only: two processes must not undo each other's work for ever.
            if mine is None or newest is None or newest.version != mine.version:
                continue
            if self._settled.get(key) == mine.version:
                continue
            of = await coders.versions(db, await self._books.surveys(db, key))
            if older := await answers.claim_older(db, of, mine.version, BATCH, until):
                return older
            self._settled[key] = mine.version
        return ()

    async def _code(
        self,
        due: Sequence[Row[Any]],
        surveys: Mapping[UUID, Survey],
        book: Codebook,
        now: datetime,
        until: datetime,
    ) -> None:
        said = [language.identify(row.heard, _among(surveys[row.survey_id]), row.declared) for row in due]
        replies = [
            Reply(row.heard, who.language, sought(surveys[row.survey_id], row.question))
            for row, who in zip(due, said, strict=True)
        ]
        coder = await asyncio.to_thread(self._coders, book)
        found = await asyncio.to_thread(_each, coder, replies)
        codes = {code: at for at, code in enumerate(book.codes)}
        rows, themes, wished = [], [], []
        for row, who, coded in zip(due, said, found, strict=True):
            if coded is None:  # due again when its lease ends
                continue
            rows.append(
                {
                    "_id": row.id,
                    "language": who.language,
                    "language_score": who.probability,
                    "coder": coder.version,
                    "sentiment": coded.sentiment,
                    "sentiment_score": coded.sentiment_score,
                    "polarity": sentiment.polarity(row.heard) if who.language == ENGLISH else None,
                    "chances": coded.chances.astype(np.float16).tobytes(),
                    "doubt": doubt(coded.chances, [codes[coding.theme] for coding in coded.codings]),
                }
            )
            wished.append((row.heard, who.language))
            themes += [
                {
                    "id": self._new_id(),
                    "answer_id": row.id,
                    "theme": coding.theme,
                    "probability": coding.probability,
                    "coder": coder.version,
                    "evidence": _evidence(coding),
                    "created_at": now,
                }
                for coding in coded.codings
            ]
        if not rows:
            return
        async with self._database.begin() as db:
            kept = await answers.coded(db, rows, themes, until)
            found_in = [(t["answer_id"], t["theme"]) for t in themes if t["answer_id"] in kept]
            await duties.enter(db, found_in, book, now, self._new_id)
            await memory.want(db, self._wishes.rows(wished, now))

    async def again(self) -> int:
        """Make every answer due that another coder has read than the one there is now. Returns how many."""
        total = 0
        async with self._database.read() as db:
            books = [await self._books.get(db, key) for key in await self._books.keys(db)]
        for book in books:
            async with self._database.read() as db:
                of = await coders.versions(db, await self._books.surveys(db, book.id))
            if of:
                coder = await asyncio.to_thread(self._coders, book)
                async with self._database.begin() as db:
                    total += await answers.code_again(db, of, self._clock(), coder.version)
        return total

    async def finish(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Code everything that is due; call ``progress`` with each batch's size."""
        total = 0
        while batch := await self.code():
            total += batch
            progress(batch)
        return total


def _evidence(coding: Theme) -> dict[str, Any]:
    found: dict[str, Any] = {"cues": list(coding.cues), "nearest": coding.nearest}
    return found | ({"confirmed": list(coding.confirmed)} if coding.confirmed else {})


def _each(coder: Coder, replies: list[Reply]) -> list[Coded | None]:
    """Code them together; should that fail, one by one: a reply that cannot be read must not keep the others waiting."""
    try:
        return list(coder.code(replies))
    except Exception as error:
        log.error("a batch could not be coded; trying one by one", error=type(error).__name__)
    found: list[Coded | None] = []
    for reply in replies:
        try:
            found += coder.code([reply])
        except Exception:
            found.append(None)
    return found


def _among(survey: Survey) -> tuple[str, ...]:
    """The languages a reply may be in. Answers collected elsewhere come without a list: any that we supply."""
    return survey.languages if len(survey.languages) > 1 else phrases.LANGUAGES


__all__ = ["ENGLISH", "Coding", "digest"]
