"""A conversation with a survey, without a phone and without a store: to try one out before any family sees it.

It says what the running service would say, to answers as well as to STOP, a cry for help or a day of silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from . import danger, phrases, requests, words
from .dispositions import ENDED_EARLY, OPEN, Disposition, Event, after
from .engine import ask, begin, hear, left, named_language, switch
from .hearing import is_choice
from .place import MENU, Answer, Place, Prompt, Step
from .survey import Survey
from .words import Word


@dataclass(frozen=True, slots=True)
class Timing:
    """When a silent person is reminded, counted from their last word, and when the conversation is given up."""

    remind: tuple[timedelta, ...] = (timedelta(hours=24), timedelta(hours=72))
    expire: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's conversation so far.

    ``stopped`` is whether they have opted out; ``answer`` what was kept of the last message, ``told`` what people on
    call were told of it ("self_harm", "person"); ``prompt`` what Openline said last, with its buttons. ``begun`` is an
    aware time or None, ``elapsed`` the time since; ``pending`` says that the last prompt may still wait for more words.
    """

    survey: Survey
    values: Mapping[str, str]
    place: Place
    stopped: bool = False
    answer: Answer | None = None
    told: str | None = None
    prompt: Prompt | None = None
    begun: datetime | None = None
    full: Collection[str] = ()
    timing: Timing = field(default_factory=Timing)
    state: Disposition = "asked"
    elapsed: timedelta = timedelta()
    since: timedelta = timedelta()
    due: timedelta | None = None
    reminders: int = 0
    pending: bool = False

    @property
    def now(self) -> datetime | None:
        """The time it is in the conversation, where its beginning had one."""
        return self.begun + self.elapsed if self.begun else None

    def phrase(self, name: str) -> Prompt:
        language = self.place.language
        return Prompt(phrases.say(name, language, **self.values), language)


_Said = tuple[Talk, Prompt | None]


def start(
    survey: Survey,
    language: str,
    values: Mapping[str, str],
    variant: str | None = None,
    *,
    now: datetime | None = None,
    seed: int = 0,
    full: Collection[str] = (),
    timing: Timing = Timing(),
) -> tuple[Talk, str | None]:
    """The conversation as it begins, and the first message. The arguments and errors are those of ``begin``."""
    step = begin(survey, language, values, variant, now=now, seed=seed, full=full)
    talk = Talk(survey, values, step.place, begun=now, full=full, timing=timing)
    talk = replace(talk, due=_next_due(talk), prompt=step.prompt)
    return talk, step.prompt.text if step.prompt else None


def say(
    talk: Talk, heard: str, choice: str | None = None, *, media: tuple[str, ...] = (), joined: bool = False
) -> tuple[Talk, str | None]:
    """The conversation after one more message of the person, and the reply; None for silence.

    ``choice`` is the key of a pressed button, ``media`` the media types of what came with the message. ``joined``
    says that it came before the last reply went out: that reply then comes after it, and is given again here.
    """
    before = talk
    talk = replace(talk, answer=None, told=None, pending=False)
    talk, prompt = _understood(talk, before, heard, choice, media, joined)
    if joined and talk.answer is not None and talk.answer.joined:
        prompt = before.prompt
    talk = replace(talk, prompt=prompt or talk.prompt)
    return talk, prompt.text if prompt else None


def wait(talk: Talk, by: timedelta) -> tuple[Talk, tuple[str, ...]]:
    """The conversation after so much silence, and the reminders that went out meanwhile."""
    until, said = talk.elapsed + by, []
    talk = replace(talk, answer=None, told=None, pending=False)
    while talk.due is not None and talk.due <= until:
        talk = replace(talk, elapsed=talk.due)
        if talk.state not in OPEN or talk.elapsed - talk.since >= talk.timing.expire:
            state = after(talk.state, "timed_out", answered=bool(talk.place.answers))
            talk = replace(talk, state=state, due=None)
            continue
        reminder = _reminder(talk)
        said.append(reminder.text)
        talk = replace(talk, reminders=talk.reminders + 1, prompt=reminder)
        talk = replace(talk, due=_next_due(talk))
    return replace(talk, elapsed=until), tuple(said)


_DURATION = re.compile(r"\+?\s*(\d{1,5})\s*(min|m|h|d)[a-z]*")


def duration(text: str) -> timedelta | None:
    """A stretch of time as people type it; None where it is none.

    >>> duration("+24h"), duration("3 days"), duration("soon")
    (datetime.timedelta(days=1), datetime.timedelta(days=3), None)
    """
    found = _DURATION.fullmatch(text.strip().casefold())
    if found is None:
        return None
    amount = int(found[1])
    return timedelta(**{{"d": "days", "h": "hours"}.get(found[2], "minutes"): amount})


