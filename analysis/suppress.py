"""Which numbers must be hidden, so that no small group can be read, nor worked out from what is shown.

A cell counts the people of a group who said something, out of the people of that group who were heard. It is hidden
when fewer than the minimum said it (none included: "nobody" tells of each member too), and when all but a few said it
(then it tells of nearly each). Most US states use a minimum of 10 (NCES 2011-603, *Statistical Methods for Protecting
Personally Identifiable Information in Aggregate Reporting*, which also asks for complementary suppression and for
coding shares near 100%).

Hidden cells can be worked out from sums: the groups of one dimension add up to the total, the schools of a district
to the district. So the cells hidden in a sum must, taken together, themselves be fit to show: at least two, with at
least the minimum who said it and at least a few who did not. Then each could hold several values (``SPREAD`` and one,
at the least) for anyone who has all the shown numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from .counting import Group, People

MINIMUM = 10
SPREAD = 3
"""How many of a group must *not* have said a thing for its share to be shown."""

Cell = TypeVar("Cell", bound=Hashable)
"""However the caller names a cell: a group, a sub-theme."""


class Count(NamedTuple):
    """``said`` out of ``of``. ``of`` is None where there is no "did not say" (the size of a group)."""

    said: int
    of: int | None = None

    def small(self, minimum: int = MINIMUM) -> bool:
        """Whether this number must be hidden by itself."""
        return self.said < minimum or (self.of is not None and self.of - self.said < SPREAD)


def hide(
    counts: Mapping[Cell, Count],
    sums: Iterable[tuple[Cell, Collection[Cell]]] = (),
    *,
    minimum: int = MINIMUM,
    also: Collection[Cell] = (),
    fixed: Collection[Cell] = (),
) -> frozenset[Cell]:
    """The cells of one table that must be hidden.

    ``sums`` are the pairs (parent, children) where each person of the parent is in exactly one child: everybody and
    the groups of a dimension; a district and its schools. ``also`` are cells to hide whatever they hold (a group
    that is itself too small); ``fixed`` are cells of which another table has decided, so that they stay as they are. The
    smallest shown cell goes first when one more must go; equal ones by name.
    """
    pairs = [(parent, tuple(children)) for parent, children in sums]
    held = frozenset(fixed)
    hidden = {cell for cell, count in counts.items() if cell not in held and count.small(minimum)} | {
        c for c in also if c in counts
    }
    while True:
        more = {
            cell
            for parent, children in pairs
            if (cell := _next(counts, hidden, parent, children, minimum, held)) is not None
        }
        if not more:
            return frozenset(hidden)
        hidden |= more


def _next(
    counts: Mapping[Cell, Count],
    hidden: Collection[Cell],
    parent: Cell,
    children: tuple[Cell, ...],
    minimum: int,
    fixed: Collection[Cell],
) -> Cell | None:
    """One more cell to hide for the sake of one sum, or None when nothing can be worked out from it."""
    gone = [cell for cell in children if cell in hidden]
    if not gone and parent not in hidden:
        return None
    shown = [cell for cell in children if cell not in hidden]
    free = [cell for cell in shown if cell not in fixed] if fixed else shown
    if parent in hidden:
        # Its children give it away when all of them are shown.
        return None if gone or not free else _smallest(counts, free)
    if not shown and len(children) == 1:
        # The only child is the parent under another name.
        return None if parent in fixed else parent
    if not free or _fit_together([counts[cell] for cell in gone], minimum):
        return None
    return _smallest(counts, free)


def _fit_together(gone: list[Count], minimum: int) -> bool:
    together = Count(
        sum(count.said for count in gone),
        None if any(count.of is None for count in gone) else sum(count.of or 0 for count in gone),
    )
    return len(gone) >= 2 and not together.small(minimum)


def _smallest(counts: Mapping[Cell, Count], cells: Collection[Cell]) -> Cell:
    return min(cells, key=lambda cell: (counts[cell].said, str(cell)))


def nested(groups: Mapping[str, Mapping[str, str]]) -> list[tuple[Group, list[Group]]]:
    """Sums that hold between dimensions: ``{person: {dimension: value}}`` -> (group, the groups it is made of)."""
    return People.placed(groups).nested()
