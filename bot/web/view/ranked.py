"""The ranked table: one bar a barrier, then what is no barrier, apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.findings import Finding, Summary
from analysis.views import Ranked, Ranking

from ..tongue import say
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
    found: Summary,
    ranking: Ranking,
    on: Finding | None,
    link: Callable[[str], str],
    along: Scale,
    *,
    own: bool = False,
) -> tuple[Bar, ...]:
    """The rows that are not hidden, in the order of the view. ``link`` gives the address of a theme; ``on`` is to be marked.

    ``own``: the findings are of one group, and "named most" is by what that group names.
    """
    themes = {theme.theme: theme for theme in found.themes}
    placed = [(row, themes[row.theme]) for row in ranking.rows if row.theme in themes]
    if own and ranking.view == "named":
        placed.sort(key=lambda one: -(one[1].count or 0))
    rows = [
        _bar(
            theme,
            numbers,
            link(theme.theme),
            "on" if on and theme.theme == on.theme else "",
            along,
            "" if own or ranking.view == "named" else _reason(row),
        )
        for row, theme in placed
        if (numbers := shown(theme))
    ]
    if found.apart and (numbers := shown(found.apart)):
        rows.append(_bar(found.apart, numbers, "", "apart", along))
    return tuple(rows)


def _reason(row: Ranked) -> str:
    """Why a theme stands where it does, with groups by their names."""
    if (gap := row.gap) is None:
        return row.reason
    if gap.verdict == "certain":
        text = say("{dimension} {group}: {share}, everybody else {others}")
    else:
        text = say("{dimension} {group}: {share}, everybody else {others}; may be chance")
    return text.format(
        dimension=dimension_name(gap.dimension),
        group=group_name(gap.dimension, gap.group),
        share=percent(gap.share),
        others=percent(gap.others),
    )


def hidden(found: Summary) -> tuple[str, ...]:
    """The barriers, and "nothing is hard", that stand in no row because too few named them."""
    return tuple(theme.label for theme in (*found.themes, found.apart) if theme and not shown(theme))


def _bar(finding: Finding, numbers: Shown, href: str, classes: str, along: Scale, reason: str = "") -> Bar:
    beside = [f"{reason[:1].upper()}{reason[1:]}."] if reason else []
    if (mended := finding.corrected) is not None:
        text = say("Corrected for known mistakes of the coder: {share}, likely {likely}.")
        beside.append(text.format(share=percent(mended.share), likely=likely(mended.low, mended.high)))
    if finding.weighted is not None and percent(finding.weighted) != percent(numbers.share):
        beside.append(say("Weighted: {share}.").format(share=percent(finding.weighted)))
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
