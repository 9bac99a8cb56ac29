"""The first message of a survey to somebody who has not written: whether they had it, and what opens it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import Survey
from survey_flows.dispositions import OPEN

from ..letters import outgoing, payload
from ..listening import Desk, opening
from ..store.inbound import Correspondent
from ..store.tables import conversations, surveys

BULK = 5
"""Priority of what we begin; replies (0) go first."""


def first(
    desk: Desk, survey_id: UUID, survey: Survey, who: Correspondent, given: Mapping[str, str], now: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The rows of the conversation and of its first message. ``given`` fills the survey's own fields."""
    conversation, prompt = opening(desk, survey_id, survey, who, now, given=given)
    message = outgoing(
        desk.new_id(),
        who,
        prompt.text,
        now=now,
        purpose="ask",
        language=prompt.language,
        conversation_id=conversation["id"],
        options=[
            [payload(conversation["id"], prompt.question or "", choice.key), choice.label]
            for choice in prompt.choices
        ],
        priority=BULK,
    )
    return conversation, message


async def asked(
    db: AsyncConnection, key: str, persons: list[UUID], reached: Collection[UUID] = ()
) -> tuple[set[UUID], set[UUID], set[UUID]]:
    """Who has been asked this survey before, who was to be but could not, and which addresses are in the middle of any:
    theirs, and those at which they would be ``reached``, which may be somebody else's."""
    asked = (
        select(conversations.c.person_id, conversations.c.state)
        .join(surveys, surveys.c.id == conversations.c.survey_id)
        .where(surveys.c.key == key, conversations.c.person_id.in_(persons))
    )
    open_ = select(conversations.c.address_id).where(conversations.c.state.in_(OPEN))
    # Not with OR: each half has an index of its own.
    busy = union(
        open_.where(conversations.c.person_id.in_(persons)),
        open_.where(conversations.c.address_id.in_(list(reached))),
    )
    found = (await db.execute(asked)).all()
    # Whoever could not be reached is asked after all once there is an address.
    done = {person for person, state in found if state != "unreachable"}
    return done, {person for person, _ in found} - done, set((await db.execute(busy)).scalars())
