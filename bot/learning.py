"""The coders of this process, one for each codebook; and how they learn from what people decide.

A coder that knows a codebook alone is made in seconds, when it is first needed. Once people have read enough replies,
a coder learns from them and is entered (a row of ``coders``); every other process makes the same for itself, in the
background, for what people said is never written outside the store. Then replies that an older coder has read are read
again, a batch at a time, whenever nothing newer waits.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import numpy as np
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis import coder
from analysis.agreement import Quality
from analysis.codebook import Codebook
from analysis.coder import LONGEST, Coder, Reply
from analysis.embed import Embedder
from analysis.forms import Asked
from analysis.learning.trained import Confirmed, Trained, has_forms, train
from survey_flows import Survey
from survey_flows.questions import Open

from .clock import Clock
from .codebooks import Books
from .shelf import Shelf
from .store import coders as rows
from .store.database import Database

log = structlog.get_logger(__name__)

FIRST = 20
"""Replies that people have read before a coder learns from them at all."""
MORE = 1.25
"""It learns again when so many times as many have been read."""
HEARD = 1500
"""Replies nobody has read that it listens to while it learns."""
SOUGHT: Mapping[str | None, Asked] = {"barriers": "hard", "helps": "helps", "ideas": "idea"}
"""What a question seeks, in the coder's words."""


Made = TypeVar("Made", bound=Coder)


class Coders:
    """The coder for each codebook. Making one blocks, so ask in a thread; asking again is quick."""

    def __init__(self, embedder: Callable[[], Embedder], folder: Path) -> None:
        self._embedder = embedder
        self._folder = folder
        self._model: Embedder | None = None
        self._usual: dict[tuple[str, str], Coder] = {}
        self._trained: dict[tuple[str, str], Trained] = {}
        self._lock = threading.Lock()

    def usual(self, book: Codebook) -> Coder:
        """The coder that knows nothing but the codebook."""
        with self._lock:
            if (book.id, book.digest) not in self._usual:
                self._model = self._model or self._embedder()
                made = coder.learn(book, self._model, folder=self._folder)
                self._usual = _without(self._usual, book) | {(book.id, book.digest): made}
            return self._usual[book.id, book.digest]

    def __call__(self, book: Codebook) -> Coder:
        """The best there is now. A codebook without codes for forms always has one that learned, if only from itself."""
        if trained := self._trained.get((book.id, book.digest)):
            return trained
        usual = self.usual(book)
        if has_forms(book):
            return usual
        with self._lock:
            if (book.id, book.digest) not in self._trained:
                self.put(book, train(usual, ()))
            return self._trained[book.id, book.digest]

    def learned(self, book: Codebook) -> Trained | None:
        """The coder that has learned from people, where this process has it."""
        return self._trained.get((book.id, book.digest))

    def put(self, book: Codebook, trained: Trained) -> None:
        """From now on this is the coder."""
        self._trained = _without(self._trained, book) | {(book.id, book.digest): trained}


def _without(coders: Mapping[tuple[str, str], Made], book: Codebook) -> dict[tuple[str, str], Made]:
    """Coders of older versions of a codebook are needed no more, and each has its vectors in memory."""
    return {key: made for key, made in coders.items() if key[0] != book.id}


class Learning:
    """Looks, every now and then, whether there is something to learn."""

    def __init__(self, database: Database, shelf: Shelf, books: Books, coders: Coders, clock: Clock) -> None:
        self._database = database
        self._shelf = shelf
        self._books = books
        self._coders = coders
        self._clock = clock

    async def step(self) -> bool:
        """Learn, for each codebook, what people have decided since; or what another process has learned. Returns
        whether there was anything."""
        async with self._database.read() as db:
            books = [await self._books.get(db, key) for key in await self._books.keys(db)]
        return any([await self.learn(book) for book in books])

    async def learn(self, book: Codebook, *, now: bool = False) -> bool:
        """Have the newest coder for this codebook; ``now``: one that has learned everything, however little is new."""
        async with self._database.read() as db:
            surveys = await self._books.surveys(db, book.id)
            newest = await rows.newest(db, book.id, book.version)
            read = await rows.read(db, surveys, book.id)
        if read >= FIRST and (now or newest is None or read >= newest.confirmed * MORE):
            until, wanted = self._clock(), None
        elif newest is not None:
            until, wanted = newest.seen_until, str(newest.version)
        else:
            return False
        mine = self._coders.learned(book)
        if wanted is not None and mine is not None and mine.version == wanted:
            return False
        trained, decided = await self._train(book, surveys, until)
        if mine is not None and mine.version == trained.version and wanted is None and newest is not None:
            return False
        if wanted is not None:
            # Somebody may have changed a reading since it was entered: it goes by the name that it was given.
            trained = replace(trained, version=wanted)
        self._coders.put(book, trained)
        await self._keep(book, trained, until, decided)
        log.info("a coder has learned", codebook=book.id, confirmed=len(trained.confirmed))
        return True

    async def _train(self, book: Codebook, surveys: list[str], until: datetime) -> tuple[Trained, int]:
        """The coder, and how many replies people had decided: of very many it learns from some."""
        async with self._database.read() as db:
            found = await rows.confirmed(db, surveys, book.id, until)
            unread = await rows.unread(db, surveys, HEARD)
            confirmed = [
                Confirmed(
                    str(row.id),
                    Reply(
                        row.heard,
                        row.language or row.declared,
                        await self._sought(db, row.survey_id, row.question),
                    ),
                    themes,
                    str(row.person_id),
                    row.drawn == "lot",
                )
                for row, themes in found
            ]
        heard = [Reply(row.heard[:LONGEST], row.language or row.declared) for row in unread]
        usual = await asyncio.to_thread(self._coders.usual, book)
        return await asyncio.to_thread(train, usual, confirmed, heard), len(confirmed)

    async def _sought(self, db: AsyncConnection, survey: UUID, question: str) -> Asked | None:
        return sought(await self._shelf.get(db, survey), question)

    async def _keep(self, book: Codebook, trained: Trained, until: datetime, decided: int) -> None:
        # Those that were read because the coder was unsure are its hardest, and would make it look worse than it is.
        by_lot = np.array([one.by_lot for one in trained.confirmed], np.bool_)
        chosen = by_lot if by_lot.sum() >= FIRST else np.ones(len(by_lot), np.bool_)
        judged = Quality.of(book.codes, trained.said()[chosen], trained.truth()[chosen])
        quality = judged.to_json() | {"by_lot": bool(by_lot[chosen].all())}
        held = {
            UUID(one.id): chances.astype(np.float16).tobytes()
            for one, chances in zip(trained.confirmed, trained.held, strict=True)
        }
        async with self._database.begin() as db:
            await rows.enter(
                db,
                {
                    "version": trained.version,
                    "codebook": book.id,
                    "codebook_version": book.version,
                    "seen_until": until,
                    "confirmed": decided,
                    "quality": quality,
                    "created_at": self._clock(),
                },
            )
            await rows.hold(db, held)


def sought(survey: Survey, key: str) -> Asked | None:
    """What kind of thing a question asks for."""
    question = next((question for question in survey.questions if question.key == key), None)
    return SOUGHT.get(question.seeks) if isinstance(question, Open) else None
