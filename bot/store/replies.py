"""Queries: replies to a survey as staff read them, some at a time, found through indexes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Uuid, exists, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .spans import READ_BY, Span
from .tables import answers, codings, conversations, people, surveys


async def some(
    db: AsyncConnection,
    columns: Sequence[Any],
    survey: str,
    span: Span,
    limit: int,
    *,
    before: UUID | None = None,
    languages: Collection[str] = (),
    themes: Collection[str] = (),
    school: str | None = None,
    words: str = "",
) -> Sequence[Row[Any]]:
    """The newest first, from before an id on: those that were read, in these languages, of these themes (any of them), from
    people of a school, with these words in them."""
    versions = (await db.execute(select(surveys.c.id).where(surveys.c.key == survey))).scalars().all()
    wanted = (
        select(*columns)
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .join(conversations, conversations.c.id == answers.c.conversation_id)
        # Not by the index of surveys: all replies to one would be sorted for the first fifty.
        .where(_unindexed(db).in_(versions), span.answers(), READ_BY.is_not(None))
        .where(answers.c.language.in_(list(languages)))
        .order_by(answers.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(answers.c.id < before)
    if themes:
        given = select(codings.c.id).where(
            codings.c.answer_id == answers.c.id, codings.c.coder == READ_BY, codings.c.theme.in_(list(themes))
        )
        wanted = wanted.where(exists(given))
    if school is not None:
        wanted = wanted.join(people, people.c.id == answers.c.person_id).where(people.c.school == school)
    if words:
        wanted = wanted.where(func.lower(answers.c.heard).contains(words.lower(), autoescape=True))
    return (await db.execute(wanted)).all()


def _unindexed(db: AsyncConnection) -> ColumnElement[UUID]:
    """``answers.survey_id``, with which SQLite's planner begins nothing; PostgreSQL's knows by itself."""
    return (
        answers.c.survey_id if db.dialect.name != "sqlite" else literal_column("+answers.survey_id", Uuid())
    )
