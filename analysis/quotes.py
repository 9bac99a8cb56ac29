"""Picks the words to show for each theme: typical ones, in several languages, each person once, redacted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop
from typing import Protocol

from .codebook import Codebook
from .redact import redact

SURE = 0.4
"""A quote must be surely about its theme: less probable codings count, but are not shown as typical."""
SHORT, LONG = 20, 240
"""Letters of a reply that says something by itself and can still be read at a glance."""
LOOKED_AT = 6
"""So many times the quotes that are wanted are looked at for names and numbers, in each language: it takes time."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What one person said, redacted; its English where there is one, and where that came from; and their school
    where it may be named (``{"school": ...}`` or nothing: a quote names no other group).
    """

    original: str
    language: str
    english: str | None
    english_origin: str | None
    groups: Mapping[str, str]


class Spoken(Protocol):
    """What a quote is made of (summary.Voice)."""

    @property
    def person(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def original(self) -> str: ...
    @property
    def english(self) -> str | None: ...
    @property
    def english_origin(self) -> str | None: ...
    @property
    def themes(self) -> Mapping[str, float]: ...
    @property
    def names(self) -> Collection[str]: ...


Placed = tuple[Spoken, Mapping[str, str]]
"""Somebody who may be quoted, and which of their groups may be named beside it."""


def pick(
    about: Mapping[str, Iterable[Sequence[Placed]]],
    tops: Iterable[str],
    codebook: Codebook,
    number: int,
    names: Collection[str] = (),
) -> dict[str, tuple[Quote, ...]]:
    """Up to ``number`` quotes for each top theme. The same voices give the same quotes.

    ``about`` are the voices whose surest theme it is, those of each language apart. Typical first: surely of the theme and
    of few others, of a readable length, with nothing taken out. Then by turns of language, so that the largest does not
    speak for all. Nobody is quoted twice, nor the same words.
    """
    used: set[str] = set()
    said: set[str] = set()
    chosen: dict[str, tuple[Quote, ...]] = {}
    for top in tops:
        quotes: list[Quote] = []
        turns = _by_turns([_typical(of, top, codebook, number) for of in about.get(top, ())])
        for voice, groups in turns if number else ():
            words = " ".join(voice.original.casefold().split())
            if voice.person in used or words in said:
                continue
            used.add(voice.person)
            said.add(words)
            quotes.append(_quote(voice, groups, names))
            if len(quotes) == number:
                break
        chosen[top] = tuple(quotes)
    return chosen


Order = tuple[bool, int, float, int, str]


def _typical(
    of: Sequence[Placed], top: str, codebook: Codebook, number: int
) -> Iterator[tuple[Order, Placed]]:
    """The voices in one language, typical ones first: always some at a time, of which those come first that have nothing to
    be taken out."""
    once = {" ".join(voice.original.casefold().split()): n for n, (voice, _) in reversed([*enumerate(of)])}
    waiting = [(_plainly(of[n][0], top, codebook), n) for n in once.values()]
    heapify(waiting)
    while waiting:
        looked: list[tuple[Order, Placed]] = []
        clean = 0
        while waiting and clean < number and len(looked) < LOOKED_AT * number:
            (odd, score, length, words), n = heappop(waiting)
            private = min(redact(words, of[n][0].language).count, 2)
            clean += not private
            looked.append(((odd, private, score, length, words), of[n]))
        yield from sorted(looked, key=lambda entry: entry[0])


def _plainly(voice: Spoken, top: str, codebook: Codebook) -> tuple[bool, float, int, str]:
    """Sorts typical voices first, as far as it can be told without looking for what must be taken out."""
    tops = [codebook.top(code) for code in voice.themes]
    sure = max(chance for over, chance in zip(tops, voice.themes.values(), strict=True) if over == top)
    words = voice.original
    readable = SHORT <= len(words) <= LONG or (len(words) >= 6 and not words.isascii())
    return (not readable, -sure + 0.1 * sum(over != top for over in tops), len(words), words)


def _by_turns(languages: Iterable[Iterator[tuple[Order, Placed]]]) -> Iterator[Placed]:
    """One of each language, then a second of each; within a turn the most typical first."""
    left = list(languages)
    while left:
        turn = [(entry, typical) for typical in left if (entry := next(typical, None)) is not None]
        for (_, placed), _ in sorted(turn, key=lambda one: one[0][0]):
            yield placed
        left = [typical for _, typical in turn]


def _quote(voice: Spoken, groups: Mapping[str, str], names: Collection[str]) -> Quote:
    names = (*names, *voice.names)
    return Quote(
        original=redact(voice.original, voice.language, names).text,
        language=voice.language,
        english=redact(voice.english, "en", names).text if voice.english is not None else None,
        english_origin=voice.english_origin,
        groups=dict(groups),
    )
