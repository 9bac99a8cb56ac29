"""Answers that are due for coding, and what comes of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    null,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import answers, codings


def people(coder: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a coding is a person's: a machine's version has no colon."""
    return coder.like("%:%")


async def claim(db: AsyncConnection, most: int, now: datetime, until: datetime) -> Sequence[Row[Any]]:
    """Take answers due for coding; nobody else takes them before ``until``, when they are due again."""
    column = answers.c.code_at
    due = (
        select(answers.c.id)
        .where(column.is_not(None), column <= now)
        .order_by(column, answers.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return await _taken(db, due, until)


async def claim_older(
    db: AsyncConnection, surveys_of: Collection[UUID], coder: str, most: int, until: datetime
) -> Sequence[Row[Any]]:
    """Take answers to these versions of surveys that an older coder has read, and nobody but it."""
    older = (
        select(answers.c.id)
        .where(
            answers.c.survey_id.in_(surveys_of),
            answers.c.coder.is_not(None),
            answers.c.coder != coder,
            answers.c.decided.is_(None),
            answers.c.code_at.is_(None),
        )
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return await _taken(db, older, until)


async def _taken(db: AsyncConnection, which: Select[Any], until: datetime) -> Sequence[Row[Any]]:
    rows = await db.execute(
        update(answers)
        .where(answers.c.id.in_(which))
        .values(code_at=until)
        .returning(
            answers.c.id,
            answers.c.survey_id,
            answers.c.question,
            answers.c.heard,
            answers.c.declared,
            answers.c.language,
        )
    )
    return sorted(rows, key=lambda row: row.id)


async def waiting(db: AsyncConnection, now: datetime) -> int:
    """How many answers are due for coding now."""
    column = answers.c.code_at
    rows = await db.execute(select(func.count()).where(column.is_not(None), column <= now))
    return int(rows.scalar_one())


CODED = (
    update(answers)
    .where(answers.c.id == bindparam("_id"))
    .values(
        code_at=null(),
        language=bindparam("language"),
        language_score=bindparam("language_score"),
        coder=bindparam("coder"),
        sentiment=bindparam("sentiment"),
        sentiment_score=bindparam("sentiment_score"),
        polarity=bindparam("polarity"),
        chances=bindparam("chances"),
        doubt=bindparam("doubt"),
    )
)


async def coded(
    db: AsyncConnection, rows: Sequence[dict[str, Any]], themes: Sequence[dict[str, Any]], claimed: datetime
) -> set[UUID]:
    """Store a coder's findings in place of any earlier machine's. What a person coded is never touched. Returns the ids of
    the answers that were stored.

    ``claimed`` is until when the answers were the coder's. One that has been made due again since, because more words
    came or another coder took it, is left as it is.
    """
    held = select(answers.c.id).where(
        answers.c.id.in_([row["_id"] for row in rows]), answers.c.code_at == claimed
    )
    ids = set((await db.execute(held.order_by(answers.c.id).with_for_update())).scalars())
    rows = [row for row in rows if row["_id"] in ids]
    themes = [theme for theme in themes if theme["answer_id"] in ids]
    if not rows:
        return ids
    await db.execute(delete(codings).where(codings.c.answer_id.in_(ids), ~people(codings.c.coder)))
    if themes:
        await db.execute(insert(codings), list(themes))
    await db.execute(CODED, list(rows))
    return ids


async def code_again(db: AsyncConnection, surveys_of: Collection[UUID], now: datetime, coder: str) -> int:
    """Make every answer to these versions of surveys due that another version of the coder has read, and no person. Of what
    people have read the machine's first opinion stays: by it they can be compared. Returns how many."""
    done = await db.execute(
        update(answers)
        .where(
            answers.c.survey_id.in_(surveys_of),
            answers.c.coder.is_not(None),
            answers.c.coder != coder,
            answers.c.decided.is_(None),
        )
        .values(code_at=now)
    )
    return done.rowcount
