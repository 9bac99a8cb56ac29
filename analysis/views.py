"""The themes in an order that answers one question, each with the reason for its place.

How often a thing is named is only one question, and illness tops most such lists. The others are what the school can change,
where groups differ most, and what has changed. Answers are never added up over themes or made into an index: barriers
are a list and no scale. Themes that imply a legal duty stand apart, whatever their rank.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from .change import Change, change
from .codebook import Codebook
from .codebook.base import Reach, Theme
from .findings import Finding, Summary
from .gaps import Gap, gaps, rows

View = Literal["named", "within_reach", "gap", "change"]
VIEWS: tuple[View, ...] = get_args(View)
RESTRICTED = "restricted view"
"""A flag that begins so says who may read a theme, and names nobody who has to act."""

_REACHED: tuple[tuple[Reach | None, ...], ...] = (
    ("school", "district"),
    ("partners",),
    (None,),
    ("outside",),
)
_WHO: dict[Reach | None, str] = {
    "school": "the school can change it",
    "district": "the district can change it",
    "partners": "it takes partners",
    None: "nobody has said who can change it",
    "outside": "outside the reach of school and district",
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A top theme in its place, and why it stands there. ``count`` and ``share`` are None where hidden. ``part`` is the sub-theme
    that it stands there for, ``gap`` or ``change`` the difference."""

    theme: str
    label: str
    count: int | None
    share: float | None
    reason: str
    part: Finding | None = None
    gap: Gap | None = None
    change: Change | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """A theme that the ``role`` has to look at whenever somebody names it. ``count`` is None where hidden."""

    role: str
    theme: str
    label: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """``duties`` are all themes of the codebook that imply one, named or not: a list of those named would tell of few people.
    ``notes`` go with the view."""

    view: View
    rows: tuple[Ranked, ...]
    duties: tuple[Duty, ...]
    notes: tuple[str, ...] = ()


def ranked(summary: Summary, codebook: Codebook, view: View, before: Summary | None = None) -> Ranking:
    """The top themes in the order of one view; hidden ones last, in the codebook's order. ``before`` is the earlier wave that
    the view "change" compares with. Raises ValueError without it, or for a view that there is not."""
    shown = [finding for finding in summary.themes if finding.count is not None]
    notes: tuple[str, ...] = ()
    if view == "named":
        found = [_row(finding, f"{finding.count} of {summary.heard} named it") for finding in shown]
    elif view == "within_reach":
        found = _within_reach(shown, codebook)
    elif view == "gap":
        found = _by_gap(shown, gaps(summary, codebook))
    elif view == "change":
        if before is None:
            raise ValueError("the view 'change' needs an earlier wave to compare with: give it as before")
        changes = change(before, summary)
        found, notes = _by_change(shown, changes.changes), changes.notes
    else:
        raise ValueError(f"there is no view '{view}': it is one of {', '.join(VIEWS)}")
    place = {theme.id: at for at, theme in enumerate(codebook.themes)}
    hidden = [finding for finding in summary.themes if finding.count is None]
    hidden.sort(key=lambda finding: place.get(finding.theme, len(place)))
    why = f"hidden: fewer than {summary.minimum} named it, or nearly everybody"
    return Ranking(
        view,
        (*found, *(_row(finding, why) for finding in hidden)),
        duties(summary, codebook),
        notes,
    )


def duties(summary: Summary, codebook: Codebook) -> tuple[Duty, ...]:
    """Every theme of the codebook at which a role has to look, in the codebook's order."""
    counts = {finding.theme: finding.count for finding in rows(summary.themes)}
    return tuple(
        Duty(role, theme.id, theme.label, counts.get(theme.id))
        for theme in codebook
        if (role := role_of(theme))
    )


def role_of(theme: Theme) -> str:
    """Who has to look at replies that name this theme; empty where nobody has to. A flag may say what it is about first:
    "informal removal: special education or 504 lead"."""
    flag = (theme.flag or "").rpartition(":")[2].strip()
    return "" if flag.lower().startswith(RESTRICTED) else flag


def _row(finding: Finding, reason: str, part: Finding | None = None) -> Ranked:
    return Ranked(finding.theme, finding.label, finding.count, finding.share, reason, part)


def _within_reach(shown: Sequence[Finding], codebook: Codebook) -> list[Ranked]:
    """By the most named part that is most within reach: parts are not added up, for one person may name several."""
    placed: list[tuple[int, float, Ranked]] = []
    for finding in shown:
        parts = [sub for sub in finding.subs if sub.share is not None] or [finding]
        far, _, part = min(
            ((_far(codebook, sub.theme), -(sub.share or 0.0), sub) for sub in parts), key=_first
        )
        who = _WHO[_reach(codebook, part.theme)]
        if part is finding:
            reason, share = who, finding.share or 0.0
            if codebook.children(finding.theme):
                reason, share = f"{who}; too few named any one part of it to say which", 0.0
        else:
            share = part.share or 0.0
            reason = f"{who}: {part.label}, {share:.0%}"
        if far == len(_REACHED) - 1:
            reason = who
        placed.append((far, -share, _row(finding, reason, None if part is finding else part)))
    return [row for _, _, row in sorted(placed, key=_first)]


def _first(one: tuple[int, float, object]) -> tuple[int, float]:
    return one[:2]


def _reach(codebook: Codebook, code: str) -> Reach | None:
    """Of a sub-theme its own, or its theme's; of a top theme its own, or that of its part that is most within reach."""
    theme = codebook[code]
    if theme.reach is None and theme.parent is not None:
        return codebook[theme.parent].reach
    if theme.reach is None and (children := codebook.children(code)):
        return min((child.reach for child in children), key=_tier)
    return theme.reach


def _far(codebook: Codebook, code: str) -> int:
    return _tier(_reach(codebook, code))


def _tier(reach: Reach | None) -> int:
    return next(at for at, reaches in enumerate(_REACHED) if reach in reaches)


def _by_gap(shown: Sequence[Finding], found: Sequence[Gap]) -> list[Ranked]:
    largest: dict[str, Gap] = {}
    for gap in found:  # the certain ones come first, then the largest
        largest.setdefault(gap.theme, gap)
    told = [
        (
            gap,
            f"{gap.dimension.replace('_', ' ')} {gap.group}: {gap.share:.0%}, everybody else {gap.others:.0%}",
        )
        for gap in largest.values()
    ]
    return [
        replace(row, gap=largest.get(row.theme))
        for row in _by_difference(shown, told, "no group of which enough is shown to compare")
    ]


def _by_change(shown: Sequence[Finding], found: Sequence[Change]) -> list[Ranked]:
    since = {one.theme: one for one in found}
    told = [(one, f"{one.then:.0%} last time, {one.now:.0%} now") for one in found]
    return [
        replace(row, change=since.get(row.theme))
        for row in _by_difference(shown, told, "was not shown last time")
    ]


def _by_difference(
    shown: Sequence[Finding], told: Sequence[tuple[Gap | Change, str]], else_: str
) -> list[Ranked]:
    """Certain differences first, then by size; findings without one last, as they were."""
    found = {one.theme: (one, said) for one, said in told}
    placed = []
    for finding in shown:
        if finding.theme not in found:
            placed.append((2, 0.0, _row(finding, else_)))
            continue
        one, said = found[finding.theme]
        certain = one.verdict == "certain"
        row = _row(finding, said if certain else f"{said}; may be chance")
        placed.append((int(not certain), -abs(one.difference), row))
    return [row for *_, row in sorted(placed, key=_first)]
