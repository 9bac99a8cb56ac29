"""Picks the words to show for each theme: typical ones, in several languages, each person once, redacted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from .codebook import Codebook
from .redact import redact

SURE = 0.4
"""A quote must be surely about its theme: less probable codings count, but are not shown as typical."""
SHORT, LONG = 20, 240
"""Letters of a reply that says something by itself and can still be read at a glance."""


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
    def groups(self) -> Mapping[str, str]: ...


def pick(
    voices: Sequence[Spoken],
    tops: Iterable[str],
    codebook: Codebook,
    number: int,
    names: Collection[str] = (),
) -> dict[str, tuple[Quote, ...]]:
    """Up to ``number`` quotes for each top theme. The same voices give the same quotes.

    Only voices whose surest theme it is. Typical first: surely of the theme and of few others, of a readable length,
    with nothing taken out. Then by turns of language, so that the largest does not speak for all. Nobody is quoted twice, nor the same words.
    """
    used: set[str] = set()
    said: set[str] = set()
    chosen: dict[str, tuple[Quote, ...]] = {}
    for top in tops:
        about = [voice for voice in voices if _foremost(voice, codebook) == top]
        about.sort(key=lambda voice: _typical(voice, top, codebook))
        quotes: list[Quote] = []
        for voice in _by_turns(about):
            if len(quotes) == number:
                break
            words = " ".join(voice.original.casefold().split())
            if voice.person in used or words in said:
                continue
            used.add(voice.person)
            said.add(words)
            quotes.append(_quote(voice, names))
        chosen[top] = tuple(quotes)
    return chosen


def _foremost(voice: Spoken, codebook: Codebook) -> str | None:
    """The top theme of the surest barrier in it; None when none is sure."""
    barriers = {code: chance for code, chance in voice.themes.items() if codebook[code].kind == "barrier"}
    surest = max(barriers, key=lambda code: barriers[code], default=None)
    return codebook.top(surest) if surest is not None and barriers[surest] >= SURE else None


def _typical(voice: Spoken, top: str, codebook: Codebook) -> tuple[bool, int, float, int, str]:
    """Sorts typical voices first."""
    sure = max(chance for code, chance in voice.themes.items() if codebook.top(code) == top)
    others = sum(codebook.top(code) != top for code in voice.themes)
    readable = SHORT <= len(voice.original) <= LONG or (
        len(voice.original) >= 6 and not voice.original.isascii()
    )
    private = redact(voice.original, voice.language).count
    return (not readable, min(private, 2), -sure + 0.1 * others, len(voice.original), voice.original)


def _by_turns(voices: Sequence[Spoken]) -> list[Spoken]:
    """One of each language, then a second of each; within a turn the most typical first."""
    turn: dict[str, int] = {}
    turns: list[tuple[int, int, Spoken]] = []
    for place, voice in enumerate(voices):
        turn[voice.language] = turn.get(voice.language, -1) + 1
        turns.append((turn[voice.language], place, voice))
    return [voice for *_, voice in sorted(turns, key=lambda entry: entry[:2])]


def _quote(voice: Spoken, names: Collection[str]) -> Quote:
    return Quote(
        original=redact(voice.original, voice.language, names).text,
        language=voice.language,
        english=redact(voice.english, "en", names).text if voice.english is not None else None,
        english_origin=voice.english_origin,
        groups=dict(voice.groups),
    )
