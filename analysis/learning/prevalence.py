"""How many replies name a theme, corrected for the coder's known errors, with an interval that includes them.

Counting the codes that a coder gave repeats its errors. The corrected share is the mean of its probabilities, moved by
how far they were off on replies that people have confirmed and the coder had not seen: prediction-powered inference
(Angelopoulos et al., Science 382, 2023). A group with few confirmed replies borrows from all others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

BORROW = 30.0
"""What all groups together say about the coder's errors in one group counts as so many confirmed replies of its own."""
_NORMAL = 1.96


@dataclass(frozen=True, eq=False)
class Shares:
    """One number a theme: the corrected share, and the ends of its 95% interval, all within 0 to 1."""

    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Errors:
    """What is known of a coder's errors: of confirmed replies, how far each theme's probability was below the truth."""

    mean: Floats
    spread: Floats
    known: int

    @classmethod
    def of(cls, chances: Floats, truth: Floats, all_groups: Errors | None = None) -> Errors:
        """From replies coded out of fold: shapes (replies, themes). ``all_groups``: what one group borrows from."""
        number, themes = truth.shape
        off = truth - chances
        total = off.sum(axis=0)
        squares = (off**2).sum(axis=0)
        if all_groups is None:
            mean = total / max(number, 1)
            if number < 2:
                # Nothing is known: anything may be wrong
                return cls(mean.astype(np.float32), np.full(themes, 0.5, np.float32), number)
            return cls(
                mean.astype(np.float32), np.sqrt(squares / number - mean**2 + 1e-9).astype(np.float32), number
            )
        mean = (total + BORROW * all_groups.mean) / (number + BORROW)
        second = (squares + BORROW * (all_groups.spread**2 + all_groups.mean**2)) / (number + BORROW)
        spread = np.sqrt(np.maximum(second - mean**2, 1e-9))
        lent = min(BORROW, all_groups.known)
        return cls(mean.astype(np.float32), spread.astype(np.float32), number + int(lent))


def corrected(chances: Floats, errors: Errors) -> Shares:
    """The shares of each theme among replies of whom nobody has confirmed any: ``chances`` (replies, themes)."""
    number = max(len(chances), 1)
    share = chances.mean(axis=0) + errors.mean
    # The replies are a draw from all that could have been given, and so are the errors that were seen.
    drawn = (share.clip(0, 1) * (1 - share.clip(0, 1))) / number
    width = _NORMAL * np.sqrt(drawn + errors.spread**2 / max(errors.known, 1))
    return Shares(
        share.clip(0, 1).astype(np.float32),
        (share - width).clip(0, 1).astype(np.float32),
        (share + width).clip(0, 1).astype(np.float32),
    )
