"""Weights with which the people heard are made up as the roster is: iterative proportional fitting, or raking.

Deming and Stephan, Annals of Mathematical Statistics 11:427-444, 1940. What is not in the margins stays as it was heard:
the odds between groups of two dimensions, and what people of a group say.

A weighted share of a row some of whose cells are hidden gives away more than the plain share: it is a second sum over
the same people with other weights. Show it only where all groups of every raked dimension can be read in that row,
or where those that cannot have one weight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .findings import UNKNOWN, Weighting

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Margins = Mapping[str, Mapping[str, float]]

LEAST = 10
"""Groups of which fewer were heard are joined: no handful of families speaks for a whole group."""
LARGEST = 5.0
"""No one counts as more than five people (as in the weights of the American National Election Studies: DeBell and
Krosnick, ANES Technical Report nes012427, 2009). Of the mean weight, which is 1 whoever was heard, and not of the median,
which is low where one group has been heard too much."""
CLOSE = 1e-6
"""Margins are met when no group's share is farther off."""
ROUNDS = 500


class MarginsError(ValueError):
    """Margins that cannot be met: says which, why, and what to do."""


class Raked(NamedTuple):
    """``weights`` of the people in their order, 1 on average. ``missed``: how far the share of the group that is farthest
    from its margin remains from it, because no weight may be larger than LARGEST."""

    weights: Floats
    facts: Weighting
    missed: float


@dataclass(frozen=True, slots=True)
class _Dimension:
    """Of one dimension: each person's class, what share each class is to have (last those whose group is not known), how many
    classes of groups there are, and the groups that were joined to one."""

    name: str
    of: Places
    target: Floats
    classes: int
    joined: tuple[str, ...]


def rake(
    cells: Sequence[Mapping[str, str]],
    margins: Margins,
    *,
    least: int = LEAST,
    largest: float = LARGEST,
) -> Raked:
    """Weights of the people heard, ``cells`` having each one's group in every dimension, so that they are made up as
    ``margins`` say: {dimension: {group: share, or number of people}}.

    People whose group is not known, or stands in no margin, keep their share. Groups of which fewer than ``least`` were heard,
    or none, are joined in one class with the next smallest. A dimension of which one class is left is passed over.
    Raises MarginsError for margins that are no shares, or that the people heard cannot meet together.
    """
    if not cells:
        return Raked(np.ones(0), Weighting((), 1.0, 1.0), 0.0)
    dimensions = [
        one for name in margins if (one := _dimension(name, cells, margins[name], least)) is not None
    ]
    joined = {one.name: one.joined for one in dimensions if one.joined}
    dimensions = [one for one in dimensions if one.classes > 1]
    weights = np.ones(len(cells))
    if dimensions:
        # Many people are alike in every dimension: they have one weight.
        key = np.ravel_multi_index([one.of for one in dimensions], [len(one.target) for one in dimensions])
        kinds, kind, number = np.unique(key, return_inverse=True, return_counts=True)
        shape = np.unravel_index(kinds, [len(one.target) for one in dimensions])
        weights = _fit(dimensions, shape, number / len(cells))[kind]
        if weights.max() > largest:
            weights = _fit(dimensions, shape, number / len(cells), largest)[kind]
    missed = max((float(np.abs(_now(one, weights) - one.target).max()) for one in dimensions), default=0.0)
    facts = Weighting(
        tuple(one.name for one in dimensions), effect(weights), round(float(weights.max()), 4), joined
    )
    return Raked(weights, facts, missed)


def effect(weights: Floats) -> float:
    """The design effect of weights, 1 or more: so many times fewer people, drawn as they should be, would have told as much
    (Kish, Journal of Official Statistics 8:183-200, 1992).

    >>> effect(np.array([0.5, 0.5, 2.0]))
    1.5
    """
    return round(float(len(weights) * (weights**2).sum() / weights.sum() ** 2), 4)


