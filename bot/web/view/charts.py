"""The geometry and the bands of the drawings. Pure arithmetic; the templates draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from survey_flows.told import told

STEPS = (0.05, 0.1, 0.2, 0.25)
MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: where it stands, in percent of the width, and what it says."""

    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """From 0 to ``end`` (a share) in equal steps."""

    step: float
    steps: int

    @property
    def end(self) -> float:
        return self.step * self.steps

    @property
    def ticks(self) -> tuple[Tick, ...]:
        """All but the last, which would stand over the next column."""
        return tuple(
            Tick(self.at(n * self.step), "0" if n == 0 else f"{n * self.step:.0%}") for n in range(self.steps)
        )

    def at(self, share: float) -> str:
        """A share as a percentage of the width of the drawing, as SVG writes it.

        >>> Scale(0.1, 4).at(0.3)
        '75.00'
        """
        return f"{min(share / self.end, 1) * 100:.2f}"


def scale(largest: float) -> Scale:
    """The finest scale of at most five steps on which the largest share still has room.

    >>> scale(0.348), scale(0.03), scale(0.97)
    (Scale(step=0.1, steps=4), Scale(step=0.05, steps=1), Scale(step=0.2, steps=5))
    """
    for step in STEPS:
        steps = max(1, math.ceil(largest / step - 1e-9))
        if steps <= MOST_STEPS:
            return Scale(step, steps)
    return Scale(0.25, 4)


@dataclass(frozen=True, slots=True)
class Band:
    """Shares below ``below`` (and not below the band before) are drawn alike."""

    css: str
    below: float
    label: str


BANDS = (
    Band("q1", 0.08, told("under 8%")),
    Band("q2", 0.16, "8–15%"),
    Band("q3", 0.24, "16–23%"),
    Band("q4", 0.36, "24–35%"),
    Band("q5", math.inf, told("36% and more")),
)
"""The same on every page, so that two pages can be laid side by side."""


def band(share: float) -> str:
    """The class of the band a share falls into, by the whole percent that is shown.

    >>> band(0.0), band(0.158), band(0.36), band(1.0)
    ('q1', 'q3', 'q5', 'q5')
    """
    shown = round(share * 100) / 100
    return next(b.css for b in BANDS if shown < b.below - 1e-9)


MOST_COLUMNS = 10


def pack(widths: Sequence[int], most: int = MOST_COLUMNS) -> list[list[int]]:
    """Put blocks of columns side by side until they fill a table; return the indices of each table's blocks.

    >>> pack([4, 5, 3]), pack([12, 2])
    ([[0, 1], [2]], [[0], [1]])
    """
    tables: list[list[int]] = []
    room = 0
    for index, width in enumerate(widths):
        if not tables or width > room:
            tables.append([])
            room = most
        tables[-1].append(index)
        room -= width
    return tables
