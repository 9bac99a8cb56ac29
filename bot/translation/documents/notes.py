"""What a translator is told beside each text: where people meet it, and what its gaps stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from survey_flows.told import listed, told
from survey_flows.wording import gaps, said

from .places import Entries, entered, entries, items, plain, words

Gaps = Mapping[str, str]
"""What a gap stands for, by its name."""

TITLE = told("The survey's title. Staff see it; people who are asked do not.")
INTRO = told(
    "The first message that people get, before the first question: who asks, why, and how to end. "
    "STOP stays STOP in every language, because phone companies act on it."
)
THANKS = told("The last message, after the last question.")
FIELD = told("An example of what staff write into a gap. Only staff see it.")
NOTE = told("A message without a question. It stands above the next one.")
LABEL = told(
    "Names what is asked about again and again (a child, a job). It stands in brackets: Is there another one? (…)"
)
FULL = told("Said instead of the questions when enough people have answered.")
LISTED = told(
    "One choice of a list. People see it behind a number, or on a button: short, and different from the others."
)
UNITS = told(
    "Never shown. Words that may follow a number in an answer (3 days), each after ' | ', in all their forms."
)

_ANSWERED = {
    "open": told("A question. Answered in people's own words."),
    "yesno": told("A question. Answered with yes or no."),
    "number": told("A question. Answered with a number."),
    "range": told("A question. Answered with a number."),
    "date": told("A question. Answered with a date."),
    "datetime": told("A question. Answered with a date and a time."),
    "time": told("A question. Answered with a time of day."),
    "image": told("A question. Answered with a photo."),
    "audio": told("A question. Answered with a voice message."),
}
_MOST = 8
_SYSTEM = {"school": told("the school's name"), "organization": told("the name of whoever writes")}
_PERSON = {
    "first_name": told("the person's first name"),
    "name": told("the person's first name"),
    "children": told("the names of the person's children"),
    "grade": told("a grade at school"),
    "language": told("the name of a language"),
    "day": told("a day, written out"),
}


def question(kind: str, answers: Sequence[str]) -> str:
    """How a question is answered."""
    if kind in _ANSWERED:
        return _ANSWERED[kind]
    some = _some(answers).rstrip(".")
    if kind == "rank":
        return told("A question. Answered by putting all of these in order: {answers}.", answers=some)
    if kind == "many":
        return told("A question. Answered by choosing any of these: {answers}.", answers=some)
    if not some:
        return told("A question. Answered by choosing one of these.")
    return told("A question. Answered by choosing one of these: {answers}.", answers=some)


def contact(name: str) -> str:
    """What the words for a person without one of their own stand for."""
    gap = f"{{{name}}}"
    return told(
        "Stands for {gap} where a person has none: read it within the sentences that have this gap.", gap=gap
    )


def variant(note: str, name: str) -> str:
    """The note of a text that has several wordings."""
    return told("{note} This is the wording for: {name}.", note=note, name=name)


def hint(asked: str) -> str:
    """What a line of help is."""
    return told("A line below the question '{asked}'", asked=asked)


def required(asked: str) -> str:
    """What is said where a question is passed over."""
    return told("Said when somebody passes over the question '{asked}'", asked=asked)


def limit(asked: str) -> str:
    """What is said of an answer that does not fit."""
    return told("Said when an answer does not fit the question '{asked}'", asked=asked)


def none(asked: str) -> str:
    """What the choice of nothing is."""
    return told(
        "The last choice of '{asked}': none of the others. Short, and different from the others.", asked=asked
    )


def also(chosen: str) -> str:
    """What the other words for a choice are."""
    return told(
        "Never shown. Other words by which people may mean the choice '{choice}', each after ' | '. Do not translate them: "
        "write what families really say, or leave it empty.",
        choice=chosen,
    )


def _some(answers: Sequence[str]) -> str:
    return " / ".join(filter(None, answers[:_MOST])) + (" …" if len(answers) > _MOST else "")


def choice(asked: str, answers: Sequence[str]) -> str:
    """What a choice stands beside."""
    return told(
        "A choice of the question '{asked}' ({answers}). It stands behind a number or on a button: "
        "keep it short, and different from the other choices.",
        asked=asked,
        answers=_some(answers),
    )


def gaps_of(top: Entries, source: str) -> Gaps:
    """What a file says itself of its gaps: words of the staff's own, facts of the person, earlier answers."""
    found: dict[str, str] = dict(_SYSTEM)
    for name, _, value in entered(top, "fields"):
        held = entries(value)
        example = plain(held, source) if held else words(value)
        found[name] = told("words that staff put in, like '{example}'", example=example)
    for name, _, _ in entered(top, "contact"):
        found[name] = _PERSON.get(name, told("the person's {name}", name=name))
    for key, text in _asked(items(top["questions"][1]) if "questions" in top else [], source):
        found.setdefault(key, told("their answer to '{text}'", text=text))
    return found


def gaps_in(text: str, known: Gaps) -> str:
    """What the gaps of one text stand for; they stay as they are."""
    try:
        bare = [f"{{{name}}}" for name in sorted(gaps(text))]
    except ValueError:
        return ""
    named = [*bare, *(f"${{{name}}}" for name in sorted(said(text)))]
    meant = [
        told("{gap} is {meaning}", gap=gap, meaning=known.get(name) or _PERSON.get(name) or told("filled in"))
        for gap in named
        for name in [gap.strip("${}")]
    ]
    return told("Keep as they are: {gaps}.", gaps=listed(meant)) if meant else ""


def _asked(nodes: Sequence[yaml.Node], source: str) -> list[tuple[str, str]]:
    found = []
    for node in nodes:
        held = entries(node)
        if "text" in held and "key" in held:
            texts = entries(held["text"][1])
            found.append((plain(held, "key"), plain(texts, source) if texts else words(held["text"][1])))
        if "questions" in held:
            found += _asked(items(held["questions"][1]), source)
    return found
