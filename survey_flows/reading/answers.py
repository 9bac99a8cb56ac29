"""Understands lists, yes and no, and numbers in every language, or says that it did not: never a silent guess.

``None`` always means "ask again".
"""

from __future__ import annotations

import re

from ..folding import fold, symbols
from ..lexicon import Ear
from .labels import Labels
from .quantities import number as number

YES = frozenset("👍✅👌✔☑🆗")
NO = frozenset("👎❌🚫✖⛔")

_COMMAS = re.compile(r"[,;\n/+&、，،؛；፣፤]+")
_RANGE = re.compile(r"\d\s*[-–—~]\s*\d")


def several(heard: str, language: str, labels: Labels) -> list[int] | None:
    """The places of all the choices that were meant, in their order; None if any part is unclear."""
    one = labels.which(heard, language)
    if one:
        return [one.at]
    if fold(heard) in labels.ear.every:
        return sorted(at for at in labels.numbered.values() if at != labels.zero)
    row = _row_of_numbers(heard, language, labels) or _row_of_letters(heard, labels)
    if row is not None:
        return row
    found = set[int]()
    for part in _parts(heard, labels.ear):
        match = labels.which(part, language)
        if match is None:
            return None
        found.add(match.at)
    return _together(found, labels)


def _row_of_numbers(heard: str, language: str, labels: Labels) -> list[int] | None:
    if _RANGE.search(heard):  # "1-3" may be two choices or three
        return None
    words = [
        word for word in labels.ear.split(heard) if word.isdigit() or fold(word) not in labels.ear.between
    ]
    places = [_place(word, language, labels) for word in words]
    found = {at for at in places if at is not None}
    return _together(found, labels) if None not in places else None


def _row_of_letters(heard: str, labels: Labels) -> list[int] | None:
    """Letters in place of numbers: "a c", "a, c"."""
    spoken = fold(heard).split()
    words = [word for word in spoken if word in labels.letters or word not in labels.ear.between]
    if len(words) < 2 or not all(word in labels.letters for word in words):
        return None
    if any(word in labels.ear.joining for word in words):  # "b e c" is two in Portuguese, or three
        return None
    return sorted({labels.letters[word] for word in words})


def _place(word: str, language: str, labels: Labels) -> int | None:
    if word.isdigit():
        return labels.numbered.get(int(word)) if len(word) < 10 else None
    hit = labels.ear.numbers.look_up(word, language)
    return labels.numbered.get(hit[0]) if hit else None


def _together(found: set[int], labels: Labels) -> list[int] | None:
    """Nothing ("0") goes with nothing else."""
    if not found or (labels.zero in found and len(found) > 1):
        return None
    return sorted(found)


def _parts(heard: str, ear: Ear) -> list[str]:
    parts: list[list[str]] = [[]]
    for piece in _COMMAS.split(heard):
        for word in piece.split():
            if fold(word) in ear.joining:
                parts.append([])
            else:
                parts[-1].append(word)
        parts.append([])
    return [" ".join(part) for part in parts if part]


def yes_or_no(heard: str, language: str, ear: Ear) -> tuple[bool, str | None] | None:
    """Yes or no in any language, by word or by emoji, and the language the word betrays."""
    pictures = set(symbols(heard))
    shown = {answer for answer, known in ((True, YES), (False, NO)) if pictures & known}
    words = ear.split(heard)
    if not words:
        return (shown.pop(), None) if len(shown) == 1 else None
    said = (
        ear.yesno.look_up(" ".join(words), language)
        or ear.yesno.look_up("".join(words), language)
        or ear.yesno.look_up(" ".join(dict.fromkeys(words)), language)
    )
    if said is None or shown - {bool(said[0])}:
        return None
    return bool(said[0]), said[1]
