"""What one message changes: a word that always works, or an answer. Decides; writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import survey_flows
from channels.base import Received
from survey_flows import Answer, Place, Prompt, Survey, phrases, words

from .ids import NewId
from .letters import outgoing, payload, pressed
from .speech import spoken
from .store.inbound import Changes, Conversation, Correspondent

CODED = ("open",)
"""Kinds whose words are theme-coded; of the others only what could not be read."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the inbox knows besides the store: who speaks, what may be said, what a newcomer is asked."""

    organization: str
    allow_drafts: bool
    start: tuple[UUID, Survey] | None
    new_id: NewId


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of one person, and all that understanding it may touch. ``survey`` is their conversation's."""

    received: Received
    message_id: UUID
    who: Correspondent
    survey: Survey | None
    changes: Changes
    desk: Desk
    now: datetime

    @property
    def values(self) -> dict[str, str]:
        """What ``{…}`` in a text stands for."""
        return {"school": self.who.school or self.desk.organization}

    def say(self, name: str) -> str:
        """A system phrase in the person's language, or in English where no person has approved that language."""
        language = spoken(
            self.who.language,
            phrases.LANGUAGES,
            phrases.DRAFTS,
            phrases.SOURCE,
            allow_drafts=self.desk.allow_drafts,
        )
        return phrases.say(name, language, **self.values)


def understand(turn: Turn) -> str:
    """Put into ``turn.changes`` what follows from this message; return in one word what it was."""
    if turn.who.suppressed == "dead":  # whoever writes can be reached again, and takes up where they were
        turn.who.suppressed = None
        turn.changes.suppressed[turn.who.address_id] = None
        if turn.who.conversation is not None and turn.who.conversation.state == "unreachable":
            turn.who.conversation.state = "open"
    word = _word(turn)
    if word is not None and not _an_answer(turn, word):
        return ON_WORD[word.kind](turn, word)
    if turn.who.suppressed == "stopped":  # only START undoes a STOP; what they say is kept
        return "kept"
    conversation = turn.who.conversation
    if conversation is None or turn.survey is None:
        return "kept"
    # When the survey is over, what people add is still heard: the engine puts it to their open answer.
    if conversation.state in ("open", "done"):
        return _answer(turn, conversation, turn.survey)
    return "kept"


def _word(turn: Turn) -> words.Word | None:
    received = turn.received
    if received.word is not None:
        return words.Word(received.word, None)
    return words.read(received.text.lstrip("/"), turn.who.language) if received.choice is None else None


def _an_answer(turn: Turn, word: words.Word) -> bool:
    """The name of the language we are speaking anyway asks for nothing: it may well be an answer."""
    conversation = turn.who.conversation
    return (
        word.kind == "language"
        and conversation is not None
        and conversation.state == "open"
        and word.language == _place(conversation).language
    )


def _stop(turn: Turn, _: words.Word) -> str:
    who, first = turn.who, turn.who.suppressed != "stopped"
    who.suppressed = "stopped"
    turn.changes.silenced.add(who.person_id)
    _consent(turn, "stopped")
    if who.conversation is not None and who.conversation.state == "open":
        _move(turn, who.conversation, state="stopped")
    if first and not turn.received.answered:  # one confirmation, and none where the provider has sent its own
        _queue(turn, turn.say("stopped"), purpose="farewell", conversation=who.conversation)
    return "stopped"


def _start(turn: Turn, _: words.Word) -> str:
    who = turn.who
    if who.suppressed == "stopped" or who.conversation is None:
        _consent(turn, "restarted" if who.suppressed == "stopped" else "granted")
        who.suppressed = None
    if who.conversation is None and turn.desk.start is not None:
        begin(turn, *turn.desk.start)
    elif who.conversation is not None and turn.survey is not None and _place(who.conversation).at:
        _move(turn, who.conversation, state="open")
        _ask_again(turn, who.conversation, turn.survey, None if turn.received.answered else "started")
    elif not turn.received.answered:
        _queue(turn, turn.say("missed_nothing"))
    return "started"


def _help(turn: Turn, _: words.Word) -> str:
    if not turn.received.answered:
        _queue(turn, turn.say("help"), conversation=turn.who.conversation)
    return "help"


def _language(turn: Turn, word: words.Word) -> str:
    who, conversation = turn.who, turn.who.conversation
    if word.language is None:
        return "kept"
    who.language = turn.changes.languages[who.person_id] = word.language
    if who.suppressed == "stopped":
        return "language"
    if conversation is not None and conversation.state == "open" and turn.survey is not None:
        survey, before = turn.survey, _place(conversation)
        after = survey_flows.switch(survey, before, speaks(turn.desk, survey, who))
        _move(turn, conversation, place=after)
        _ask_again(turn, conversation, survey, None if after != before else "no_such_language")
    else:
        _queue(turn, turn.say("language_set"), conversation=conversation)
    return "language"


