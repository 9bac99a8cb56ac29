"""A conversation with a survey: opened, answered, taken up again, put aside for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import survey_flows
from survey_flows import Answer, Place, Prompt, Step, Survey
from survey_flows.dispositions import OPEN, Event
from survey_flows.questions import Open

from .letters import outgoing, payload, pressed
from .speech import drafts_of, names_help, spoken, usable
from .store.inbound import Conversation, Correspondent
from .timing import next_due
from .turns import Desk, Turn, place_of, values

CODED = ("open",)
"""Kinds whose words are theme-coded; of the others only what could not be read."""


def answer(turn: Turn, conversation: Conversation, survey: Survey) -> str:
    """Read a message as an answer. Returns what it was, in a word."""
    place, choice = place_of(conversation), None
    if turn.received.choice is not None:
        choice = pressed(turn.received.choice, conversation.id)
        if choice is None:  # a button of an earlier conversation: it has ended
            return "stale"
    joined = conversation.pending is not None and choice is None
    step = _heard(turn, survey, place, choice, joined=joined)
    if step.answer is not None and step.answer.joined:
        return _join(turn, conversation, step)
    _keep(turn, conversation, step)
    event: Event | None = (
        "turned_away" if step.full else "finished" if step.done else "heard" if step.answer else None
    )
    turn.move(conversation, event, place=step.place)
    if step.prompt is not None:
        turn.prompt(conversation, step.prompt, wait=turn.desk.join if step.pause else timedelta())
    if step.done and conversation.state not in OPEN:
        take_up(turn)
    return "answered" if step.answer is not None else "again"


def endangered(turn: Turn, conversation: Conversation, survey: Survey) -> None:
    """Keep the words as an answer, and ask nothing more for now: the same question waits, and nobody is reminded."""
    place = place_of(conversation)
    if (
        conversation.pending is not None and place.last is not None
    ):  # the next question has not gone out: it shall not
        turn.withhold(conversation, "danger")
        answers = {kept: value for kept, value in place.answers.items() if kept != place.last}
        place = replace(place, at=place.last, answers=answers, last=None)
    step = _heard(turn, survey, place, None, joined=False)
    _keep(turn, conversation, step)
    turn.move(conversation, "heard" if step.answer else None, place=place, remind=False)


def too_late(turn: Turn, conversation: Conversation, survey: Survey) -> str:
    """Words for a conversation whose time has run out: kept with the question that waited, acknowledged once."""
    place = place_of(conversation)
    chosen = turn.received.choice
    choice = pressed(chosen, conversation.id) if chosen is not None else None
    if place.at is None or place.at == survey_flows.MENU or (chosen is not None and choice is None):
        return "kept"
    step = _heard(turn, survey, place, choice, joined=False)
    if step.answer is None:
        return "kept"
    turn.changes.answers.append(_row(turn, conversation, replace(step.answer, late=True)))
    if not place.thanked:
        turn.queue(turn.say("late"), conversation=conversation)
    turn.move(conversation, "heard", place=replace(place, thanked=True))
    return "answered"


def begin(turn: Turn, survey_id: UUID, survey: Survey) -> None:
    """Open a conversation with somebody who came of their own accord; one that is open waits until it ends."""
    who = turn.who
    put_aside(turn)
    unsure = turn.desk.menu and who.language_by == "guess" and who.conversation is None
    row, prompt = opening(turn.desk, survey_id, survey, who, turn.now, unsure=unsure)
    turn.changes.begun.append(row)
    who.conversation = Conversation(row["id"], survey_id, row["state"], row["place"], turn.now)
    turn.prompt(who.conversation, prompt)


def put_aside(turn: Turn) -> None:
    """The question that waits has to wait for another survey."""
    if turn.open is not None:
        turn.withhold(turn.open, "put aside")
        turn.move(turn.open, "interrupted", heard=False)
        turn.who.paused = turn.who.conversation


def opening(
    desk: Desk,
    survey_id: UUID,
    survey: Survey,
    who: Correspondent,
    now: datetime,
    *,
    unsure: bool = False,
    given: Mapping[str, str] | None = None,
) -> tuple[dict[str, Any], Prompt]:
    """A new conversation's row, and the first thing to ask in it; which language to use, where we are ``unsure``.

    ``given`` fills the survey's own fields.
    """
    id_ = desk.new_id()
    step = survey_flows.begin(
        survey,
        speaks(desk, survey, who),
        {**values(desk, who), **(given or {})},
        None if who.respondent == "family" else who.respondent,
        now=now.astimezone(desk.zone),
        seed=id_.int % 2**31,
        menu_of=tongues(desk, survey) if unsure else (),
    )
    if step.prompt is None or step.place.at is None:
        raise ValueError(f"survey {survey.key} asks nothing")
    row = {
        "id": id_,
        "survey_id": survey_id,
        "person_id": who.person_id,
        "address_id": who.address_id,
        "state": "asked",
        "place": step.place.to_json(),
        "started_at": now,
        "heard_at": None,
        "due_at": next_due(now, 0),
    }
    return row, step.prompt


def speaks(desk: Desk, survey: Survey, who: Correspondent) -> str:
    """The language in which this survey may speak to this person."""
    return spoken(
        who.language,
        survey.languages,
        drafts_of(survey),
        survey.source,
        allow_drafts=drafts_too(desk, survey),
    )


def tongues(desk: Desk, survey: Survey) -> tuple[str, ...]:
    """The languages in which this survey may be asked."""
    return usable(survey.languages, drafts_of(survey), allow_drafts=drafts_too(desk, survey))


def drafts_too(desk: Desk, survey: Survey) -> bool:
    """Whether it may be asked in words that nobody has approved. An anonymous one begins with a promise, so it may not;
    nor may one that names where there is help."""
    around = (survey.intro[survey.source], survey.thanks[survey.source])
    return desk.allow_drafts and not survey.anonymous and not any(map(names_help, around))


def take_up(turn: Turn) -> None:
    """The conversation that was put aside, now that the other has ended. It has its week from here on."""
    paused, survey = turn.who.paused, turn.paused
    if paused is None or survey is None:
        return
    turn.move(paused, "resumed")
    turn.who.conversation, turn.who.paused = paused, None
    ask_again(turn, paused, survey, "resumed")


def ask_again(turn: Turn, conversation: Conversation, survey: Survey, first: str | None) -> None:
    """The question that waits, once more, after a phrase."""
    among = tongues(turn.desk, survey)
    prompt = survey_flows.ask(survey, place_of(conversation), turn.values, now=turn.here, among=among)
    if prompt is not None:
        turn.prompt(conversation, prompt, turn.say(first) if first else "")


def put_again(
    desk: Desk,
    survey: Survey,
    who: Correspondent,
    conversation_id: UUID,
    place: Place,
    now: datetime,
    first: str,
    *,
    purpose: str,
    priority: int = 0,
) -> dict[str, Any]:
    """The message with the question that waits, after the words ``first``, where nobody has just written to us.

    Raises ValueError where no question waits.
    """
    place = survey_flows.switch(survey, place, speaks(desk, survey, who))
    here = now.astimezone(desk.zone)
    among = tongues(desk, survey)
    prompt = survey_flows.ask(survey, place, values(desk, who), now=here, first=first, among=among)
    if prompt is None:
        raise ValueError(f"no question waits in {conversation_id}")
    return outgoing(
        desk.new_id(), who, prompt.text, now=now, purpose=purpose, language=prompt.language,
        conversation_id=conversation_id, priority=priority,
        options=[[payload(conversation_id, prompt.question or "", c.key), c.label] for c in prompt.choices],
    )  # fmt: skip


def _heard(turn: Turn, survey: Survey, place: Place, choice: str | None, *, joined: bool) -> Step:
    step = survey_flows.hear(
        survey,
        place,
        turn.received.text,
        turn.values,
        choice,
        now=turn.here,
        media=tuple(media.type for media in turn.received.media),
        full=turn.full,
        joined=joined,
        among=tongues(turn.desk, survey),
    )
    named = survey_flows.named_language(survey, place, turn.received.text) if choice is None else None
    if place.at == survey_flows.MENU and step.place.at != survey_flows.MENU:
        named = step.place.language
    if named is not None:
        turn.who.language = turn.changes.languages[turn.who.person_id] = named
    return step


def _keep(turn: Turn, conversation: Conversation, step: Step) -> None:
    for said in step.answers:
        turn.changes.answers.append(_row(turn, conversation, said))
    for quota in step.quotas:
        turn.changes.quotas.append({"conversation_id": conversation.id, "quota": quota})


def _join(turn: Turn, conversation: Conversation, step: Step) -> str:
    """More words for the answer before: it waits a little longer for yet more, and so does the next question."""
    assert step.answer is not None
    due = turn.now + turn.desk.join
    turn.changes.joined.append((conversation.id, step.answer.question, step.answer.heard, due))
    if conversation.pending is not None:
        turn.changes.postponed[conversation.pending] = due
    turn.move(conversation, "heard" if conversation.state in OPEN else None, place=step.place)
    return "joined"


def _row(turn: Turn, conversation: Conversation, said: Answer) -> dict[str, Any]:
    wordy = any(character.isalpha() for character in said.heard) and said.missing is None
    asked = turn.survey.by_key.get(said.question) if turn.survey else None
    themes = said.kind in CODED and not (isinstance(asked, Open) and asked.seeks == "language")
    coded = themes or not said.understood
    return {
        "id": turn.desk.new_id(),
        "survey_id": conversation.survey_id,
        "conversation_id": conversation.id,
        "person_id": turn.who.person_id,
        "message_id": turn.message_id,
        "question": said.question,
        "turn": ",".join(map(str, said.turn)) or None,
        "kind": said.kind,
        "value": said.value,
        "heard": said.heard,
        "understood": said.understood,
        "missing": said.missing,
        "declared": turn.who.language,
        "created_at": turn.now,
        # More words of an open answer may be on their way: it is coded when they are all here.
        "code_at": turn.now + turn.desk.join if coded and wordy else None,
    }
