"""Reads the replies of a survey a few hundred at a time: words without names, in English too, and who coded what."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..interpreting import ENGLISH
from ..store import memory, names
from ..store.memory import SAID, digest
from ..store.spans import READ_BY, Span, here
from ..store.tables import (
    answers,
    codings,
    readings,
    surveys,
    translations,
)

AT_ONCE = 500
READ = (
    answers.c.id, answers.c.person_id, answers.c.conversation_id, answers.c.question, answers.c.created_at,
    answers.c.language, answers.c.heard, answers.c.sentiment, answers.c.coder, answers.c.decided,
)  # fmt: skip
"""What is read of an answer."""


@dataclass(frozen=True, slots=True)
class Given:
    """One theme that somebody gave a reply; ``counts``: it is in the findings."""

    coder: str
    theme: str
    probability: float
    evidence: Mapping[str, Any]
    counts: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Heard:
    """One reply as the store has it. ``read_by``: whose reading counts; ``names``: those to take out of its words."""

    id: UUID
    person: UUID
    talk: UUID
    question: str
    at: datetime
    language: str
    words: str
    sentiment: str | None
    read_by: str
    names: tuple[str, ...]
    english: str | None
    english_by: str | None
    codings: tuple[Given, ...]


def _read(wanted: Select[Any], key: str, span: Span) -> Select[Any]:
    """Those that have been read by a coder or by people."""
    return here(wanted, key, span).where(READ_BY.is_not(None), answers.c.language.is_not(None))


async def speakers(db: AsyncConnection, key: str, span: Span) -> dict[str, tuple[int, int]]:
    """How many people gave how many replies in each language."""
    counts = func.count(answers.c.person_id.distinct()), func.count()
    rows = await db.execute(
        _read(select(answers.c.language, *counts), key, span).group_by(answers.c.language)
    )
    return {language: (persons, replies) for language, persons, replies in rows}


async def coders(db: AsyncConnection, key: str) -> set[str]:
    """Everybody and everything that has coded a reply of this survey, or read it and found nothing."""
    mine = answers.join(surveys, surveys.c.id == answers.c.survey_id)
    found: set[str] = set()
    for column, source in (
        (answers.c.coder, mine),
        (answers.c.decided, mine),
        (codings.c.coder, mine.join(codings, codings.c.answer_id == answers.c.id)),
    ):
        rows = await db.execute(select(column).select_from(source).where(surveys.c.key == key).distinct())
        found |= {coder for coder in rows.scalars() if coder is not None}
    return found


async def each(
    db: AsyncConnection, key: str, span: Span, languages: Collection[str], *, words: bool = True
) -> AsyncIterator[Heard]:
    """Every reply in these languages, without all of them being in memory at once. Without ``words`` only what was coded."""
    last: UUID | None = None
    while True:
        page = _read(select(*READ), key, span).order_by(answers.c.id).limit(AT_ONCE)
        rows = (await db.execute(page if last is None else page.where(answers.c.id > last))).all()
        if not rows:
            return
        last = rows[-1].id
        rows = [row for row in rows if row.language in languages]
        for heard in await together(db, rows, words=words):
            yield heard


async def together(db: AsyncConnection, rows: Sequence[Any], *, words: bool = True) -> list[Heard]:
    """These answers with what stands beside them. ``rows`` have the columns READ."""
    given = await _codings(db, rows)
    called = await names.of(db, {row.person_id for row in rows}) if words else {}
    english = await _english(db, rows) if words else {}
    found = []
    for row in rows:
        read_by = row.decided or row.coder
        text, by = english.get((digest(row.heard), row.language), (None, None)) if words else (None, None)
        found.append(
            Heard(
                row.id, row.person_id, row.conversation_id, row.question, row.created_at, row.language, row.heard,
                row.sentiment, read_by, called.get(row.person_id, ()), text, by,
                tuple(
                    Given(one.coder, one.theme, one.probability, one.evidence or {}, one.coder == read_by, one.created_at)
                    for one in given.get(row.id, ())
                    # What a machine of an earlier version found counts for nothing any more.
                    if ":" in one.coder or one.coder == row.coder
                ),
            )
        )  # fmt: skip
    return found


async def _codings(db: AsyncConnection, rows: Sequence[Any]) -> dict[UUID, list[Any]]:
    found = await db.execute(
        select(codings)
        .outerjoin(
            readings,
            and_(readings.c.answer_id == codings.c.answer_id, readings.c.coder == codings.c.coder),
        )
        .where(codings.c.answer_id.in_([row.id for row in rows]))
        # More words came since somebody read it: that reading stands for nothing.
        .where(func.coalesce(readings.c.purpose, "") != "stale")
        .order_by(codings.c.answer_id, codings.c.coder, codings.c.probability.desc(), codings.c.theme)
    )
    return {answer: list(given) for answer, given in groupby(found, key=lambda one: one.answer_id)}


async def _english(db: AsyncConnection, rows: Sequence[Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """The English of these replies and where it came from, by the digest and language of their words."""
    said: dict[str, list[str]] = {}
    for row in rows:
        if row.language != ENGLISH:
            said.setdefault(row.language, []).append(digest(row.heard))
    there = translations.c.context == SAID, translations.c.text.is_not(None)
    return {
        (row.digest, language): (row.text, row.origin)
        for language, digests in said.items()
        for row in await memory.look_up(db, digests, language, ENGLISH, *there)
    }
