"""One message of one person, and all that understanding it may touch."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from channels.base import Received
from survey_flows import Place, Prompt, Survey, phrases
from survey_flows.dispositions import OPEN, Event, after

from .ids import NewId
from .letters import outgoing, payload
from .phrasebook import Phrasebook
from .speech import spoken
from .store.inbound import Changes, Conversation, Correspondent
from .timing import EXPIRE, next_due


@dataclass(frozen=True, slots=True)
class Desk:
    """What the inbox knows besides the store: who speaks, what may be said, what a newcomer is asked.

    ``zone`` is the time zone of the people; ``join`` how long the next question waits for more words of an answer;
    ``menu`` whether newcomers are asked first which language to use; ``phrasebook`` what of ours has been approved;
    ``seal`` the key by which numbers are known again that asked us to stop and were erased (store/erased.py).
    """

    organization: str
    allow_drafts: bool
    start: tuple[UUID, Survey] | None
    new_id: NewId
    zone: tzinfo = UTC
    join: timedelta = timedelta()
    menu: bool = False
    phrasebook: Phrasebook = field(default_factory=Phrasebook)
    seal: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of one person. ``survey`` is their conversation's; ``keywords`` are surveys by the words that start
    them, ``full`` the filled quotas of theirs, ``paused`` the survey of a conversation that waits to be taken up."""

    received: Received
    message_id: UUID
    who: Correspondent
    survey: Survey | None
    changes: Changes
    desk: Desk
    now: datetime
    keywords: Mapping[str, tuple[UUID, Survey]] = field(default_factory=dict)
    full: Collection[str] = ()
    paused: Survey | None = None

    @property
    def values(self) -> dict[str, str]:
        """What ``{…}`` and ``${…}`` in a text stand for."""
        return values(self.desk, self.who)

    @property
    def here(self) -> datetime:
        """Now, on the person's clock."""
        return self.now.astimezone(self.desk.zone)

    @property
    def open(self) -> Conversation | None:
        """The conversation in which a question waits."""
        conversation = self.who.conversation
        return conversation if conversation is not None and conversation.state in OPEN else None

    def speaks(self, name: str) -> str:
        """The language of this phrase of ours to this person: theirs, or English where nobody has approved it."""
        return spoken(
            self.who.language,
            phrases.LANGUAGES,
            phrases.drafts(name),
            phrases.SOURCE,
            allow_drafts=self.desk.allow_drafts and name not in phrases.CRITICAL,
        )

    def say(self, name: str) -> str:
        """A system phrase in the person's language, or in English where no person has approved that language; where it is
        consent or crisis, whatever drafts may be sent."""
        return phrases.say(name, self.speaks(name), **self.values)

    def queue(
        self,
        text: str,
        *,
        purpose: str = "reply",
        conversation: Conversation | None = None,
        options: list[list[str]] | None = None,
        language: str | None = None,
        wait: timedelta = timedelta(),
    ) -> UUID:
        """Put a reply into the queue, due after ``wait``; return the message's id."""
        row = outgoing(
            self.desk.new_id(),
            self.who,
            text,
            now=self.now,
            purpose=purpose,
            conversation_id=conversation.id if conversation else None,
            answers_to=self.message_id,
            options=options,
            language=language or self.who.language,
        )
        row["due_at"] = self.now + wait
        self.changes.messages.append(row)
        return row["id"]  # type: ignore[no-any-return]

    def prompt(
        self, conversation: Conversation, prompt: Prompt, before: str = "", *, wait: timedelta = timedelta()
    ) -> None:
        """Put a survey's message into the queue, with its buttons, in place of one that has not gone out."""
        self.withhold(conversation, "overtaken")
        options = [
            [payload(conversation.id, prompt.question or "", choice.key), choice.label]
            for choice in prompt.choices
        ]
        text = f"{before}\n\n{prompt.text}" if before else prompt.text
        asked = self.queue(
            text, conversation=conversation, options=options, language=prompt.language, wait=wait
        )
        conversation.pending = asked if wait else None

    def withhold(self, conversation: Conversation, why: str) -> None:
        """The next question, where it still waits for more words of the answer before, shall not go out."""
        if conversation.pending is not None:
            self.changes.cancelled[conversation.pending] = why
            conversation.pending = None

    def move(
        self,
        conversation: Conversation,
        event: Event | None = None,
        *,
        place: Place | None = None,
        heard: bool = True,
        remind: bool = True,
    ) -> None:
        """Write down what happened in a conversation.

        ``remind`` is False where nobody should press the person: it is then given up in time, without a word.
        """
        answered = bool((conversation.place or {}).get("answers")) or event == "heard"
        if event is not None:
            conversation.state = after(conversation.state, event, answered=answered)
        conversation.place = place.to_json() if place is not None else conversation.place
        conversation.heard_at = self.now if heard else conversation.heard_at
        conversation.due_at = None
        if remind and conversation.state in OPEN:
            conversation.due_at = next_due(self.now, conversation.reminders)
        elif conversation.state in (*OPEN, "paused"):
            conversation.due_at = self.now + EXPIRE
        self.changes.moved[conversation.id] = {
            "state": conversation.state,
            "place": conversation.place,
            "heard_at": conversation.heard_at,
            "due_at": conversation.due_at,
        }

    def consent(self, event: str) -> None:
        """Enter into the consent ledger that this person opted out (``stopped``) or in."""
        self.changes.suppressed[self.who.address_id] = "stopped" if event == "stopped" else None
        self.changes.consents.append(
            {
                "address_id": self.who.address_id,
                "event": event,
                "source": "provider" if self.received.answered else "message",
                "message_id": self.message_id,
            }
        )


def values(desk: Desk, who: Correspondent) -> dict[str, str]:
    """What texts may say of a person: their groups (grade, route), their school, their language."""
    told: dict[str, Any] = {name: str(value) for name, value in (who.groups or {}).items()}
    return {**told, "language": who.language, "school": who.school or desk.organization}


def place_of(conversation: Conversation) -> Place:
    """Where a conversation stands."""
    return Place.from_json(dict(conversation.place or {"at": None, "language": "en"}))
