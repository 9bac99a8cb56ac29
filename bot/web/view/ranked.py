"""The ranked table: one bar a barrier, then what is no barrier, apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.findings import Finding, Summary
from analysis.views import Ranked, Ranking

from .charts import Scale, scale
from .figures import Shown, likely, percent, shown, thousands
from .groups import dimension_name, group_name


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. Positions are percentages of the drawing's width."""

    label: str
    href: str
    on: bool
    classes: str
    count: str
    share: str
    likely: str
    width: str
    low: str
    high: str
    beside: tuple[str, ...] = ()


def axis(found: Summary) -> Scale:
    """The scale on which every bar of the table has room."""
    numbers = [shown(finding) for finding in (*found.themes, found.apart)]
    return scale(max((n.high for n in numbers if n), default=0.1))


def bars(
    found: Summary, ranking: Ranking, on: Finding | None, link: Callable[[str], str], along: Scale
) -> tuple[Bar, ...]:
    """The rows that are not hidden, in the order of the view. ``link`` gives the address of a theme; ``on`` is to be marked."""
    themes = {theme.theme: theme for theme in found.themes}
    rows = [
        _bar(
            theme,
            numbers,
            link(theme.theme),
            "on" if on and theme.theme == on.theme else "",
            along,
            "" if ranking.view == "named" else _reason(row),
        )
        for row in ranking.rows
        if (theme := themes[row.theme]) and (numbers := shown(theme))
    ]
    if found.apart and (numbers := shown(found.apart)):
        rows.append(_bar(found.apart, numbers, "", "apart", along))
    return tuple(rows)


def _reason(row: Ranked) -> str:
    """Why a theme stands where it does, with groups by their names."""
    if (gap := row.gap) is None:
        return row.reason
    chance = "" if gap.verdict == "certain" else "; may be chance"
    return (
        f"{dimension_name(gap.dimension)} {group_name(gap.dimension, gap.group)}: {percent(gap.share)}, "
        f"everybody else {percent(gap.others)}{chance}"
    )


def hidden(found: Summary) -> tuple[str, ...]:
    """The barriers, and "nothing is hard", that stand in no row because too few named them."""
    return tuple(theme.label for theme in (*found.themes, found.apart) if theme and not shown(theme))


def _bar(finding: Finding, numbers: Shown, href: str, classes: str, along: Scale, reason: str = "") -> Bar:
    beside = [f"{reason[:1].upper()}{reason[1:]}."] if reason else []
    if (mended := finding.corrected) is not None:
        beside.append(
            f"Corrected for known mistakes of the coder: {percent(mended.share)}, likely {likely(mended.low, mended.high)}."
        )
    if finding.weighted is not None and percent(finding.weighted) != percent(numbers.share):
        beside.append(f"Weighted: {percent(finding.weighted)}.")
    return Bar(
        label=finding.label,
        href=href,
        on=classes == "on",
        classes=classes,
        count=thousands(numbers.count),
        share=percent(numbers.share),
        likely=likely(numbers.low, numbers.high),
        width=along.at(numbers.share),
        low=along.at(numbers.low),
        high=along.at(numbers.high),
        beside=tuple(beside),
    )
