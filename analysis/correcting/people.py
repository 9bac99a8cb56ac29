"""What is known, and what the coder holds probable, of each person and row: the matrices that corrections are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..codebook import Codebook
from ..findings import Voice

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Of each person (first axis) and row (second axis):

    ``chance``: how probable it is that they named it in any of their replies, by a coder that had not learned from
    those as far as that is kept. ``named``: whoever read a reply of theirs found it there. ``full``: people decided all of
    their replies; ``lot`` and ``picked``: and it is kept what a coder that had not learned from them held, and all were read
    by lot, or some for another reason. ``unsure`` (how much the coder wavers) and ``replies`` (how many they gave)
    say which people are alike.

    Of people whose replies were decided in part only the ``chance`` is used: why just those were read is not known.
    """

    place: dict[str, int]
    chance: Floats
    named: Bools
    full: Bools
    lot: Bools
    picked: Bools
    unsure: Floats
    replies: Floats


def known(voices: Sequence[Voice], codebook: Codebook, rows: Sequence[str]) -> Known:
    """Raises ValueError for chances that are not one for each of the codebook's codes."""
    place: dict[str, int] = {}
    person = np.array([place.setdefault(voice.person, len(place)) for voice in voices], np.int64)
    decided = np.array([voice.decided is not None for voice in voices], bool)
    held, drawn = np.zeros_like(decided), np.zeros_like(decided)
    for at in np.flatnonzero(decided).tolist():
        if (made := voices[at].decided) is not None:
            held[at], drawn[at] = made.held is not None, made.by_lot
    full, told, lot = (_all(flags, person, len(place)) for flags in (decided, held, held & drawn))
    silent = 1 - _chances(voices, codebook)
    chance, unsure = _together(silent, person, _under(codebook, rows))
    replies = np.bincount(person, minlength=len(place)).astype(np.float32)
    named = _named(voices, codebook, rows, place)
    return Known(place, chance, named, full, lot, told & ~lot, unsure, replies)


def _all(flags: Bools, person: NDArray[np.int64], people: int) -> Bools:
    """Of which people every reply has the flag."""
    every = np.ones(people, bool)
    every[person[~flags]] = False
    return every


def _chances(voices: Sequence[Voice], codebook: Codebook) -> Floats:
    """What the coder held of each reply, shape (replies, codes)."""
    codes = {code: at for at, code in enumerate(codebook.codes)}
    found: list[Floats] = []
    for voice in voices:
        chances = voice.chances
        if voice.decided is not None and voice.decided.held is not None:
            chances = voice.decided.held
        if chances is None:
            # Coded before chances were kept: what it gave is all that is known of what it held.
            chances = np.zeros(len(codes), np.float32)
            for code, chance in voice.themes.items():
                if code in codes:
                    chances[codes[code]] = chance
        elif len(chances) != len(codes):
            raise ValueError(
                f"a reply has {len(chances)} chances where codebook {codebook.id} {codebook.version} has {len(codes)} "
                "codes: code it again with this version"
            )
        found.append(chances)
    table = np.concatenate(found, dtype=np.float32).reshape(len(found), len(codes))
    if not np.isfinite(table).all():
        raise ValueError("the chances of a reply are no numbers: code it again")
    return np.clip(table, 0, 1, out=table)


def _under(codebook: Codebook, rows: Sequence[str]) -> list[list[int]]:
    """For each row the places of the codes that count for it: its own, or those under it."""
    return [
        [at for at, code in enumerate(codebook.codes) if row in (code, codebook.top(code))] for row in rows
    ]


def _together(
    silent: Floats, person: NDArray[np.int64], under: Sequence[Sequence[int]]
) -> tuple[Floats, Floats]:
    """A person has named a row unless every reply is silent on every code of it; and how unsure all that is."""
    often = np.bincount(person)
    several = np.flatnonzero(often[person] > 1)
    every = np.empty((len(often), silent.shape[1]), np.float32)
    every[person] = silent
    if len(several):
        order = several[np.argsort(person[several], kind="stable")]
        starts = np.flatnonzero(np.diff(person[order], prepend=-1))
        every[person[order[starts]]] = np.multiply.reduceat(silent[order], starts, axis=0)
    chance = np.empty((len(every), len(under)), np.float32)
    for at, codes in enumerate(under):
        chance[:, at] = 1 - (every[:, codes[0]] if len(codes) == 1 else every[:, codes].prod(axis=1))
    return chance, (every * (1 - every)).sum(axis=1)


def _named(voices: Sequence[Voice], codebook: Codebook, rows: Sequence[str], place: dict[str, int]) -> Bools:
    columns = {row: at for at, row in enumerate(rows)}
    named = np.zeros((len(place), len(rows)), bool)
    for voice in voices:
        for code in voice.decided.themes if voice.decided is not None else ():
            # A theme that the codebook has no more counts for no row.
            for row in (code, codebook.top(code)) if code in codebook else ():
                if row in columns:
                    named[place[voice.person], columns[row]] = True
    return named
