"""What one message changes: a word that always works, a sign of danger, or an answer. Decides; writes nothing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import survey_flows
from survey_flows import danger, requests, words
from survey_flows.dispositions import OPEN
from survey_flows.folding import fold

from .commands import ON_WORD, join
from .conversing import answer, begin, endangered, opening, speaks, too_late
from .store.inbound import Changes
from .turns import Desk, Turn, place_of


def warm() -> None:
    """Read the lists of words now: the first family's message shall not wait the second that this takes."""
    danger.read("-")
    words.read("-", "en")
    requests.read("-", "en")


def understand(turn: Turn) -> str:
    """Put into ``turn.changes`` what follows from this message; return in one word what it was.

    Danger is looked for first, whatever else a message says and whoever sends it: a false alarm costs minutes. STOP
    is honoured all the same.
    """
    _revive(turn)
    sign = danger.read(turn.received.text, turn.who.language) if turn.received.choice is None else None
    if sign is not None:
        _alert(turn, sign.kind)
    word = _word(turn)
    if word is not None and not _an_answer(turn, word):
        return ON_WORD[word.kind](turn, word)
    if sign is not None:
        return _endangered(turn)
    request = requests.read(turn.received.text, turn.who.language) if turn.received.choice is None else None
    if request is not None and request.kind == "person" and not _is_choice(turn):
        return _person(turn)
    begun = join(turn, keyword_in(turn))
    if begun is not None:
        return begun
    if turn.who.suppressed == "stopped":  # only START undoes a STOP; what they say is kept
        return "kept"
    conversation = turn.who.conversation
    if conversation is None or turn.survey is None:
        return "kept"
    # When the survey is over, what people add is still heard: the engine puts it to their open answer.
    if conversation.state in OPEN or conversation.state == "complete":
        return answer(turn, conversation, turn.survey)
    if conversation.state in ("expired", "partial"):
        return too_late(turn, conversation, turn.survey)
    return "kept"


def rescue(turn: Turn) -> tuple[Changes, str]:
    """What must hold though a defect of ours kept a message from being understood: a STOP, and who was to be alerted."""
    if turn.changes.silenced:  # it was a STOP, and only the last of it failed
        return turn.changes, "stopped"
    kept = replace(turn, changes=Changes(alerts=turn.changes.alerts))
    with suppress(Exception):
        word = _word(kept)
        if word is not None and word.kind == "stop":
            return kept.changes, ON_WORD["stop"](kept, word)
    return kept.changes, "stopped" if kept.changes.silenced else "kept"


def keyword_in(turn: Turn) -> str:
    """The word in a message that may start a survey: after JOIN always; alone, where no question waits for it."""
    if turn.received.choice is not None:
        return ""
    return keyword(turn.received.text, turn.who.language, alone=turn.open is None)


def keyword(text: str, language: str, *, alone: bool) -> str:
    """The folded word that follows JOIN, or the whole message where it may stand ``alone``; else ""."""
    if len(text) > 60:
        return ""
    request = requests.read(text, language)
    if request is not None and request.kind == "join":
        return fold(request.rest)
    return fold(text) if alone else ""


def _revive(turn: Turn) -> None:
    """Whoever writes can be reached again, and takes up where they were."""
    if turn.who.suppressed != "dead":
        return
    turn.who.suppressed = None
    turn.changes.suppressed[turn.who.address_id] = None
    if turn.who.conversation is not None and place_of(turn.who.conversation).at is not None:
        turn.move(turn.who.conversation, "revived")


def _word(turn: Turn) -> words.Word | None:
    received = turn.received
    if received.word is not None:
        return words.Word(received.word, None)
    return words.read(received.text.lstrip("/"), turn.who.language) if received.choice is None else None


def _an_answer(turn: Turn, word: words.Word) -> bool:
    """The name of the language we are speaking anyway asks for nothing, and at the menu it is the answer."""
    if word.kind != "language" or turn.open is None:
        return False
    place = place_of(turn.open)
    if turn.survey and survey_flows.named_language(turn.survey, place, turn.received.text):
        return True  # the question is which language they would like
    return word.language == place.language or place.at == survey_flows.MENU


def _is_choice(turn: Turn) -> bool:
    """ "Call me" may be a choice of the question that waits."""
    return (
        turn.open is not None
        and turn.survey is not None
        and survey_flows.is_choice(
            turn.survey, place_of(turn.open), turn.received.text, turn.values, now=turn.here
        )
    )


def _alert(turn: Turn, kind: str) -> None:
    turn.changes.alerts.append(
        {
            "id": turn.desk.new_id(),
            "message_id": turn.message_id,
            "person_id": turn.who.person_id,
            "kind": kind,
            "state": "new",
            "told": 0,
            "tell_at": turn.now,
            "created_at": turn.now,
        }
    )


def _endangered(turn: Turn) -> str:
    if turn.who.suppressed == "stopped":  # we may not write to them; a person will look all the same
        return "danger"
    if turn.open is not None and turn.survey is not None:
        endangered(turn, turn.open, turn.survey)
    turn.queue(turn.say("crisis"), conversation=turn.who.conversation)
    return "danger"


def _person(turn: Turn) -> str:
    """They would like to talk to somebody: a person is told, and their question goes on waiting."""
    _alert(turn, "person")
    if turn.who.suppressed != "stopped":
        turn.queue(turn.say("person"), conversation=turn.who.conversation)
    return "person"


__all__ = ["Desk", "Turn", "begin", "keyword", "opening", "rescue", "speaks", "understand"]
