"""The workbench: one reply as a reader has it before them. Pure, from what bot.reviewing gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from analysis import cues
from analysis.codebook import Codebook, Theme
from analysis.redact import redact

from ....dialogue.sureness import same, word
from ....reviewing.showing import Suggestion, Task
from ... import tongue
from ...view import tongues
from ...view.themes import book_in_words
from . import keys
from .marks import Piece, pieces, quoted

WEAK = 0.5
"""A theme that is less probable is suggested as a weak match."""
EXAMPLES = 3
"""So many examples of a theme are shown in each of two languages."""


@dataclass(frozen=True, slots=True)
class Near:
    """A reply that people have given the theme, with some of its words taken out."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Line:
    """A theme that can be chosen. ``why`` is what suggests it; ``weak``: that little does."""

    theme: Theme
    key: str
    chosen: bool
    why: tuple[str, ...] = ()
    like: str = ""
    weak: bool = False
    examples: tuple[tuple[str, str], ...] = ()
    near: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """The themes under one top theme. ``open``: one of them is chosen."""

    label: str
    letter: str
    lines: tuple[Line, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A text to read, in pieces."""

    pieces: tuple[Piece, ...]
    language: str
    tongue: str


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything on the workbench. ``about``: where the reply is from; ``translated``: by whom its translation is."""

    task: Task
    reply: Read
    about: str
    at: datetime | None
    translation: Read | None
    translated: str
    readable: bool
    suggested: tuple[Line, ...]
    families: tuple[Family, ...]
    chosen: int
    flat: bool


def bench(
    task: Task,
    *,
    names: Collection[str],
    school: str | None,
    at: datetime | None,
    chosen: Collection[str],
    near: Mapping[UUID, Near],
    speaks: str,
) -> Bench:
    """The workbench for a task. ``names``: what is taken out of the words besides what redact() finds; ``near``: the replies
    that people have confirmed, by id."""
    book = task.codebook
    first = [one.theme for one in task.suggestions]
    of = keys.themes(book, first)
    text = redact(task.text, task.language, names).text
    evidence = {of[one.theme]: one.cues for one in task.suggestions if one.theme in of}
    made = task.translation
    english = redact(made.text, speaks, names).text if made else ""
    spoken = cues.find(book, english, speaks) if evidence and english else {}
    beside = {of[theme]: words for theme, words in spoken.items() if theme in first and theme in of}
    said = book_in_words(book)  # the keys stay where they are in every language
    lines = [
        _suggested(said, one, of.get(one.theme, ""), chosen, text, task.language, near)
        for one in task.suggestions
    ]
    tongue_ = tongues.name(task.language)
    return Bench(
        task=task,
        reply=Read(pieces(text, evidence), task.language, tongue_),
        about=", ".join(filter(None, (tongue_, school))),
        at=at,
        translation=Read(pieces(english, beside), speaks, tongues.name(speaks)) if made else None,
        translated=_by(made.origin, made.confidence, tongues.name(speaks)) if made else "",
        readable=same(task.language, speaks),
        suggested=tuple(lines),
        families=_families(said, keys.letters(book), of, first, chosen, task.language),
        chosen=len(set(chosen)),
        flat=len(book.codes) <= len(keys.DIGITS) + 3,
    )


def _suggested(
    book: Codebook,
    one: Suggestion,
    key: str,
    chosen: Collection[str],
    text: str,
    language: str,
    near: Mapping[UUID, Near],
) -> Line:
    theme = book[one.theme]
    return Line(
        theme,
        key,
        theme.id in chosen,
        quoted(text, one.cues),
        one.nearest,
        one.probability < WEAK,
        _examples(theme, language),
        tuple(near[id_] for id_ in one.near if id_ in near)[:EXAMPLES],
    )


def _families(
    book: Codebook,
    letter: Mapping[str, str],
    of: Mapping[str, str],
    first: Sequence[str],
    chosen: Collection[str],
    language: str,
) -> tuple[Family, ...]:
    found = []
    for top in book.tops:
        lines = tuple(
            Line(theme, of.get(theme.id, ""), theme.id in chosen, examples=_examples(theme, language))
            for theme in book.children(top.id)
            if theme.id not in first
        )
        if lines:
            found.append(Family(top.label, letter.get(top.id, ""), lines, any(line.chosen for line in lines)))
    return tuple(found)


def _examples(theme: Theme, language: str) -> tuple[tuple[str, str], ...]:
    """Some wordings, with their language: the reply's, then English."""
    base = language.partition("-")[0]
    wanted = [tag for tag in theme.examples if tag.partition("-")[0] == base and base != "en"]
    return tuple(
        (tag, text) for tag in (*wanted[:1], "en") for text in theme.examples.get(tag, ())[:EXAMPLES]
    )


def _by(origin: str, confidence: float | None, language: str) -> str:
    """Whose translation it is, and how sure it is."""
    if origin == "person":
        return tongue.say("In {language}, checked by a person").format(language=language)
    said = {
        "sure": tongue.say("In {language}, by a machine, likely right"),
        "fair": tongue.say("In {language}, by a machine, fairly likely right"),
        "doubtful": tongue.say("In {language}, by a machine, may be wrong"),
        "not known": tongue.say("In {language}, by a machine, not checked by a person"),
    }
    return said[word(origin, confidence)].format(language=language)
