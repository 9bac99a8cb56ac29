"""Themes that ask something of a named role by law, whatever their rank: who must hear of them, and how many named them."""

from __future__ import annotations

from dataclasses import dataclass

from analysis import views
from analysis.codebook import Codebook
from analysis.findings import Summary
from bot.web.view.figures import thousands


@dataclass(frozen=True, slots=True)
class Duty:
    """One such theme, the barrier it is a part of, the role, and how many named it."""

    label: str
    within: str
    role: str
    count: str


@dataclass(frozen=True, slots=True)
class Duties:
    """Those whose number is shown, most named first; and the rest, of whom nothing is said, not even that anybody named them."""

    told: tuple[Duty, ...]
    rest: tuple[tuple[str, str], ...]


def named(found: Summary, book: Codebook) -> Duties:
    """Every theme of the codebook that has a role."""
    every = views.duties(found, book)
    told = [(duty.count, duty) for duty in every if duty.count is not None]
    return Duties(
        tuple(
            Duty(duty.label, book[book.top(duty.theme)].label, duty.role, thousands(count))
            for count, duty in sorted(told, key=lambda one: -one[0])
        ),
        tuple((duty.label, duty.role) for duty in every if duty.count is None),
    )
