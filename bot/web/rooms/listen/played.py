"""A conversation played again from what was said in it: nothing of it is kept anywhere but in the form.

What was said is a list of short texts: ``t:words``, ``b:hard:very`` a pressed button, ``w:24h`` so much silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from survey_flows import Survey
from survey_flows.asking import Choice
from survey_flows.place import Answer, Prompt
from survey_flows.scope import apart
from survey_flows.segments import Segments, count
from survey_flows.talk import Talk, Timing, duration, say, start, wait

from .... import timing

Channel = Literal["sms", "telegram", "web"]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
MOST = 60
"""Messages of one conversation that are played again."""
LONGEST = 1600


@dataclass(frozen=True, slots=True)
class Message:
    """One message of ours: ``question`` is the key of the item that it asks, "" for words of Openline's own; ``buttons`` are
    there to be pressed. ``counted`` is its cost as SMS."""

    text: str
    language: str
    question: str
    buttons: tuple[Choice, ...]
    counted: Segments
    reminder: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the person, or their silence; ``answer`` is what was kept, ``told`` what people on call were told."""

    text: str
    pressed: bool
    silence: bool
    answer: Answer | None
    told: str | None
    state: str
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """The whole conversation. ``open`` says that a question waits."""

    turns: tuple[Message | Heard, ...]
    said: tuple[str, ...]
    buttons: tuple[Choice, ...]
    question: str
    language: str
    open: bool
    stopped: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """Who is asked, and how."""

    channel: Channel
    language: str
    variant: str | None
    school: str
    seed: int


def play(survey: Survey, setting: Setting, said: Sequence[str], now: datetime) -> Played:
    """The conversation after all that was said."""
    tag = survey.speaks(setting.language)
    values = {"school": setting.school, **{name: texts[tag] for name, texts in survey.fields.items()}}
    talk, first = start(
        survey,
        tag,
        values,
        setting.variant,
        now=now,
        seed=setting.seed,
        timing=Timing(timing.REMIND, timing.EXPIRE),
    )
    turns: list[Message | Heard] = [_message(talk, first, setting)] if first else []
    kept: list[str] = []
    for one in said[:MOST]:
        before = talk
        how, _, words = one[: LONGEST + 2].partition(":")
        silence = duration(words) if how == "w" else None
        if silence is not None:
            talk, made = _silence(talk, silence, setting)
        elif how == "b" and (choice := _choice(talk, words)):
            talk, reply = say(talk, choice.label, words)
            made = [_heard(talk, choice.label, pressed=True, reply=reply), *_reply(talk, reply, setting)]
        elif how == "t" and words.strip():
            talk, reply = say(talk, words.strip())
            made = [_heard(talk, words.strip(), pressed=False, reply=reply), *_reply(talk, reply, setting)]
        else:
            talk, made = before, []
        if made:
            kept.append(one)
            turns += made
    buttons = talk.prompt.choices if talk.prompt and setting.channel != "sms" and not talk.stopped else ()
    question = talk.prompt.question if talk.prompt else None
    return Played(
        turns=tuple(turns),
        said=tuple(kept),
        buttons=buttons if talk.place.at is not None else (),
        question=question or "",
        language=talk.place.language,
        open=talk.place.at is not None and not talk.stopped,
        stopped=talk.stopped,
    )


def _silence(talk: Talk, silence: timedelta, setting: Setting) -> tuple[Talk, list[Message | Heard]]:
    talk, reminders = wait(talk, silence)
    days = f"{round(silence / timedelta(days=1))}"
    made: list[Message | Heard] = [Heard(days, False, True, None, None, talk.state, not reminders)]
    made += [_of(text, talk.prompt, setting, talk.place.language, reminder=True) for text in reminders]
    return talk, made


def _choice(talk: Talk, words: str) -> Choice | None:
    key = words.rpartition(":")[2]
    return next((one for one in (talk.prompt.choices if talk.prompt else ()) if one.key == key), None)


def _heard(talk: Talk, text: str, *, pressed: bool, reply: str | None) -> Heard:
    return Heard(text, pressed, False, talk.answer, talk.told, talk.state, reply is None)


def _reply(talk: Talk, reply: str | None, setting: Setting) -> list[Message | Heard]:
    return [_message(talk, reply, setting)] if reply else []


def _message(talk: Talk, text: str, setting: Setting) -> Message:
    prompt = talk.prompt if talk.prompt and talk.prompt.text == text else None
    return _of(text, prompt, setting, talk.place.language)


def _of(
    text: str, prompt: Prompt | None, setting: Setting, language: str, *, reminder: bool = False
) -> Message:
    question = apart(prompt.question)[0] if prompt and prompt.question else ""
    buttons = prompt.choices if prompt and setting.channel != "sms" else ()
    shown = _without_rows(text, buttons) if setting.channel == "web" else text
    return Message(shown, language, question, buttons, count(text), reminder)


def _without_rows(text: str, buttons: Sequence[Choice]) -> str:
    """On a page the buttons say what the numbered lines would."""
    labels = {choice.label for choice in buttons}
    rows = [line for line in text.split("\n") if re.sub(r"^\W*\d+\.\s", "", line) not in labels]
    return "\n".join(rows)
