"""Words that ask for a person to look: somebody may harm themselves, is being hurt, or threatens others.

Every language is looked for in every message, because people change languages in distress. This is a smoke alarm, not
a judgement: it would rather ring in vain. A negation does not cancel ("I don't want to kill myself"): a person should
read that too. What cannot be meant so ("suicide prevention", "me muero de risa") is listed with the words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Literal

import yaml

from .folding import fold
from .utterances import expand

FOLDER = Path(__file__).parent / "danger"
# The base loader leaves every scalar a string: in YAML 1.1 a bare "no" would become a truth value.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Kind = Literal["self_harm", "harm", "violence"]
KINDS: tuple[Kind, ...] = ("self_harm", "harm", "violence")
"""What a message may tell of, the most urgent first: where it tells of more than one, that one is given."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What somebody seems to tell of, and the language that the words are in."""

    kind: Kind
    language: str


def read(text: str, language: str | None = None) -> Danger | None:
    """What a message tells of, or None. ``language`` is the person's, where known: it is named first if two fit.

    >>> read("the bus is late and i want to die"), read("este bus me mata"), read("no quiero matarme")
    (Danger(kind='self_harm', language='en'), None, Danger(kind='self_harm', language='es'))
    """
    plain = _TOKEN.findall(fold(text))
    written = plain if text.isascii() else _written(text)
    watch = _watch()
    found = [*watch.plain.find(plain), *watch.exact.find(written)]
    if not found:
        return None
    cleared = [(hit.start, hit.longest) for hit in found if hit.kind is None]
    dangers = [
        Danger(hit.kind, hit.language)
        for hit in found
        if hit.kind and not any(start <= hit.start and hit.shortest <= end for start, end in cleared)
    ]
    return min(dangers, key=lambda one: (KINDS.index(one.kind), one.language != language), default=None)


# A word, or one character of a script that is written without spaces.
_TOKEN = re.compile("[\u3040-\u30ff\u3400-\u9fff]|[^\\s\u3040-\u30ff\u3400-\u9fff]+")


class _Spaced(dict[int, str]):
    """What becomes of each character where accents and vowel signs count; filled as characters turn up."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        category = unicodedata.category(char)
        self[point] = "" if char in _DROPPED or category == "Cf" else " " if category[0] in "PSZC" else char
        return self[point]


_DROPPED = frozenset("'’‘ʼ`´ʻـ")  # as in folding: apostrophes join
_SPACED = _Spaced()


def _written(text: str) -> list[str]:
    """The words with their accents and vowel signs."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text).casefold().translate(_SPACED))


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: Kind | None  # none: everyday speech
    language: str
    start: int
    shortest: int
    longest: int


class _Place:
    """One place of a pattern: the rows of words that may stand there, by their first word."""

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self.rows: dict[str, list[tuple[str, ...]]] = {}
        self.open: list[tuple[str, ...]] = []  # the first word may have any ending
        self.optional = False
        for row in dict.fromkeys(rows):
            if not row:
                self.optional = True
            elif row[0].endswith("*"):
                self.open.append(row)
            else:
                self.rows.setdefault(row[0], []).append(row)

    def ends(self, words: Sequence[str], at: int) -> Iterator[int]:
        """Where the next place may begin, if this one begins at ``at``."""
        if self.optional:
            yield at
        if at < len(words):
            for row in (*self.rows.get(words[at], ()), *self.open):
                end = at + len(row)
                if end <= len(words) and all(map(_same, row, words[at:end])):
                    yield end


def _same(known: str, word: str) -> bool:
    return word.startswith(known[:-1]) if known[-1] == "*" else word == known


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: Kind | None
    language: str
    places: tuple[_Place, ...]

    def at(self, words: Sequence[str], start: int) -> _Hit | None:
        ends = {start}
        for place in self.places:
            ends = {end for begin in ends for end in place.ends(words, begin)}
        ends.discard(start)
        return _Hit(self.kind, self.language, start, min(ends), max(ends)) if ends else None


