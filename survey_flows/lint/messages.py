"""What each message costs as SMS, put together as it goes out: notes, question, hints and numbered choices."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ..asking import Question
from ..choices import Many, One
from ..engine import begin
from ..items import Note
from ..place import Place
from ..program import Walk, program
from ..prompts import prompt
from ..questions import Number, YesNo
from ..scope import Scope, Value, key
from ..segments import LOOK_ALIKES, Segments, count
from ..survey import Survey
from ..told import Told, listed, told
from .finding import Finding, lenient

WARN, REFUSE = 2, 5
SCHOOL = "Lincoln School"
"""Stands in for the school's name."""
_SCRIPTS = {
    "CJK": told("Chinese characters"),
    "ARABIC": told("Arabic letters"),
    "CYRILLIC": told("Cyrillic letters"),
    "DEVANAGARI": told("Devanagari letters"),
    "ETHIOPIC": told("Ethiopic letters"),
    "GREEK": told("Greek letters"),
    "HANGUL": told("Hangul letters"),
    "HEBREW": told("Hebrew letters"),
    "HIRAGANA": told("Hiragana letters"),
    "KATAKANA": told("Katakana letters"),
    "KHMER": told("Khmer letters"),
    "THAI": told("Thai letters"),
}
"""Those that many families write; others go by the name that Unicode gives them."""
_NOW = datetime(2026, 9, 30, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Message:
    """One message as a person gets it, with examples filled in."""

    question: str
    language: str
    text: str
    segments: Segments


def messages(survey: Survey) -> Iterator[Message]:
    """Every message in every language, each in the wording that takes most."""
    for language in survey.languages:
        longest: dict[str, Message] = {}
        for variant in (None, *survey.variants):
            for question, text in _texts(survey, language, variant):
                message = Message(question, language, text, count(text))
                held = longest.get(question)
                if held is None or held.segments.units < message.segments.units:
                    longest[question] = message
        yield from longest.values()


def parts(survey: Survey) -> Iterator[Finding]:
    """Messages that take more SMS than people read, and than a school wants to pay for."""
    for message in messages(survey):
        counted = message.segments
        if counted.parts <= WARN:
            continue
        refused = counted.parts > REFUSE and not lenient(survey)
        what = told(
            "Takes {n} SMS ({characters}), with its choices.", n=counted.parts, characters=size(counted)
        )
        cure = told("Shorten it: {most} are what people read, and each is paid for.", most=WARN)
        yield Finding("error" if refused else "warning", what, cure, message.question, message.language)


def costly(survey: Survey) -> Iterator[Finding]:
    """Messages that are Unicode only for a character that has a plain stand-in, or for an emoji."""
    for message in messages(survey):
        dear = message.segments.culprits
        plain = {char: LOOK_ALIKES.get(char, "") for char in dear}
        if not dear or any(char not in LOOK_ALIKES and unicodedata.category(char) != "So" for char in dear):
            continue
        written = listed(_instead(char, plain[char]) for char in dear)
        what = told(
            "{letters} makes the whole message Unicode: 70 characters to an SMS instead of 160.",
            letters=" ".join(dear),
        )
        yield Finding(
            "warning",
            what,
            told("Write {instead}.", instead=written),
            message.question,
            message.language,
        )


def _instead(char: str, plain: str) -> str:
    if plain:
        return told("{letter} as {plain}", letter=repr(char), plain=repr(plain))
    return told("no {letter}", letter=char)


def size(counted: Segments) -> str:
    """The count in words: "143 characters, Unicode because of á, í"."""
    if counted.encoding == "GSM-7":
        return told("{n} characters", n=counted.units)
    dear = dict.fromkeys(_seen(char) for char in counted.culprits)
    dear = {name: None for name in dear if isinstance(name, Told)} or dear  # a script says it all
    letters = listed(list(dear)[:3])
    some = told("{some} …", some=letters) if len(dear) > 3 else letters
    return told("{n} characters, Unicode because of {letters}", n=counted.units, letters=some)


def _seen(char: str) -> str:
    """A Latin letter or a sign as it is; of another script, its name."""
    script = unicodedata.name(char, f"U+{ord(char):04X}").partition(" ")[0]
    if char.isalpha() and script != "LATIN":
        return _SCRIPTS.get(script) or told("{script} letters", script=script.capitalize())
    return char if char.isprintable() and unicodedata.category(char)[0] in "LNPS" else f"U+{ord(char):04X}"


def _texts(survey: Survey, language: str, variant: str | None) -> Iterator[tuple[str, str]]:
    values = {"school": SCHOOL, **{name: texts[language] for name, texts in survey.fields.items()}}
    first = begin(survey, language, values, variant, now=_NOW).prompt
    if first is not None:
        yield first.question or "intro", first.text
    answers = _examples(survey, language)
    notes: list[Note] = []
    for op in program(survey, 0).ops:
        if isinstance(op, Note):
            notes.append(op)
        if not isinstance(op, Question):
            continue
        turn = (1,) * len(survey.loops[op.key])
        at = key(op.key, turn)
        others = {kept: value for kept, value in answers.items() if kept != at}
        place = Place(at, language, variant=variant, given={})
        scope = Scope(survey, others, language, values, _NOW, 0, (), op.key, turn)
        walk = Walk(op, turn, notes=_worst(notes, language, variant))
        notes = []
        if op.shown(scope).possible:
            yield op.key, prompt(survey, place, scope, "", walk).text


def _worst(notes: list[Note], language: str, variant: str | None) -> list[Note]:
    """Of notes that not everybody gets, the longest one is counted."""
    some = [note for note in notes if note.ask_if]
    worst = max(some, key=lambda note: len(note.wording(language, variant)), default=None)
    return [note for note in notes if not note.ask_if or note is worst]


def _examples(survey: Survey, language: str) -> dict[str, Value]:
    """An answer to every question: texts and lists of choices may look at it."""
    return {
        key(question.key, (1,) * len(survey.loops[question.key])): _example(question, language)
        for question in survey.questions
    }


def _example(question: Question, language: str) -> Value:
    if isinstance(question, One):
        if not question.options:
            return None
        option = max(question.options, key=lambda o: len(o.labels[language]))
        return [option.value] if isinstance(question, Many) else option.value
    if isinstance(question, YesNo):
        return True
    if isinstance(question, Number):
        return question.most if question.most is not None else 2
    return {"date": "2026-09-30", "time": "07:30", "datetime": "2026-09-30T07:30"}.get(
        question.kind, "example of it"
    )
