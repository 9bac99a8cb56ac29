"""Krippendorff's alpha and Cohen's kappa, of one table or of many draws of it at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Distance = Callable[[Any, Any], float]


def nominal(one: Hashable, other: Hashable) -> float:
    """0 for equal values, 1 for any others."""
    return float(one != other)


def masi(one: Collection[str], other: Collection[str]) -> float:
    """The distance of two sets of themes, from 0 to 1: how little of all their themes they share (Jaccard), times how the
    one lies to the other (Passonneau, LREC 2006, "Measuring agreement on set-valued items").

    >>> masi({"bus"}, {"bus", "fees"}), masi({"bus"}, {"fees"}), masi((), ())
    (0.6666666666666667, 1.0, 0.0)
    """
    mine, theirs = frozenset(one), frozenset(other)
    if mine == theirs:
        return 0.0
    both = mine & theirs
    monotony = 2 / 3 if both in (mine, theirs) else 1 / 3
    return 1 - len(both) / len(mine | theirs) * monotony


def alpha(units: Iterable[Sequence[Hashable]], distance: Distance = nominal) -> float | None:
    """Krippendorff's alpha of the values that each unit was given, by whomever; a missing reading is left out.

    None where fewer than two values of one unit are comparable, or nothing differs that chance could have mixed up.
    """
    given = [values for values in units if len(values) > 1]
    if not given:
        return None
    counts, apart = tabled(given, distance)
    (found,), _ = alphas(counts, apart, np.ones((1, len(given))))
    return None if np.isnan(found) else float(found)


def tabled(units: Sequence[Sequence[Hashable]], distance: Distance) -> tuple[Array, Array]:
    """How often each unit was given each value, shape (units, values), and how far the values are apart."""
    values = list(dict.fromkeys(value for unit in units for value in unit))
    place = {value: at for at, value in enumerate(values)}
    counts = np.zeros((len(units), len(values)))
    for at, unit in enumerate(units):
        for value in unit:
            counts[at, place[value]] += 1
    return counts, np.array([[distance(one, other) for other in values] for one in values])


def alphas(counts: Array, apart: Array, draws: Array) -> tuple[Array, Array]:
    """Alpha in each draw, and the disagreement that chance would bring in it; NaN where there would be none.

    ``counts`` as tabled() gives them, of units with two values or more; ``draws``: how often each unit was drawn, shape
    (draws, units). Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section D: pairs within a unit
    against pairs among all values.
    """
    within = ((counts @ apart) * counts).sum(axis=1) / (counts.sum(axis=1) - 1)
    values = draws @ counts
    number = values.sum(axis=1)
    chance = ((values @ apart) * values).sum(axis=1) / (number * (number - 1))
    chance[chance <= 0] = np.nan
    return 1 - (draws @ within) / number / chance, chance


def kappas(tables: Array) -> tuple[Array, Array]:
    """Cohen's kappa of each table, and the disagreement that chance would bring; NaN where there would be none.

    Shape (..., values, values): how often the one reader gave the row's value and the other the column's (Cohen,
    Educational and Psychological Measurement 20:37-46, 1960).

    >>> round(float(kappas(np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]]))[0]), 3)
    0.492
    """
    number = np.maximum(tables.sum(axis=(-2, -1)), 1e-9)
    same = np.trace(tables, axis1=-2, axis2=-1) / number
    chance = 1 - (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1) / number**2
    chance = np.where((chance <= 1e-12) | (number < 1), np.nan, chance)
    return 1 - (1 - same) / chance, chance
