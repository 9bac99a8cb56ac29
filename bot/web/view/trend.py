"""One barrier over the waves: each wave's share with its interval, drawn and as a table, and the change since the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.change import ALL, trend
from analysis.findings import Finding, Summary

from ..tongue import say
from .charts import Tick, scale
from .figures import likely, percent, points, shown, thousands
from .narrow import narrowed

MOST = 8
"""So many waves are drawn: the first, against which all are held, and the last."""
TOP, FOOT = 24, 176
"""Where in the drawing the largest share and 0 stand, in pixels."""


@dataclass(frozen=True, slots=True)
class Point:
    """One wave: its numbers, and where they stand in the drawing (``at`` in percent of its width, the rest in pixels). Without a
    share it is hidden."""

    wave: str
    share: str
    likely: str
    count: str
    of: str
    change: str
    verdict: str
    at: str
    y: str
    low: str
    high: str
    base: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """``lines`` join neighbours that are both shown: (x1, y1, x2, y2). ``notes`` say what else was different."""

    label: str
    points: tuple[Point, ...]
    lines: tuple[tuple[str, str, str, str], ...]
    ticks: tuple[Tick, ...]
    notes: tuple[str, ...]
    said: str


def over_waves(
    waves: Sequence[tuple[str, Summary]], theme: str, groups: tuple[tuple[str, str], ...]
) -> Trend | None:
    """The trend of a theme, among everybody or in one group; None where fewer than two waves show anything of it.

    ``waves`` are the earliest first. A crossing of two groups has no trend: it is not reckoned for every wave.
    """
    if len(groups) > 1 or len(waves) < 2:
        return None
    waves = [waves[0], *waves[1:][-(MOST - 1) :]]
    group = groups[0] if groups else ALL
    found = [(name, summary, _finding(summary, theme, groups)) for name, summary in waves]
    told = [(number, finding) for number, (*_, finding) in enumerate(found) if shown(finding)]
    if len(told) < 2:
        return None
    largest = max(numbers.high for _, finding in told if (numbers := shown(finding)))
    along = scale(largest)

    def y(share: float) -> str:
        return f"{FOOT - (FOOT - TOP) * min(share / along.end, 1):.1f}"

    changes = trend([summary for _, summary in waves], [group[0]] if groups else ())
    made = []
    for number, (name, summary, finding) in enumerate(found):
        numbers = shown(finding)
        at = f"{12 + 82 * number / (len(found) - 1):.2f}"
        if numbers is None:
            made.append(Point(name, "", "", "", "", "", "", at, "", "", "", number == 0))
            continue
        change = changes[number - 1].of(theme, group) if number else None
        heard = narrowed(summary, summary.groups[group[0]][group[1]]).heard if groups else summary.heard
        made.append(
            Point(
                wave=name,
                share=percent(numbers.share),
                likely=likely(numbers.low, numbers.high),
                count=thousands(numbers.count),
                of=thousands(heard),
                change=points(change.difference, change.low, change.high) if change else "",
                verdict=_verdict(change.verdict) if change else "",
                at=at,
                y=y(numbers.share),
                low=y(numbers.low),
                high=y(numbers.high),
                base=number == 0,
            )
        )
    lines = [(one.at, one.y, other.at, other.y) for one, other in pairwise(made) if one.share and other.share]
    label = next(finding.label for *_, finding in found if finding)
    ticks = tuple(
        Tick(y(n * along.step), "0" if n == 0 else f"{n * along.step:.0%}") for n in range(along.steps + 1)
    )
    notes = changes[-1].notes if changes else ()
    return Trend(label, tuple(made), tuple(lines), ticks, notes, _said(made))


def _finding(summary: Summary, theme: str, groups: tuple[tuple[str, str], ...]) -> Finding | None:
    if groups:
        ((dimension, value),) = groups
        group = summary.groups.get(dimension, {}).get(value)
        if group is None:
            return None
        summary = narrowed(summary, group)
    return next((finding for finding in summary.themes if finding.theme == theme), None)


def _verdict(verdict: str) -> str:
    return say("certain") if verdict == "certain" else say("may be chance")


def _said(made: Sequence[Point]) -> str:
    """The drawing in words, for whoever cannot see it."""
    return "; ".join(
        say("{wave}: {share}, likely {likely}").format(wave=one.wave, share=one.share, likely=one.likely)
        if one.share
        else say("{wave}: hidden").format(wave=one.wave)
        for one in made
    )
