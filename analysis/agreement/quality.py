"""How often a coder was right, theme by theme, measured against what people made of the same replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..intervals import Interval, wilson

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Hits:
    """A coder ``gave`` a theme to so many replies, people found it ``true`` of so many, and ``both`` said so of so many.

    Precision: of what the coder gave, how much was true. Recall: of what was true, how much it gave. F1: their harmonic
    mean. None where there was nothing of which to be right.
    """

    gave: int
    true: int
    both: int

    @property
    def precision(self) -> float | None:
        return self.both / self.gave if self.gave else None

    @property
    def recall(self) -> float | None:
        return self.both / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        return 2 * self.both / (self.gave + self.true) if self.gave + self.true else None

    def intervals(self) -> dict[str, Interval]:
        """95%, by Wilson's method. F1 grows with the share of hits among all that either said (F1 = 2J / (1 + J)), so its
        ends are those of that share."""
        low, high = wilson(self.both, self.gave + self.true - self.both)
        return {
            "precision": wilson(self.both, self.gave),
            "recall": wilson(self.both, self.true),
            "f1": Interval(2 * low / (1 + low), 2 * high / (1 + high)),
        }


@dataclass(frozen=True, slots=True)
class Quality:
    """Of so many ``replies`` that the coder had not learned from: its hits on each theme.

    It tells of all replies only if these were drawn by lot: those that were read because the coder was unsure are its
    hardest.
    """

    replies: int
    themes: Mapping[str, Hits]

    @classmethod
    def of(cls, themes: Sequence[str], given: Bools, truth: Bools) -> Quality:
        """``given`` by the coder and ``truth`` by people: shape (replies, themes)."""
        shape = (len(given), len(themes))
        if given.shape != shape or truth.shape != shape:
            raise ValueError(
                f"given {given.shape} and truth {truth.shape} must both be (replies, {len(themes)})"
            )
        given, truth = given.astype(bool), truth.astype(bool)
        counts = zip(given.sum(axis=0), truth.sum(axis=0), (given & truth).sum(axis=0), strict=True)
        return cls(
            len(given),
            {theme: Hits(*map(int, count)) for theme, count in zip(themes, counts, strict=True)},
        )

    @property
    def micro(self) -> Hits:
        """All themes together: each time that a theme was given counts alike."""
        every = self.themes.values()
        return Hits(
            sum(hits.gave for hits in every),
            sum(hits.true for hits in every),
            sum(hits.both for hits in every),
        )

    @property
    def macro(self) -> dict[str, float | None]:
        """The means over themes that people found at least once: each theme counts alike."""
        found = [hits for hits in self.themes.values() if hits.true]
        if not found:
            return dict.fromkeys(("precision", "recall", "f1"))
        return {
            # A theme that the coder never gave has no precision; it has been of no use for it.
            name: sum(getattr(hits, name) or 0.0 for hits in found) / len(found)
            for name in ("precision", "recall", "f1")
        }

    def to_json(self) -> dict[str, Any]:
        """Plain data: counts, from which from_json() makes the same again, and the figures for whoever reads it."""
        return {
            "replies": self.replies,
            "themes": {theme: _plain(hits) for theme, hits in self.themes.items()},
            "micro": _plain(self.micro),
            "macro": {name: _short(value) for name, value in self.macro.items()},
        }

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Quality:
        """What to_json() gave."""
        return cls(
            int(said.get("replies", 0)),
            {
                theme: Hits(int(hits["gave"]), int(hits["true"]), int(hits["both"]))
                for theme, hits in said.get("themes", {}).items()
            },
        )


def _plain(hits: Hits) -> dict[str, Any]:
    plain: dict[str, Any] = {"gave": hits.gave, "true": hits.true, "both": hits.both}
    for name, (low, high) in hits.intervals().items():
        plain[name] = {"value": _short(getattr(hits, name)), "low": _short(low), "high": _short(high)}
    return plain


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
