"""Who was not heard: how many, of which groups, and what became of asking them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.findings import Outcome, Response, Summary

from ..tongue import say
from .figures import percent, thousands
from .groups import dimension_name, group_name, in_order, who

LAGS = 0.9
"""A group is marked as least heard when it replied less than this part of what everybody did."""
FOLDED = 8
"""More groups than this are folded away."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of one group replied. ``bound``: too few to say, but surely not more than this."""

    label: str
    share: str
    width: str
    bound: bool
    least: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The rates of one dimension, and where the rate of all families stands on their scale."""

    dimension: str
    whole: str
    folded: bool
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """What became of asking so many."""

    label: str
    count: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Those who were asked and did not answer."""

    count: str
    text: str
    share: str
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]

    @property
    def bounded(self) -> bool:
        """Whether some group has only a bound to show."""
        return any(rate.bound for part in self.parts for rate in part.rates)


def silence(found: Summary) -> Silence:
    """Of everybody asked, those who did not answer. The reasons add up to their number."""
    count = found.asked - found.answered
    return Silence(
        count=thousands(count),
        text=say("of {families} have not replied ({share}). What they would say is not on this page.").format(
            families=who(found).of(found.asked), share=percent(count / found.asked)
        ),
        share=percent(found.answered / found.asked),
        parts=tuple(
            _part(dimension, found.unheard.response[dimension], found.answered / found.asked)
            for dimension in in_order(found.unheard.response)
            if found.answered and len(found.unheard.response[dimension]) > 1
        ),
        reasons=tuple(
            Reason(label, thousands(found.unheard.outcomes[outcome]))
            for outcome, label in _reasons().items()
            if found.unheard.outcomes.get(outcome)
        ),
    )


def _reasons() -> dict[Outcome, str]:
    return {
        "waiting": say("Messaged, no reply yet"),
        "stopped": say("Asked us to stop"),
        "no_address": say("No usable number"),
        "failed": say("Message failed"),
    }


def _part(dimension: str, response: Mapping[str, Response], whole: float) -> Part:
    known = {value: _most(one, whole) for value, one in response.items()}
    rates = [rate for rate in known.values() if rate is not None]
    end = max([*rates, whole]) * 1.1
    least = min(rates, default=whole)
    ordered = sorted(
        response.items(),
        key=lambda one: (known[one[0]] is None, -(known[one[0]] or 0), group_name(dimension, one[0])),
    )
    return Part(
        dimension=dimension_name(dimension),
        whole=f"{whole / end * 100:.2f}",
        folded=len(response) > FOLDED,
        rates=tuple(
            _rate(
                group_name(dimension, value),
                known[value],
                end,
                bound=one.rate is None,
                least=known[value] == least and least < whole * LAGS,
            )
            for value, one in ordered
        ),
    )


def _most(response: Response, whole: float) -> float | None:
    """The rate, or where that is hidden a bound on it that tells of silence: lower than the rate of everybody."""
    if response.rate is not None:
        return response.rate
    return response.at_most if response.at_most is not None and response.at_most < whole else None


def _rate(label: str, most: float | None, end: float, *, bound: bool, least: bool) -> Rate:
    if most is None:
        return Rate(label, "", "0", bound=False, least=False)
    text = say("at most {share}").format(share=percent(most)) if bound else percent(most)
    return Rate(label, text, f"{most / end * 100:.2f}", bound, least)
