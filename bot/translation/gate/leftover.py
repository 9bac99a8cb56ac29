"""Words of the source language that were left standing in a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

import yaml

from analysis.language import identify
from survey_flows.told import told
from survey_flows.wording import nearest

from .case import Case, listed
from .finding import Finding
from .kept import bare, keyword
from .letters import scripts

FILE = Path(__file__).with_name("function_words.yaml")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’\u0900-\u0dff])*")
_RUN = 4
"""So many words of the source in a row, just as they stand there, are no chance, but for neighbours like Spanish and
Portuguese."""
_MANY = 400
"""Words of a text that are compared in a row: more than a message has."""
_CURE = told("Translate the rest, or keep it if it is a name that is written so.")


def left(case: Case) -> Iterator[Finding]:
    """The whole source, a run of its words, or its small words."""
    if case.language.partition("-")[0] == case.unit.source.partition("-")[0]:
        return
    source, there = _words(case.unit.text), _words(case.text)
    if not source or not there:
        return
    lowered, before = [word.lower() for word in there], [word.lower() for word in source]
    if lowered == before:
        yield from _untouched(case, source, before)
        return
    if set(scripts(case.language)).isdisjoint(scripts(case.unit.source)):
        yield from _across_scripts(case, source, there)
        return
    small = [word for word in lowered if word in _telling(case.unit.source, case.language)]
    run = _longest_run(lowered, before, _names(source))
    if len(small) * 3 >= len(lowered) and len(lowered) > 3 and _is_source(case):
        yield Finding("block", "leftover", told("Much of it is still in the source language."), _CURE)
    elif len(run) >= _RUN or len(set(small)) >= 2 or (small and len(run) >= 2):
        shown = " ".join(run) if len(run) >= 2 else listed(list(dict.fromkeys(small)))
        yield Finding("warn", "leftover", told("Words of the source are left: {words}.", words=shown), _CURE)


def _untouched(case: Case, source: list[str], before: list[str]) -> Iterator[Finding]:
    """The same words: right for a name, a number or a word that both languages have."""
    if all(keyword(word) or (word[:1].isupper() and at) for at, word in enumerate(source)):
        return
    telling = [word for word in before if word in _telling(case.unit.source, case.language)]
    severity = (
        "block"
        if len(before) > 3 or telling or not _same_script(case)
        else "warn"
        if len(before) > 1
        else "note"
    )
    yield Finding(severity, "leftover", told("It is the same as the source."), _CURE)  # type: ignore[arg-type]


def _across_scripts(case: Case, source: list[str], there: list[str]) -> Iterator[Finding]:
    """Where the scripts differ, each word of the source is seen at once; names may stay."""
    theirs = {word.lower() for word in source} | _known().get(_tag(case.unit.source), frozenset())
    left = [word for word in there if word.lower() in theirs and word.islower() and len(word) > 1]
    if len(left) >= 2:
        severity = "block" if len(left) * 2 > len(there) else "warn"
        what = told("Words of the source are left: {words}.", words=listed(left))
        yield Finding(severity, "leftover", what, _CURE)  # type: ignore[arg-type]


def _is_source(case: Case) -> bool:
    found = identify(bare(case.text), (case.unit.source, case.language), case.language)
    return found.language == case.unit.source


def _longest_run(there: list[str], before: list[str], names: frozenset[str]) -> list[str]:
    """The longest row of words that stands in both texts, names broken off."""
    there, before = there[:_MANY], before[:_MANY]
    best, end = 0, 0
    lengths: dict[int, int] = {}
    for at, word in enumerate(there):
        row: dict[int, int] = {}
        if word not in names:
            for place in (place for place, other in enumerate(before) if other == word):
                row[place] = lengths.get(place - 1, 0) + 1
                if row[place] > best:
                    best, end = row[place], at + 1
        lengths = row
    return there[end - best : end]


def _names(source: list[str]) -> frozenset[str]:
    """Words with a capital that do not open the text, and abbreviations: what a language may well keep."""
    return frozenset(
        word.lower() for at, word in enumerate(source) if (at and word[0].isupper()) or word.isupper()
    )


def _same_script(case: Case) -> bool:
    return scripts(case.language) == scripts(case.unit.source)


def _words(text: str) -> list[str]:
    return _WORD.findall(bare(text).replace("’", "'"))


@lru_cache(maxsize=512)
def _telling(source: str, language: str) -> frozenset[str]:
    """The small words of the source's language that the other has not."""
    one, other = (_known().get(_tag(tag), frozenset()) for tag in (source, language))
    return frozenset(word for word in one - other if len(word) > 1)


def _tag(language: str) -> str:
    return nearest(language, tuple(_known()), "")


@cache
def _known() -> Mapping[str, frozenset[str]]:
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    raw: Mapping[str, list[str]] = yaml.load(FILE.read_text("utf-8"), loader)  # noqa: S506 - it builds strings only
    return {tag: frozenset(words) for tag, words in raw.items()}
