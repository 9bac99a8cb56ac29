"""Numbers as people read them."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.findings import Finding


@dataclass(frozen=True, slots=True)
class Shown:
    """The numbers of a finding that is not hidden."""

    count: int
    share: float
    low: float
    high: float


def shown(finding: Finding | None) -> Shown | None:
    """The numbers of a finding; None when they are hidden."""
    if (
        finding is None
        or finding.count is None
        or finding.share is None
        or finding.low is None
        or finding.high is None
    ):
        return None
    return Shown(finding.count, finding.share, finding.low, finding.high)


def thousands(number: int) -> str:
    """
    >>> thousands(2416)
    '2,416'
    """
    return f"{number:,}"


def percent(share: float) -> str:
    """A share as people say it. Never 0% for something, never 100% for less than all.

    >>> percent(0.307), percent(0.002), percent(0.998), percent(0.0)
    ('31%', 'under 1%', 'over 99%', '0%')
    """
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"


def likely(low: float, high: float) -> str:
    """An interval, short.

    >>> likely(0.271, 0.348)
    '27–35%'
    """
    return f"{low * 100:.0f}–{high * 100:.0f}%"


def listed(names: list[str]) -> str:
    """
    >>> listed(["Health"]), listed(["Health", "Work", "Home"])
    ('Health', 'Health, Work and Home')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
