"""Answers that are due for coding or translation, and what comes of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Float, Row, String, bindparam, case, delete, func, insert, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import answers, codings, translations
from .types import Instant

Work = Literal["code_at", "translate_at"]


async def claim(
    db: AsyncConnection, work: Work, most: int, now: datetime, until: datetime
) -> Sequence[Row[Any]]:
    """Take answers due for this work; nobody else takes them before ``until``, when they are due again."""
    column = answers.c[work]
    due = (
        select(answers.c.id)
        .where(column.is_not(None), column <= now)
        .order_by(column, answers.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = await db.execute(
        update(answers)
        .where(answers.c.id.in_(due))
        .values({work: until})
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


async def waiting(db: AsyncConnection, work: Work, now: datetime) -> int:
    """How many answers are due for this work now."""
    column = answers.c[work]
    rows = await db.execute(select(func.count()).where(column.is_not(None), column <= now))
    return int(rows.scalar_one())


_new_language = or_(answers.c.coder.is_(None), answers.c.language != bindparam("now_language", type_=String))
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
        # Coded again, an answer keeps the translation it has or waits for, unless it was taken for another language.
        polarity=case((_new_language, bindparam("polarity", type_=Float)), else_=answers.c.polarity),
        translate_at=case(
            (_new_language, bindparam("translate_at", type_=Instant)), else_=answers.c.translate_at
        ),
    )
)


async def coded(
    db: AsyncConnection, rows: Sequence[dict[str, Any]], themes: Sequence[dict[str, Any]], claimed: datetime
) -> None:
    """Store a coder's findings in place of any earlier machine's. What a person coded is never touched.

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
        return
    await db.execute(delete(codings).where(codings.c.answer_id.in_(ids), codings.c.coder.not_like("staff:%")))
    if themes:
        await db.execute(insert(codings), list(themes))
    await db.execute(CODED, [{"now_language": row["language"], **row} for row in rows])


async def code_again(db: AsyncConnection, now: datetime, coder: str) -> int:
    """Make every answer due that another version of the coder has read. Returns how many."""
    done = await db.execute(
        update(answers).where(answers.c.coder.is_not(None), answers.c.coder != coder).values(code_at=now)
    )
    return done.rowcount


async def translated(
    db: AsyncConnection, rows: Sequence[dict[str, Any]], done: Collection[tuple[UUID, float | None]]
) -> None:
    """Store translations, and mark these answers (id, polarity of the English) as translated."""
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    for row in rows:
        await db.execute(upsert(translations).values(**row).on_conflict_do_nothing())
    for id_, polarity in done:
        await db.execute(
            update(answers).where(answers.c.id == id_).values(translate_at=null(), polarity=polarity)
        )
