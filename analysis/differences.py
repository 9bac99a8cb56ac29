"""How sure a difference between two shares is, and what looking at many differences at once does to that."""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, sqrt
from typing import Literal, NamedTuple

from .intervals import Z95, wilson

CERTAIN = 0.05
"""Below this adjusted p a difference is called certain."""
Verdict = Literal["certain", "may be chance"]


class Estimate(NamedTuple):
    """A share with the ends of its 95% interval."""

    share: float
    low: float
    high: float

    @classmethod
    def of(cls, count: int, of: int) -> Estimate:
        """A plain count, with Wilson's interval. Raises ValueError where nobody was counted."""
        if of < 1:
            raise ValueError("a share of nobody cannot be compared")
        return cls(count / of, *wilson(count, of))


class Difference(NamedTuple):
    """``one`` share minus the ``other``, with its 95% interval, from -1 to 1. ``p``: how often chance alone would set
    equal shares so far apart."""

    size: float
    low: float
    high: float
    p: float


def difference(one: Estimate, other: Estimate) -> Difference:
    """Of two shares of different people, whatever their intervals were made from: Newcombe's hybrid of the two
    (Statistics in Medicine 17:873-890, 1998, method 10; for other intervals than Wilson's Zou and Donner, Statistics in
    Medicine 27:1693-1702, 2008). ``p`` goes by the ends that lie between the two shares.

    >>> [round(number, 4) for number in difference(Estimate.of(56, 70), Estimate.of(48, 80))[:3]]
    [0.2, 0.0524, 0.3339]
    """
    size = one.share - other.share
    down = sqrt((one.share - one.low) ** 2 + (other.high - other.share) ** 2)
    up = sqrt((one.high - one.share) ** 2 + (other.share - other.low) ** 2)
    error = (down if size > 0 else up) / Z95
    p = erfc(abs(size) / error / sqrt(2)) if error > 0 else float(size == 0)
    return Difference(size, max(-1.0, size - down), min(1.0, size + up), p)


def holm(ps: Sequence[float]) -> list[float]:
    """Each p adjusted for all that were looked at (Holm, Scandinavian Journal of Statistics 6:65-70, 1979): if those below
    5% are called certain, then in 95 of 100 such looks not one of them is chance.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    adjusted = [1.0] * len(ps)
    least = 0.0
    for rank, at in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        least = max(least, min(1.0, (len(ps) - rank) * ps[at]))
        adjusted[at] = least
    return adjusted


def verdict(p: float) -> Verdict:
    """What to say of an adjusted p."""
    return "certain" if p < CERTAIN else "may be chance"
