"""What of a table of choices by groups must be hidden, so that nobody can work it out from all that is shown.

``suppress.hide`` sees to one sum at a time. In a table the sums cross: each choice adds up over the groups, and each
group over the choices. So after it has done its work we play the attacker, twice:

* as algebra, over all sums of all dimensions: a hidden number that the equations alone give away;
* as flow, one dimension at a time: a table with fixed margins is a network in which every hidden number is an arc, and
  a number can be another one when, along hidden arcs, something can be moved round a circle without any falling below
  nothing (the residual network of Ford and Fulkerson, 1962; for tables, Gusfield, SIAM J. Comput. 17, 1988).

A hidden number that could not be at least ``SPREAD`` more or less takes the smallest shown one beside it with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from .suppress import MINIMUM, SPREAD, Count, hide

Group = tuple[str, str]
"""(dimension, value)"""
ALL: Group = ("", "")
TOTAL = ""
"""The row of a table that holds how many of each group are counted."""
Cell = tuple[Group, str]
Sum = tuple[Cell, Sequence[Cell]]
Parts = Mapping[str, Sequence[str]]
"""What each row is made of, at most two steps deep: ``{TOTAL: ("high", "low"), "high": ("often", "always")}``. Empty for
a row that stands alone (of a list, people pick any number)."""


def conceal(
    counts: Mapping[Cell, Count],
    parts: Parts,
    nested: Sequence[tuple[Group, Sequence[Group]]] = (),
    *,
    minimum: int = MINIMUM,
    also: Collection[Cell] = (),
) -> frozenset[Cell]:
    """The cells of one table that must be hidden. ``counts`` has every row of every group, ``ALL`` among them.

    ``nested`` are groups of one dimension that are made of groups of another. A group whose TOTAL is hidden is hidden
    in every row, and so is everything where the total of all is.
    """
    groups = {group for group, _ in counts}
    rows = {row for _, row in counts}
    dimensions = {
        name: sorted(group for group in groups if group[0] == name) for name in {g[0] for g in groups - {ALL}}
    }
    over = [(ALL, dimension) for dimension in dimensions.values()] + [(p, list(kids)) for p, kids in nested]
    sums: list[Sum] = [((p, row), [(kid, row) for kid in kids]) for p, kids in over for row in sorted(rows)]
    sums += [((g, whole), [(g, row) for row in kids]) for g in groups for whole, kids in parts.items()]
    gone = frozenset(also)
    while True:
        hidden = hide(counts, sums, minimum=minimum, also=gone)
        lost = {group for group in groups if (group, TOTAL) in hidden}
        whole = hidden | {cell for cell in counts if cell[0] in lost or ALL in lost}
        if whole != hidden:
            gone = whole
            continue
        known = _solved(sorted(hidden), sums)
        for dimension in dimensions.values() or [[]]:
            known |= set(_stuck(counts, hidden, [ALL, *dimension], parts))
        more = {cell for told in sorted(known) if (cell := _beside(told, counts, hidden, sums))}
        if not more:
            return hidden
        gone = hidden | more


def _beside(
    cell: Cell, counts: Mapping[Cell, Count], hidden: Collection[Cell], sums: Sequence[Sum]
) -> Cell | None:
    """The smallest shown cell in a sum with this one; a whole only where every part is hidden already."""
    together = [(whole, kids) for whole, kids in sums if cell == whole or cell in kids]
    beside = {kid for _, kids in together for kid in kids} - set(hidden)
    if not beside:
        beside = {whole for whole, _ in together} - set(hidden) - {(ALL, TOTAL)}
    return min(beside, key=lambda other: (counts[other].said, str(other)), default=None)


def _solved(hidden: Sequence[Cell], sums: Sequence[Sum]) -> set[Cell]:
    """The hidden cells that follow from the shown ones by algebra: no solution of the equations moves them."""
    at = {cell: n for n, cell in enumerate(hidden)}
    rows = []
    for whole, kids in sums:
        row = np.zeros(len(hidden))
        for cell, sign in ((whole, -1.0), *((kid, 1.0) for kid in kids)):
            if cell in at:
                row[at[cell]] += sign
        if row.any():
            rows.append(row)
    if not rows:
        return set()
    _, strengths, directions = np.linalg.svd(np.array(rows))
    free = directions[int((strengths > 1e-9).sum()) :]
    moved = np.abs(free).sum(axis=0) > 1e-7 if len(free) else np.zeros(len(hidden), dtype=bool)
    return {cell for cell, moves in zip(hidden, moved, strict=True) if not moves}


Node = tuple[object, ...]
Arc = tuple[Node, Node]
_ROOT: Node = ("root",)


def _stuck(
    counts: Mapping[Cell, Count], hidden: Collection[Cell], groups: Sequence[Group], parts: Parts
) -> Iterator[Cell]:
    """The hidden cells of one dimension that nobody could be wrong about by ``SPREAD`` or more."""
    within = {row: whole for whole, kids in parts.items() for row in kids}
    cells = [cell for cell in counts if cell in hidden and cell[0] in groups]
    arcs = {cell: _arc(cell, parts, within, crossed=len(groups) > 1) for cell in cells}
    room = {cell: _room(cell, counts, hidden, within) for cell in cells}
    touching: dict[Node, list[Cell]] = {}
    for cell, arc in arcs.items():
        for node in arc:
            touching.setdefault(node, []).append(cell)
    for cell in cells:
        tail, head = arcs[cell]
        up = _pushed(head, tail, cell, arcs, touching, room, room[cell][0])
        down = _pushed(tail, head, cell, arcs, touching, room, room[cell][1])
        if up + down < SPREAD:
            yield cell


def _arc(cell: Cell, parts: Parts, within: Mapping[str, str], *, crossed: bool) -> Arc:
    """Where the people of a cell come from and go to: everybody, by choice, into the groups, and round again."""
    group, row = cell
    outer: Node = (group, within[row]) if row in within else _ROOT
    inner: Node = (group, row) if row in parts else ("choice", row) if crossed else _ROOT
    return (outer, inner) if group == ALL else (inner, outer)


def _room(
    cell: Cell, counts: Mapping[Cell, Count], hidden: Collection[Cell], within: Mapping[str, str]
) -> tuple[int, int]:
    """How far a cell can be raised and lowered for all that anybody knows of it alone."""
    count = counts[cell]
    alone = cell[1] not in within and count.of is not None and (cell[0], TOTAL) not in hidden
    return (count.of - count.said if alone and count.of is not None else SPREAD), count.said


def _pushed(
    start: Node,
    end: Node,
    without: Cell,
    arcs: Mapping[Cell, Arc],
    touching: Mapping[Node, Sequence[Cell]],
    room: Mapping[Cell, tuple[int, int]],
    most: int,
) -> int:
    """How many units, up to SPREAD, can be sent from one node to another along the other hidden arcs."""
    moved: dict[Cell, int] = {}
    sent = 0
    while sent < min(most, SPREAD):
        came: dict[Node, tuple[Node, Cell, int]] = {start: (start, without, 0)}
        waiting = deque([start])
        while waiting and end not in came:
            node = waiting.popleft()
            for cell in touching.get(node, ()):
                tail, head = arcs[cell]
                way, onward = (1, head) if tail == node else (-1, tail)
                left = room[cell][0] - moved.get(cell, 0) if way == 1 else room[cell][1] + moved.get(cell, 0)
                if cell != without and onward not in came and left > 0:
                    came[onward] = node, cell, way
                    waiting.append(onward)
        if end not in came:
            break
        node = end
        while node != start:
            node, cell, way = came[node]
            moved[cell] = moved.get(cell, 0) + way
        sent += 1
    return sent
