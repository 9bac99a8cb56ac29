"""Turns scores into probabilities, and probabilities into yes or no, from what was seen out of fold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .fitting import sigmoid

Floats = NDArray[np.float32]

PULL = 6.0
"""How strongly a theme's own calibration is pulled to that of all themes, as a prior's precision."""
USUAL = 20.0
"""How strongly a theme's threshold is pulled to that of all themes, in replies that have the theme."""
UNSEEN = 0.3
"""The threshold while there is nothing to set it by: a codebook without a single example."""

USED = 4
EXPECTED = np.array([1.0, 0.5, 0.0, 0.0, -0.5])
"""Before anything was seen: half the whole reply, half its clause that speaks most of the theme; and an offset."""
DOUBT = np.array([1.0, 4.0, 100.0, 100.0, 0.1])
"""How sure that is: the precision of each."""


def evidence(whole: Floats, clause: Floats, words: Floats) -> Floats:
    """What a theme's probability is reckoned from, shape (replies, themes, 4): the score of the whole reply, how much
    higher the best clause scores, the score of the likeliest other theme, and the reply's length.
    """
    ranked = np.sort(whole, axis=1)
    best, second = ranked[:, -1:], ranked[:, -2:-1] if whole.shape[1] > 1 else ranked[:, -1:]
    rival = np.where(whole == best, second, best)
    length = np.broadcast_to((np.log1p(words) - 2.3)[:, None], whole.shape)
    return np.stack([whole, clause - whole, rival, length], axis=2).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Calibration:
    """``weights`` of each theme, shape (themes, 5): what each kind of evidence counts, and an offset."""

    weights: Floats

    def chances(self, seen: Floats) -> Floats:
        """How probable each theme is: shape (replies, themes)."""
        raw = np.einsum("rtk,tk->rt", seen, self.weights[:, :USED]) + self.weights[:, USED]
        return sigmoid(raw.astype(np.float32))


def calibrate(seen: Floats, truth: Floats, weight: Floats) -> Calibration:
    """Logistic calibration on evidence(), first of all themes as one, then of each, pulled to that of all.

    Shapes (replies, themes, 4), (replies, themes) and (replies,).
    """
    number, themes, _ = seen.shape
    every = seen.reshape(number * themes, USED).astype(np.float64)
    usual = _logistic(every, truth.reshape(-1), np.repeat(weight, themes), EXPECTED, DOUBT)
    pull = np.full(USED + 1, PULL)
    weights = [
        _logistic(seen[:, theme].astype(np.float64), truth[:, theme], weight, usual, pull)
        for theme in range(themes)
    ]
    return Calibration(np.array(weights, np.float32).reshape(themes, USED + 1))


def _logistic(
    seen: NDArray[np.float64],
    truth: Floats,
    weight: Floats,
    expected: NDArray[np.float64],
    precision: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Newton's method from what is expected."""
    full = np.concatenate([seen, np.ones((len(seen), 1))], axis=1)
    found = expected.copy()
    for _ in range(30):
        chance = 0.5 * (1 + np.tanh(0.5 * (full @ found)))
        gradient = full.T @ (weight * (chance - truth)) + precision * (found - expected)
        curve = (full * (weight * chance * (1 - chance))[:, None]).T @ full + np.diag(precision)
        step = np.linalg.solve(curve, gradient)
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        found = found - step
        if float(np.abs(step).max()) < 1e-5:
            break
    return found


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
    if not (truth * weighed).any():
        return Bar(np.full(truth.shape[1], UNSEEN, np.float32), 0.0)
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
