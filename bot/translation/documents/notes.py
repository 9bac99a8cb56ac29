"""What a translator is told beside each text: where people meet it, and what its gaps stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from survey_flows.wording import gaps, said

from .places import Entries, entered, entries, items, plain, words

Gaps = Mapping[str, str]
"""What a gap stands for, by its name."""

TITLE = "The survey's title. Staff see it; people who are asked do not."
INTRO = (
    "The first message that people get, before the first question: who asks, why, and how to end. "
    "STOP stays STOP in every language, because phone companies act on it."
)
THANKS = "The last message, after the last question."
FIELD = "An example of what staff write into a gap. Only staff see it."
CONTACT = "Stands for {{{name}}} where a person has none: read it within the sentences that have this gap."
NOTE = "A message without a question. It stands above the next one."
LABEL = "Names what is asked about again and again (a child, a job). It stands in brackets: Is there another one? (…)"
FULL = "Said instead of the questions when enough people have answered."
VARIANT = "This is the wording for: {name}."
HINT = "A line below the question '{asked}'"
REQUIRED = "Said when somebody passes over the question '{asked}'"
LIMIT = "Said when an answer does not fit the question '{asked}'"
NONE = "The last choice of '{asked}': none of the others. Short, and different from the others."
LISTED = "One choice of a list. People see it behind a number, or on a button: short, and different from the others."
ALSO = (
    "Never shown. Other words by which people may mean the choice '{choice}', each after ' | '. Do not translate them: "
    "write what families really say, or leave it empty."
)
UNITS = (
    "Never shown. Words that may follow a number in an answer (3 days), each after ' | ', in all their forms."
)

_ANSWERED = {
    "open": "Answered in people's own words.",
    "yesno": "Answered with yes or no.",
    "number": "Answered with a number.",
    "range": "Answered with a number.",
    "date": "Answered with a date.",
    "datetime": "Answered with a date and a time.",
    "time": "Answered with a time of day.",
    "image": "Answered with a photo.",
    "audio": "Answered with a voice message.",
    "rank": "Answered by putting all of these in order",
    "many": "Answered by choosing any of these",
}
_MOST = 8
_SYSTEM = {"school": "the school's name", "organization": "the name of whoever writes"}
_PERSON = {
    "first_name": "the person's first name",
    "name": "the person's first name",
    "children": "the names of the person's children",
    "grade": "a grade at school",
    "language": "the name of a language",
    "day": "a day, written out",
}


def question(kind: str, answers: Sequence[str]) -> str:
    """How a question is answered."""
    how = _ANSWERED.get(kind, "Answered by choosing one of these")
    some = " / ".join(filter(None, answers[:_MOST])) + (" …" if len(answers) > _MOST else "")
    return f"A question. {f'{how}: {some}' if some else how}".rstrip(".") + "."


def choice(asked: str, answers: Sequence[str]) -> str:
    """What a choice stands beside."""
    some = " / ".join(filter(None, answers[:_MOST])) + (" …" if len(answers) > _MOST else "")
    return (
        f"A choice of the question '{asked}' ({some}). It stands behind a number or on a button: "
        "keep it short, and different from the other choices."
    )


def gaps_of(top: Entries, source: str) -> Gaps:
    """What a file says itself of its gaps: words of the staff's own, facts of the person, earlier answers."""
    found = dict(_SYSTEM)
    for name, _, value in entered(top, "fields"):
        held = entries(value)
        example = plain(held, source) if held else words(value)
        found[name] = f"words that staff put in, like '{example}'"
    for name, _, _ in entered(top, "contact"):
        found[name] = _PERSON.get(name, f"the person's {name}")
    for key, text in _asked(items(top["questions"][1]) if "questions" in top else [], source):
        found.setdefault(key, f"their answer to '{text}'")
    return found


def gaps_in(text: str, known: Gaps) -> str:
    """What the gaps of one text stand for; they stay as they are."""
    try:
        bare = [f"{{{name}}}" for name in sorted(gaps(text))]
    except ValueError:
        return ""
    named = [*bare, *(f"${{{name}}}" for name in sorted(said(text)))]
    told = [
        f"{gap} is {known.get(name) or _PERSON.get(name) or 'filled in'}"
        for gap in named
        for name in [gap.strip("${}")]
    ]
    return f"Keep as they are: {', '.join(told)}." if told else ""


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
