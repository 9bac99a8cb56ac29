"""Shares as they would be if the people heard were made up as the roster is; so that they tell no more than what is shown.

A weighted share is a second sum over the same people. Where groups have weights of their own, it and the plain share are
two equations for the hidden numbers. So for each theme the groups whose number is hidden are made one group
first: they have one weight, and the weighted share follows from what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from .counting import Group, People
from .findings import Weighting
from .hiding import Census, Shown
from .raking import Floats, Margins, MarginsError, rake

OTHERS = "\0others"
"""The name of all groups together that are hidden."""


def roster(people: People, dimensions: Iterable[str]) -> dict[str, dict[str, float]]:
    """The margins of everybody who was asked, for those of the dimensions that there are."""
    found: dict[str, dict[str, float]] = {}
    for name in dimensions:
        if name in people.dimensions:
            at = people.dimensions.index(name)
            sizes = np.bincount(people.codes[:, at], minlength=len(people.values[at]))
            found[name] = dict(zip(people.values[at], sizes.astype(float).tolist(), strict=True))
    return found


def weigh(census: Census, shown: Shown, margins: Margins) -> tuple[Weighting | None, dict[str, float]]:
    """What weighting did, and the weighted share of each theme whose share is shown, to the percent.

    Raises raking.MarginsError for margins that are none, and KeyError for a dimension that nobody has.
    """
    people, heard = census.people, census.heard
    for name in margins:
        if name not in people.dimensions:
            raise KeyError(name)
    if not heard.any():
        return None, {}
    small = frozenset[Group]().union(*(_groups(shown.hidden[size], margins) for size in ("asked", "heard")))
    facts, _ = _raked(census, margins, small)
    done: dict[frozenset[Group], Floats | None] = {}
    shares: dict[str, float] = {}
    for row, said in census.rows.items():
        joined = small | _groups(shown.hidden[row], margins)
        if shown.get(row, ("", "")) is None:
            continue
        if joined not in done:
            try:
                done[joined] = _raked(census, margins, joined)[1]
            except MarginsError:  # of so few groups that the margins cannot be met together
                done[joined] = None
        if (weights := done[joined]) is not None:
            shares[row] = round(float(weights[said[heard]].sum() / weights.sum()), 2)
    # As precise as anybody needs: a design effect with many places would be another sum over the hidden.
    told = replace(facts, effect=round(facts.effect, 1), largest=round(facts.largest, 1))
    return told, shares


def _groups(hidden: Iterable[object], margins: Margins) -> frozenset[Group]:
    return frozenset(key for key in hidden if isinstance(key, tuple) and key[0] in margins)


def _raked(census: Census, margins: Margins, joined: frozenset[Group]) -> tuple[Weighting, Floats]:
    """Weights of the people heard, the ``joined`` groups of each dimension being one."""
    people = census.people
    at = [people.dimensions.index(name) for name in margins]
    kinds, kind = np.unique(people.codes[census.heard][:, at], axis=0, return_inverse=True)
    cells = [
        {name: _name((name, people.values[n][code]), joined) for name, n, code in zip(margins, at, codes, strict=True)}
        for codes in kinds.tolist()
    ]  # fmt: skip
    merged: dict[str, dict[str, float]] = {}
    for name, margin in margins.items():
        sizes = merged.setdefault(name, {})
        for value, size in margin.items():
            label = _name((name, value), joined)
            sizes[label] = sizes.get(label, 0.0) + size
    weights, facts, _ = rake([cells[n] for n in kind.reshape(-1).tolist()], merged, least=census.minimum)
    return replace(facts, joined=_joined(facts.joined, joined)), weights


def _name(group: Group, joined: frozenset[Group]) -> str:
    return OTHERS if group in joined else group[1]


def _joined(found: Mapping[str, tuple[str, ...]], before: frozenset[Group]) -> dict[str, tuple[str, ...]]:
    """The groups that were made one, by their own names: those of which too few were heard, and those hidden before."""
    names = sorted({name for name, _ in before} | found.keys())
    together = {name: {value for value in found.get(name, ()) if value != OTHERS} for name in names}
    for name, value in before:
        together[name].add(value)
    return {name: tuple(sorted(values)) for name, values in together.items() if len(values) > 1}