class _Index:
    """Patterns by the two words they may begin with, so that most words of most messages cost two looks."""

    def __init__(self) -> None:
        self._by_word: dict[str, dict[str, list[_Pattern]]] = {}  # the second is empty where any will do
        self._by_opening: dict[str, list[_Pattern]] = {}  # the first three letters, for "suicid*"

    def add(self, pattern: _Pattern) -> None:
        for number, place in enumerate(pattern.places):
            after = _seconds(pattern.places[number + 1 :])
            for word, rows in place.rows.items():
                seconds = {row[1] for row in rows if len(row) > 1} | (
                    after if any(len(row) == 1 for row in rows) else set()
                )
                if any(second.endswith("*") for second in seconds):
                    seconds = {""}
                for second in seconds:
                    self._by_word.setdefault(word, {}).setdefault(second, []).append(pattern)
            for opening in {row[0][:3] for row in place.open}:
                self._by_opening.setdefault(opening, []).append(pattern)
            if not place.optional:
                return

    def find(self, words: Sequence[str]) -> list[_Hit]:
        found = []
        for start, (word, second) in enumerate(zip(words, (*words[1:], ""), strict=True)):
            patterns = [*self._by_opening.get(word[:3], ())]
            by_second = self._by_word.get(word)
            if by_second:
                patterns += by_second.get("", ())
                patterns += by_second.get(second, ()) if second else ()
            for pattern in patterns:
                hit = pattern.at(words, start)
                if hit:
                    found.append(hit)
        return found


def _seconds(places: Sequence[_Place]) -> set[str]:
    """The words that these places may begin with, as far as one has to come; empty text where none has to."""
    words: set[str] = set()
    for place in places:
        words |= {*place.rows, *(row[0] for row in place.open)}
        if not place.optional:
            return words
    return words | {""}


@dataclass(frozen=True, slots=True)
class _Watch:
    plain: _Index
    exact: _Index


@cache
def _watch() -> _Watch:
    """All files, read once, at the first message."""
    watch = _Watch(_Index(), _Index())
    for path in sorted(FOLDER.glob("*.yaml")):
        raw = load(path.read_text("utf-8"))
        index, exact = (watch.exact, True) if raw["accents"] == "count" else (watch.plain, False)
        for kind in (*KINDS, None):
            for pattern in raw[kind or "not"]:
                index.add(_Pattern(kind, raw["language"], _places(pattern, exact=exact)))
    return watch


def load(text: str) -> Mapping[str, Any]:
    """A file of this folder; danger/en.yaml explains the lists. Raises ValueError for one that is not known or missing."""
    raw: dict[str, Any] = {"accents": "do not count", **yaml.load(text, _Loader)}  # noqa: S506 - it builds strings only
    wrong = {"language", "accents", "not", *KINDS} ^ set(raw)
    if wrong or raw["accents"] not in ("count", "do not count"):
        raise ValueError(f"lists of {raw.get('language')}: {sorted(wrong) or raw['accents']}")
    return raw


_PIECE = re.compile(r"(?:\([^()]*\)|\[[^\[\]]*\]|[^\s()\[\]])+")


def _places(pattern: str, *, exact: bool) -> tuple[_Place, ...]:
    return tuple(
        _Place(row for wording in expand(piece) for row in _rows(wording, exact=exact))
        for piece in _PIECE.findall(pattern)
    )


def _rows(wording: str, *, exact: bool) -> Iterator[tuple[str, ...]]:
    """The wording as words: folded, or as written and also without accents where that leaves plain letters."""
    if not exact:
        yield _row(wording, lambda word: _TOKEN.findall(fold(word)))
        return
    as_written = _row(wording, _written)
    without = tuple(fold(word) + "*" * word.endswith("*") for word in as_written)
    # Each word by itself: people write some of them with accents and some without.
    yield from product(
        *({word, bare} if bare.isascii() else {word} for word, bare in zip(as_written, without, strict=True))
    )


def _row(wording: str, split: Callable[[str], list[str]]) -> tuple[str, ...]:
    row: list[str] = []
    for word in wording.split():
        row += split(word)
        if word.endswith("*"):
            row[-1] += "*"
    return tuple(row)