def _dimension(
    name: str, cells: Sequence[Mapping[str, str]], margin: Mapping[str, float], least: int
) -> _Dimension | None:
    bad = [value for value, size in margin.items() if not (np.isfinite(size) and size >= 0)]
    if bad or sum(size for value, size in margin.items() if value != UNKNOWN) <= 0:
        what = f"{bad[0]} has {margin[bad[0]]}" if bad else "nobody is in any group"
        raise MarginsError(
            f"margin {name}: {what}. Give each group's share, or its number of people: 0 or more, and not all 0"
        )
    size = {value: float(share) for value, share in margin.items() if value != UNKNOWN}
    said = [cell.get(name) for cell in cells]
    places: dict[str | None, int] = {value: at for at, value in enumerate(size)}
    place = np.fromiter(map(places.get, said, repeat(-1)), np.int64, len(said))
    heard = np.bincount(place[place >= 0], minlength=len(size))
    classes = list(_classes(list(size), heard, np.array(list(size.values())), least))
    if not classes:
        return None
    # The last class is of those of whom it is not known where they belong.
    known = float((place >= 0).mean())
    of_place = np.full(len(size) + 1, len(classes))
    for at, values in enumerate(classes):
        of_place[[places[value] for value in values]] = at
    target = np.array([sum(size[value] for value in values) for values in classes])
    target = np.append(known * target / target.sum(), 1 - known)[: len(classes) + (known < 1)]
    together = max(classes, key=len)
    return _Dimension(
        name, of_place[place], target, len(classes), tuple(together) if len(together) > 1 else ()
    )


def _classes(values: Sequence[str], heard: Places, size: Floats, least: int) -> Iterator[list[str]]:
    """The groups, those of which too few were heard in one class; none at all where there are not enough people."""
    order = sorted(range(len(values)), key=lambda at: (heard[at], values[at]))
    # Nobody is in it and nobody was heard of it: nothing to weight.
    order = [at for at in order if heard[at] or size[at]]
    few = [at for at in order if heard[at] < least or not size[at]]
    rest = [at for at in order if at not in few]
    while few and rest and (heard[few].sum() < least or not size[few].sum()):
        few.append(rest.pop(0))
    if few and heard[few].sum():
        yield [values[at] for at in few]
    for at in rest:
        yield [values[at]]


def _fit(
    dimensions: Sequence[_Dimension],
    shape: Sequence[Places],
    share: Floats,
    largest: float = np.inf,
) -> Floats:
    """The weight of each kind of people, of which there is this ``share`` among those heard."""
    weights = np.ones(len(share))
    for _ in range(ROUNDS):
        before = weights
        for one, of in zip(dimensions, shape, strict=True):
            now = np.bincount(of, weights * share, len(one.target))
            weights = weights * (one.target / np.maximum(now, 1e-300))[of]
        weights = _trim(weights, share, largest)
        if np.abs(weights - before).max() < CLOSE / 100:
            break
    off = [
        np.abs(np.bincount(of, weights * share, len(one.target)) - one.target).max()
        for one, of in zip(dimensions, shape, strict=True)
    ]
    if max(off) > CLOSE and np.isinf(largest):
        worst = dimensions[int(np.argmax(off))].name
        raise MarginsError(
            f"the margins of {', '.join(one.name for one in dimensions)} cannot all be met by the people heard: groups of "
            f"{worst} were heard only together with groups of another dimension. Leave one of these dimensions out"
        )
    return weights


def _trim(weights: Floats, share: Floats, largest: float) -> Floats:
    """No weight above the largest; what is cut off goes to the others, so that the mean stays 1."""
    cut = weights > largest
    while cut.any():
        left = 1 - largest * share[cut].sum()
        weights = np.where(cut, largest, weights * left / (weights * share)[~cut].sum())
        more = cut | (weights > largest)
        if (more == cut).all():
            break
        cut = more
    return weights


def _now(one: _Dimension, weights: Floats) -> Floats:
    found: Floats = np.bincount(one.of, weights, len(one.target)) / len(weights)
    return found
