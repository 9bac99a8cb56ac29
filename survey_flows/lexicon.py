"""The everyday words of each language that answers and commands are made of: one YAML file a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from .folding import fold, light, runs_on, tokens

FOLDER = Path(__file__).parent / "languages"
# The base loader leaves every scalar a string: in YAML 1.1 a bare "no" or "y" would become a truth value.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Numbers = Mapping[int, tuple[str, ...]]
Words = tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """One language's words as they stand in its file; languages/en.yaml explains each list."""

    language: str
    names: Words = ()
    numbers: Numbers = field(default_factory=dict)
    counted: Numbers = field(default_factory=dict)
    ordinals: Numbers = field(default_factory=dict)
    yes: Words = ()
    no: Words = ()
    own_yes: Words = ()
    own_no: Words = ()
    no_thanks: Words = ()
    none: Words = ()
    every: Words = ()
    joining: Words = ()
    negations: Words = ()
    articles: Words = ()
    filler: Words = ()
    about: Words = ()
    polite: Words = ()
    stop: Words = ()
    stop_sentence: Words = ()
    stop_as_written: Words = ()
    stop_capitals: Words = ()
    not_stop: Words = ()
    start: Words = ()
    start_as_written: Words = ()
    help: Words = ()
    help_as_written: Words = ()
    ask_language: Words = ()
    skip: Words = ()
    back: Words = ()
    dont_know: Words = ()
    meant: Words = ()
    person: Words = ()
    join: Words = ()
    ok: Words = ()


def read(text: str) -> Lexicon:
    """A language file's text as a Lexicon. Raises TypeError for a list that no Lexicon has."""
    raw: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 - it builds strings only
    rows = {key: _words(value) for key, value in raw.items() if key != "language"}
    return Lexicon(language=raw["language"], **rows)


def _words(value: Any) -> Any:
    if isinstance(value, dict):
        return {int(number): tuple(words) for number, words in value.items()}
    return tuple(value)


