"""Drafts of surveys in the store. The caller owns the transaction; whoever saves says which state they had before them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import NewId
from ..store.tables import staff, survey_drafts


@dataclass(frozen=True, slots=True)
class Draft:
    """``text`` is the survey's file; ``before`` what it was until the last change; ``base`` the version that it began from,
    None for a survey that has never been published. ``by`` is a name."""

    id: UUID
    key: str
    text: str
    before: str | None
    base: str | None
    by: str | None
    changed_at: datetime

    @property
    def stamp(self) -> str:
        """Stands for this state in a form."""
        return self.changed_at.isoformat()


class Clash(Exception):  # noqa: N818
    """Somebody has changed the draft since, or it is gone."""


_ROW = select(
    survey_drafts.c.id,
    survey_drafts.c.key,
    survey_drafts.c.text,
    survey_drafts.c.before,
    survey_drafts.c.base,
    staff.c.name,
    survey_drafts.c.changed_at,
).join(staff, staff.c.id == survey_drafts.c.by, isouter=True)


async def find(db: AsyncConnection, key: str) -> Draft | None:
    """The draft of the survey with this key."""
    row = (await db.execute(_ROW.where(survey_drafts.c.key == key))).one_or_none()
    return Draft(*row) if row else None


async def every(db: AsyncConnection) -> list[Draft]:
    """All drafts, the one changed last first."""
    found = await db.execute(_ROW.order_by(survey_drafts.c.changed_at.desc()))
    return [Draft(*row) for row in found]


async def begin(
    db: AsyncConnection, key: str, text: str, base: str | None, by: UUID, now: datetime, new_id: NewId
) -> None:
    """A new draft. Raises Clash where there is one of this survey already."""
    row = {"id": new_id(), "key": key, "text": text, "base": base, "by": by, "changed_at": now}
    try:
        async with db.begin_nested():
            await db.execute(insert(survey_drafts).values(**row))
    except IntegrityError:
        raise Clash(key) from None


async def save(db: AsyncConnection, draft: Draft, text: str, by: UUID, now: datetime) -> None:
    """Put this text in the place of the draft's. Raises Clash where it is not as ``draft`` has it any more."""
    later = max(now, draft.changed_at + timedelta(milliseconds=1))  # two changes never bear one time
    done = await db.execute(
        update(survey_drafts)
        .where(survey_drafts.c.id == draft.id, survey_drafts.c.changed_at == draft.changed_at)
        .values(text=text, before=draft.text, by=by, changed_at=later)
    )
    if not done.rowcount:
        raise Clash(draft.key)


async def undo(db: AsyncConnection, draft: Draft, by: UUID, now: datetime) -> None:
    """The text as it was before the last change; undone once more, the change is there again. Raises Clash."""
    if draft.before is None:
        raise Clash(draft.key)
    await save(db, draft, draft.before, by, now)


async def drop(db: AsyncConnection, draft: Draft) -> None:
    """Away with it. Raises Clash where somebody has changed it since."""
    done = await db.execute(
        delete(survey_drafts).where(
            survey_drafts.c.id == draft.id, survey_drafts.c.changed_at == draft.changed_at
        )
    )
    if not done.rowcount:
        raise Clash(draft.key)
