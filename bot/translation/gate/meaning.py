"""Whether a translation means what its source means: likeness of meaning (embeddings) and the cheap checks together.

Embeddings tell another text from the right one well, half a text fairly, one wrong word of many badly, and "not" hardly:
docs/translation-quality.md has the figures. So the confidence adds what the checks of negation, numbers and length see.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from analysis.embed import Embedder, Vectors, best, key
from survey_flows.told import told
from survey_flows.wording import nearest

from ..units import Unit
from . import negation, numbers
from .case import Case
from .finding import Finding
from .kept import bare
from .lengths import log_share
from .opposite import opposite

FILE = Path(__file__).with_name("meaning.yaml")
REMEMBERED = 4096
"""Vectors that a judge keeps: 6 MB."""
DOUBT = 0.2
"""Under this a person is told that the meaning may be another (bench/gate.py counts how often rightly)."""
FREE = 0.45
"""So much longer or shorter, as a logarithm, a right translation often is: people's text messages are terse."""
NEARER = 0.003
"""By so much cosine has a translation to be nearer to its source's opposite to count as a witness."""


class Judge:
    """Compares texts by what they mean, across languages.

    The model (or ``embedder``) is loaded when it is first asked. The vectors of the last few thousand texts stay in
    memory, under hashes; embed many at once with ``learn`` before asking about each.
    """

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder
        self._known: dict[bytes, Vectors] = {}

    @property
    def name(self) -> str:
        """Of the model and its version."""
        return self._loaded().name

    def learn(self, texts: Iterable[str]) -> None:
        """Embed many texts at once, those that are not known yet."""
        self._vectors(list(texts))

    def similarity(self, a: Sequence[str], b: Sequence[str]) -> list[float]:
        """The cosine of each text of ``a`` with the one at the same place in ``b``. E5's lie between .7 and 1: compare
        them with each other, never with 0."""
        vectors = self._vectors([*a, *b])
        return [
            float(np.dot(vectors[key(one)], vectors[key(other)])) for one, other in zip(a, b, strict=True)
        ]

    def _vectors(self, texts: Sequence[str]) -> Mapping[bytes, Vectors]:
        known, wanted = self._known, {key(text): text for text in texts}
        found = {place: known[place] for place in wanted if place in known}
        new = {place: text for place, text in wanted.items() if place not in found}
        if new:
            found.update(zip(new, self._loaded().embed(list(new.values())), strict=True))
            # A new dictionary, never a change of the old one: another thread may be reading it.
            self._known = {**(known if len(known) + len(new) <= REMEMBERED else {}), **found}
        return found

    def _loaded(self) -> Embedder:
        if self._embedder is None:
            self._embedder = best()
        return self._embedder


@dataclass(frozen=True, slots=True)
class Calibration:
    """What one embedder's cosines are worth; see meaning.yaml."""

    spread: float
    level: Mapping[str, float]
    other: float
    weights: Mapping[str, float]

    def likeness(self, cosine: float, source: str, target: str) -> float:
        """How far a cosine lies from what good pairs of these languages have, in their spreads; 0 is usual."""
        return (cosine - self._level(source) - self._level(target)) / self.spread

    def _level(self, language: str) -> float:
        return self.level.get(nearest(language, tuple(self.level), ""), self.other)


def meaning(case: Case, found: Sequence[Finding], judge: Judge | None, back: str | None) -> list[Finding]:
    """The findings of the quick checks, and what a judge or a translation back adds to them."""
    return [
        *(
            _weighed(case, finding, judge, back) if finding.rule == "negation" else finding
            for finding in found
        ),
        *(_unlike(case, judge) if judge is not None else ()),
        *(_unlike_back(case, found, back) if back is not None else ()),
    ]


def confidence(
    source_text: str, source: str, translated: str, target: str, judge: Judge, back: str | None = None
) -> float:
    """How likely it is, 0 to 1, that two texts mean the same. With a translation back (into the source's language) both ways
    have to hold. Made for pairs of which half are bad: for a good engine read it as an order, not as a share.
    """
    likely = _logit(features(source_text, source, translated, target, judge), judge)
    if back is not None:
        likely = min(likely, _logit(features(source_text, source, back, source, judge), judge))
    return 1 / (1 + math.exp(-likely))


