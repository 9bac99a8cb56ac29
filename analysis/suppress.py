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
) -> frozenset[Cell]:
    """The cells of one table that must be hidden.

    ``sums`` are the pairs (parent, children) where each person of the parent is in exactly one child: everybody and
    the groups of a dimension; a district and its schools. ``also`` are cells to hide whatever they hold (a group
    that is itself too small). The smallest shown cell goes first when one more must go; equal ones by name.
    """
    pairs = [(parent, tuple(children)) for parent, children in sums]
    hidden = {cell for cell, count in counts.items() if count.small(minimum)} | {
        c for c in also if c in counts
    }
    while True:
        more = {
            cell for parent, children in pairs if (cell := _next(counts, hidden, parent, children, minimum))
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
) -> Cell | None:
    """One more cell to hide for the sake of one sum, or None when nothing can be worked out from it."""
    gone = [cell for cell in children if cell in hidden]
    shown = [cell for cell in children if cell not in hidden]
    if parent in hidden:
        # Its children give it away when all of them are shown.
        return None if gone else _smallest(counts, shown)
    if not gone:
        return None
    if not shown and len(children) == 1:
        # The only child is the parent under another name.
        return parent
    if not shown or _fit_together([counts[cell] for cell in gone], minimum):
        return None
    return _smallest(counts, shown)


def _fit_together(gone: list[Count], minimum: int) -> bool:
    together = Count(
        sum(count.said for count in gone),
        None if any(count.of is None for count in gone) else sum(count.of or 0 for count in gone),
    )
    return len(gone) >= 2 and not together.small(minimum)


def _smallest(counts: Mapping[Cell, Count], cells: Collection[Cell]) -> Cell:
    return min(cells, key=lambda cell: (counts[cell].said, str(cell)))


def nested(groups: Mapping[str, Mapping[str, str]]) -> list[tuple[tuple[str, str], list[tuple[str, str]]]]:
    """Sums that hold between dimensions: ``{person: {dimension: value}}`` -> (group, the groups it is made of).

    A group of one dimension that consists of whole groups of another (a district of its schools, a language of the
    one channel it uses) is their sum for anyone who knows the place, so it is treated as known.
    """
    members: dict[tuple[str, str], set[str]] = {}
    for person, values in groups.items():
        for dimension, value in values.items():
            members.setdefault((dimension, value), set()).add(person)
    dimensions = sorted({dimension for dimension, _ in members})
    found = []
    for parent, people in sorted(members.items()):
        for dimension in dimensions:
            if dimension == parent[0]:
                continue
            parts = sorted(
                {(dimension, groups[person][dimension]) for person in people if dimension in groups[person]}
            )
            if parts and set().union(*(members[part] for part in parts)) == people:
                found.append((parent, parts))
    return found