ON_WORD: Mapping[str, Callable[[Turn, words.Word], str]] = {
    "stop": _stop,
    "start": _start,
    "help": _help,
    "language": _language,
}


def _answer(turn: Turn, conversation: Conversation, survey: Survey) -> str:
    place, choice = _place(conversation), None
    if turn.received.choice is not None:
        choice = pressed(turn.received.choice, conversation.id)
        if choice is None:  # a button of an earlier conversation: it has ended
            return "stale"
    step = survey_flows.hear(survey, place, turn.received.text, turn.values, choice)
    if step.answer is not None:
        turn.changes.answers.append(_row(turn, conversation, step.answer))
    _move(turn, conversation, place=step.place, state="done" if step.done else "open")
    if step.prompt is not None:
        _prompt(turn, conversation, step.prompt)
    return "answered" if step.answer is not None else "again"


def begin(turn: Turn, survey_id: UUID, survey: Survey) -> None:
    """Open a conversation with somebody who came of their own accord."""
    who = turn.who
    row, prompt = opening(turn.desk, survey_id, survey, who, turn.now)
    turn.changes.begun.append(row)
    who.conversation = Conversation(row["id"], survey_id, "open", row["place"], turn.now)
    _prompt(turn, who.conversation, prompt)


def opening(
    desk: Desk, survey_id: UUID, survey: Survey, who: Correspondent, now: datetime
) -> tuple[dict[str, Any], Prompt]:
    """A new conversation's row, and the first thing to ask in it."""
    step = survey_flows.begin(
        survey,
        speaks(desk, survey, who),
        {"school": who.school or desk.organization},
        None if who.respondent == "family" else who.respondent,
    )
    if step.prompt is None:
        raise ValueError(f"survey {survey.key} asks nothing")
    row = {
        "id": desk.new_id(),
        "survey_id": survey_id,
        "person_id": who.person_id,
        "address_id": who.address_id,
        "state": "open",
        "place": step.place.to_json(),
        "started_at": now,
        "heard_at": None,
    }
    return row, step.prompt


def speaks(desk: Desk, survey: Survey, who: Correspondent) -> str:
    """The language in which this survey may speak to this person."""
    return spoken(
        who.language, survey.languages, survey.drafts, survey.source, allow_drafts=desk.allow_drafts
    )


def _place(conversation: Conversation) -> Place:
    return Place.from_json(dict(conversation.place or {}))


def _ask_again(turn: Turn, conversation: Conversation, survey: Survey, first: str | None) -> None:
    prompt = survey_flows.ask(survey, _place(conversation), turn.values)
    if prompt is not None:
        _prompt(turn, conversation, prompt, turn.say(first) if first else "")


def _prompt(turn: Turn, conversation: Conversation, prompt: Prompt, before: str = "") -> None:
    options = [
        [payload(conversation.id, prompt.question or "", choice.key), choice.label]
        for choice in prompt.choices
    ]
    text = f"{before}\n\n{prompt.text}" if before else prompt.text
    _queue(turn, text, conversation=conversation, options=options, language=prompt.language)


def _queue(
    turn: Turn,
    text: str,
    *,
    purpose: str = "reply",
    conversation: Conversation | None = None,
    options: list[list[str]] | None = None,
    language: str | None = None,
) -> None:
    who = turn.who
    turn.changes.messages.append(
        outgoing(
            turn.desk.new_id(),
            who,
            text,
            now=turn.now,
            purpose=purpose,
            conversation_id=conversation.id if conversation else None,
            answers_to=turn.message_id,
            options=options,
            language=language or who.language,
        )
    )


def _move(
    turn: Turn, conversation: Conversation, *, state: str | None = None, place: Place | None = None
) -> None:
    conversation.state = state or conversation.state
    conversation.place = place.to_json() if place is not None else conversation.place
    conversation.heard_at = turn.now
    row = turn.changes.moved.setdefault(conversation.id, {})
    row.update(state=conversation.state, place=conversation.place, heard_at=turn.now)


def _consent(turn: Turn, event: str) -> None:
    who = turn.who
    turn.changes.suppressed[who.address_id] = "stopped" if event == "stopped" else None
    turn.changes.consents.append(
        {
            "address_id": who.address_id,
            "event": event,
            "source": "provider" if turn.received.answered else "message",
            "message_id": turn.message_id,
        }
    )


def _row(turn: Turn, conversation: Conversation, answer: Answer) -> dict[str, Any]:
    wordy = any(character.isalpha() for character in answer.heard)
    due = turn.now if answer.kind in CODED or (not answer.understood and wordy) else None
    return {
        "id": turn.desk.new_id(),
        "survey_id": conversation.survey_id,
        "conversation_id": conversation.id,
        "person_id": turn.who.person_id,
        "message_id": turn.message_id,
        "question": answer.question,
        "kind": answer.kind,
        "value": answer.value,
        "heard": answer.heard,
        "understood": answer.understood,
        "declared": turn.who.language,
        "created_at": turn.now,
        "code_at": due,
    }
