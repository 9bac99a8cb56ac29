"""Drafts a problem statement from a gap, out of the shown numbers alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from ..codebook import Codebook
from ..findings import UNKNOWN, Corrected, Finding, Summary
from ..gaps import Gap, rows
from ..intervals import wilson
from .statement import Evidence, Statement, in_percent

Called = Callable[[str, str], str]
"""How a group is spoken of: (dimension, value) -> "families who use Spanish"."""


def draft(
    gap: Gap,
    summary: Summary,
    codebook: Codebook,
    where: str,
    by: date,
    called: Called = lambda _, value: value,
) -> Statement:
    """A statement about a group that names a barrier more often than everybody else. The target is proposed: half of the way
    to everybody else. Raises ValueError for a gap that is not in the shown numbers, or of a group that names it less.
    """
    found = summary.groups.get(gap.dimension, {}).get(gap.group)
    share = found.themes.get(gap.theme) if found else None
    if found is None or share is None or not found.heard:
        raise ValueError(f"{gap.theme} among {gap.dimension} {gap.group} is not in the shown numbers")
    if not gap.more:
        raise ValueError(f"{gap.dimension} {gap.group} names {gap.theme} less often than the others do")
    who = called(gap.dimension, gap.group)
    low, high = wilson(round(share * found.heard), found.heard)
    finding = next(one for one in rows(summary.themes) if one.theme == gap.theme)
    sure = (
        "neither chance nor the coder's known errors explain it"
        if gap.verdict == "certain"
        else "among so many comparisons it may be chance"
    )
    listened = f"survey {summary.survey}" + (
        f", numbers of {summary.release.at:%Y-%m-%d}" if summary.release and summary.release.at else ""
    )
    evidence = [
        Evidence("listening", f"{in_percent(share)} of {found.heard} heard among {who} named it (95% interval {in_percent(low)} to {in_percent(high)}); {listened}."),
        Evidence("listening", f"Of everybody else who was heard, {in_percent(gap.others)} did: a gap of {in_points(gap.difference)} points (95% interval {in_points(gap.low)} to {in_points(gap.high)}; {sure})."),
        Evidence("listening", f"Altogether {finding.count} of {summary.heard} people heard named it."),
    ]  # fmt: skip
    evidence += _corrected(found.corrected.get(gap.theme), who)
    evidence += _response(summary, gap.dimension, gap.group, who)
    evidence += [
        Evidence("listening", f"Most named within it: {sub.label} ({sub.count} people).")
        for sub in finding.subs[:1]
    ]
    return Statement(
        about=(gap.theme, gap.dimension, gap.group),
        verb="Reduce",
        what=f"the share who name “{gap.label}” as what makes school hard",
        who=who,
        where=where,
        start=_short(share),
        target=_halfway(share, gap.others),
        by=by,
        evidence=tuple(evidence),
        quotes=_quotes(summary, finding, codebook),
        going_well=_well(summary),
        unknown=tuple(_unknown(summary, gap, found.corrected.get(gap.theme) is not None)),
        not_heard=tuple(_not_heard(summary, called)),
        unset=("target", "by"),
    )


def _halfway(share: float, others: float) -> float:
    """Half of the gap closed, as exact as the share itself, and always less than now."""
    least = 10.0 ** -_digits(share)
    return max(0.0, min(round((share + others) / 2, _digits(share)), round(_short(share) - least, 4)))


def _short(share: float) -> float:
    """In whole percents; a small share, of which these would leave nothing, more exactly."""
    return round(share, _digits(share))


def _digits(share: float) -> int:
    return 2 if share >= 0.05 else 4


def _corrected(corrected: Corrected | None, who: str) -> list[Evidence]:
    if corrected is None:
        return []
    told = f"Corrected for the coder's known errors: {in_percent(corrected.share)} among {who} (95% interval {in_percent(corrected.low)} to {in_percent(corrected.high)}; from {corrected.known} people's replies that people read)."
    return [Evidence("listening", told)]


def _response(summary: Summary, dimension: str, group: str, who: str) -> list[Evidence]:
    response = summary.unheard.response.get(dimension, {}).get(group)
    if response is None or response.rate is None:
        return []
    told = (
        f"{response.answered} of {response.asked} asked among {who} answered ({in_percent(response.rate)})."
    )
    return [Evidence("listening", told)]


def _quotes(summary: Summary, finding: Finding, codebook: Codebook) -> tuple[str, ...]:
    """References to the quotes of the top theme: the words stay where they can be looked over and withdrawn."""
    top = codebook.top(finding.theme)
    quoted = next((one for one in summary.themes if one.theme == top), finding).quotes
    return tuple(
        f"findings of {summary.survey}, {top}, quote {n} ({quote.language})"
        for n, quote in enumerate(quoted, 1)
    )


def _well(summary: Summary) -> str:
    if summary.apart is None or summary.apart.share is None:
        return ""
    return f"{in_percent(summary.apart.share)} of everybody heard said that nothing is hard."


def _unknown(summary: Summary, gap: Gap, checked: bool) -> Iterator[str]:
    yield "Why they name it: replies say what is hard, not what is behind it. Ask them; the routes and hours that they name show where to begin."
    yield "How often and since when it happens: a record beside the replies would tell (see the evidence you can add)."
    if not checked:
        yield "How many replies the coder read wrongly: people have not read enough of them."
    if gap.verdict != "certain":
        yield "Whether the gap is more than chance."
    silent = summary.asked - summary.answered
    if silent:
        yield f"What {silent} of {summary.asked} people who were asked and did not answer would have said."


def _not_heard(summary: Summary, called: Called) -> Iterator[str]:
    """The groups of which the fewest answered: below two thirds of everybody's rate."""
    rate = summary.answered / summary.asked if summary.asked else 0.0
    for dimension, groups in summary.unheard.response.items():
        for group, response in sorted(groups.items()):
            most = response.rate if response.rate is not None else response.at_most
            if group != UNKNOWN and response.asked and most is not None and most < rate * 2 / 3:
                least = "" if response.rate is not None else "at most "
                yield f"{called(dimension, group)}: {least}{in_percent(most)} of {response.asked} asked answered ({in_percent(rate)} of everybody)."


def in_points(difference: float) -> str:
    return f"{difference * 100:.0f}"
