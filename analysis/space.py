"""The space a coder works in: sentence vectors made comparable across languages, and a classifier over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .embed import Vectors

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Space:
    """Where the middle of each language lies.

    Sentence vectors tell the language as well as the meaning. Taking away each language's own middle leaves the
    meaning, so that examples in one language teach the others.
    """

    middles: Mapping[str, Vectors]
    middle: Vectors
    scale: float

    @classmethod
    def of(cls, vectors: Vectors, languages: Sequence[str]) -> Space:
        """The space of texts that say about the same things in each of their languages."""
        spoken = np.array(languages)
        middles = {
            str(language): vectors[spoken == language].mean(axis=0) for language in sorted(set(languages))
        }
        middle = vectors.mean(axis=0)
        away = vectors - np.stack([middles[language] for language in languages])
        scale = float(np.sqrt((away**2).sum(axis=1).mean()))
        # One text of each language lies in its middle: how far texts lie from there is not known.
        return cls(middles, middle, scale if scale > 1e-6 else 1.0)

    def place(self, vectors: Vectors, languages: Sequence[str]) -> Floats:
        """Vectors seen from the middle of their language (BCP 47; ``pt-BR`` counts as ``pt``), typically of length 1.

        A language without examples is seen from the middle of all.
        """
        if not len(vectors):
            return vectors
        return ((vectors - np.stack([self._middle(language) for language in languages])) / self.scale).astype(
            np.float32
        )

    def _middle(self, language: str) -> Vectors:
        if language in self.middles:
            return self.middles[language]
        base = language.split("-")[0]
        for known, middle in self.middles.items():
            if known.split("-")[0] == base:
                return middle
        return self.middle


@dataclass(frozen=True)
class Softmax:
    """Multinomial logistic regression: ``logits`` of shape (texts, classes)."""

    weights: Floats

    def logits(self, points: Floats) -> Floats:
        """What softmax() turns into probabilities."""
        found: Floats = points @ self.weights
        return found


def fit(points: Floats, labels: Sequence[int], classes: int, *, penalty: float, steps: int = 100) -> Softmax:
    """Learn from points of shape (texts, size) and their class numbers, every class counting the same.

    Without intercepts: the points are seen from their middle, and no class is likelier for having more of them.
    L2-penalised, by Nesterov's accelerated gradient descent with a fixed step: the same points give the same weights.
    """
    number, size = points.shape
    label = np.asarray(labels)
    per_class = np.bincount(label, minlength=classes)
    weight = (number / (classes * np.maximum(per_class, 1)))[label].astype(np.float32)[:, None]
    truth = np.zeros((number, classes), np.float32)
    truth[np.arange(number), label] = 1
    steepest = 0.5 * float(np.linalg.norm(points.T @ (points * weight), 2)) / number + penalty
    weights = np.zeros((size, classes), np.float32)
    ahead, momentum = weights, 1.0
    for _ in range(steps):
        error = (softmax(points @ ahead) - truth) * weight / number
        stepped = ahead - (points.T @ error + penalty * ahead) / steepest
        faster = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = stepped + (momentum - 1) / faster * (stepped - weights)
        weights, momentum = stepped, faster
    return Softmax(weights.astype(np.float32))


def softmax(logits: Floats) -> Floats:
    """Rows of probabilities that add up to 1."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = raised / raised.sum(axis=1, keepdims=True)
    return found
