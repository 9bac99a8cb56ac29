"""Where it differs: each barrier's share in each group, in as many tables as it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.findings import Finding, GroupFinding, Summary

from ..tongue import say
from .addresses import Look
from .charts import band, pack
from .figures import listed, percent, thousands
from .groups import dimension_name, group_name, in_order, place

Groups = Sequence[tuple[str, GroupFinding]]


@dataclass(frozen=True, slots=True)
class Column:
    """One group; ``families`` is empty when even their number is hidden. ``href``: the findings of that group alone; ``on``: they
    are those of the page."""

    label: str
    families: str
    href: str = ""
    on: bool = False


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
    href: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """One table."""

    dimensions: tuple[Dimension, ...]
    rows: tuple[Row, ...]


def heats(found: Summary, on: Finding | None, look: Look | None = None) -> tuple[Heat, ...]:
    """The tables: of each dimension the groups, and of each table the barriers, of which anything may be shown.

    With a ``look`` groups and barriers are links, and cells hold what it asks for.
    """
    columns = [(dimension, told) for dimension, told, _ in _dimensions(found) if told]
    return tuple(
        _heat([columns[index] for index in indices], found, on, look)
        for indices in pack([len(groups) for _, groups in columns])
    )


def unshown(found: Summary) -> str:
    """The groups of which nothing can be shown, in one sentence; empty when there are none."""
    parts = [
        f"{dimension_name(dimension)} ({listed([group_name(dimension, value) for value, _ in left])})"
        if told
        else dimension_name(dimension)
        for dimension, told, left in _dimensions(found)
        if left
    ]
    if not parts:
        return ""
    text = say("Groups that are too small to show, or would give a small one away: by {groups}.")
    return text.format(groups=listed(parts))


def _dimensions(found: Summary) -> list[tuple[str, Groups, Groups]]:
    """Each dimension with more than one group: those of which something may be shown, and the rest."""
    made: list[tuple[str, Groups, Groups]] = []
    for dimension in in_order(found.groups):
        groups = sorted(
            found.groups[dimension].items(), key=lambda group: place(dimension, group[0], group[1].heard)
        )
        told = [group for group in groups if any(share is not None for share in group[1].themes.values())]
        if len(groups) > 1:
            made.append((dimension, told, [group for group in groups if group not in told]))
    return made


def _heat(
    columns: Sequence[tuple[str, Groups]], found: Summary, on: Finding | None, look: Look | None
) -> Heat:
    themes = [
        theme
        for theme in (*found.themes, found.apart)
        if theme
        and any(group.themes.get(theme.theme) is not None for _, groups in columns for _, group in groups)
    ]
    families = look is not None and look.families
    return Heat(
        tuple(
            Dimension(
                dimension_name(dimension),
                tuple(_column(dimension, value, group, look) for value, group in groups),
            )
            for dimension, groups in columns
        ),
        tuple(
            Row(
                theme.label,
                on is not None and theme.theme == on.theme,
                tuple(
                    tuple(_cell(group.themes.get(theme.theme), group.heard, families) for _, group in groups)
                    for _, groups in columns
                ),
                look.of(theme.theme).href() if look and theme is not found.apart else "",
            )
            for theme in themes
        ),
    )


def _column(dimension: str, value: str, group: GroupFinding, look: Look | None) -> Column:
    label, families = group_name(dimension, value), thousands(group.heard) if group.heard else ""
    if look is None or not group.heard:
        return Column(label, families)
    on = (dimension, value) in look.groups
    return Column(label, families, look.at(dimension, "" if on else value).href(), on)


def _cell(share: float | None, heard: int | None, families: bool) -> Cell:
    if share is None or (families and heard is None):
        return HIDDEN
    return Cell(band(share), thousands(round(share * (heard or 0))) if families else percent(share))
