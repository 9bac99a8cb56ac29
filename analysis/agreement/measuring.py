"""How far people who read the same answers agree: over all themes, and theme by theme, with 95% intervals.

Themes are judged one by one as given or not given (Krippendorff's alpha, Cohen's kappa), and whole sets of themes by how
far apart they are (alpha with MASI distance). Intervals are the middle 95% of draws of answers with replacement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from random import Random
from typing import Any, NamedTuple

import numpy as np

from ..intervals import score
from .coefficients import Array, alphas, kappas, masi, nominal, tabled

Readings = Mapping[str, Mapping[str, Collection[str]]]
"""The themes that each reader gave each answer: {answer: {reader: themes}}. No themes is a reading; no entry is none."""
DRAWS = 1000
ENOUGH = 50
"""So many answers should two people have read before their agreement says much (docs/method.md)."""


class Figure(NamedTuple):
    """A coefficient and the ends of its 95% interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OfTheme:
    """Agreement on one theme: of the answers that two or more have read, how many somebody ``named`` it in, and in how many
    they ``differed``. ``same`` is the share of pairs of readings that say the same. ``instead``: what the one who
    did not give it gave that the other did not, and how often."""

    theme: str
    named: int
    differed: int
    same: Figure
    alpha: Figure | None
    kappa: Figure | None
    instead: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of so many ``answers`` that two or more of the ``readers`` have read. ``alpha`` is over whole sets of themes; ``same``
    the share of pairs of readings with exactly the same themes."""

    answers: int
    readers: int
    same: Figure | None
    alpha: Figure | None
    themes: tuple[OfTheme, ...]

    def to_discuss(self, most: int = 5) -> tuple[OfTheme, ...]:
        """The themes that readers should talk about first: those on which they differed most often, hardest first."""
        apart = [theme for theme in self.themes if theme.differed]
        apart.sort(
            key=lambda theme: (-theme.differed, theme.alpha.value if theme.alpha else 0.0, theme.theme)
        )
        return tuple(apart[:most])

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def measure(
    readings: Readings, *, chance: Random, themes: Sequence[str] | None = None, draws: int = DRAWS
) -> Agreement:
    """The agreement on ``themes`` (all that somebody gave, unless said), in that order."""
    both = {answer: read for answer, read in readings.items() if len(read) > 1}
    readers = {reader for read in both.values() for reader in read}
    if themes is None:
        themes = sorted({theme for read in both.values() for given in read.values() for theme in given})
    if not both:
        return Agreement(0, 0, None, None, ())
    drawn = _drawn(len(both), chance, draws)
    sets = [[frozenset(given) for given in read.values()] for read in both.values()]
    instead = _instead(sets)
    return Agreement(
        len(both),
        len(readers),
        _same(sets),
        _alpha(*tabled(sets, masi), drawn),
        tuple(_of_theme(theme, both, sets, drawn, instead.get(theme, Counter())) for theme in themes),
    )


def _drawn(answers: int, chance: Random, draws: int) -> Array:
    """How often each answer stands in each draw, shape (draws + 1, answers); first all of them once."""
    random = np.random.default_rng(chance.getrandbits(64))
    times = random.multinomial(answers, np.full(answers, 1 / answers), size=draws)
    return np.concatenate([np.ones((1, answers)), times.astype(np.float64)])


def _of_theme(
    theme: str,
    both: Readings,
    sets: Sequence[Sequence[frozenset[str]]],
    drawn: Array,
    instead: Mapping[str, int],
) -> OfTheme:
    given = [[theme in one for one in unit] for unit in sets]
    ranked = sorted(instead.items(), key=lambda item: (-item[1], item[0]))
    return OfTheme(
        theme,
        named=sum(any(unit) for unit in given),
        differed=sum(any(unit) and not all(unit) for unit in given),
        same=_same(given),
        alpha=_alpha(*tabled(given, nominal), drawn),
        kappa=_kappa(theme, both, drawn),
        instead=tuple(ranked[:3]),
    )


def _same(units: Sequence[Sequence[object]]) -> Figure:
    share = float(
        np.mean([np.mean([one == other for one, other in combinations(unit, 2)]) for unit in units])
    )
    low, high = score(share, len(units))
    return Figure(share, float(low), float(high))


def _alpha(counts: Array, apart: Array, drawn: Array) -> Figure | None:
    return _figure(*alphas(counts, apart, drawn), drawn.shape[1])


def _kappa(theme: str, both: Readings, drawn: Array) -> Figure | None:
    """Cohen's kappa is of two readers. Where more have shared the work: the mean over pairs of readers, each as heavy as
    the answers that the two have read (Light, Psychological Bulletin 76:365-377, 1971, weighs them alike)."""
    pairs: dict[tuple[str, str], Array] = {}
    for at, read in enumerate(both.values()):
        for one, other in combinations(sorted(read), 2):
            table = pairs.setdefault((one, other), np.zeros((drawn.shape[1], 2, 2)))
            table[at, int(theme in read[one]), int(theme in read[other])] = 1
    total, expected, weight = (np.zeros(len(drawn)) for _ in range(3))
    for table in pairs.values():
        counted = np.tensordot(drawn, table, 1)
        found, chance = kappas(counted)
        heavy = np.where(np.isnan(found), 0, counted.sum(axis=(1, 2)))
        total += heavy * np.nan_to_num(found)
        expected += heavy * np.nan_to_num(chance)
        weight += heavy
    weight[weight == 0] = np.nan
    return _figure(total / weight, expected / weight, drawn.shape[1])


def _figure(found: Array, chance: Array, answers: int) -> Figure | None:
    """The first is of all answers as they are, the others of the draws."""
    if np.isnan(found[0]):
        return None
    low, high = np.nanquantile(found[1:], (0.025, 0.975)) if len(found) > 1 else (found[0], found[0])
    if found[0] == 1:
        # Nobody differed, so no draw does: as surely as so many answers can say it.
        low = 1 - (1 - score(1.0, answers)[0]) / chance[0]
    return Figure(*(float(np.clip(end, -1, 1)) for end in (found[0], low, high)))


def _instead(sets: Sequence[Sequence[frozenset[str]]]) -> dict[str, Counter[str]]:
    """For each theme that one reader gave and another did not: what the other gave instead, and in how many pairs."""
    found: dict[str, Counter[str]] = {}
    for unit in sets:
        for one, other in combinations(unit, 2):
            for mine, theirs in ((one - other, other - one), (other - one, one - other)):
                for theme in mine:
                    found.setdefault(theme, Counter()).update(theirs)
    return found
