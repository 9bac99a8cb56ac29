"""What a translation costs as SMS beside its source, and whether much is missing or too much is there."""

from __future__ import annotations

import math
from collections.abc import Iterator

from survey_flows.lint import messages
from survey_flows.segments import count
from survey_flows.told import told

from .case import Case
from .finding import Finding
from .kept import GAP, bare

MORE, MOST = 2, 3
"""SMS parts: so many more than the source, or so many at all, are looked at again."""
_STANDS_IN = "Lincoln School"
_DENSITY = {
    "zh": 0.31,
    "ja": 0.5,
    "ko": 0.55,
    "ar": 0.8,
    "vi": 0.93,
    "fa": 0.9,
    "ur": 0.95,
    "am": 0.7,
    "hi": 0.95,
}
"""Characters that say what 100 of English say, as a share, where a script is denser than Latin."""
SHORT, LONG = 0.45, 2.6
"""A translation under or over this share of the source's length, the script allowed for, is looked at again. In the survey
library no translation of 40 letters or more lies outside."""
_ENOUGH = 40


def fits(case: Case) -> Iterator[Finding]:
    """Parts, and letters."""
    yield from _parts(case)
    yield from _share(case)


def _parts(case: Case) -> Iterator[Finding]:
    text, source = (GAP.sub(_STANDS_IN, text) for text in (case.text, case.unit.text))
    if case.unit.kind in ("title", "field") or len(text) <= 70:
        return
    counted, before = count(text), count(source)
    if counted.parts <= max(before.parts, 1) or (
        counted.parts <= MOST and counted.parts - before.parts <= MORE
    ):
        return
    what = told(
        "As SMS it takes {n} parts ({characters}); the source takes {before}.",
        n=counted.parts,
        characters=messages.size(counted),
        before=before.parts,
    )
    cure = told("Each part is paid for, and long texts are read less: shorten it if you can.")
    yield Finding("warn", "length", what, cure)


def _share(case: Case) -> Iterator[Finding]:
    ratio = share(case.unit.text, case.unit.source, case.text, case.language)
    if ratio is None:
        return
    if ratio < SHORT:
        what = told("It is much shorter than the source: a part of it may be missing.")
        yield Finding("warn", "length", what, told("Compare it with the source, sentence by sentence."))
    elif ratio > LONG:
        what = told("It is much longer than the source: something may have been added.")
        yield Finding("warn", "length", what, told("Compare it with the source, sentence by sentence."))


def share(source_text: str, source: str, text: str, language: str) -> float | None:
    """How long a text is beside its source, scripts allowed for; None where both are too short to tell."""
    before = _size(source_text, source)
    after = _size(text, language)
    if max(before, after) < _ENOUGH:
        return None
    return after / max(before, 1.0)


def log_share(source_text: str, source: str, text: str, language: str) -> float:
    """The same as a logarithm, for texts of any length: 0 is as long as the source."""
    return math.log((_size(text, language) + 3) / (_size(source_text, source) + 3))


def _size(text: str, language: str) -> float:
    return len(" ".join(bare(text).split())) / _DENSITY.get(language.partition("-")[0], 1.0)