LEXICONS: Mapping[str, Lexicon] = {
    lexicon.language: lexicon
    for lexicon in (read(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml")))
}
"""Language tag to words. A survey may be in other languages too: they then do without number words and yes/no."""

_POLITE = {tuple(light(phrase).split()) for lexicon in LEXICONS.values() for phrase in lexicon.polite}
_POLITE_FOLDED = {  # not the shortest: "hợ" is no Tagalog "ho"
    tuple(fold(phrase).split())
    for lexicon in LEXICONS.values()
    for phrase in lexicon.polite
    if len(fold(phrase)) > 2
}
POLITE_STARTS = frozenset(fold(phrase[0]) for phrase in _POLITE | _POLITE_FOLDED)
POLITE_ENDS = frozenset(fold(phrase[-1]) for phrase in _POLITE | _POLITE_FOLDED)
"""The last words of what is said for politeness, folded."""
POLITE_RUN_ON = tuple(
    sorted({fold(p) for x in LEXICONS.values() for p in x.polite if runs_on(p)}, key=len, reverse=True)
)
"""Politeness in scripts that are written without spaces, folded, the longest first."""


def may_be_polite(plain: Iterable[str]) -> bool:
    """Whether any of these words, folded, begins what is said for politeness."""
    return not POLITE_STARTS.isdisjoint(plain)


def bare(words: Sequence[str]) -> list[str]:
    """The words (accents kept) without "please", "gracias", "xin vui lòng" in any language.

    >>> bare(["stop", "please"]), bare(["a", "stop"]), bare(["s", "il", "stop"])
    (['stop'], ['a', 'stop'], ['s', 'il', 'stop'])
    """
    plain = fold(" ".join(words)).split()
    if len(plain) != len(words):
        plain = list(map(fold, words))
    if not may_be_polite(plain):
        return list(words)
    kept: list[str] = []
    at = 0
    while at < len(words):
        for length in (3, 2, 1):
            run = tuple(words[at : at + length])
            if len(run) == length and (run in _POLITE or tuple(plain[at : at + length]) in _POLITE_FOLDED):
                at += length
                break
        else:
            kept.append(words[at])
            at += 1
    return kept


class Ear:
    """The words of several languages at once, folded and laid out for looking up.

    A word of the person's own language is heard with or without its accents; a word of another language only as it
    is written there. So "bon" is Vietnamese for four (bốn) from a Vietnamese speaker, and nothing from a French one.
    """

    def __init__(self, languages: Iterable[str]) -> None:
        known = [LEXICONS[language] for language in languages if language in LEXICONS]
        self.numbers = _Table((x.language, n, w) for x in known for n, ws in x.numbers.items() for w in ws)
        self.ordinals = _Table((x.language, n, w) for x in known for n, ws in x.ordinals.items() for w in ws)
        self.counted = _Table((x.language, n, w) for x in known for n, ws in x.counted.items() for w in ws)
        self.yesno = _Table(
            [(x.language, True, w) for x in known for w in x.yes]
            + [(x.language, False, w) for x in known for w in x.no],
            own=[(x.language, True, w) for x in known for w in x.own_yes]
            + [(x.language, False, w) for x in known for w in x.own_no],
            foreign=1,
        )
        self.none = _folded(known, "none")
        self.every = _folded(known, "every")
        self.joining = _folded(known, "joining")
        self.negations = _folded(known, "negations")
        self.articles = _folded(known, "articles")
        self.filler = _folded(known, "filler")
        self.about = _folded(known, "about") | self.filler
        self.between = self.joining | self.filler
        self._bound = _by_letter(
            sorted({word for word in self._all_words() if runs_on(word)}, key=len, reverse=True)
        )

    def _all_words(self) -> frozenset[str]:
        plain = self.none | self.joining | self.about | _folded(LEXICONS.values(), "polite")
        return plain | self.numbers.plain() | self.ordinals.plain() | self.counted.plain()

    def split(self, text: str, more: Iterable[str] = ()) -> list[str]:
        """The words of a reply, accents kept; words written without spaces ("三天", "第二个") come apart if known."""
        found: list[str] = []
        units = _by_letter(more)
        for token in tokens(light(text)):
            found += (_segments(token, units, self._bound) if runs_on(token) else None) or [token]
        return bare(found)


class _Table:
    """A word to its value, by language; words of other languages count from ``foreign`` letters on."""

    def __init__(
        self, rows: Iterable[tuple[str, int, str]], own: Iterable[tuple[str, int, str]] = (), foreign: int = 3
    ) -> None:
        self._own: dict[str, dict[str, int]] = {}
        self._any: dict[str, set[tuple[int, str]]] = {}
        for language, value, word in rows:
            self._own.setdefault(language, {})[fold(word)] = value
            if len(word) >= foreign or runs_on(word):
                self._any.setdefault(light(word), set()).add((value, language))
        for language, value, word in own:
            self._own.setdefault(language, {})[fold(word)] = value

    def plain(self) -> set[str]:
        return {word for words in self._own.values() for word in words}

    def look_up(self, word: str, language: str) -> tuple[int, str | None] | None:
        """The value of a word (accents kept) and the language it betrays, when it betrays one."""
        own = self._own.get(language, {}).get(fold(word))
        heard = self._any.get(light(word), set())
        values = {value for value, _ in heard} if own is None else {own}
        if len(values) != 1:
            return None
        spoken = {language} if own is not None else {tongue for _, tongue in heard}
        return values.pop(), spoken.pop() if own is None and len(spoken) == 1 else None


def _folded(known: Iterable[Lexicon], row: str) -> frozenset[str]:
    return frozenset(fold(word) for lexicon in known for word in getattr(lexicon, row)) - {""}


def _by_letter(words: Iterable[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        if word:
            found.setdefault(word[0], []).append(word)
    return found


def _segments(token: str, *known: Mapping[str, Sequence[str]]) -> list[str] | None:
    """The token as a row of known words, the first that fits at each place; None when it is not one.

    >>> _segments("三天", _by_letter(["天", "三"])), _segments("三月", _by_letter(["天", "三"]))
    (['三', '天'], None)
    """
    # From its end, so that each place is looked at once: a row of 십일 has more readings than there is time to try.
    ends, fits = {len(token)}, dict[int, str]()
    for at in range(len(token) - 1, -1, -1):
        for word in (word for by_letter in known for word in by_letter.get(token[at], ())):
            if at + len(word) in ends and token.startswith(word, at):
                fits[at] = word
                ends.add(at)
                break
    if 0 not in ends:
        return None
    row, at = [], 0
    while at < len(token):
        row.append(fits[at])
        at += len(fits[at])
    return row


@lru_cache(maxsize=64)
def ear(languages: tuple[str, ...]) -> Ear:
    """One Ear for each set of languages."""
    return Ear(languages)
