"""The findings of one group, from what the published summary tells of it: nothing is counted anew, so nothing hidden is undone."""

from __future__ import annotations

from dataclasses import replace

from analysis.findings import Finding, GroupFinding, Summary
from analysis.intervals import wilson

from .addresses import Look


def column(found: Summary, groups: tuple[tuple[str, str], ...]) -> GroupFinding | None:
    """What is published of these groups, one or two at once; None where there is no such group, or nothing of a crossing.

    Of two groups ``found`` has to be crossed by their dimensions.
    """
    if len(groups) == 1:
        ((dimension, value),) = groups
        return found.groups.get(dimension, {}).get(value)
    (one, value), (other, value2) = groups
    if (one, other) in found.pairs:
        return found.pairs[one, other].get((value, value2))
    return found.pairs.get((other, one), {}).get((value2, value))


def narrowed(found: Summary, group: GroupFinding | None) -> Summary:
    """The findings as those of one group, with its own numbers and without what is told of everybody only.

    What is hidden of the group stays hidden: a share that is not there becomes a finding without numbers.
    """
    heard = group.heard if group and group.heard is not None else 0
    themes = [_of(theme, group, heard) for theme in found.themes]
    themes.sort(key=lambda theme: -(theme.count or 0))
    return replace(
        found,
        answered=heard,
        heard=heard,
        uncoded=0,
        themes=tuple(themes),
        apart=_of(found.apart, group, heard) if found.apart else None,
        weighting=None,
    )


def _of(theme: Finding, group: GroupFinding | None, heard: int) -> Finding:
    share = group.themes.get(theme.theme) if group else None
    if group is None or share is None or not heard:
        return Finding(theme.theme, theme.label, None, None, None, None)
    count = round(share * heard)
    low, high = wilson(count, heard)
    return Finding(
        theme.theme, theme.label, count, share, low, high, corrected=group.corrected.get(theme.theme)
    )


def crossing(look: Look) -> tuple[tuple[str, str], ...]:
    """The pairs of dimensions that a page needs crossed: those of its two groups, and the one that was asked for."""
    pairs = [tuple(dimension for dimension, _ in look.groups)] if len(look.groups) == 2 else []
    pairs += [look.pair] if look.pair else []
    return tuple(dict.fromkeys((one, other) for one, other in (sorted(pair) for pair in pairs)))
