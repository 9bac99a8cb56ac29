"""Texts as weighted words, pairs of words and pieces of words (TF-IDF), in any language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from ..cues import fold
from .clauses import UNSPACED

_WORD = re.compile(r"\w+")
PIECES = range(2, 6)
"""Letters of the pieces of words, the spaces around the word counted: endings, misspellings, scripts without spaces."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The terms of one kind, with their column and how much each tells (the rarer the more)."""

    columns: Mapping[str, int]
    weights: NDArray[np.float32]

    @classmethod
    def of(cls, documents: Iterable[Sequence[str]], least: int) -> Vocabulary:
        """The terms that stand in ``least`` documents or more."""
        seen: Counter[str] = Counter()
        number = 0
        for terms in documents:
            number += 1
            seen.update(set(terms))
        kept = sorted(term for term, times in seen.items() if times >= least)
        times = np.array([seen[term] for term in kept], np.float64)
        weights = np.log((1 + number) / (1 + times)) + 1
        return cls({term: at for at, term in enumerate(kept)}, weights.astype(np.float32))

    def matrix(self, documents: Iterable[Sequence[str]]) -> csr_matrix:
        """A row of length 1 for each document, or of zeros where no term of it is known."""
        known = self.columns
        columns: list[int] = []
        ends = [0]
        for terms in documents:
            columns.extend([known[term] for term in terms if term in known])
            ends.append(len(columns))
        found = csr_matrix(
            (np.ones(len(columns), np.float32), np.array(columns, np.int32), np.array(ends, np.int32)),
            shape=(len(ends) - 1, len(known)),
        )
        found.sum_duplicates()
        found.data = (1 + np.log(found.data)) * self.weights[found.indices]
        lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        found.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(found.indptr)).astype(np.float32)
        return found


@dataclass(frozen=True, eq=False)
class Terms:
    """Words and pairs of words beside pieces of words: a row has length 1 in each."""

    words: Vocabulary
    pieces: Vocabulary

    @classmethod
    def of(cls, texts: Sequence[str]) -> Terms:
        """The terms of ``texts``."""
        return cls(
            Vocabulary.of([_words(text) for text in texts], least=1),
            Vocabulary.of([_pieces(text) for text in texts], least=2),
        )

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Shape (texts, words + pieces)."""
        words = self.words.matrix(_words(text) for text in texts)
        pieces = self.pieces.matrix(_pieces(text) for text in texts)
        return csr_matrix(hstack([words, pieces], format="csr"))


def _words(text: str) -> list[str]:
    said = _WORD.findall(fold(text))
    return [*said, *(f"{one} {other}" for one, other in pairwise(said))]


def _pieces(text: str) -> list[str]:
    # Where no spaces are written a whole reply is one word: it is read to its end, and not kept.
    return [
        piece
        for word in fold(text).split()
        for piece in (_cut(word) if UNSPACED.search(word) else _pieces_of(word))
    ]


@lru_cache(maxsize=20_000)
def _pieces_of(word: str) -> tuple[str, ...]:
    # A bot's flood of one endless word would cost seconds: its first letters tell enough.
    return _cut(word[:60])


def _cut(word: str) -> tuple[str, ...]:
    edged = f" {word} "
    return tuple(edged[at : at + size] for size in PIECES for at in range(len(edged) - size + 1))
