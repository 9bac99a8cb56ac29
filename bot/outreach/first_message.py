"""The first message of a survey to somebody who has not written: a conversation, and what opens it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from survey_flows import Survey

from ..letters import outgoing, payload
from ..listening import Desk, opening
from ..store.inbound import Correspondent

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
