"""What each language's everyday words look like: lists of them, and how letters follow one another in them.

A word that no list has is judged by its letters. Both give the chance of meeting the word in the language, so that they
can be weighed against each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .lists import Listed, fold, read

Figures = NDArray[np.float32]

LISTED = 0.7
"""How much of what people write the lists are taken to hold; the rest is judged by letters."""
_MISSPELT = 0.1
"""What a listed word counts for that has accents where the list has none."""
_ORDER = 4
_FLOOR = 1e-4
"""The chance of a letter that a language has not been seen with."""
_KNOWN_WORDS = 20_000
_BOUNDS = (0.0, 1.5, 2.5, 3.5, 5.0)
_BOUND = 6.5
"""How much one word may say for one language and against another, by its letters."""
UNLISTED = 0.6
"""What the letters of a word that nobody has listed count for: it may be a name, or a word of another kind of text."""
_UNLISTED_BOUND = 4.0

OTHER = "other"
"""The column for languages that we have no list of."""


class Words:
    """The languages of one script side by side. Every figure is a row: one number for each of ``tags``."""

    def __init__(self, tags: Sequence[str]) -> None:
        self.tags = (*tags, OTHER)
        self.column = {tag: place for place, tag in enumerate(self.tags)}
        self.nothing: Figures = np.zeros(len(self.tags), np.float32)
        lists = [read(tag) for tag in tags]
        self._listed = self._shares(lists)
        self._grams, self._chances = self._letters(lists)
        self.row = lru_cache(maxsize=_KNOWN_WORDS)(self._row)

    def listed(self, word: str) -> Figures | None:
        """The chance of the word in each language's list; None where none has it."""
        exact = self._listed.get(word)
        folded = fold(word)
        if folded == word:
            return exact
        plain = self._listed.get(folded)
        if exact is None or plain is None:
            return exact if plain is None else plain * np.float32(_MISSPELT)
        return np.asarray(np.maximum(exact, plain * np.float32(_MISSPELT)))

    def _row(self, word: str) -> Figures:
        """The log of the word's chance in each language, bounded by how much so short a word may say."""
        spelt = self._spelt(word)
        listed = self.listed(word)
        bound = _BOUNDS[len(word)] if len(word) < len(_BOUNDS) else _BOUND
        if listed is None:
            found = UNLISTED * spelt
            bound = min(bound, _UNLISTED_BOUND)
        else:
            found = np.log(LISTED * listed + (1 - LISTED) * np.exp(spelt))
        found -= found.max()
        row: Figures = np.maximum(found, -bound).astype(np.float32)
        row.setflags(write=False)
        return row

    def _spelt(self, word: str) -> Figures:
        """The log of the chance that a word of the language is spelt so."""
        framed = f"^{word}$"
        rows = []
        for place in range(1, len(framed)):
            for start in range(max(0, place + 1 - _ORDER), place + 1):
                found = self._grams.get(framed[start : place + 1])
                if found is not None:
                    rows.append(found)
                    break
            else:
                rows.append(0)
        sums: Figures = self._chances[rows].sum(axis=0)
        others = sums[:-1]
        sums[-1] = np.log(np.exp(others - others.max()).mean()) + others.max()
        return sums

    def _shares(self, lists: Sequence[Listed]) -> dict[str, Figures]:
        shares: dict[str, Figures] = defaultdict(lambda: np.zeros(len(self.tags), np.float32))
        for place, each in enumerate(lists):
            for word, share in each.shares():
                shares[word][place] += share
        return dict(shares)

    def _letters(self, lists: Sequence[Listed]) -> tuple[dict[str, int], Figures]:
        """The chance of each letter after up to three others, smoothed by Witten and Bell's rule (1991)."""
        counts: list[dict[str, NDArray[np.float64]]] = [
            defaultdict(lambda: np.zeros(len(self.tags))) for _ in range(_ORDER)
        ]
        for place, each in enumerate(lists):
            for word, weight in each.spellings():
                framed = f"^{word}$"
                for end in range(1, len(framed)):
                    for order in range(min(_ORDER, end + 1)):
                        counts[order][framed[end - order : end + 1]][place] += weight
        grams: dict[str, int] = {}
        tables: list[NDArray[np.float64]] = []
        lower: NDArray[np.float64] = np.full((1, len(self.tags)), _FLOOR)
        size = 1  # the first row: a letter that nobody writes
        tables.append(lower)
        for order in range(_ORDER):
            names = list(counts[order])
            seen = np.stack([counts[order][name] for name in names])
            where = {name: place for place, name in enumerate({name[:-1]: None for name in names})}
            context = np.array([where[name[:-1]] for name in names])
            total = np.zeros((len(where), len(self.tags)))
            kinds = np.zeros((len(where), len(self.tags)))
            np.add.at(total, context, seen)
            np.add.at(kinds, context, seen > 0)
            if order:
                below = np.array([grams[name[1:]] for name in names])
                before = np.concatenate(tables)[below]
            else:
                before = np.full((len(names), len(self.tags)), _FLOOR)
            spread = total[context] + kinds[context]
            chance = (seen + kinds[context] * before) / np.where(spread, spread, 1)
            tables.append(np.where(spread, chance, before))
            for name in names:
                grams[name] = size
                size += 1
        figures: Any = np.log(np.maximum(np.concatenate(tables), _FLOOR / 10)).astype(np.float32)
        return grams, figures
