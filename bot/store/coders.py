"""Query: which coders a survey's themes are from. A page that shows their numbers names them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import answers, codings, surveys

PEOPLE = "staff:%"


@dataclass(frozen=True, slots=True)
class Coders:
    """The versions of the machine coder, and whether people have coded any of it themselves."""

    machine: tuple[str, ...]
    people: bool


async def of_survey(db: AsyncConnection, key: str) -> Coders:
    """The coders of every version of this survey."""
    here = answers.join(surveys, surveys.c.id == answers.c.survey_id)
    machine = await db.execute(
        select(answers.c.coder)
        .select_from(here)
        .where(surveys.c.key == key, answers.c.coder.is_not(None), answers.c.coder.not_like(PEOPLE))
        .distinct()
        .order_by(answers.c.coder)
    )
    people = await db.execute(
        select(
            exists()
            .select_from(here.join(codings, codings.c.answer_id == answers.c.id))
            .where(surveys.c.key == key, codings.c.coder.like(PEOPLE))
        )
    )
    return Coders(tuple(machine.scalars()), bool(people.scalar()))
