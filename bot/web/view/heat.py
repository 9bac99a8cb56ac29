"""Where it differs: each barrier's share in each group, in as many tables as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.findings import Finding, GroupFinding, Summary

from .charts import band, pack
from .figures import listed, percent, thousands
from .groups import dimension_name, group_name, in_order, place

Groups = Sequence[tuple[str, GroupFinding]]


@dataclass(frozen=True, slots=True)
class Column:
    """One group; ``families`` is empty when even their number is hidden."""

    label: str
    families: str


@dataclass(frozen=True, slots=True)
class Dimension:
    """Columns that belong together."""

    label: str
    groups: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One share; no text when it is hidden."""

    band: str
    text: str


HIDDEN = Cell("hidden-cell", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One barrier across the groups: a tuple of cells for each dimension."""

    label: str
    on: bool
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """One table."""

    dimensions: tuple[Dimension, ...]
    rows: tuple[Row, ...]


def heats(found: Summary, on: Finding | None) -> tuple[Heat, ...]:
    """The tables. A dimension with one group tells nothing and is left out; so is a
    dimension or a barrier of which all is hidden.
    """
    columns: list[tuple[str, Groups]] = []
    for dimension in in_order(found.groups):
        groups = sorted(
            found.groups[dimension].items(), key=lambda group: place(dimension, group[0], group[1].heard)
        )
        if len(groups) > 1 and _tells(finding for _, finding in groups):
            columns.append((dimension, groups))
    rows = [
        theme
        for theme in (*found.themes, found.apart)
        if theme
        and any(group.themes.get(theme.theme) is not None for _, groups in columns for _, group in groups)
    ]
    return tuple(
        _heat([columns[index] for index in indices], rows, on)
        for indices in pack([len(groups) for _, groups in columns])
    )


def unshown(found: Summary) -> str:
    """The dimensions with several groups of which nothing can be shown, in one sentence; empty when there is none."""
    names = [
        dimension_name(dimension)
        for dimension in in_order(found.groups)
        if len(found.groups[dimension]) > 1 and not _tells(found.groups[dimension].values())
    ]
    return f"Nothing can be shown by {listed(names)}: the groups are too small." if names else ""


def _tells(groups: Iterable[GroupFinding]) -> bool:
    return any(share is not None for group in groups for share in group.themes.values())


def _heat(columns: Sequence[tuple[str, Groups]], themes: Sequence[Finding], on: Finding | None) -> Heat:
    return Heat(
        tuple(
            Dimension(
                dimension_name(dimension),
                tuple(
                    Column(group_name(dimension, value), thousands(group.heard) if group.heard else "")
                    for value, group in groups
                ),
            )
            for dimension, groups in columns
        ),
        tuple(
            Row(
                theme.label,
                on is not None and theme.theme == on.theme,
                tuple(
                    tuple(_cell(group.themes.get(theme.theme)) for _, group in groups)
                    for _, groups in columns
                ),
            )
            for theme in themes
        ),
    )


def _cell(share: float | None) -> Cell:
    return HIDDEN if share is None else Cell(band(share), percent(share))
