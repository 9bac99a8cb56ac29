"""How many people named a theme, corrected for the machine coder's errors as far as people have found them.

What people decided is counted as it is. For everybody else the coder's probabilities are added up and moved by how far
they were off for people whose replies were read by lot, seen by a coder that had not learned from them:
prediction-powered inference (Angelopoulos et al., Science 382:669-674, 2023), in its older form the regression estimator
of survey sampling (Särndal, Swensson and Wretman, Model Assisted Survey Sampling, 1992, ch. 6). People whose replies were
read because the coder was unsure teach nothing about the others.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import repeat
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ..codebook import Codebook
from ..findings import Corrected, Voice
from ..intervals import score
from .errors import Errors
from .people import Known, known

__all__ = ["corrected"]

Group = TypeVar("Group", bound=Hashable)
Array = NDArray[np.float64]


def corrected(
    voices: Sequence[Voice],
    codebook: Codebook,
    rows: Sequence[str],
    groups: Mapping[Group, Collection[str]],
) -> dict[Group | tuple[str, str], dict[str, Corrected]]:
    """The share of the people heard who named each row (a top theme or a code), in each group and in all: ``("", "")``.

    ``groups``: the people of each; those who were not heard are passed over. ``Corrected.known`` is of how many people in all
    the coder's errors are known. Where none are, there is nothing for any group of which not every reply was decided
    by people: an interval would be false.
    """
    if not voices or not rows:
        return {}
    seen = known(voices, codebook, rows)
    everybody: dict[Group | tuple[str, str], Collection[str]] = {("", ""): seen.place.keys()}
    member, sizes = _membership([*everybody.values(), *groups.values()], seen)
    keys = [*everybody, *groups]
    share, low, high = _shares(seen, member, sizes)
    lot = int(seen.lot.sum())
    decided = member @ seen.full.astype(np.float32) == sizes
    return {
        key: {
            row: Corrected(
                round(float(share[at, column]), 4),
                round(float(low[at, column]), 4),
                round(float(high[at, column]), 4),
                lot,
            )
            for column, row in enumerate(rows)
        }
        for at, key in enumerate(keys)
        if sizes[at] and (lot or decided[at])
    }


def _membership(groups: Sequence[Collection[str]], seen: Known) -> tuple[csr_array, Array]:
    """Shape (groups, people), 1 where a person belongs; and how many of each group were heard."""
    found = [np.fromiter(map(seen.place.get, group, repeat(-1)), np.int64, len(group)) for group in groups]
    inside = [people[people >= 0] for people in found]
    sizes = np.array([len(people) for people in inside])
    ends = np.concatenate([[0], sizes.cumsum()])
    people = np.concatenate(inside)
    table = csr_array((np.ones(len(people), np.float32), people, ends), shape=(len(groups), len(seen.place)))
    return table, sizes.astype(np.float64)


def _shares(seen: Known, member: csr_array, sizes: Array) -> tuple[Array, Array, Array]:
    """Shares and the ends of their intervals, shape (groups, rows)."""
    errors = Errors.of(seen)
    unknown = (~seen.full).astype(np.float32)
    left = (member @ unknown)[:, None]
    said = member @ (seen.named & seen.full[:, None]).astype(np.float32)
    guessed = member @ (unknown[:, None] * seen.chance)
    off, variance = errors.among(seen, member, guessed, left)
    of = np.maximum(sizes, 1)[:, None]
    share = (said + np.clip(guessed + off, 0, left)) / of
    variance = variance / of**2
    # Where a share is nearer to an end than twice its error, chance is reckoned from there: it cannot be less.
    edge = np.minimum(2 * np.sqrt(variance), 0.5)
    spread = np.clip(share, edge, 1 - edge)
    spread = spread * (1 - spread)
    drawn = spread / of
    whole = drawn + variance
    worth = np.where(variance > 0, spread / np.maximum(whole, 1e-12), of)
    low, high = score(share, worth, errors.normal(variance / np.maximum(whole, 1e-12)))
    return share, low, high
