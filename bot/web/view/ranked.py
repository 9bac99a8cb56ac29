"""The ranked table: one bar a barrier, then what is no barrier, apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.findings import Finding, Summary

from .charts import Scale, scale
from .figures import likely, percent, shown, thousands


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. Positions are percentages of the drawing's width; a hidden row has neither numbers nor a bar."""

    label: str
    href: str
    on: bool
    classes: str
    hidden: bool
    count: str = ""
    share: str = ""
    likely: str = ""
    width: str = ""
    low: str = ""
    high: str = ""


def axis(found: Summary) -> Scale:
    """The scale on which every bar of the table has room."""
    numbers = [shown(finding) for finding in (*found.themes, found.apart)]
    return scale(max((n.high for n in numbers if n), default=0.1))


def bars(found: Summary, on: Finding | None, link: Callable[[str], str], along: Scale) -> tuple[Bar, ...]:
    """The rows, most named first. ``link`` gives the address of a theme; ``on`` is the one to mark."""
    rows = [
        _bar(theme, link(theme.theme), "on" if on and theme.theme == on.theme else "", along)
        for theme in found.themes
    ]
    if found.apart:
        rows.append(_bar(found.apart, "", "apart", along))
    return tuple(rows)


def _bar(finding: Finding, href: str, classes: str, along: Scale) -> Bar:
    numbers = shown(finding)
    if numbers is None:
        return Bar(finding.label, href, classes == "on", classes, hidden=True)
    return Bar(
        finding.label,
        href,
        classes == "on",
        classes,
        hidden=False,
        count=thousands(numbers.count),
        share=percent(numbers.share),
        likely=likely(numbers.low, numbers.high),
        width=along.at(numbers.share),
        low=along.at(numbers.low),
        high=along.at(numbers.high),
    )
