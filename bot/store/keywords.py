"""The words that start a survey: who holds which, and how they pass on. ``inbound.surveys_of`` reads them for the inbox."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import keywords, surveys


async def holders(db: AsyncConnection, words: Collection[str] | None = None) -> dict[str, str]:
    """The key of the survey that each of these (or every) keywords starts."""
    wanted = select(keywords.c.keyword, surveys.c.key).join(surveys, surveys.c.id == keywords.c.survey_id)
    if words is not None:
        wanted = wanted.where(keywords.c.keyword.in_(list(words)))
    return {row.keyword: row.key for row in await db.execute(wanted.order_by(keywords.c.keyword))}


async def point(
    db: AsyncConnection, key: str, survey_id: UUID, words: Collection[str], now: datetime
) -> set[str]:
    """From now on these words, and no others, start this version of the survey; whoever held them before loses them.

    Returns the words that started it until now and do not any more.
    """
    held = {word for word, holder in (await holders(db)).items() if holder == key}
    lost = held - set(words)
    if lost:
        await db.execute(delete(keywords).where(keywords.c.keyword.in_(lost)))
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    for word in words:
        new = {"survey_id": survey_id, "created_at": now}
        row = upsert(keywords).values(keyword=word, **new)
        await db.execute(row.on_conflict_do_update(index_elements=[keywords.c.keyword], set_=new))
    return lost
