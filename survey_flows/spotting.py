"""Finds patterns anywhere in a message, as runs of whole words; in scripts without spaces, of characters.

Patterns are written as ``utterances.expand`` has them, and a star at the end of a word is any ending.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Generic, TypeVar

from .folding import REMEMBERED, fold
from .utterances import expand

Label = TypeVar("Label")

# A word, or one character of a script that is written without spaces; so is Korean here, where endings are run on.
_RUN_ON = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_TOKEN = re.compile(f"[{_RUN_ON}]|[^\\s{_RUN_ON}]+")


class _Spaced(dict[int, str]):
    """What becomes of each character where accents and vowel signs count; filled as characters turn up."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        category = unicodedata.category(char)
        spaced = "" if char in _DROPPED or category == "Cf" else " " if category[0] in "PSZC" else char
        if len(self) < REMEMBERED:
            self[point] = spaced
        return spaced


_DROPPED = frozenset("'’‘ʼ`´ʻـ")  # as in folding: apostrophes join
_SPACED = _Spaced()


def folded(text: str) -> tuple[str, ...]:
    """The words of a message, without accents."""
    return tuple(_TOKEN.findall(fold(text)))


def written(text: str) -> tuple[str, ...]:
    """The words of a message, with their accents and vowel signs."""
    return tuple(_TOKEN.findall(unicodedata.normalize("NFC", text).casefold().translate(_SPACED)))


@dataclass(frozen=True, slots=True)
class Hit(Generic[Label]):
    """Where a pattern was found: from ``start`` to ``longest``, or, without what may be left out, ``shortest``."""

    label: Label
    start: int
    shortest: int
    longest: int

    def inside(self, other: Hit[Label]) -> bool:
        """Whether the other one is wider."""
        wider = (other.start, other.longest) != (self.start, self.longest)
        return wider and other.start <= self.start and self.longest <= other.longest


class Place:
    """One place of a pattern: the rows of words that may stand there, by their first word."""

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self.rows: dict[str, list[tuple[str, ...]]] = {}
        self.open: list[tuple[str, ...]] = []  # a word of these may have any ending
        self.optional = False
        for row in dict.fromkeys(rows):
            if not row:
                self.optional = True
            elif any(word.endswith("*") for word in row):
                self.open.append(row)
            else:
                self.rows.setdefault(row[0], []).append(row)

    def after(self, words: tuple[str, ...], at: int) -> list[int]:
        """Where the next place may begin, if this one begins at ``at``."""
        ends = [at] if self.optional else []
        if at < len(words):
            for row in self.rows.get(words[at], ()):
                if len(row) == 1 or words[at : at + len(row)] == row:
                    ends.append(at + len(row))
            for row in self.open:
                if len(row) <= len(words) - at and all(map(_same, row, words[at:])):
                    ends.append(at + len(row))
        return ends

    def opens(self) -> Iterator[tuple[str, str]]:
        """Each first word of a row and what follows it in that row: a word, or nothing."""
        for row in (*chain.from_iterable(self.rows.values()), *self.open):
            yield row[0], row[1] if len(row) > 1 else ""


def _same(known: str, word: str) -> bool:
    return word.startswith(known[:-1]) if known[-1] == "*" else word == known


_PIECE = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|[^\s()\[\]])+")


def places(pattern: str, *, exact: bool) -> tuple[Place, ...]:
    """A pattern as its places. ``exact`` keeps accents; each word may then also be without any, if that leaves
    plain letters, because people write some words with accents and some without."""
    return tuple(
        Place(row for wording in expand(piece) for row in _rows(wording, exact=exact))
        for piece in _PIECE.findall(pattern)
    )


def _rows(wording: str, *, exact: bool) -> Iterator[tuple[str, ...]]:
    if not exact:
        yield _row(wording, folded)
        return
    row = _row(wording, written)
    without = (fold(word) + "*" * word.endswith("*") for word in row)
    yield from product(
        *({word, bare} if bare.isascii() else {word} for word, bare in zip(row, without, strict=True))
    )


def _row(wording: str, split: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    row: list[str] = []
    for word in wording.split():
        row += split(word)
        if word.endswith("*"):
            row[-1] += "*"
    return tuple(row)


@dataclass(frozen=True, slots=True)
class Pattern(Generic[Label]):
    """What a pattern stands for, and its places."""

    label: Label
    places: tuple[Place, ...]

    def at(self, words: tuple[str, ...], start: int) -> Hit[Label] | None:
        """The hit that begins at this word, or None."""
        ends = [start]
        for place in self.places:
            ends = [end for begin in ends for end in place.after(words, begin)]
            if not ends:
                return None
        longest = max(ends)
        if longest == start:  # all of it may be left out
            return None
        return Hit(self.label, start, min(end for end in ends if end > start), longest)


class Index(Generic[Label]):
    """Patterns by the two words they may begin with, so that most words of most messages cost one look or two."""

    def __init__(self, patterns: Iterable[Pattern[Label]]) -> None:
        self._by_word: dict[
            str, dict[str, list[Pattern[Label]]]
        ] = {}  # the second is empty where any will do
        self._by_opening: dict[str, list[Pattern[Label]]] = {}  # the first three letters, for "suicid*"
        for pattern in patterns:
            self._add(pattern)
        for by_second in self._by_word.values():  # so that one look is enough
            for second, known in by_second.items():
                known += by_second.get("", ()) if second else ()

    def _add(self, pattern: Pattern[Label]) -> None:
        seconds: dict[str, set[str]] = {}
        for number, place in enumerate(pattern.places):
            follow = _seconds(pattern.places[number + 1 :])
            for word, second in place.opens():
                seconds.setdefault(word, set()).update([second] if second else follow)
            if not place.optional:
                break
        for word, after in seconds.items():
            if word.endswith("*"):
                self._by_opening.setdefault(word[:3], []).append(pattern)
                continue
            any_will_do = "" in after or any(second.endswith("*") for second in after)
            for second in [""] if any_will_do else after:
                self._by_word.setdefault(word, {}).setdefault(second, []).append(pattern)

    def find(self, words: tuple[str, ...]) -> list[Hit[Label]]:
        """Every hit in these words."""
        found = []
        for start, word in enumerate(words):
            patterns = self._by_opening.get(word[:3], [])
            if by_second := self._by_word.get(word):
                second = words[start + 1] if start + 1 < len(words) else ""
                more = by_second.get(second) or by_second.get("")
                if more:
                    patterns = [*patterns, *more]
            for pattern in patterns:
                if hit := pattern.at(words, start):
                    found.append(hit)
        return found


def _seconds(places: Sequence[Place]) -> set[str]:
    """The words that these places may begin with, as far as one has to come; empty text where none has to."""
    words: set[str] = set()
    for place in places:
        words |= {*place.rows, *(row[0] for row in place.open)}
        if not place.optional:
            return words
    return words | {""}
