"""Replies as the learner sees them: what they mean beside how they are worded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

Floats = NDArray[np.float32]
Places = NDArray[np.int_]
_AT_A_TIME = 500


@dataclass(frozen=True, eq=False)
class Points:
    """``meaning``: shape (texts, size), typically of length 1 or longer; ``wording``: sparse, (texts, terms)."""

    meaning: Floats
    wording: csr_matrix

    def __len__(self) -> int:
        return len(self.meaning)

    def __getitem__(self, rows: Places | slice) -> Points:
        return Points(self.meaning[rows], self.wording[rows])

    def and_then(self, others: Points) -> Points:
        """These texts, then ``others``."""
        return Points(
            np.concatenate([self.meaning, others.meaning]),
            csr_matrix(vstack([self.wording, others.wording], format="csr")),
        )

    def likeness(self) -> Floats:
        """How alike each two texts are: shape (texts, texts)."""
        alike = self.meaning @ self.meaning.T
        turned = self.wording.T.tocsr()
        for at in range(0, len(self), _AT_A_TIME):
            alike[at : at + _AT_A_TIME] += (self.wording[at : at + _AT_A_TIME] @ turned).toarray()
        return alike

    def combine(self, shares: Floats) -> Direction:
        """The texts added up, each as often as ``shares`` (texts, themes) says."""
        return Direction(
            (self.meaning.T @ shares).astype(np.float32),
            np.asarray(self.wording.T @ shares, np.float32),
        )


@dataclass(frozen=True, eq=False)
class Direction:
    """For each theme, the direction in which replies speak of it more."""

    meaning: Floats
    wording: Floats

    def along(self, points: Points) -> Floats:
        """Shape (texts, themes)."""
        found: Floats = points.meaning @ self.meaning + points.wording @ self.wording
        return found


def together(parts: Sequence[Direction], shares: Sequence[float]) -> Direction:
    """The weighted sum."""
    share = np.array(shares, np.float32)
    return Direction(
        np.tensordot(share, np.stack([part.meaning for part in parts]), 1),
        np.tensordot(share, np.stack([part.wording for part in parts]), 1),
    )
