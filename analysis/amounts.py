"""What is told of numbers that people gave: the middle, the quartiles, and how many in each band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from statistics import quantiles

from .suppress import MINIMUM

MOST_BANDS = 8
WIDTHS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Middle:
    """Half of the people gave ``median`` or less; half lie from ``low`` to ``high`` (the quartiles)."""

    low: float
    median: float
    high: float


def middle(values: Sequence[float], minimum: int = MINIMUM) -> Middle | None:
    """The quartiles, between two values where they fall there (Hyndman and Fan's type 7); None for too few.

    >>> middle([0, 0, 1, 1, 2, 2, 3, 4, 10, 20])
    Middle(low=1.0, median=2.0, high=3.75)
    """
    if len(values) < max(minimum, 2):
        return None
    low, median, high = quantiles(values, n=4, method="inclusive")
    return Middle(low, median, high)


@dataclass(frozen=True, slots=True)
class Band:
    """The numbers from ``low`` up to but without ``end``; None where it is open."""

    low: float | None
    end: float | None
    label: str

    def holds(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.end is None or value < self.end)


def bands(values: Sequence[float], minimum: int = MINIMUM, least: float | None = None) -> tuple[Band, ...]:
    """Bands of equal width, joined to their neighbours until each holds ``minimum`` people.

    The last is open, so that it does not tell the largest number, and so is the first unless it begins at ``least``,
    which the question itself names.

    >>> [band.label for band in bands([0] * 12 + [1] * 14 + [2] * 4 + [3] * 7 + [20], least=0)]
    ['0', '1', '2 or more']
    """
    if not values:
        return ()
    edges = [*_edges(sorted(values)), inf]
    kept: list[float] = []
    held = 0
    for low, end in pairwise(edges):
        if not kept or held >= minimum:
            kept.append(low)
            held = 0
        held += sum(low <= value < end for value in values)
    if held < minimum and len(kept) > 1:
        kept.pop()
    whole = all(float(value).is_integer() for value in values)
    ends = [*kept[1:], None]
    return tuple(
        Band(low if at or low == least else None, end, _label(low, end, whole, first=not at and low != least))
        for at, (low, end) in enumerate(zip(kept, ends, strict=True))
    )


def _edges(ordered: Sequence[float]) -> list[float]:
    """Even edges about nine in ten of the numbers (a few far out must not flatten all), at steps of 1, 2 or 5 times a
    power of ten."""
    smallest, largest = ordered[0], ordered[int(0.9 * (len(ordered) - 1))]
    step, power = 1, 1
    while (largest - smallest) / step >= MOST_BANDS - 1:
        step = next((width * power for width in WIDTHS if width * power > step), 0)
        if not step:
            power *= 10
            step = power
    first = smallest // step * step
    return [first + step * n for n in range(int((largest - first) // step) + 1)]


def _label(low: float, end: float | None, whole: bool, *, first: bool) -> str:
    if end is None:
        return "any" if first else f"{low:g} or more"
    if not whole:
        return f"under {end:g}" if first else f"{low:g} to under {end:g}"
    last = end - 1
    if first:
        return f"{last:g} or fewer"
    return f"{low:g}" if low == last else f"{low:g}–{last:g}"
