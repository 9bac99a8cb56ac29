"""Whether each choice can be told from the others by whoever reads the answers, and is no command.

The question's own reader is asked (survey_flows.reading.labels): what it confuses, it would confuse in a conversation.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from survey_flows import requests, words
from survey_flows.folding import fold, symbols
from survey_flows.lexicon import LEXICONS, Ear
from survey_flows.lint.replies import CARRIERS
from survey_flows.reading.labels import Labels
from survey_flows.wording import nearest

from .case import Case
from .finding import Finding

_FEW = 60
"""A longer group (a list of towns) is compared by its letters only."""


def apart(case: Case) -> Iterator[Finding]:
    """Two choices that read alike, one that is heard as another or not at all, or one that is a command."""
    if case.unit.kind == "choice":
        yield from _command(case)
    if case.siblings:
        yield from _alike(case)


def _command(case: Case) -> Iterator[Finding]:
    text, language = case.text, case.language
    cure = "Say it in other words: people who send this choice would be misunderstood."
    word = words.read(text, language)
    if word is not None and word.kind != "language":
        what = f"'{text}' means {word.kind.upper()} to Openline."
        yield Finding("block", "collision", what, cure)
    elif fold(text) in CARRIERS - {"yes"}:
        yield Finding(
            "block", "collision", f"'{text}' is acted on by the phone company before it reaches us.", cure
        )
    elif (asked := _asked(text, language)) and asked != _asked(case.unit.text, case.unit.source):
        # A question's own choices are heard before skip and back; a person who wants to talk is told of at once.
        does = {"skip": "pass over a question", "back": "go back", "person": "talk to a person"}[asked]
        what = f"'{text}' is also what people send to {does}."
        yield Finding("block" if asked == "person" else "warn", "collision", what, cure)


def _asked(text: str, language: str) -> str:
    found = requests.read(text, language)
    return found.kind if found is not None and found.kind in ("skip", "back", "person") else ""


def _alike(case: Case) -> Iterator[Finding]:
    cure = "Word them apart: the reply must say which one is meant."
    plain = _seen(case.text)
    for text in case.siblings.values():
        if _seen(text) == plain:
            what = f"'{case.text}' reads the same as another choice of this question, '{text}'."
            yield Finding("block", "collision", what, cure)
            return
    if case.unit.kind != "choice" or len(case.siblings) > _FEW or not fold(case.text):
        return
    tag = nearest(case.language, tuple(LEXICONS), case.language)
    group = tuple(sorted((case.text, *filter(str.strip, case.siblings.values()))))  # one order: laid out once
    own, labels = group.index(case.text), _labels(group, tag)
    match = labels.which(case.text, tag)
    if match is not None and match.at == own:
        return
    if match is not None:
        what = f"'{case.text}' is heard as another choice of this question, '{group[match.at]}'."
    else:
        near = [group[at] for at in labels.near(case.text, tag) if at != own]
        beside = f" beside '{near[0]}'" if near else ""
        what = (
            f"'{case.text}', sent as it stands, is not understood{beside}: the person would be asked again."
        )
    yield Finding("block", "collision", what, cure)


def _seen(text: str) -> str:
    """What tells a choice from the others: its words, or its pictures where it has no words."""
    return fold(text) or symbols(text) or text.strip()


@lru_cache(maxsize=256)
def _labels(texts: tuple[str, ...], tag: str) -> Labels:
    return Labels([{tag: (text,)} for text in texts], _ear(tag))


@lru_cache(maxsize=32)
def _ear(tag: str) -> Ear:
    return Ear([tag])
