"""Other languages in one reply: people mix them, and what they say in the second one is as much theirs.

Careful rather than complete: a borrowed word is no second language, and a name is none at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from .scripts import base, script, written_in
from .weighing import LATIN, listed_as, table, weigh
from .words import Figures

_STRONG = 1.0
"""How far a word leans to the second language that counts as its own,"""
_TOGETHER = 7.0
"""and how far words that stand together do."""
_UTTERLY = 6.4
"""How far a single word does: as far as a word can."""
_AT_LEAST = 2
_KIN = frozenset({"es", "pt", "fr", "ht"})
_AT_LEAST_OF_KIN = 3
"""Spanish words look Portuguese, and Creole ones French: it takes more of them to tell."""
_ALONE = 7
"""Letters of a word that may speak for a language by itself: "daycare" among Creole words."""
_HAN = ("Han", "Kana", "Hangul")


def others(said: Sequence[str], language: str, among: tuple[str, ...], main: str) -> tuple[str, ...]:
    """The languages of ``among`` that are clearly present beside ``language``, whose script is ``main``.

    ``said`` are the words one by one.
    """
    if len(said) < _AT_LEAST:
        return ()
    found = [*_beside(said, language, among, main), *_in_other_scripts(said, among, main)]
    return tuple(dict.fromkeys(tag for tag in found if base(tag) != base(language)))


def _beside(said: Sequence[str], language: str, among: tuple[str, ...], main: str) -> Iterator[str]:
    """Languages of the same script, by words that stand together or one that nobody else has."""
    lists = table(main)
    own = lists.column.get(listed_as(language, main)) if lists else None
    if lists is None or own is None:
        return
    heard = [lists.row(piece) for piece in said]
    doubts = [row[own] for row in heard if row[own] <= -_STRONG]
    if len(doubts) < _AT_LEAST and (not doubts or doubts[0] > -_UTTERLY):
        return
    rows = np.array(heard)
    against = -rows[:, own]
    names = _rivals(among, language, main)
    places = [lists.column[listed_as(name, main)] for name in names]
    leaning = rows[:, places] + against[:, None]
    best = rows[:, places] > rows[:, [*places, own]].max(axis=1, keepdims=True) - 1e-6
    likely = (best & (leaning >= _STRONG)).sum(axis=0) >= _AT_LEAST
    likely |= (best & (leaning >= _UTTERLY)).any(axis=0)
    if not likely.any():
        return
    listed = [lists.listed(piece) for piece in said]
    for at in np.flatnonzero(likely):
        strong = np.array([has is not None and has[places[at]] > 0 and not has[own] for has in listed]) & (
            best[:, at] & (leaning[:, at] >= _STRONG)
        )
        kin = {names[at], base(language)} <= _KIN
        if _together(leaning[:, at], strong, _AT_LEAST_OF_KIN if kin else _AT_LEAST) or (
            not kin and _alone(said, leaning[:, at], strong, listed)
        ):
            yield names[at]


@lru_cache(maxsize=64)
def _rivals(among: tuple[str, ...], language: str, main: str) -> tuple[str, ...]:
    """Those of ``among`` whose own script this is, and that we have a list of."""
    lists = table(main)
    return tuple(
        name
        for name in among
        if base(name) != base(language)
        and lists is not None
        and (tag := listed_as(name, main)) in lists.column
        and not tag.endswith("-Latn")
    )


def _together(leaning: Figures, strong: NDArray[np.bool_], needed: int) -> bool:
    for leans, places in groupby(range(len(leaning)), key=lambda at: leaning[at] >= 0):
        run = list(places)
        if leans and strong[run].sum() >= needed and leaning[run].sum() >= _TOGETHER:
            return True
    return False


def _alone(
    said: Sequence[str],
    leaning: Figures,
    strong: NDArray[np.bool_],
    listed: Sequence[Figures | None],
) -> bool:
    return any(
        bool(strong[at])
        and len(piece) >= _ALONE
        and leaning[at] >= _UTTERLY
        and (has := listed[at]) is not None
        and (has[: len(LATIN)] > 0).sum() == 1
        for at, piece in enumerate(said)
    )


def _in_other_scripts(said: Sequence[str], among: tuple[str, ...], main: str) -> Iterator[str]:
    """Languages of another script: two words of it, or two characters where a character is a word."""
    if main == "Latin" and "".join(said).isascii():
        return
    by_script: dict[str, list[str]] = {}
    for piece in said:
        for name, letters in groupby(piece, key=script):
            by_script.setdefault(name, []).append("".join(letters))
    for name, words in by_script.items():
        much = sum(map(len, words)) if name in _HAN else len(words)
        possible = written_in(name, among, frozenset())
        if name == main or much < _AT_LEAST or not possible:
            continue
        if name != "Latin" and len({base(tag) for tag in possible}) == 1:
            yield possible[0]
        elif table(name) is not None:
            evidence = weigh(words, " ".join(words), name, possible, None)
            first, *rest = sorted(evidence.items(), key=lambda pair: -pair[1])
            if not rest or first[1] - rest[0][1] >= _TOGETHER / 2:
                yield first[0]
