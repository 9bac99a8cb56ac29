"""Turns scores into probabilities, and probabilities into yes or no, from what was seen out of fold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .fitting import sigmoid

Floats = NDArray[np.float32]

PULL = 4.0
"""How strongly a theme's own calibration is pulled to that of all themes: as much as so many sure replies."""
USUAL = 20.0
"""How strongly a theme's threshold is pulled to that of all themes, in replies that have the theme."""


@dataclass(frozen=True, eq=False)
class Calibration:
    """``slope`` is common to all themes; each has its own ``offset``."""

    slope: float
    offset: Floats

    def chances(self, scores: Floats) -> Floats:
        """How probable each theme is: shape (replies, themes)."""
        return sigmoid((self.slope * scores + self.offset).astype(np.float32))


def calibrate(scores: Floats, truth: Floats, weight: Floats) -> Calibration:
    """Platt's logistic calibration, the themes' offsets pulled to their mean: rare ones have little to go by.

    Shapes (replies, themes) and (replies,); by Newton's method.
    """
    themes = scores.shape[1]
    slope, middle, own = 1.0, -1.0, np.zeros(themes)
    weighed = weight[:, None].astype(np.float64)
    for _ in range(30):
        chance = sigmoid((slope * scores + middle + own).astype(np.float64))
        error = weighed * (chance - truth)
        curve = weighed * chance * (1 - chance) + 1e-9
        gradient = np.concatenate(
            [[(error * scores).sum() + 0.1 * (slope - 1), error.sum()], error.sum(axis=0) + PULL * own]
        )
        second = np.zeros((themes + 2, themes + 2))
        by_theme, cross = curve.sum(axis=0), (curve * scores).sum(axis=0)
        second[0, 0] = (curve * scores**2).sum() + 0.1
        second[0, 1] = second[1, 0] = cross.sum()
        second[1, 1] = by_theme.sum() + 1e-6
        second[0, 2:] = second[2:, 0] = cross
        second[1, 2:] = second[2:, 1] = by_theme
        second[2:, 2:] = np.diag(by_theme + PULL)
        step = np.linalg.solve(second, gradient)
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        slope, middle, own = slope - step[0], middle - step[1], own - step[2:]
        if np.abs(step).max() < 1e-5:
            break
    return Calibration(float(slope), (middle + own).astype(np.float32))


@dataclass(frozen=True, eq=False)
class Bar:
    """From which probability on a theme is given; and the most probable one alone, from ``floor`` on."""

    themes: Floats
    floor: float

    def given(self, chances: Floats) -> NDArray[np.bool_]:
        """Yes or no: shape (replies, themes)."""
        first = chances == chances.max(axis=1, keepdims=True)
        found: NDArray[np.bool_] = (chances >= self.themes) | (first & (chances >= self.floor))
        return found


def bar(chances: Floats, truth: Floats, weight: Floats) -> Bar:
    """Half the F1 that can be had is the threshold that gives it (Lipton et al. 2014): one for all, and a little lower
    for themes that are hard, since each theme counts too.
    """
    weighed = weight[:, None]
    steps = np.linspace(0.16, 0.6, 23)
    hit = np.array([((chances >= at) * truth * weighed).sum(axis=0) for at in steps])
    given = np.array([((chances >= at) * weighed).sum(axis=0) for at in steps])
    true = (truth * weighed).sum(axis=0)
    overall = 2 * hit.sum(axis=1) / np.maximum(given.sum(axis=1) + true.sum(), 1e-9)
    best = int(overall.argmax())
    usual = float(overall[best]) / 2
    each = (2 * hit[best] + 2 * usual * USUAL) / (given[best] + true + USUAL)
    themes = np.clip((each / 2 + usual) / 2, 0.1, 0.6).astype(np.float32)
    floors = np.linspace(0.0, usual, 9)
    scores = [_f1(Bar(themes, float(at)).given(chances), truth, weighed) for at in floors]
    return Bar(themes, float(floors[int(np.argmax(scores))]))


def _f1(given: NDArray[np.bool_], truth: Floats, weighed: Floats) -> float:
    both = float((given * weighed).sum() + (truth * weighed).sum())
    return 2 * float((given * truth * weighed).sum()) / max(both, 1e-9)
