"""What people chose, as a page shows it: a card for each question, its groups beside each other."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from analysis.item_report import BASES, NEVER_ADDED, TONGUES, not_counted, notes
from analysis.items import NUMBERS, TOP, Part, Result, Results, Share

from .charts import Scale, Tick
from .figures import likely, listed, percent, thousands
from .groups import dimension_name, group_name, in_order, place

WHOLE = Scale(0.25, 4)
"""All cards have the same scale, 0 to 100%, so that they can be held beside each other."""
BANDS = (("q1", 0.2), ("q2", 0.4), ("q3", 0.6), ("q4", 0.8), ("q5", math.inf))
"""Shares below each of these are shaded alike. The numbers stand in the cells, so that no key is needed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One choice; without a share it is hidden. Positions are percentages of the drawing's width."""

    label: str
    classes: str
    share: str = ""
    likely: str = ""
    count: str = ""
    width: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of one group; no text when it is hidden."""

    band: str
    text: str
    likely: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    people: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One question, group by group."""

    dimension: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    unshown: str


@dataclass(frozen=True, slots=True)
class Card:
    """One question. ``base`` says of whom the shares are; it is empty when too few answered."""

    title: str
    base: str
    middle: str
    rows: tuple[Row, ...]
    first: str
    hidden: bool
    apart: str
    notes: tuple[str, ...]
    compared: Compared | None


@dataclass(frozen=True, slots=True)
class Way:
    """A way to compare: its address and name."""

    href: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """Everything the page shows."""

    title: str
    rule: str
    ways: tuple[Way, ...]
    cards: tuple[Card, ...]
    ticks: tuple[Tick, ...]
    minimum: int
    caution: str
    left_out: tuple[str, ...]


def address(survey: str, by: str | None = None) -> str:
    """Where the page of a survey is.

    >>> address("fall"), address("fall", "school")
    ('/surveys/fall/items', '/surveys/fall/items?by=school')
    """
    return f"/surveys/{quote(survey, safe='')}/items" + (f"?{urlencode({'by': by})}" if by else "")


def chosen(found: Results, by: str | None) -> Chosen | None:
    """The page, with the groups of one dimension or none. None when there is no such dimension."""
    dimensions = in_order(
        {name for result in found.items for name, parts in result.groups.items() if len(parts) > 1}
    )
    if by is not None and by not in dimensions:
        return None
    ways = [Way(address(found.survey), "everybody together", by is None)]
    ways += [
        Way(address(found.survey, name), f"by {dimension_name(name)}", by == name) for name in dimensions
    ]
    return Chosen(
        title=found.title,
        rule=NEVER_ADDED,
        ways=tuple(ways) if dimensions else (),
        cards=tuple(_card(result, found.minimum, by) for result in found.items),
        ticks=WHOLE.ticks,
        minimum=found.minimum,
        caution=TONGUES if by == "language" else "",
        left_out=found.left_out,
    )


def _card(result: Result, minimum: int, by: str | None) -> Card:
    rows = [_row(share, result) for share in _in_order(result)]
    told = "are counted" if result.apart else "answered"
    base = "" if result.counted is None else f"{thousands(result.counted)} people {told}{BASES[result.base]}."
    compared = _compared(result, by) if by and base else None
    across = [cell for _, cells in compared.rows for cell in cells] if compared else []
    means = [f"{one.label} {one.mean:.1f}" for one in result.shares if one.mean is not None]
    return Card(
        title=result.item.title,
        base=base,
        middle=_middle(result),
        rows=tuple(rows) if base else (),
        first=f"The bars show who put it first. Mean place, 1 being the first: {', '.join(means)}."
        if means
        else "",
        hidden=bool(base) and not all([*(row.share for row in rows), *(cell.text for cell in across)]),
        apart=not_counted(result, minimum),
        notes=tuple(notes(result)),
        compared=compared,
    )


def _in_order(result: Result) -> list[Share]:
    """As they were asked; of a list the most chosen first, and "none of these" apart. The top two come last."""
    shares = [*result.shares, *result.bands]
    if result.item.kind in ("many", "rank"):
        shares.sort(key=lambda share: (share.key == result.item.none, -(share.share or -1.0)))
    return [*shares, *([result.top] if result.top else [])]


def _row(share: Share, result: Result) -> Row:
    classes = "apart" if share.key in (TOP, result.item.none) else ""
    if share.count is None or share.share is None or share.low is None or share.high is None:
        return Row(share.label, classes)
    return Row(
        share.label,
        classes,
        percent(share.share),
        likely(share.low, share.high),
        thousands(share.count) if result.base != "shown" else f"{share.count} of {share.of}",
        WHOLE.at(share.share),
        WHOLE.at(share.low),
        WHOLE.at(share.high),
    )


def _middle(result: Result) -> str:
    found = result.middle
    if found is None:
        return ""
    return f"Median {found.median:g}. Half of the people gave a number from {found.low:g} to {found.high:g}."


def _compared(result: Result, by: str) -> Compared | None:
    parts = result.groups.get(by, {})
    if len(parts) < 2:
        return None
    ordered = sorted(parts.items(), key=lambda part: place(by, part[0], part[1].counted))
    told = [(value, part) for value, part in ordered if _tells(part)]
    lost = [group_name(by, value) for value, part in ordered if not _tells(part)]
    return Compared(
        dimension=dimension_name(by),
        columns=tuple(Column(group_name(by, value), thousands(part.counted or 0)) for value, part in told),
        rows=tuple(_across(result, [part for _, part in told])) if told else (),
        unshown=f"Too small to show: {listed(lost)}." if lost else "",
    )


def _tells(part: Part) -> bool:
    return part.middle is not None or any(share.share is not None for share in part.shares.values())


def _across(result: Result, parts: list[Part]) -> Iterable[tuple[str, tuple[Cell, ...]]]:
    if result.item.kind in NUMBERS:
        found = [part.middle for part in parts if part.middle]
        yield "Median", tuple(Cell("", f"{one.median:g}") for one in found)
        yield "Half of the people", tuple(Cell("", f"{one.low:g}–{one.high:g}") for one in found)
        return
    for share in _in_order(result):
        yield share.label, tuple(_cell(part.shares[share.key]) for part in parts)


def _cell(share: Share) -> Cell:
    if share.share is None or share.low is None or share.high is None:
        return Cell("hidden-cell", "")
    shown = round(share.share * 100) / 100
    band = next(css for css, below in BANDS if shown < below - 1e-9)
    return Cell(band, percent(share.share), likely(share.low, share.high))


__all__ = ["Card", "Chosen", "address", "chosen"]
