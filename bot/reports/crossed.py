"""Two groups at once, as far as asked for: a table for each barrier of which enough cells may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.findings import GroupFinding, Summary
from bot.web.view.charts import band
from bot.web.view.figures import percent
from bot.web.view.groups import dimension_name, group_name, place
from bot.web.view.heat import HIDDEN, Cell

ENOUGH = 2
"""A table with fewer shares than this compares nothing."""

Cells = Mapping[tuple[str, str], GroupFinding]


@dataclass(frozen=True, slots=True)
class Table:
    """One barrier: for each group of the first dimension its shares in the groups of the second."""

    label: str
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """One pair of dimensions; ``columns`` are the groups of the second. ``none`` are the barriers of which too little may be shown."""

    first: str
    second: str
    columns: tuple[str, ...]
    tables: tuple[Table, ...]
    none: tuple[str, ...]


def tables(found: Summary) -> tuple[Crossing, ...]:
    """Every pair of the summary."""
    return tuple(_crossing(found, *pair, cells) for pair, cells in found.pairs.items())


def _crossing(found: Summary, first: str, second: str, cells: Cells) -> Crossing:
    rows, columns = _values(first, found, cells, 0), _values(second, found, cells, 1)
    made, none = [], []
    for theme in found.themes:
        shares = {pair: cell.themes.get(theme.theme) for pair, cell in cells.items()}
        if sum(share is not None for share in shares.values()) < ENOUGH:
            none.append(theme.label)
            continue
        made.append(
            Table(
                theme.label,
                tuple(
                    (
                        group_name(first, row),
                        tuple(_cell(shares.get((row, column))) for column in columns),
                    )
                    for row in rows
                    if any(shares.get((row, column)) is not None for column in columns)
                ),
            )
        )
    return Crossing(
        dimension_name(first),
        dimension_name(second),
        tuple(group_name(second, column) for column in columns),
        tuple(made),
        tuple(none),
    )


def _values(dimension: str, found: Summary, cells: Cells, at: int) -> list[str]:
    groups = found.groups.get(dimension, {})
    sizes = {value: group.heard for value, group in groups.items()}
    told = {pair[at] for pair, cell in cells.items() if any(s is not None for s in cell.themes.values())}
    return sorted(told, key=lambda value: place(dimension, value, sizes.get(value)))


def _cell(share: float | None) -> Cell:
    return HIDDEN if share is None else Cell(band(share), percent(share))
