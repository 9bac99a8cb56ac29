"""From empty to the first survey on one's own phone: what is done, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .... import samples
from ....app import App
from ....store.tables import TRIAL, conversations, list_entries, people, surveys

Name = Literal["channel", "survey", "oneself", "people", "ask"]
REAL = ~exists().where(list_entries.c.list == samples.LIST, list_entries.c.person_id == people.c.id)
"""People who are not made up."""
STEPS: Sequence[Name] = ("channel", "survey", "oneself", "people", "ask")


@dataclass(frozen=True, slots=True)
class Setup:
    """Which steps are done; ``next`` is the first that is not, None when all are. ``samples``: made-up families are there."""

    done: frozenset[Name]
    samples: bool

    @property
    def next(self) -> Name | None:
        return next((step for step in STEPS if step not in self.done), None)

    @property
    def begun(self) -> bool:
        """Whether somebody real has been asked something: then nobody needs the guide any more."""
        return "ask" in self.done


async def look(app: App, db: AsyncConnection) -> Setup:
    """How far this place is set up."""
    trial = surveys.c.key.startswith(TRIAL)
    asked = select(conversations.c.id).join(surveys, surveys.c.id == conversations.c.survey_id)
    made_up = await samples.there(db)
    real = exists(select(people.c.id).where(people.c.respondent != "staff", REAL))
    answers: dict[Name, object] = {
        "channel": app.channels,
        "survey": await app.shelf.keys(db),
        "oneself": (await db.execute(select(exists(asked.where(trial))))).scalar(),
        "people": (await db.execute(select(real))).scalar(),
        "ask": (
            await db.execute(
                select(
                    exists(asked.join(people, people.c.id == conversations.c.person_id).where(~trial, REAL))
                )
            )
        ).scalar(),
    }
    return Setup(frozenset(step for step in STEPS if answers[step]), made_up)
