"""Plays the attacker who has every number that is shown: how far could each hidden one be from the truth?

The people of a table are put together by all that tells them apart: their value in every dimension, and in which
earlier states of the survey they were heard. How many of each such lot did the thing that is counted, and how many did
not, are unknown to the attacker; every shown number is a sum over lots. Other people than the true ones fit the shown
numbers as well, and a linear programme finds such that make the hidden numbers as large, or as small, as they can be
(Fischetti and Salazar, *Management Science* 47, 2001, call this the attacker's problem). It is what conceal.py does for
one dimension by moving people round a circle, for any number of tables at once.

We let lots change only where there is somebody, so what we find is never more than what an attacker has to reckon with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .counting import Numbers, Truths
from .suppress import SPREAD

LOTS = 1000
"""So many lots at most are let change at once: those in the fewest shown cells. Fewer only make us more careful."""
TOGETHER = 12
"""How often the hidden numbers are raised together, as many as can be at once, before each is tried by itself."""
ENOUGH = 8
"""When so many are found to be told, there is reason enough to hide more and look again."""

Sums = NDArray[np.bool_]
"""A row for each number, a column for each lot: whether the number counts it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the attacker has of one table. ``did`` and ``did_not`` are people of each lot. ``counts`` are the shown numbers of
    who did, ``bases`` those of all, and ``roofs`` numbers that all of a cell are not above, each with the ``room`` left.
    """

    did: Numbers
    did_not: Numbers
    counts: Sums
    bases: Sums
    roofs: Sums
    room: Numbers


class Verdict(NamedTuple):
    """Which of the hidden numbers are safe, and which are told; of the others nothing was found out, for there were told
    ones enough."""

    safe: Truths
    told: Truths


def look(facts: Facts, hidden: Sums, spread: int = SPREAD) -> Verdict:
    """Whether each of the hidden numbers of ``did`` could have ``spread`` and one values that fit all the facts."""
    safe = _by_swapping(facts, hidden) >= spread
    told = np.zeros(len(hidden), dtype=bool)
    if not safe.all():
        left = ~safe
        safe[left], told[left] = _by_programme(facts, hidden[left], spread)
    return Verdict(safe, told)


def _by_swapping(facts: Facts, hidden: Sums) -> Numbers:
    """How far each number can be moved by people alone whom no shown number tells apart.

    Of lots that are in the same shown counts, one who did and one who did not can change places. Of lots that are in the
    same shown numbers of every kind, people can be of another lot altogether.
    """
    widths = []
    for same, whole in (
        (facts.counts, False),
        (np.concatenate([facts.counts, facts.bases, facts.roofs]), True),
    ):
        kinds, kind = np.unique(np.packbits(same, axis=0), axis=1, return_inverse=True)
        of = np.zeros((len(kind.reshape(-1)), kinds.shape[1]), np.float32)
        of[np.arange(len(of)), kind.reshape(-1)] = 1
        rows = hidden.astype(np.float32)
        inside, inside_not = (rows @ (of * who[:, None]) for who in (facts.did, facts.did_not))
        lots = rows @ of
        outside, outside_not = facts.did @ of - inside, facts.did_not @ of - inside_not
        if whole:  # whoever did comes from elsewhere, or goes there
            width = np.where(lots > 0, outside, 0) + np.where(lots < of.sum(axis=0), inside, 0)
        else:
            width = np.minimum(inside_not, outside) + np.minimum(inside, outside_not)
        widths.append(width.sum(axis=1))
    return np.asarray(np.maximum(*widths)).astype(np.int64)


def _by_programme(facts: Facts, hidden: Sums, spread: int) -> Verdict:
    shown = facts.counts.sum(axis=0)
    order = np.lexsort((-np.minimum(facts.did, spread) - np.minimum(facts.did_not, spread), shown))[:LOTS]
    world = _World(facts, hidden, np.sort(order), spread)
    low, high = np.zeros(len(hidden)), np.zeros(len(hidden))
    told = np.zeros(len(hidden), dtype=bool)

    def left() -> Numbers:
        return np.nonzero((high - low < spread - 1e-6) & ~told)[0]

    def push(chosen: Numbers, weights: NDArray[np.float64]) -> None:
        moved = world.moved(chosen, weights)
        np.minimum(low, moved, out=low)
        np.maximum(high, moved, out=high)

    chance = np.random.default_rng(len(hidden))
    for _ in range(TOGETHER):
        before = left()
        if len(before) < 2:
            break
        push(before, 0.5 + chance.random(len(before)))
        if len(before) - len(left()) < max(1, len(before) // 20):
            break
    while len(rest := left()) and told.sum() < ENOUGH:
        one = rest[:1]
        push(one, np.ones(1))
        if one[0] in left():
            push(one, -np.ones(1))
        told[one[0]] = one[0] in left()
    return Verdict(high - low >= spread - 1e-6, told)


class _World:
    """The linear programme: how the lots may change (first who did, then who did not) without changing what is shown."""

    def __init__(self, facts: Facts, hidden: Sums, lots: Numbers, spread: int) -> None:
        # Costs 40 MB and most of a second, and only crossings and earlier states need it.
        from scipy.sparse import csr_matrix, hstack, vstack

        self._spread = float(spread)
        self._stack, self._beside, self._sparse = vstack, hstack, csr_matrix
        counts, bases, roofs, targets = (
            csr_matrix(rows[:, lots].astype(np.float64))
            for rows in (facts.counts, facts.bases, facts.roofs, hidden)
        )
        none = csr_matrix(counts.shape)
        self._same = vstack([hstack([counts, none]), hstack([bases, bases])], format="csr")
        self._same = self._same[np.diff(self._same.indptr) > 0]
        self._under, self._room = hstack([roofs, roofs], format="csr"), facts.room.astype(np.float64)
        self._targets = hstack([targets, csr_matrix(targets.shape)], format="csr")
        self._least = -np.concatenate([facts.did[lots], facts.did_not[lots]]).astype(np.float64)

    def moved(self, chosen: Numbers, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far each hidden number goes when the ``chosen`` are pushed up (or down, where the weight is negative), each as
        far as the spread."""
        from scipy.optimize import linprog

        lots, pushed = len(self._least), len(chosen)
        # What each chosen number gains, at most the spread, so that no large one takes all the room.
        ways = np.sign(weights)[:, None]
        gains = self._beside([-self._targets[chosen].multiply(ways), self._sparse(np.eye(pushed))])
        under = self._beside([self._under, self._sparse((self._under.shape[0], pushed))])
        same = self._beside([self._same, self._sparse((self._same.shape[0], pushed))], format="csr")
        bounds = np.empty((lots + pushed, 2))
        bounds[:lots, 0], bounds[:lots, 1] = self._least, np.inf
        bounds[lots:, 0], bounds[lots:, 1] = -np.inf, self._spread
        found: Any = linprog(
            np.concatenate([np.zeros(lots), -np.abs(weights)]),
            A_ub=self._stack([gains, under], format="csr"),
            b_ub=np.concatenate([np.zeros(pushed), self._room]),
            A_eq=same if same.shape[0] else None,
            b_eq=np.zeros(same.shape[0]) if same.shape[0] else None,
            bounds=bounds,
            method="highs",
        )
        if found.x is None:  # of no help: nothing is shown to be safe
            return np.zeros(self._targets.shape[0])
        return np.asarray(self._targets @ found.x[:lots])
