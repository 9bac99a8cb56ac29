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
from itertools import chain, product
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
    plain = tuple(_TOKEN.findall(fold(text)))
    written = plain if text.isascii() else tuple(_written(text))
    watch, everyday = _watch()
    found = [*watch.plain.find(plain), *watch.exact.find(written)]
    if not found:
        return None
    cleared = [*everyday.plain.find(plain), *everyday.exact.find(written)]
    told = [
        hit for hit in found if not any(c.start <= hit.start and hit.shortest <= c.longest for c in cleared)
    ]
    # "Il menace de me tuer": what is said of the other person holds what would be said of oneself.
    widest = [hit for hit in told if not any(hit.inside(other) for other in told)]
    dangers = [Danger(hit.kind, hit.language) for hit in widest if hit.kind]
    return min(dangers, key=lambda one: (KINDS.index(one.kind), one.language != language), default=None)


# A word, or one character of a script that is written without spaces; so is Korean here, where endings are run on.
_RUN_ON = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_TOKEN = re.compile(f"[{_RUN_ON}]|[^\\s{_RUN_ON}]+")


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

    def inside(self, other: _Hit) -> bool:
        return (other.start, other.longest) != (self.start, self.longest) and (
            other.start <= self.start and self.longest <= other.longest
        )


class _Place:
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


@dataclass(frozen=True, slots=True)
class _Pattern:
    kind: Kind | None
    language: str
    places: tuple[_Place, ...]

    def at(self, words: tuple[str, ...], start: int) -> _Hit | None:
        ends = [start]
        for place in self.places:
            ends = [end for begin in ends for end in place.after(words, begin)]
            if not ends:
                return None
        longest = max(ends)
        if longest == start:  # all of it may be left out
            return None
        return _Hit(self.kind, self.language, start, min(end for end in ends if end > start), longest)


class _Index:
    """Patterns by the two words they may begin with, so that most words of most messages cost one look or two."""

    def __init__(self) -> None:
        self._by_word: dict[str, dict[str, list[_Pattern]]] = {}  # the second is empty where any will do
        self._by_opening: dict[str, list[_Pattern]] = {}  # the first three letters, for "suicid*"

    def add(self, pattern: _Pattern) -> None:
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

    def find(self, words: tuple[str, ...]) -> list[_Hit]:
        found = []
        for start, word in enumerate(words):
            patterns = self._by_opening.get(word[:3], _NO_PATTERNS)
            by_second = self._by_word.get(word)
            if by_second:
                patterns = [*patterns, *by_second.get("", ())]
                if start + 1 < len(words):
                    patterns += by_second.get(words[start + 1], ())
            for pattern in patterns:
                hit = pattern.at(words, start)
                if hit:
                    found.append(hit)
        return found


_NO_PATTERNS: list[_Pattern] = []


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
    plain: _Index  # for languages in which accents do not matter
    exact: _Index  # for languages in which they do


@cache
def _watch() -> tuple[_Watch, _Watch]:
    """What to look for and what is everyday speech, of all files; read once, at the first message."""
    watch, everyday = (_Watch(_Index(), _Index()) for _ in range(2))
    for path in sorted(FOLDER.glob("*.yaml")):
        raw = load(path.read_text("utf-8"))
        exact = raw["accents"] == "count"
        for kind in (*KINDS, None):
            side = watch if kind else everyday
            index = side.exact if exact else side.plain
            for pattern in raw[kind or "not"]:
                index.add(_Pattern(kind, raw["language"], _places(pattern, exact=exact)))
    return watch, everyday


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
