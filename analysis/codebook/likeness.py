"""Which old theme a new one probably is, when their ids do not say: by label, or by the examples they share."""

from __future__ import annotations

from rapidfuzz import fuzz

from .base import Theme

ALIKE = 85
"""Of 100: labels that are at least so alike are one theme's: "Trip costs too much", "Trips cost too much" (95)."""


def alike(left: list[Theme], free: list[Theme]) -> list[tuple[Theme, Theme]]:
    """Pairs of an old and a new theme that are probably one, the likest first; each has one partner at most."""
    found = [
        (likeness, -i, -j)
        for i, before in enumerate(left)
        for j, after in enumerate(free)
        if (before.parent is None) == (after.parent is None)
        and (likeness := _likeness(before, after)) >= ALIKE
    ]
    pairs: dict[int, int] = {}
    for _, i, j in sorted(found, reverse=True):
        if -i not in pairs and -j not in pairs.values():
            pairs[-i] = -j
    return [(left[i], free[j]) for i, j in sorted(pairs.items())]


def _likeness(before: Theme, after: Theme) -> float:
    by_label = fuzz.ratio(before.label.casefold(), after.label.casefold())
    mine, theirs = _wordings(before), _wordings(after)
    shared = len(mine & theirs) / min(len(mine), len(theirs)) if mine and theirs else 0.0
    return max(by_label, 100 * shared if shared > 0.5 and len(mine & theirs) > 1 else 0.0)


def _wordings(theme: Theme) -> set[str]:
    return {text.casefold() for texts in theme.examples.values() for text in texts}
