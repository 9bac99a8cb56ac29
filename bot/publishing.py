"""Publishing a survey: a version that never changes, and the keywords with which people may begin it by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import Survey
from survey_flows.told import told

from .ids import NewId
from .shelf import Shelf
from .store import keywords


class Unpublishable(Exception):  # noqa: N818
    """It cannot be published so; the text says why and what to do."""


class Taken(Unpublishable):
    """Keywords start other surveys until now: ``others`` has the key of each."""

    def __init__(self, others: Mapping[str, str]) -> None:
        self.others = others
        starts = [told("{word} starts {key}", word=word.upper(), key=key) for word, key in others.items()]
        super().__init__(reduce(lambda some, more: told("{some}; {more}", some=some, more=more), starts))


@dataclass(frozen=True, slots=True)
class Published:
    """What was done: the version's id, the keywords that started another survey until now, and those that start this one no
    more."""

    survey_id: UUID
    taken: Mapping[str, str]
    lost: Set[str]


async def others_with(db: AsyncConnection, survey: Survey) -> dict[str, str]:
    """The keywords of this survey that start another one, each with that one's key."""
    held = await keywords.holders(db, survey.keywords)
    return {word: key for word, key in held.items() if key != survey.key}


def fillable(survey: Survey) -> None:
    """Raises Unpublishable for a survey whose keywords would begin what staff have to fill in first."""
    if survey.keywords and survey.fields:
        fields = ", ".join(f"{{{name}}}" for name in survey.fields)
        raise Unpublishable(
            told(
                "{survey} cannot be begun by a keyword: staff fill in {fields} when they ask it. "
                "Take its keywords out, or write the words into its texts.",
                survey=survey.key,
                fields=fields,
            )
        )


async def publish(
    db: AsyncConnection, shelf: Shelf, survey: Survey, now: datetime, new_id: NewId, *, take: bool = False
) -> Published:
    """Put this version on the shelf and let its keywords begin it. ``take``: also those that start another survey.

    Raises Unpublishable, and Taken where ``take`` is needed.
    """
    fillable(survey)
    others = await others_with(db, survey)
    if others and not take:
        raise Taken(others)
    survey_id = await shelf.publish(db, survey, now, new_id)
    lost = await keywords.point(db, survey.key, survey_id, survey.keywords, now)
    return Published(survey_id, others, lost)
