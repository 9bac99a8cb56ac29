"""Numbers as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.lists import format_list
from babel.numbers import format_decimal

from analysis.findings import Finding

from .. import tongue
from ..tongue import say


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


def _locale() -> str:
    return tongue.current().replace("-", "_")


def thousands(number: int) -> str:
    """
    >>> thousands(2416)
    '2,416'
    """
    return format_decimal(number, locale=_locale())


def percent(share: float) -> str:
    """A share as people say it. Never 0% for something, never 100% for less than all.

    >>> percent(0.307), percent(0.002), percent(0.998), percent(0.0)
    ('31%', 'under 1%', 'over 99%', '0%')
    """
    if 0 < share < 0.005:
        return say("under 1%")
    if 0.995 <= share < 1:
        return say("over 99%")
    return f"{share * 100:.0f}%"


def likely(low: float, high: float) -> str:
    """An interval, short.

    >>> likely(0.271, 0.348)
    '27–35%'
    """
    return f"{low * 100:.0f}–{high * 100:.0f}%"


def points(size: float, low: float, high: float) -> str:
    """A difference of shares in percentage points, with its interval.

    >>> points(0.163, 0.081, 0.245), points(-0.04, -0.11, 0.03)
    ('+16 (+8 to +24)', '−4 (−11 to +3)')
    """
    return say("{size} ({low} to {high})").format(size=_signed(size), low=_signed(low), high=_signed(high))


def _signed(share: float) -> str:
    whole = round(share * 100)
    return "0" if whole == 0 else f"{'+' if whole > 0 else '−'}{abs(whole)}"


def listed(names: Sequence[str]) -> str:
    """
    >>> listed(["Health"]), listed(["Health", "Work", "Home"])
    ('Health', 'Health, Work and Home')
    """
    if tongue.current() == tongue.SOURCE:
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return format_list(list(names), locale=_locale())