def _understood(
    talk: Talk, before: Talk, heard: str, choice: str | None, media: tuple[str, ...], joined: bool
) -> _Said:
    """Danger first, whoever sends it; then the words that always work; then what a message asks for or answers."""
    language = talk.place.language
    sign = danger.read(heard, language) if choice is None else None
    talk = replace(talk, told=sign.kind if sign else None)
    word = words.read(heard.lstrip("/"), language) if choice is None else None
    if word is not None and not _an_answer(talk, word, heard):
        return _REPLIES[word.kind](talk, word)
    if sign is not None:
        return _endangered(talk, heard, before.place.last if joined and before.pending else None)
    request = requests.read(heard, language) if choice is None else None
    asks = request is not None and request.kind == "person"
    if asks and not (
        talk.state in OPEN and is_choice(talk.survey, talk.place, heard, talk.values, now=talk.now)
    ):
        return replace(talk, told="person"), None if talk.stopped else talk.phrase("person")
    if talk.stopped:
        return talk, None
    joined = joined and before.pending
    if talk.state in OPEN or talk.state == "complete":
        step = hear(talk.survey, talk.place, heard, talk.values, choice, now=talk.now, media=media,
                    full=talk.full, joined=joined)  # fmt: skip
        return _answered(talk, step)
    if talk.state in ("expired", "partial"):
        return _too_late(talk, heard, media)
    return talk, None


def _answered(talk: Talk, step: Step) -> _Said:
    event: Event | None = (
        "turned_away" if step.full else "finished" if step.done else "heard" if step.answer else None
    )
    talk = _moved(replace(talk, answer=step.answer, pending=step.pause), step.place, event)
    return talk, step.prompt


def _too_late(talk: Talk, heard: str, media: tuple[str, ...]) -> _Said:
    """Words for a conversation whose time has run out: kept with the question that waited, acknowledged once."""
    if not heard.strip() or talk.place.at in (None, MENU):
        return talk, None
    step = hear(talk.survey, talk.place, heard, talk.values, now=talk.now, media=media, full=talk.full)
    if step.answer is None:
        return talk, None
    reply = None if talk.place.thanked else talk.phrase("late")
    talk = replace(talk, answer=replace(step.answer, late=True))
    return _moved(talk, replace(talk.place, thanked=True), "heard"), reply


def _endangered(talk: Talk, heard: str, last: str | None) -> _Said:
    """The words are kept, nothing more is asked for now, the same question waits, and nobody is reminded.

    ``last`` is the question answered just before, where the next one has not gone out yet: that one shall not.
    """
    if talk.stopped:
        return talk, None
    if last is not None:
        answers = {kept: value for kept, value in talk.place.answers.items() if kept != last}
        talk = replace(talk, place=replace(talk.place, at=last, answers=answers, last=None))
    if talk.state in OPEN:
        step = hear(talk.survey, talk.place, heard, talk.values, now=talk.now, full=talk.full)
        talk = replace(talk, answer=step.answer)
        talk = replace(_moved(talk, talk.place, "heard" if step.answer else None), due=None)
    return talk, talk.phrase("crisis")


def _moved(talk: Talk, place: Place, event: Event | None = None) -> Talk:
    state = talk.state
    if event is not None:
        state = after(state, event, answered=bool(place.answers) or event == "heard")
    talk = replace(talk, place=place, state=state, since=talk.elapsed)
    return replace(talk, due=_next_due(talk) if state in OPEN else None)


def _next_due(talk: Talk) -> timedelta:
    remind = talk.timing.remind
    return talk.since + (remind[talk.reminders] if talk.reminders < len(remind) else talk.timing.expire)


def _reminder(talk: Talk) -> Prompt:
    language, first = talk.place.language, talk.reminders == 0
    if first:
        line = phrases.count(
            "reminder", language, left(talk.survey, talk.place, talk.values, now=talk.now), **talk.values
        )
    else:
        line = phrases.say("reminder_last", language, **talk.values)
    waiting = ask(talk.survey, talk.place, talk.values, now=talk.now, first=line)
    assert waiting is not None  # an open conversation has a question that waits
    return waiting


def _an_answer(talk: Talk, word: Word, heard: str) -> bool:
    """The name of the language we are speaking anyway asks for nothing; at the menu, or where the question is which
    language, any is the answer."""
    if word.kind != "language" or talk.state not in OPEN:
        return False
    if named_language(talk.survey, talk.place, heard):
        return True
    return word.language == talk.place.language or talk.place.at == MENU


def _stop(talk: Talk, word: Word) -> _Said:
    if talk.stopped:
        return talk, None
    talk = replace(_moved(talk, talk.place, "stopped" if talk.state in OPEN else None), stopped=True)
    return talk, talk.phrase("stopped")


def _start(talk: Talk, word: Word) -> _Said:
    talk = replace(talk, stopped=False)
    waiting = ask(talk.survey, talk.place, talk.values, now=talk.now) if talk.state != "expired" else None
    if waiting is None:
        return talk, talk.phrase("missed_nothing")
    talk = _moved(talk, talk.place, "restarted" if talk.state in ENDED_EARLY else None)
    return talk, replace(waiting, text=f"{talk.phrase('started').text}\n\n{waiting.text}")


def _help(talk: Talk, word: Word) -> _Said:
    return talk, None if talk.stopped else talk.phrase("help")


def _language(talk: Talk, word: Word) -> _Said:
    place = switch(talk.survey, talk.place, word.language or "")
    changed = place.language != talk.place.language
    talk = replace(talk, place=place)
    if talk.stopped:
        return talk, None
    waiting = ask(talk.survey, place, talk.values, now=talk.now) if talk.state in OPEN else None
    if waiting is None:
        return talk, talk.phrase("language_set")
    first = talk.phrase("language_set" if changed else "no_such_language").text
    return _moved(talk, place), replace(waiting, text=f"{first}\n\n{waiting.text}")


_REPLIES: Mapping[str, Callable[[Talk, Word], _Said]] = {
    "stop": _stop,
    "start": _start,
    "help": _help,
    "language": _language,
}
