"""What people whose replies were read by lot say about the coder's errors in the replies that nobody has read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import stdtrit

from ..intervals import Z95
from ..learning.prevalence import BORROW
from .people import Known

Array = NDArray[np.float64]

STEADY = 10.0
"""That errors do not depend on what the coder held counts as much as so many people who were read."""
PLAIN = 2.0
"""From so many standard errors on, people who were read for other reasons are held to be unlike the others."""
RARE = 4.0
"""How hard a row is for the coder is known from those who named it; what is known from all rows counts as so many."""
WORTHLESS = 4.0
"""As though so many more had been read, on whom the coder was worthless: few people cannot show rare errors."""


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """The coder's errors (truth minus probability) of the ``known`` people, at each row: their ``mean``, how they grow with
    the chance, with wavering and with the number of replies (``slope``, ``inverse`` the precision of it), and the variance
    of what is ``left`` of each.

    Of the people who were read for other reasons the errors are known, so those of the unread should be what is left when
    these are taken out of everybody's. ``apart``: by how much a person who was not read is to be moved for that,
    and ``doubt`` the variance of it (in units of ``left``). It stays at nought as long as errors of people read for other
    reasons are what those read by lot lead to expect of people like them.
    """

    known: int
    mean: Array
    middle: Array
    scale: Array
    slope: Array
    inverse: Array
    left: Array
    residuals: Array
    apart: Array
    doubt: Array

    @classmethod
    def of(cls, seen: Known) -> Errors:
        off, alike = _errors(seen, seen.lot)
        number, rows = off.shape
        middle = alike.mean(axis=0) if number else np.zeros((3, rows))
        scale = alike.std(axis=0) if number else np.zeros((3, rows))
        scale = np.where(scale > 1e-6, scale, np.inf)
        alike = (alike - middle) / scale
        mean = off.sum(axis=0) / max(number, 1)
        inverse = np.linalg.inv(np.einsum("pkr,plr->rkl", alike, alike) + STEADY * np.eye(3))
        slope = np.einsum("rkl,plr,pr->kr", inverse, alike, off)
        residuals = off - mean - np.einsum("pkr,kr->pr", alike, slope)
        left = _variance(residuals, seen.named[seen.lot].sum(axis=0))
        believable = _believed(mean, left / max(number, 1))

        off, alike = _errors(seen, seen.picked)
        picked = max(len(off), 1)
        more = (off - mean - np.einsum("pkr,kr->pr", (alike - middle) / scale, slope)).sum(axis=0) / picked
        chance = 1 / picked + 1 / max(number, 1)
        evidence = more**2 / np.maximum(left * chance, 1e-12)
        believed = np.where(evidence > PLAIN**2, 1 - 1 / np.maximum(evidence, 1), 0.0)
        times = len(off) / max((~seen.full).sum(), 1)
        apart = -believed * times * more
        # What is not believed may be true all the same.
        doubt = times**2 * (believed * chance + ((1 - believed) * more) ** 2 / np.maximum(left, 1e-12))
        return cls(number, mean * believable, middle, scale, slope, inverse, left, residuals, apart, doubt)

    def among(self, seen: Known, member: csr_array, guessed: Array, people: Array) -> tuple[Array, Array]:
        """Of each group and row: by how many people the coder's sum is too low, and the variance of that number.

        ``guessed`` is that sum, over the people who were not read, shape (groups, rows); ``people`` is how many these are,
        (groups, 1). A group borrows from all: what they say counts as BORROW people of its own.
        """
        number = np.maximum(people, 1)
        unread = (~seen.full).astype(np.float32)
        sums = [guessed]
        for of in (seen.unsure, seen.replies):
            sums.append(np.broadcast_to((member @ (unread * of))[:, None], guessed.shape))
        far = (np.stack(sums, axis=1) / number[:, None, :] - self.middle) / self.scale
        own = (member @ seen.lot.astype(np.float64))[:, None]
        theirs = member[:, np.flatnonzero(seen.lot)] @ self.residuals
        rate = self.mean + self.apart + np.einsum("gkr,kr->gr", far, self.slope) + theirs / (own + BORROW)
        weight, all_known = own / (own + BORROW), max(self.known, 1)
        of_rate = (
            own / (own + BORROW) ** 2
            + (1 - own / all_known) * BORROW / (own + BORROW) ** 2
            + (1 - weight**2) / all_known
            + np.einsum("gkr,rkl,glr->gr", far, self.inverse, far)
            + self.doubt
        )
        # Whatever the errors are, it is between nobody and everybody.
        variance = np.minimum(people**2 * self.left * (of_rate + 1 / number), people**2 / 4)
        return people * rate, variance

    def normal(self, part: Array) -> Array:
        """How many standard errors a 95% interval reaches, where errors are this ``part`` of the variance and are known of few
        people (Student's t, with Satterthwaite's degrees of freedom)."""
        freedom = np.maximum(self.known - 1, 1) / np.maximum(part, 1e-6) ** 2
        found: Array = np.where(freedom > 1e6, Z95, stdtrit(np.minimum(freedom, 1e6), 0.975))
        return found


def _believed(mean: Array, variance: Array) -> Array:
    """How much of each row's mean error is believed, 0 to 1. Where the errors of all rows are hardly larger than chance makes
    them the coder is held to be right on average (James and Stein 1961); but not against what a row shows plainly
    (Efron and Morris, JASA 67:130-139, 1972)."""
    far = mean**2 / np.maximum(variance, 1e-12)
    doubt = min(1.0, max(len(mean) - 2, 0) / max(float(np.minimum(far, PLAIN**2 * 2).sum()), 1e-9))
    believed: Array = 1 - doubt * np.minimum(1, 1 / np.maximum(far, 1e-12))
    return believed


def _variance(residuals: Array, hits: NDArray[np.int64]) -> Array:
    """Of one person's error at each row. ``hits``: how many of those read named it."""
    number = len(residuals)
    typical = (hits + 1) / (number + 2)
    worthless = typical * (1 - typical)
    freedom = max(number - 1 - 3 * number / (number + STEADY), 0.0)
    own = ((residuals**2).sum(axis=0) + WORTHLESS * worthless) / (freedom + WORTHLESS)
    # Where hardly anybody named a row no error can be seen: it is held to be as hard for the coder as the others.
    usual = min(1.0, float(own.sum() / worthless.sum()))
    variance: Array = (hits * own + RARE * usual * worthless) / (hits + RARE)
    return variance


def _errors(seen: Known, who: NDArray[np.bool_]) -> tuple[Array, Array]:
    """The coder's errors for these people, shape (people, rows), and what they may depend on, (people, 3, rows)."""
    chance = seen.chance[who].astype(np.float64)
    parts: list[Array] = [chance]
    parts += [np.broadcast_to(of[who][:, None], chance.shape) for of in (seen.unsure, seen.replies)]
    return seen.named[who] - chance, np.stack(parts, axis=1)
