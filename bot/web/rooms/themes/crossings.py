"""Two groups at once, on demand: one barrier in every pair of groups of which anything is published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from analysis.findings import Summary

from ....reports.crossed import Table, tables
from ...view.addresses import Look
from ...view.groups import dimension_label, in_order


@dataclass(frozen=True, slots=True)
class Ask:
    """A pair of dimensions that can be crossed."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """``asks`` are the pairs there are and ``asked`` the one that is shown. ``table`` is None where too little of it may be shown;
    ``others`` are the barriers of which something may be, with their addresses."""

    asks: tuple[Ask, ...]
    asked: str
    title: str
    columns: tuple[str, ...]
    table: Table | None
    others: tuple[tuple[str, str], ...]
    kept: tuple[tuple[str, str], ...]


def crossing(look: Look, found: Summary, crossed: Summary | None, theme: str) -> Crossing | None:
    """What can be crossed, and the crossing that was asked for; None where there are no two dimensions of several groups."""
    dimensions = [name for name in in_order(found.groups) if len(found.groups[name]) > 1]
    asks = tuple(
        Ask(f"{one},{other}", f"{dimension_label(one)} × {dimension_label(other)}")  # a cross
        for at, one in enumerate(dimensions)
        for other in dimensions[at + 1 :]
    )
    if not asks or not found.heard:
        return None
    asked = next((ask for ask in asks if look.pair and set(ask.value.split(",")) == set(look.pair)), None)
    empty = Crossing(
        asks, asked.value if asked else "", asked.label if asked else "", (), None, (), _kept(look)
    )
    if asked is None or crossed is None:
        return empty
    one, other = asked.value.split(",")
    cells = crossed.pairs.get((one, other))
    if cells is None:
        turned = crossed.pairs.get((other, one), {})
        cells = {(value, value2): cell for (value2, value), cell in turned.items()}
    (made,) = tables(replace(crossed, pairs={(one, other): cells}))
    labels = {finding.label: finding.theme for finding in found.themes}
    here = next((table for table in made.tables if labels.get(table.label) == theme), None)
    others = tuple(
        (table.label, look.of(labels[table.label]).href() + "#crossing")
        for table in made.tables
        if table.label in labels and table is not here
    )
    return replace(empty, columns=made.columns, table=here, others=others)


def _kept(look: Look) -> tuple[tuple[str, str], ...]:
    """What else the address holds, for a form that asks for another pair."""
    return tuple(parse_qsl(urlsplit(replace(look, pair=None).href()).query))
