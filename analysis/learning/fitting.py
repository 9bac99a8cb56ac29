"""Two linear learners over one table of likenesses, many themes at once. Their average is better than either.

Both are fitted in the span of the examples ("the kernel trick"): with hundreds to a few thousand examples and tens of
thousands of terms that is the small side.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
STEPS = 100


def logistic(alike: Floats, truth: Floats, weight: Floats, *, freedom: float, steps: int = STEPS) -> Floats:
    """One logistic regression a theme, each theme's yes and no counting the same: shares of shape (examples, themes).

    ``alike``: (examples, examples); ``truth``: (examples, themes), 0 or 1; ``weight``: (examples,). ``freedom`` is
    the C of L2-penalised regression. Nesterov's accelerated descent with a restart whenever it overshoots.
    """
    counted = (freedom * weight[:, None] * balance(truth, weight)).astype(np.float32)
    shares = np.zeros_like(truth, np.float32)
    ahead, momentum = shares, 1.0
    stride = 0.25 * _steepest(alike, counted) + 1
    for _ in range(steps):
        error = counted * (sigmoid(_wide(alike, ahead)) - truth)
        stepped = ahead - (ahead + error) / stride
        faster = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        moved = stepped - shares
        overshot = ((ahead - stepped) * moved).sum(axis=0) > 0
        ahead = stepped + np.where(overshot, 0, (momentum - 1) / faster).astype(np.float32) * moved
        shares, momentum = stepped, faster
    return shares


def ridge(alike: Floats, truth: Floats, weight: Floats, *, penalty: float) -> tuple[Floats, Floats]:
    """Least squares around each theme's mean: (shares of shape (examples, themes), means of shape (themes,)).

    ``penalty`` is in units of the mean likeness of a text to itself. By conjugate gradients, which need no copy of
    ``alike``: that is 100 MB with 5,000 examples.
    """
    mean = ((truth * weight[:, None]).sum(axis=0) / weight.sum()).astype(np.float32)
    damp = (penalty * float(np.trace(alike)) / len(alike) / weight)[:, None].astype(np.float32)
    shares = np.zeros_like(truth, np.float32)
    rest = (truth - mean).astype(np.float32)
    # Scaled by the diagonal: confirmed replies are damped less than examples
    scale = 1 / (np.diag(alike)[:, None] + damp)
    eased = scale * rest
    way, size = eased, (rest * eased).sum(axis=0)
    goal = 1e-6 * size + 1e-12
    for _ in range(STEPS):
        if (size <= goal).all():
            break
        moved = alike @ way + damp * way
        stride = size / np.maximum((way * moved).sum(axis=0), 1e-12)
        shares = shares + stride * way
        rest = rest - stride * moved
        eased = scale * rest
        before, size = size, (rest * eased).sum(axis=0)
        way = eased + size / np.maximum(before, 1e-12) * way
    return shares.astype(np.float32), mean


def balance(truth: Floats, weight: Floats) -> Floats:
    """What makes yes and no of each theme weigh the same together."""
    total = weight.sum()
    yes = np.maximum((truth * weight[:, None]).sum(axis=0), 1e-6)
    no = np.maximum(total - yes, 1e-6)
    found: Floats = np.where(truth > 0.5, total / (2 * yes), total / (2 * no)).astype(np.float32)
    return found


def sigmoid(raw: Floats) -> Floats:
    """1 / (1 + e^-raw), without overflow."""
    found: Floats = 0.5 * (1 + np.tanh(0.5 * raw))
    return found


def _steepest(alike: Floats, counted: Floats) -> Floats:
    """The largest curvature of each theme's loss (times 4), by power iteration; a little too much rather than too little."""
    root = np.sqrt(counted)
    vector = np.ones_like(counted)
    length = np.ones(counted.shape[1], np.float32)
    for _ in range(15):
        vector = (root * _wide(alike, root * vector)).astype(np.float32)
        length = np.asarray(np.linalg.norm(vector, axis=0) + 1e-9, np.float32)
        vector /= length
    found: Floats = 1.05 * length
    return found


def _wide(alike: Floats, shares: Floats) -> Floats:
    """As if every text were alike to every other by 1 more: that is an intercept."""
    found: Floats = alike @ shares + shares.sum(axis=0)
    return found
