"""New answers: identify the language, theme-code the original words, store. Translation follows, and is never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import structlog

from analysis import language, sentiment
from analysis.coder import Coded, Coder, Reply
from analysis.forms import Asked
from survey_flows import Survey, phrases
from survey_flows.questions import Open

from .clock import Clock
from .ids import NewId
from .shelf import Shelf
from .store import answers
from .store.database import Database
from .translation import Failed, Translated, Translator

log = structlog.get_logger(__name__)

BATCH = 32
LEASE = timedelta(minutes=5)
"""A coder or translator that takes longer has died: its answers are due again."""
LATER = timedelta(minutes=10)
"""When to try again after a translator has failed."""
ENGLISH = "en"


class Coding:
    """Codes and translates what is due. Any number of processes may do it at once."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        coder: Callable[[], Coder],
        translator: Translator | None,
        clock: Clock,
        new_id: NewId,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._coder = coder
        self._translator = translator
        self._clock = clock
        self._new_id = new_id

    async def code(self) -> int:
        """Code one batch; return how many answers it held."""
        now = self._clock()
        async with self._database.begin() as db:
            due = await answers.claim(db, "code_at", BATCH, now, until := now + LEASE)
            surveys = {id_: await self._shelf.get(db, id_) for id_ in {row.survey_id for row in due}}
        if not due:
            return 0
        said = [language.identify(row.heard, _among(surveys[row.survey_id]), row.declared) for row in due]
        replies = [
            Reply(row.heard, who.language, _sought(surveys[row.survey_id], row.question))
            for row, who in zip(due, said, strict=True)
        ]
        coder = await asyncio.to_thread(self._coder)
        found = await asyncio.to_thread(_each, coder, replies)
        rows, themes = [], []
        for row, who, coded in zip(due, said, found, strict=True):
            if coded is None:  # due again when its lease ends
                continue
            rows.append(
                {
                    "_id": row.id,
                    "language": who.language,
                    "language_score": who.score,
                    "coder": coder.version,
                    "sentiment": coded.sentiment,
                    "sentiment_score": coded.sentiment_score,
                    "polarity": sentiment.polarity(row.heard) if who.language == ENGLISH else None,
                    "translate_at": None if who.language == ENGLISH else now,
                }
            )
            themes += [
                {
                    "id": self._new_id(),
                    "answer_id": row.id,
                    "theme": coding.theme,
                    "probability": coding.probability,
                    "coder": coder.version,
                    "evidence": {"cues": list(coding.cues), "nearest": coding.nearest},
                    "created_at": now,
                }
                for coding in coded.codings
            ]
        if rows:
            async with self._database.begin() as db:
                await answers.coded(db, rows, themes, until)
        log.info("coded", answers=len(due))
        return len(due)

    async def translate(self) -> int:
        """Ask for the English of one batch of coded answers; return how many answers it held."""
        if self._translator is None:
            return 0
        now = self._clock()
        async with self._database.begin() as db:
            due = await answers.claim(db, "translate_at", BATCH, now, now + LATER)
        for source in {row.language for row in due}:
            rows = [row for row in due if row.language == source]
            try:
                results = await self._translator.translate([row.heard for row in rows], source, ENGLISH)
            except Failed as failed:
                log.warning("not translated yet", source=source, answers=len(rows), why=str(failed))
                continue
            found = [(row, result) for row, result in zip(rows, results, strict=True) if result is not None]
            async with self._database.begin() as db:
                await answers.translated(
                    db,
                    [self._translation(row.heard, source, result, now) for row, result in found],
                    [(row.id, sentiment.polarity(result.text)) for row, result in found],
                )
        return len(due)

    def _translation(self, heard: str, source: str, made: Translated, now: datetime) -> dict[str, Any]:
        return {
            "id": self._new_id(),
            "digest": digest(heard),
            "source": source,
            "target": ENGLISH,
            "text": made.text,
            "origin": made.origin,
            "created_at": now,
        }

    def version(self) -> str:
        """The version of the coder, as stored with every coding."""
        return self._coder().version

    async def finish(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Code and translate everything that is due; call ``progress`` with each batch's size."""
        total = 0
        while batch := await self.code():
            total += batch
            progress(batch)
        while await self.translate():
            pass
        return total


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


SOUGHT: Mapping[str | None, Asked] = {"barriers": "hard", "helps": "helps", "ideas": "idea"}
"""What a question seeks, in the coder's words."""


def _sought(survey: Survey, key: str) -> Asked | None:
    question = next((question for question in survey.questions if question.key == key), None)
    return SOUGHT.get(question.seeks) if isinstance(question, Open) else None


def _among(survey: Survey) -> tuple[str, ...]:
    """The languages a reply may be in. Answers collected elsewhere come without a list: any that we supply."""
    return survey.languages if len(survey.languages) > 1 else phrases.LANGUAGES


def digest(text: str) -> str:
    """The key under which a text's translations are found."""
    return sha256(text.encode()).hexdigest()
