"""From the rows to what findings are made of: who was asked, who answered, in whose words; ``analysis`` does the reckoning."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Column, ColumnElement, Select, String, and_, case, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook
from analysis.findings import UNKNOWN, Asked, Decided, Floats, Outcome, Voice

from .interpreting import ENGLISH
from .store import names
from .store.memory import AT_ONCE, SAID, digest
from .store.spans import ALWAYS, READ_BY, Span, here
from .store.tables import (
    addresses,
    answers,
    codings,
    conversations,
    messages,
    people,
    readings,
    surveys,
    translations,
)

PARTITION = 2000
"""So many rows are fetched before others have their turn: webhooks must be answered meanwhile."""
BY_LOT = "lot"
"""How an answer was drawn for reading, where it stands for others (readings.drawn)."""
NO_ENGLISH: tuple[str | None, str | None, float | None] = (None, None, None)


async def gather(
    db: AsyncConnection, key: str, book: Codebook | None = None, span: Span = ALWAYS
) -> tuple[list[Asked], list[Voice]]:
    """Everybody who was asked in any version of this survey, and every answer that has been read for themes.

    Themes that ``book`` does not have are left out; without one, all are kept and no chances are read.
    """
    asked = await everyone(db, key, span)
    return asked, await voices(db, key, {one.person: one.groups for one in asked}, book, span)


async def everyone(db: AsyncConnection, key: str, span: Span = ALWAYS) -> list[Asked]:
    """One for each person who was asked in this span, or answered in it, with what became of asking them."""
    said = await _rows(db, here(select(_plain(answers.c.person_id)), key, span).distinct())
    went = (
        select(
            messages.c.conversation_id.label("conversation_id"),
            func.max(case((messages.c.state.in_(["sent", "delivered", "read"]), 1), else_=0)).label(
                "through"
            ),
            func.max(case((messages.c.state == "failed", 1), else_=0)).label("failed"),
        )
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .join(surveys, surveys.c.id == conversations.c.survey_id)
        .where(surveys.c.key == key, messages.c.direction == "out")
        .group_by(messages.c.conversation_id)
        .subquery()
    )
    rows = await _rows(
        db,
        select(
            _plain(people.c.id),
            people.c.language,
            people.c.school,
            people.c.respondent,
            people.c.groups,
            addresses.c.channel,
            conversations.c.state,
            went.c.through,
            went.c.failed,
            span.conversations().label("asked"),
        )
        .join(conversations, conversations.c.person_id == people.c.id)
        .join(surveys, surveys.c.id == conversations.c.survey_id)
        .outerjoin(addresses, addresses.c.id == conversations.c.address_id)
        .outerjoin(went, went.c.conversation_id == conversations.c.id)
        .where(surveys.c.key == key, conversations.c.state != "cut")
        .order_by(conversations.c.id),
    )
    return await asyncio.to_thread(_counted, rows, {row.person_id for row in said})


def _counted(rows: Sequence[Any], answered: Collection[object]) -> list[Asked]:
    """One for each person: of several conversations the last."""
    alike: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    counted = {}
    for row in rows:
        if row.asked or row.id in answered:
            groups = _groups(row)
            # A hundred thousand people have a few hundred different groups: each is kept once.
            groups = alike.setdefault(tuple(groups.items()), groups)
            counted[row.id] = Asked(written(row.id), _outcome(row, answered), groups)
    return list(counted.values())


def _groups(row: Any) -> dict[str, str]:
    return {
        "language": row.language or UNKNOWN,
        "school": row.school or UNKNOWN,
        "channel": row.channel or "imported",
        "respondent": row.respondent,
        **{str(name): str(value) or UNKNOWN for name, value in (row.groups or {}).items()},
    }


def _outcome(row: Any, answered: Collection[object]) -> Outcome:
    if row.id in answered:
        return "answered"
    if row.state == "refused":
        return "stopped"
    if row.channel is None or (row.state == "unreachable" and not row.failed):
        return "no_address"
    return "failed" if row.failed and not row.through else "waiting"


async def voices(
    db: AsyncConnection,
    key: str,
    groups: Mapping[str, Mapping[str, str]],
    book: Codebook | None = None,
    span: Span = ALWAYS,
) -> list[Voice]:
    """One for each answer that has been read, also where no theme was found: whose, in which words, which themes."""
    said = await _rows(
        db,
        here(
            select(
                _plain(answers.c.id),
                _plain(answers.c.person_id),
                answers.c.question,
                answers.c.created_at,
                func.coalesce(answers.c.language, answers.c.declared).label("language"),
                answers.c.heard,
                answers.c.sentiment,
                answers.c.polarity,
                answers.c.language_score,
                answers.c.chances,
                answers.c.held,
                answers.c.decided,
                readings.c.drawn,
            ),
            key,
            span,
        )
        .outerjoin(
            readings, and_(readings.c.answer_id == answers.c.id, readings.c.coder == answers.c.decided)
        )
        .where(READ_BY.is_not(None))
        .order_by(answers.c.id),
    )
    given = await _rows(
        db,
        here(select(_plain(codings.c.answer_id), codings.c.theme, codings.c.probability), key, span)
        .join(codings, and_(codings.c.answer_id == answers.c.id, codings.c.coder == READ_BY))
        .order_by(codings.c.answer_id, codings.c.probability.desc(), codings.c.theme),
    )
    english = await _english(db, said)
    called = await names.of(db, here(select(answers.c.person_id), key, span))
    return await asyncio.to_thread(_speak, said, given, english, groups, book, called)


def _speak(
    said: Sequence[Any],
    given: Sequence[Any],
    english: Mapping[tuple[str, str], tuple[str, str, float | None]],
    groups: Mapping[str, Mapping[str, str]],
    book: Codebook | None,
    called: Mapping[UUID, tuple[str, ...]],
) -> list[Voice]:
    by_person = {str(person): names for person, names in called.items()}
    themes = {
        answer: {theme: probability for _, theme, probability in rows if book is None or theme in book}
        for answer, rows in groupby(given, key=lambda row: row[0])
    }
    codes = len(book.codes) if book else 0
    chances, held = ([row[at] for row in said] for at in (9, 10))
    spoken = []
    for row, chance, kept in zip(said, _vectors(chances, codes), _vectors(held, codes), strict=True):
        answer, person, question, at, language, heard, sentiment, polarity, certainty, *_, decided, drawn = (
            row
        )
        words, origin, opinion = NO_ENGLISH
        if language != ENGLISH:
            words, origin, opinion = english.get((digest(heard), language), NO_ENGLISH)
        named = themes.get(answer, {})
        spoken.append(
            Voice(
                person=(whose := written(person)),
                language=language,
                original=heard,
                english=words,
                english_origin=origin,
                themes=named,
                groups=groups.get(whose, {}),
                sentiment=sentiment,
                polarity=opinion if polarity is None else polarity,
                certainty=certainty,
                answer=written(answer),
                question=question,
                at=at,
                chances=chance,
                decided=Decided(tuple(named), drawn == BY_LOT, kept) if decided else None,
                names=by_person.get(whose, ()),
            )
        )
    return spoken


def _plain(column: Column[UUID]) -> ColumnElement[str]:
    """An id as the database has it: to make objects of a hundred thousand takes longer than to read them."""
    return type_coerce(column, String).label(column.name)


def written(plain: object) -> str:
    """
    >>> written("0199e0f47d5e7c1a9a520c7a6f1d2e3b")
    '0199e0f4-7d5e-7c1a-9a52-0c7a6f1d2e3b'
    """
    hexed = str(plain)
    if len(hexed) != 32:
        return hexed
    return f"{hexed[:8]}-{hexed[8:12]}-{hexed[12:16]}-{hexed[16:20]}-{hexed[20:]}"


def _vectors(packed: Sequence[bytes | None], codes: int) -> list[Floats | None]:
    """Each answer's numbers as a row of one matrix; None where there are none, or not one for each code of this codebook."""
    size = codes * np.dtype(np.float16).itemsize
    fitting = [blob for blob in packed if blob and len(blob) == size]
    matrix = iter(np.frombuffer(b"".join(fitting), np.float16).astype(np.float32).reshape(-1, max(codes, 1)))
    return [next(matrix) if blob and len(blob) == size else None for blob in packed]


async def _rows(db: AsyncConnection, wanted: Select[Any]) -> list[Any]:
    found: list[Any] = []
    async with db.stream(wanted) as stream:
        async for part in stream.partitions(PARTITION):
            found += part
    return found


async def _english(
    db: AsyncConnection, rows: Iterable[Any]
) -> dict[tuple[str, str], tuple[str, str, float | None]]:
    """The English of these answers, where it came from, and its polarity, by the digest and language of their words."""
    digests = sorted({digest(row.heard) for row in rows if row.language != ENGLISH})
    english: dict[tuple[str, str], tuple[str, str, float | None]] = {}
    for start in range(0, len(digests), AT_ONCE):
        found = await db.execute(
            select(
                translations.c.digest,
                translations.c.source,
                translations.c.text,
                translations.c.origin,
                translations.c.polarity,
            ).where(
                translations.c.target == ENGLISH,
                translations.c.context == SAID,
                translations.c.text.is_not(None),
                translations.c.digest.in_(digests[start : start + AT_ONCE]),
            )
        )
        english |= {(row.digest, row.source): (row.text, row.origin, row.polarity) for row in found}
    return english
