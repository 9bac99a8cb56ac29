"""What goes out: a message's row, and what its buttons carry."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from .store.inbound import Correspondent


def payload(conversation_id: UUID, question: str, choice: str) -> str:
    """What a button carries: which conversation and question it belongs to, and the choice (64 bytes at most)."""
    return f"{conversation_id.hex[-12:]}:{question}:{choice}"


def pressed(data: str, conversation_id: UUID) -> str | None:
    """The question and choice that a button stands for, as the engine reads them; None for another conversation's.

    A button of an earlier question is still on the screen: pressed again, it corrects that answer.
    """
    ours, _, chosen = data.partition(":")
    return chosen if ours == conversation_id.hex[-12:] and chosen else None


def outgoing(
    id_: UUID,
    who: Correspondent,
    text: str,
    *,
    now: datetime,
    purpose: str,
    language: str,
    conversation_id: UUID | None = None,
    answers_to: UUID | None = None,
    options: list[list[str]] | None = None,
    priority: int = 0,
) -> dict[str, Any]:
    """A message's row: from here on it is in the ledger and in the queue."""
    return {
        "id": id_,
        "direction": "out",
        "channel": who.channel,
        "address_id": who.address_id,
        "address": who.address,
        "conversation_id": conversation_id,
        "answers_to": answers_to,
        "purpose": purpose,
        "text": text,
        "language": language,
        "options": options or None,
        "media": None,
        "provider_id": None,
        "state": "queued",
        "priority": priority,
        "due_at": now,
        "attempts": 0,
        "created_at": now,
    }
