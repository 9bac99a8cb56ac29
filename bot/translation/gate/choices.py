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
from survey_flows.told import told
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
    cure = told("Say it in other words: people who send this choice would be misunderstood.")
    word = words.read(text, language)
    if word is not None and word.kind != "language":
        what = told("'{text}' means {word} to Openline.", text=text, word=word.kind.upper())
        yield Finding("block", "collision", what, cure)
    elif fold(text) in CARRIERS - {"yes"}:
        what = told("'{text}' is acted on by the phone company before it reaches us.", text=text)
        yield Finding("block", "collision", what, cure)
    elif (asked := _asked(text, language)) and asked != _asked(case.unit.text, case.unit.source):
        # A question's own choices are heard before skip and back; a person who wants to talk is told of at once.
        what = {
            "skip": told("'{text}' is also what people send to pass over a question.", text=text),
            "back": told("'{text}' is also what people send to go back.", text=text),
            "person": told("'{text}' is also what people send to talk to a person.", text=text),
        }[asked]
        yield Finding("block" if asked == "person" else "warn", "collision", what, cure)


def _asked(text: str, language: str) -> str:
    found = requests.read(text, language)
    return found.kind if found is not None and found.kind in ("skip", "back", "person") else ""


def _alike(case: Case) -> Iterator[Finding]:
    cure = told("Word them apart: the reply must say which one is meant.")
    plain = _seen(case.text)
    for text in case.siblings.values():
        if _seen(text) == plain:
            what = told(
                "'{text}' reads the same as another choice of this question, '{other}'.",
                text=case.text,
                other=text,
            )
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
        what = told(
            "'{text}' is heard as another choice of this question, '{other}'.",
            text=case.text,
            other=group[match.at],
        )
    elif near := [group[at] for at in labels.near(case.text, tag) if at != own]:
        what = told(
            "'{text}', sent as it stands, is not understood beside '{other}': the person would be asked again.",
            text=case.text,
            other=near[0],
        )
    else:
        what = told(
            "'{text}', sent as it stands, is not understood: the person would be asked again.", text=case.text
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