def features(source_text: str, source: str, text: str, target: str, judge: Judge) -> dict[str, float]:
    """What the confidence is made of, by the names of meaning.yaml."""
    case = Case(Unit("said", source, source_text), target, text)
    lost = [finding for finding in numbers.same(case) if finding.severity != "note"]
    (cosine,) = judge.similarity([without_gaps(source_text)], [without_gaps(text)])
    known = calibration(judge.name)
    return {
        "constant": 1.0,
        # More alike than usual is no excuse for a lost "not": two texts that differ in nothing else are very much alike.
        "likeness": min(known.likeness(cosine, source, target), 1.0) if known else 0.0,
        "length": max(abs(log_share(source_text, source, text, target)) - FREE, 0.0),
        "negation": float(bool(negation.turned(source_text, source, text, target))),
        "number": float(bool(lost)),
        "log_length": math.log(len(source_text) + 1) - 3.5,
    }


def calibration(name: str) -> Calibration | None:
    """What the cosines of an embedder are worth; None for one that nobody has measured: then only the cheap checks count."""
    known = _calibrations()
    return next((known[start] for start in known if name.startswith(start)), None)


def _logit(found: Mapping[str, float], judge: Judge) -> float:
    known = calibration(judge.name) or next(iter(_calibrations().values()))
    return sum(known.weights[name] * value for name, value in found.items())


def _weighed(case: Case, finding: Finding, judge: Judge | None, back: str | None) -> Finding:
    """A negation that a second witness also misses blocks; one that the translation back has kept is a note."""
    if back is not None:
        if negation.turned(case.unit.text, case.unit.source, back, case.unit.source):
            what = told("{what} Translated back, it says the opposite too.", what=finding.what)
            return replace(finding, severity="block", what=what)
        what = told("{what} Translated back, it does say the same.", what=finding.what)
        return replace(finding, severity="note", what=what)
    if judge is not None and _nearer_to_opposite(case, judge):
        what = told(
            "{what} A comparison of meanings also finds it nearer to the opposite.", what=finding.what
        )
        return replace(finding, severity="block", what=what)
    return finding


def _nearer_to_opposite(case: Case, judge: Judge) -> bool:
    pairs = ((case.unit.text, case.unit.source, case.text), (case.text, case.language, case.unit.text))
    for english, language, other in pairs:
        turned = opposite(english) if language.partition("-")[0] == "en" else None
        if turned is not None:
            ways = [without_gaps(english), without_gaps(turned)]
            as_said, as_turned = judge.similarity([without_gaps(other)] * 2, ways)
            return as_turned > as_said + NEARER
    return False


def _unlike(case: Case, judge: Judge) -> list[Finding]:
    """What the embeddings and the length say; numbers and negations have findings of their own."""
    found = features(case.unit.text, case.unit.source, case.text, case.language, judge)
    found |= {"negation": 0.0, "number": 0.0}
    if case.unit.kind in ("choice", "title"):  # a word in one language may be a clause in another
        found["length"] = 0.0
    if 1 / (1 + math.exp(-_logit(found, judge))) >= DOUBT:
        return []
    what = told("It may mean something else than the source: the two are less alike than translations are.")
    cure = told("Have a speaker read both. Short or free wordings are often all right.")
    return [Finding("warn", "meaning", what, cure)]


def _unlike_back(case: Case, found: Sequence[Finding], back: str) -> list[Finding]:
    if any(finding.rule == "negation" for finding in found):
        return []
    if not negation.turned(case.unit.text, case.unit.source, back, case.unit.source):
        return []
    what = told("Translated back, it says the opposite of the source.")
    return [Finding("warn", "negation", what, negation.CURE)]


def without_gaps(text: str) -> str:
    """A text without gaps and addresses, which are the same on both sides and would make any two alike."""
    return " ".join(bare(text).split()) or text


@cache
def _calibrations() -> Mapping[str, Calibration]:
    raw: Mapping[str, Any] = yaml.safe_load(FILE.read_text("utf-8"))
    return {name: Calibration(**rows) for name, rows in raw.items()}
