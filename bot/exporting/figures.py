"""A summary's numbers one by one: for tables, and for programs that read the database (the views ``openline_…``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.findings import Corrected, Finding, GroupFinding, Response, Summary
from analysis.intervals import wilson

from ..store.tables import figures as table

Measure = Literal["theme", "subtheme", "apart", "response"]
"""``apart`` is "nothing is hard", which is no barrier; ``response`` how many of those asked have answered."""
Place = tuple[str, str, str, str]
"""Of whom: dimension and value, twice; everything empty is everybody."""
ALL: Place = ("", "", "", "")
KEY = ("measure", "theme", "dimension", "value", "dimension2", "value2")
STORED = (
    *KEY, "label", "count", "of", "share", "low", "high", "hidden",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One number. ``share`` is ``count`` out of ``of``; ``low`` and ``high`` its 95% interval (Wilson). Of a response whose
    count is hidden, ``high`` is what the shown numbers leave possible."""

    measure: Measure
    theme: str
    label: str
    parent: str = ""
    dimension: str = ""
    value: str = ""
    dimension2: str = ""
    value2: str = ""
    count: int | None = None
    of: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    hidden: bool = False
    corrected: Corrected | None = None
    weighted: float | None = None


def figures(summary: Summary) -> Iterator[Figure]:
    """Every number that a summary tells, and a mark for each that it hides."""
    known: dict[str, tuple[Measure, str, str]] = {}
    for finding, measure, parent in _findings(summary):
        known[finding.theme] = measure, finding.label, parent
        yield Figure(
            measure, finding.theme, finding.label, parent,
            count=finding.count, of=summary.heard, share=finding.share, low=finding.low, high=finding.high,
            hidden=finding.count is None, corrected=finding.corrected, weighted=finding.weighted,
        )  # fmt: skip
    for dimension, values in summary.groups.items():
        for value, found in values.items():
            yield from _group(found, (dimension, value, "", ""), known)
    for (one, other), crossed in summary.pairs.items():
        for (value, value2), found in crossed.items():
            yield from _group(found, (one, value, other, value2), known)
    yield _response(Response(summary.asked, summary.answered, _rate(summary.answered, summary.asked), None))
    for dimension, responses in summary.unheard.response.items():
        for value, response in responses.items():
            yield _response(response, dimension, value)


def _findings(summary: Summary) -> Iterator[tuple[Finding, Measure, str]]:
    for finding in summary.themes:
        yield finding, "theme", ""
        for sub in finding.subs:
            yield sub, "subtheme", finding.theme
    if summary.apart is not None:
        yield summary.apart, "apart", ""


def _group(
    found: GroupFinding, place: Place, known: Mapping[str, tuple[Measure, str, str]]
) -> Iterator[Figure]:
    for theme, share in found.themes.items():
        # Sub-themes that the summary hides for everybody are known by their id alone.
        measure, label, parent = known.get(theme, ("subtheme", theme, ""))
        told = share is not None and found.heard is not None
        count = round(share * found.heard) if share is not None and found.heard is not None else None
        low, high = wilson(count, found.heard) if count is not None and found.heard else (None, None)
        yield Figure(
            measure, theme, label, parent, *place,
            count=count, of=found.heard, share=share if told else None, low=low, high=high, hidden=not told,
            corrected=found.corrected.get(theme) if told else None,
        )  # fmt: skip


def _response(found: Response, dimension: str = "", value: str = "") -> Figure:
    return Figure(
        "response", "", "Answered", "", dimension, value,
        count=found.answered, of=found.asked, share=found.rate, high=found.at_most, hidden=found.answered is None,
    )  # fmt: skip


def _rate(answered: int | None, asked: int | None) -> float | None:
    return answered / asked if answered is not None and asked else None


def rows(summary: Summary) -> list[dict[str, Any]]:
    """The numbers as rows of the table ``figures``, without survey, wave and time."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for figure in figures(summary):
        every = asdict(figure)
        row = {name: _fit(name, every[name]) for name in STORED}
        found.setdefault(tuple(row[name] for name in KEY), row)
    return list(found.values())


def _fit(name: str, value: Any) -> Any:
    """Texts no longer than their columns: a group may be called anything."""
    room = getattr(table.c[name].type, "length", None)
    return value[:room] if isinstance(value, str) and room else value


async def store(
    db: AsyncConnection, survey: str, wave: str, rows: Sequence[Mapping[str, Any]], at: datetime
) -> None:
    """Put these in place of what the table had of this survey's wave ("": of all of it). ``at``: of the release."""
    await db.execute(delete(table).where(table.c.survey == survey, table.c.wave == wave))
    if rows:
        await db.execute(insert(table), [{**row, "survey": survey, "wave": wave, "at": at} for row in rows])
