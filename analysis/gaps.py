"""Which barriers stand in the way of some groups more than of others, from shown numbers alone.

Each group is set against everybody else who was heard. That says for whom a thing is harder than for the others, in one
sentence a group, with two groups as with thirty. The largest pair of groups would say less (the smallest and the
largest of thirty schools differ by chance alone) and take a test for each of 435 pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from .codebook import Codebook
from .differences import Difference, Estimate, Verdict, difference, holm, verdict
from .findings import UNKNOWN, Corrected, Finding, GroupFinding, Summary


@dataclass(frozen=True, slots=True)
class Gap:
    """A group's share of a theme beside that of everybody else who was heard, ``difference`` with its 95% interval, and ``p``
    adjusted for all gaps that were looked at. ``certain``: neither chance nor the coder's known errors explain it."""

    theme: str
    label: str
    dimension: str
    group: str
    share: float
    others: float
    difference: float
    low: float
    high: float
    p: float
    verdict: Verdict

    @property
    def more(self) -> bool:
        """Whether the group names it more often than the others do."""
        return self.difference > 0


def gaps(summary: Summary, codebook: Codebook) -> tuple[Gap, ...]:
    """Every gap that the shown numbers tell of: the certain ones first, then by size.

    Hidden cells and hidden groups are passed over, and so is the group of those whose group is not known (who are among
    the others). Where a dimension has two groups the gap stands once, at the group that names the theme more.
    """
    looked = list(_looked(summary, codebook))
    adjusted = holm([gap.p for gap, _ in looked])
    found = [
        replace(gap, p=p, verdict="may be chance" if blurred else verdict(p))
        for (gap, blurred), p in zip(looked, adjusted, strict=True)
    ]
    return tuple(
        sorted(found, key=lambda gap: (gap.verdict != "certain", -abs(gap.difference), gap.theme, gap.group))
    )


def rows(findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """The findings whose numbers are shown, each top theme before its sub-themes."""
    for finding in findings:
        if finding.count is not None:
            yield finding
        yield from rows(finding.subs)


def _looked(summary: Summary, codebook: Codebook) -> Iterator[tuple[Gap, bool]]:
    """Each gap with its own p, and whether the coder's errors could be behind it."""
    for finding in rows(summary.themes):
        if finding.theme not in codebook or codebook[finding.theme].kind != "barrier":
            continue
        for dimension, groups in summary.groups.items():
            told: list[tuple[Gap, bool]] = []
            for group, found in groups.items():
                if group != UNKNOWN and (apart := _apart(summary, finding, found)) is not None:
                    share, others, size = apart
                    gap = Gap(
                        finding.theme,
                        finding.label,
                        dimension,
                        group,
                        share,
                        others,
                        *size,
                        verdict=verdict(size.p),
                    )
                    told.append((gap, _blurred(gap, found.corrected.get(finding.theme), finding.corrected)))
            yield from _once(told, groups, summary.heard)


def _apart(summary: Summary, finding: Finding, found: GroupFinding) -> tuple[float, float, Difference] | None:
    share = found.themes.get(finding.theme)
    if share is None or not found.heard or finding.count is None:
        return None
    others = summary.heard - found.heard
    said = round(share * found.heard)
    rest = finding.count - said
    if others < max(summary.minimum, 1) or not 0 <= rest <= others:
        return None
    return (
        share,
        rest / others,
        difference(Estimate.of(said, found.heard), Estimate.of(rest, others)),
    )


def _blurred(gap: Gap, group: Corrected | None, everybody: Corrected | None) -> bool:
    """Whether what is known of the coder's errors leaves it open on which side of everybody the group is."""
    if group is None or everybody is None:
        return False
    return everybody.share >= group.low if gap.more else everybody.share <= group.high


def _once(
    told: list[tuple[Gap, bool]], groups: Mapping[str, GroupFinding], heard: int
) -> list[tuple[Gap, bool]]:
    """Two groups that are everybody have one gap, not two."""
    if len(told) == 2 and sum(groups[gap.group].heard or 0 for gap, _ in told) == heard:
        return [max(told, key=lambda one: one[0].difference)]
    return told
