"""Whether the terms of schools are said with the words of the glossary (bot/translation/terms)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from survey_flows.told import told

from ..terms import TERMS
from .case import Case
from .finding import Finding


def used(case: Case) -> Iterator[Finding]:
    """A word that the glossary says to avoid ("paso de autobús", a bus step); or a term without any word for it."""
    meant = _meant(case.unit.text, case.unit.source)
    if not meant:
        return
    wrong = {
        amiss.key: amiss for amiss in TERMS.amiss(case.unit.text, case.unit.source, case.text, case.language)
    }
    for amiss in wrong.values():
        what = told(
            "'{said}' is not the word for it: the glossary has '{say}'.", said=amiss.said, say=amiss.say
        )
        cure = told("Write '{say}', in the form that the sentence needs.", say=amiss.say)
        yield Finding("warn", "term", what, cure)
    kept = {key for key in meant if TERMS.keeps(key)}
    for key in kept:
        if meant[key].casefold() not in case.text.casefold():
            what = told("'{name}' is a name that stays as it is, and it is not there.", name=meant[key])
            yield Finding("warn", "term", what, told("Copy it from the source."))
    there = {found.key for found in TERMS.in_(case.text, case.language)} | kept
    for key, said in meant.items():
        say = TERMS.preferred(key, case.language)
        if say is not None and key not in there and key not in wrong:
            what = told("'{say}', the glossary's word for '{said}', is not there.", say=say, said=said)
            cure = told("Another word may be just as good; the same one everywhere is easier to read.")
            yield Finding("note", "term", what, cure)


def _meant(text: str, source: str) -> Mapping[str, str]:
    """The terms of a source text, each with the words it is said in there."""
    return _looked_up(text, source, TERMS.version)


@lru_cache(maxsize=2048)  # a document is looked at in many languages
def _looked_up(text: str, source: str, _as_of: int) -> Mapping[str, str]:
    return {found.key: found.said for found in TERMS.in_(text, source)}
