"""The surveys that have been published: versions never change, so each is read from the store once."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

import survey_flows
from survey_flows import Survey

from .ids import NewId
from .store.tables import TRIAL, surveys


class Shelf:
    """Published surveys by their id in the store."""

    def __init__(self) -> None:
        self._read: dict[UUID, Survey] = {}

    async def get(self, db: AsyncConnection, survey_id: UUID) -> Survey:
        """The survey with this id, exactly as it was when it was published."""
        if survey_id not in self._read:
            text = (await db.execute(select(surveys.c.text).where(surveys.c.id == survey_id))).scalar_one()
            self._read[survey_id] = survey_flows.loads(text, f"survey {survey_id}", published=True)
        return self._read[survey_id]

    async def publish(self, db: AsyncConnection, survey: Survey, now: datetime, new_id: NewId) -> UUID:
        """Put this version on the shelf, or find it there; return its id."""
        here = select(surveys.c.id).where(surveys.c.key == survey.key, surveys.c.version == survey.version)
        found = (await db.execute(here)).scalar()
        if found is None:
            upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
            await db.execute(
                upsert(surveys)
                .values(
                    id=new_id(),
                    key=survey.key,
                    version=survey.version,
                    text=survey.text,
                    anonymous=survey.anonymous,
                    created_at=now,
                )
                .on_conflict_do_nothing()
            )
            found = (await db.execute(here)).scalar_one()
        survey_id = cast(UUID, found)
        self._read[survey_id] = survey
        return survey_id

    async def latest(self, db: AsyncConnection, key: str) -> tuple[UUID, Survey] | None:
        """The newest published version of this survey."""
        newest = select(surveys.c.id).where(surveys.c.key == key).order_by(surveys.c.id.desc()).limit(1)
        found = (await db.execute(newest)).scalar()
        return None if found is None else (found, await self.get(db, found))

    async def keys(self, db: AsyncConnection) -> list[str]:
        """Every survey that has been published, oldest first; without the copies that staff ask themselves."""
        rows = await db.execute(
            select(surveys.c.key).where(~surveys.c.key.startswith(TRIAL)).order_by(surveys.c.id)
        )
        return list(dict.fromkeys(rows.scalars()))
