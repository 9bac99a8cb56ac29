"""What people may ask of us at any time: to stop, to start, for help, for a language, a survey, a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import survey_flows
from survey_flows import words
from survey_flows.dispositions import ENDED_EARLY, OPEN, Event
from survey_flows.wording import nearest

from .conversing import ask_again, begin, put_aside, speaks, take_up
from .turns import Turn, place_of


def stop(turn: Turn, _: words.Word) -> str:
    """Nothing more goes to this person; one confirmation, and none where the provider has sent its own."""
    who, first = turn.who, turn.who.suppressed != "stopped"
    who.suppressed = "stopped"
    turn.changes.silenced.add(who.person_id)
    turn.consent("stopped")
    for conversation in (who.conversation, who.paused):
        if conversation is not None and conversation.state in (*OPEN, "paused"):
            turn.move(conversation, "stopped")
    if first and not turn.received.answered:
        turn.queue(turn.say("stopped"), purpose="farewell", conversation=who.conversation)
    return "stopped"


def start(turn: Turn, _: words.Word) -> str:
    """They want to hear from us: the question that waits, or the survey for newcomers."""
    who, conversation = turn.who, turn.who.conversation
    if who.suppressed == "stopped" or conversation is None:
        turn.consent("restarted" if who.suppressed == "stopped" else "granted")
        who.suppressed = None
    waits = conversation is not None and turn.survey is not None and place_of(conversation).at is not None
    if conversation is None and turn.desk.start is not None:
        begin(turn, *turn.desk.start)
    elif waits and conversation is not None and turn.survey is not None and conversation.state != "expired":
        paused: Event | None = "resumed" if conversation.state == "paused" else None
        turn.move(conversation, "restarted" if conversation.state in ENDED_EARLY else paused)
        ask_again(turn, conversation, turn.survey, None if turn.received.answered else "started")
    elif not turn.received.answered:
        turn.queue(turn.say("missed_nothing"))
    return "started"


def help_(turn: Turn, _: words.Word) -> str:
    """Who we are, how to end, where to turn in danger."""
    if not turn.received.answered:
        turn.queue(turn.say("help"), conversation=turn.who.conversation)
    return "help"


def language(turn: Turn, word: words.Word) -> str:
    """From now on in that language, the question that waits first."""
    who, conversation = turn.who, turn.open
    if word.language is None:
        return "kept"
    who.language = turn.changes.languages[who.person_id] = word.language
    if who.suppressed == "stopped":
        return "language"
    # "We will write in Spanish" has to be said in Spanish, or not at all.
    said = "language_set" if nearest(word.language, (turn.speaks("language_set"),), "") else None
    if conversation is not None and turn.survey is not None:
        survey, before = turn.survey, place_of(conversation)
        after = survey_flows.switch(survey, before, speaks(turn.desk, survey, who))
        turn.move(conversation, place=after)
        ask_again(turn, conversation, survey, said if after != before else "no_such_language")
    else:
        turn.queue(turn.say(said or "no_such_language"), conversation=who.conversation)
    return "language"


def join(turn: Turn, keyword: str) -> str | None:
    """The survey that this word starts, begun, or taken up by whoever is in it; None where there is no such word."""
    found = turn.keywords.get(keyword)
    if found is None or turn.who.suppressed == "stopped":
        return None
    turn.consent("granted")
    who, key = turn.who, found[1].key
    here = who.conversation if turn.survey is not None and turn.survey.key == key else None
    if here is not None and turn.survey is not None and here.state in (*OPEN, "paused"):
        turn.move(here, "resumed")
        ask_again(turn, here, turn.survey, None)
    elif who.paused is not None and turn.paused is not None and turn.paused.key == key:
        waits = who.paused
        put_aside(turn)
        other, who.paused = who.paused, waits
        take_up(turn)
        who.paused = other if other is not waits else None
    else:
        begin(turn, *found)
    return "started"


ON_WORD: Mapping[str, Callable[[Turn, words.Word], str]] = {
    "stop": stop,
    "start": start,
    "help": help_,
    "language": language,
}
