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

LOTS, ALL_LOTS = 1000, 4000
"""So many lots at most are let change at once, those in the fewest shown cells, at first and when it is looked at thoroughly.
Fewer only make us more careful."""
TOGETHER = 12
"""How often the hidden numbers are raised together, as many as can be at once, before each is tried by itself."""
ENOUGH = 8
"""When so many are found to be told, there is reason enough to hide more and look again."""

Sums = Any
"""A sparse matrix (scipy's CSR), a row for each number, a column for each lot: 1 where the number counts it."""


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
    """Whether each of the ``hidden`` numbers of ``did`` could have ``spread`` and one values that fit all the facts.

    From what is quick to what is thorough: people who change places unseen; other people of the same lots; other lots.
    """
    left = _by_swapping(facts, hidden) < spread
    told = np.zeros(len(left), dtype=bool)
    for thorough in (False, True):
        if left.any():
            safe, found = _by_programme(facts, hidden[left], spread, thorough=thorough)
            told[left] = found
            left[left] = ~safe
    return Verdict(~left, told)


def _by_swapping(facts: Facts, hidden: Sums) -> Numbers:
    """How far each number can be moved by people alone whom no shown number tells apart.

    Of lots that are in the same shown counts, one who did and one who did not can change places. Of lots that are in the
    same shown numbers of every kind, people can be of another lot altogether.
    """
    shown = _marks(facts.counts, 1)
    kinds = np.stack([shown, _marks(facts.bases, 2), _marks(facts.roofs, 3)], axis=1)
    swapped = np.zeros(hidden.shape[0], np.int64)
    row = np.repeat(np.arange(hidden.shape[0]), np.diff(hidden.indptr))
    for whole, (_, kind) in (
        (False, np.unique(shown, return_inverse=True)),
        (True, np.unique(kinds, axis=0, return_inverse=True)),
    ):
        kind = kind.reshape(-1)
        number = int(kind.max(initial=0)) + 1
        # Each pair of a hidden number and a kind of lots that it counts some of.
        pairs, pair = np.unique(row * number + kind[hidden.indices], return_inverse=True)
        of, inside = np.divmod(pairs, number)
        did, did_not = (np.bincount(pair, who[hidden.indices]) for who in (facts.did, facts.did_not))
        lots = np.bincount(pair)
        others, others_not, other_lots = (
            np.bincount(kind, who, number)[inside] - mine
            for who, mine in ((facts.did, did), (facts.did_not, did_not), (np.ones(len(kind)), lots))
        )
        if whole:  # whoever did comes from elsewhere, or goes there
            moved = np.where(other_lots > 0, others + did, 0)
        else:
            moved = np.minimum(did_not, others) + np.minimum(did, others_not)
        swapped = np.maximum(swapped, np.bincount(of, moved, hidden.shape[0]).astype(np.int64))
    return swapped


def _marks(rows: Sums, seed: int) -> Numbers:
    """A number for each lot that is the same for lots which are in the same rows."""
    marks = np.random.default_rng(seed).integers(1, 2**62, rows.shape[0])
    return np.asarray(rows.astype(np.int64).T @ marks)


def _by_programme(facts: Facts, hidden: Sums, spread: int, *, thorough: bool) -> Verdict:
    """Raise all together until little comes of it; if ``thorough``, other lots may be heard, and each is tried by itself."""
    shown = np.asarray(facts.counts.sum(axis=0)).ravel()
    order = np.lexsort((-np.minimum(facts.did, spread) - np.minimum(facts.did_not, spread), shown))
    order = order[: ALL_LOTS if thorough else LOTS]
    world = _World(facts, hidden, np.sort(order), spread, thorough=thorough)
    low, high = np.zeros(hidden.shape[0]), np.zeros(hidden.shape[0])
    told = np.zeros(hidden.shape[0], dtype=bool)

    def left() -> Numbers:
        return np.nonzero((high - low < spread - 1e-6) & ~told)[0]

    def push(chosen: Numbers, weights: NDArray[np.float64]) -> None:
        moved = world.moved(chosen, weights)
        np.minimum(low, moved, out=low)
        np.maximum(high, moved, out=high)

    chance = np.random.default_rng(hidden.shape[0])
    for _ in range(TOGETHER):
        before = left()
        if len(before) < 2:
            break
        push(before, 0.5 + chance.random(len(before)))
        if len(before) - len(left()) < max(1, len(before) // 20):
            break
    while thorough and len(rest := left()) and told.sum() < ENOUGH:
        one = rest[:1]
        push(one, np.ones(1))
        if one[0] in left():
            push(one, -np.ones(1))
        told[one[0]] = one[0] in left()
    return Verdict(high - low >= spread - 1e-6, told)


class _World:
    """The linear programme: how the lots may change without changing what is shown. First who did, then who did not; these
    follow from the others, where it is not ``thorough``, since then all of a lot remain as many."""

    def __init__(self, facts: Facts, hidden: Sums, lots: Numbers, spread: int, *, thorough: bool) -> None:
        # Costs 40 MB and most of a second, and only crossings and earlier states need it.
        from scipy.sparse import csr_matrix, hstack, vstack

        self._spread = float(spread)
        self._stack, self._beside, self._sparse = vstack, hstack, csr_matrix
        counts, bases, roofs, targets = (
            rows[:, lots] for rows in (facts.counts, facts.bases, facts.roofs, hidden)
        )
        did, did_not = facts.did[lots].astype(np.float64), facts.did_not[lots].astype(np.float64)
        if thorough:
            none = csr_matrix(counts.shape)
            self._same = vstack([hstack([counts, none]), hstack([bases, bases])], format="csr")
            self._under, self._room = hstack([roofs, roofs], format="csr"), facts.room.astype(np.float64)
            self._targets = hstack([targets, csr_matrix(targets.shape)], format="csr")
            self._bounds = np.stack([-np.concatenate([did, did_not]), np.full(2 * len(lots), np.inf)], axis=1)
        else:
            self._same, self._targets = counts, targets
            self._under, self._room = csr_matrix((0, len(lots))), np.zeros(0)
            self._bounds = np.stack([-did, did_not], axis=1)
        self._same = self._same[np.diff(self._same.indptr) > 0]

    def moved(self, chosen: Numbers, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far each hidden number goes when the ``chosen`` are pushed up (or down, where the weight is negative), each as
        far as the spread."""
        from scipy.optimize import linprog

        lots, pushed = len(self._bounds), len(chosen)
        # What each chosen number gains, at most the spread, so that no large one takes all the room.
        ways = np.sign(weights)[:, None]
        gains = self._beside([-self._targets[chosen].multiply(ways), self._sparse(np.eye(pushed))])
        under = self._beside([self._under, self._sparse((self._under.shape[0], pushed))])
        same = self._beside([self._same, self._sparse((self._same.shape[0], pushed))], format="csr")
        gained = np.tile([-np.inf, self._spread], (pushed, 1))
        found: Any = linprog(
            np.concatenate([np.zeros(lots), -np.abs(weights)]),
            A_ub=self._stack([gains, under], format="csr"),
            b_ub=np.concatenate([np.zeros(pushed), self._room]),
            A_eq=same if same.shape[0] else None,
            b_eq=np.zeros(same.shape[0]) if same.shape[0] else None,
            bounds=np.concatenate([self._bounds, gained]),
            method="highs",
        )
        if found.x is None:  # of no help: nothing is shown to be safe
            return np.zeros(self._targets.shape[0])
        return np.asarray(self._targets @ found.x[:lots])
