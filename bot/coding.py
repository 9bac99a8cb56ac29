"""New answers: identify the language, theme-code the original words, store. Translation is asked for, and never waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from analysis import language, sentiment
from analysis.coder import Coded, Coder, Reply
from analysis.forms import Asked
from survey_flows import Survey, phrases
from survey_flows.questions import Open

from .clock import Clock
from .ids import NewId
from .interpreting import ENGLISH, Wishes
from .shelf import Shelf
from .store import answers, memory
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
        coder: Callable[[], Coder],
        clock: Clock,
        new_id: NewId,
        wishes: Wishes = Wishes(),
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._coder = coder
        self._clock = clock
        self._new_id = new_id
        self._wishes = wishes

    async def code(self) -> int:
        """Code one batch; return how many answers it held."""
        now = self._clock()
        async with self._database.begin() as db:
            due = await answers.claim(db, BATCH, now, until := now + LEASE)
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
                    "evidence": {"cues": list(coding.cues), "nearest": coding.nearest},
                    "created_at": now,
                }
                for coding in coded.codings
            ]
        if rows:
            async with self._database.begin() as db:
                await answers.coded(db, rows, themes, until)
                await memory.want(db, self._wishes.rows(wished, now))
        log.info("coded", answers=len(due))
        return len(due)

    def version(self) -> str:
        """The version of the coder, as stored with every coding."""
        return self._coder().version

    async def finish(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Code everything that is due; call ``progress`` with each batch's size."""
        total = 0
        while batch := await self.code():
            total += batch
            progress(batch)
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


__all__ = ["ENGLISH", "Coding", "digest"]
