"""Other ways to look than by how many named a barrier: what can be changed, whom it stands in the way of more, what has changed.
Counts alone mislead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analysis import gaps, views
from analysis.change import change
from analysis.codebook import Codebook
from analysis.findings import Summary
from bot.web.view.figures import percent, points
from bot.web.view.groups import dimension_name, group_name, who

MOST = 8
"""Of the differences that are certain."""
UNCERTAIN = 3
"""So many are shown where none is certain: somewhere one has to begin asking."""


@dataclass(frozen=True, slots=True)
class Lens:
    """One view: what it is for, and a table. Of the ``head`` the last ``numbers`` columns are numbers; ``notes`` go with it, and where
    there are no rows they say why."""

    anchor: str
    title: str
    about: str
    head: tuple[str, ...]
    numbers: int
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def all_of(found: Summary, book: Codebook, before: Summary | None, before_called: str) -> tuple[Lens, ...]:
    """The views; none where nobody was heard. The last is there where there is something to compare with."""
    if not found.heard:
        return ()
    since = [_since(found, before, before_called)] if before is not None else []
    return (_within_reach(found, book), _between(found, book), *since)


def _within_reach(found: Summary, book: Codebook) -> Lens:
    ranking = views.ranked(found, book, "within_reach")
    rows = tuple(
        (row.label, _upper(row.reason), percent(row.share)) for row in ranking.rows if row.share is not None
    )
    return Lens(
        "reach",
        "What the school can change",
        "First what the school or its district can change by itself, then what takes partners. Within each, by the part of the "
        "barrier that was named most. Who can change what stands in the codebook; correct it there where your school differs.",
        (
            "Barrier",
            "Who can change it, and the part to begin with",
            f"{_upper(who(found).many)} who named it",
        ),
        1,
        rows,
        () if rows else (_nothing(found),),
    )


def _between(found: Summary, book: Codebook) -> Lens:
    every = gaps.gaps(found, book)
    certain = [gap for gap in every if gap.verdict == "certain"]
    told: Sequence[gaps.Gap] = certain[:MOST] or every[:UNCERTAIN]
    rows = tuple(
        (
            gap.label,
            f"{group_name(gap.dimension, gap.group)} ({dimension_name(gap.dimension)})",
            percent(gap.share),
            percent(gap.others),
            points(gap.difference, gap.low, gap.high),
        )
        for gap in told
    )
    if not rows:
        notes = ["Too little can be shown of the groups to compare them."]
    elif not certain:
        notes = ["Each of these may be chance. Ask more people before you act on a difference."]
    else:
        more = len(certain) - len(told)
        notes = ["Chance explains none of these, also considering how many differences were looked at."]
        notes += [f"{more} more, smaller, are just as certain."] if more else []
    return Lens(
        "gaps",
        "The largest gaps between groups",
        "Each group beside everybody else. A barrier that few name can stand in the way of nearly all of one group; a share of "
        "everybody does not show that.",
        ("Barrier", "Group", "In the group", "Everybody else", "Points more or less (likely)"),
        3,
        rows,
        tuple(notes),
    )


def _since(found: Summary, before: Summary, called: str) -> Lens:
    changes = change(before, found)
    rows = tuple(
        (
            one.label,
            percent(one.then),
            percent(one.now),
            points(one.difference, one.low, one.high),
            one.verdict,
        )
        for one in changes.changes
    )
    mended = any(one.corrected for one in changes.changes)
    notes = [*changes.notes, *(["Both shares are corrected for the coder’s errors."] if mended else [])]
    return Lens(
        "change",
        "What has changed",
        f"Since {called}, of the barriers that are shown both times. “May be chance” is what so many people could have said without "
        "anything having changed.",
        ("Barrier", "Then", "Now", "Change in points (likely)", "How sure"),
        4,
        rows,
        tuple(notes) if rows else (_nothing(found),),
    )


def _nothing(found: Summary) -> str:
    return f"No barrier was named by so many {who(found).many} that it can be shown."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
