"""Wordings that blame, frighten, order about or label, each with a kinder one. A list a language; en.yaml explains them.

It asks the writer to look again and forbids nothing. Why at all: of texting for attendance, what is known to help is
supportive and never punitive (docs/tone.md has the evidence).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from survey_flows.folding import runs_on
from survey_flows.spotting import Hit, Index, Pattern, folded, places, written
from survey_flows.told import told
from survey_flows.wording import nearest

FOLDER = Path(__file__).parent
# The base loader leaves every scalar a string: in YAML 1.1 a bare "no" would become a truth value.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Kind = Literal["threat", "blame", "label", "order"]
WHY: Mapping[Kind, str] = {
    "threat": told(
        "It frightens. Whoever is afraid of the school stays away from it and does not write back."
    ),
    "blame": told("It blames. Most families want what you want; say what happened and ask what would help."),
    "label": told("It puts a name on the child. Say what happened instead, as a number or a day."),
    "order": told(
        "It gives an order. A reason and a small step that can be done today are followed more readily."
    ),
}
"""Each kind of wording, the worst first, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A wording to look at again: the ``phrase`` as it stands in the text (in small letters), a kinder one in the
    same language, and why."""

    kind: Kind
    phrase: str
    suggestion: str
    why: str


_SENTENCE = re.compile(r"[.!?;:\n。！？；：؟؛۔।።]+")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a list: what kind of wording, and how it might be said instead."""

    kind: Kind
    instead: str


@dataclass(frozen=True, slots=True)
class _List:
    exact: bool
    harsh: Index[_Row]
    kind: Index[None]


LANGUAGES: tuple[str, ...] = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
"""The languages that have a list."""


def read(text: str, language: str) -> list[Finding]:
    """Every wording of a text in this language that might hurt, in the order of the text. Empty for a language
    without a list: see ``knows``.

    >>> [(found.kind, found.phrase) for found in read("Your child is failing. You must call us.", "en-US")]
    [('blame', 'is failing'), ('order', 'you must')]
    >>> read("No one is failing you.", "en")
    []
    """
    tag = nearest(language, LANGUAGES, "")
    if not tag:
        return []
    found = _list(tag)
    heard: dict[_Row, str] = {}  # the same row twice is one thing to mend
    for sentence in filter(None, _SENTENCE.split(text)):
        for row, phrase in _heard(found, sentence):
            heard.setdefault(row, phrase)
    return [Finding(row.kind, phrase, row.instead, WHY[row.kind]) for row, phrase in heard.items()]


def knows(language: str) -> bool:
    """Whether there is a list for this language."""
    return bool(nearest(language, LANGUAGES, ""))


def drafted(language: str) -> bool:
    """Whether only a machine has drafted the list for this language."""
    tag = nearest(language, LANGUAGES, "")
    return bool(tag) and not load((FOLDER / f"{tag}.yaml").read_text("utf-8"))["approved_by"]


def load(text: str) -> Mapping[str, Any]:
    """A file of this folder. Raises ValueError for a list that is not known, missing or without a suggestion."""
    raw: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 - it builds strings only
    wrong = {"language", "approved_by", "accents", "not", *WHY} ^ set(raw)
    if wrong or raw["accents"] not in ("count", "do not count"):
        raise ValueError(f"tone of {raw.get('language')}: {sorted(wrong) or raw['accents']}")
    for row in (row for kind in WHY for row in raw[kind]):
        if set(row) != {"says", "instead"} or not row["says"] or not row["instead"]:
            raise ValueError(f"tone of {raw['language']}: {row} needs says and instead")
    return raw


def _heard(found: _List, sentence: str) -> Iterator[tuple[_Row, str]]:
    """The rows that a sentence has, each with the words, in the order of the sentence."""
    plain, shown = folded(sentence), written(sentence)
    said = shown if found.exact else plain
    seen = shown if len(shown) == len(said) else said
    cleared = found.kind.find(said)
    hits = [hit for hit in found.harsh.find(said) if not any(_covers(one, hit) for one in cleared)]
    for hit in sorted(hits, key=lambda hit: hit.start):
        if not any(hit.inside(other) for other in hits):
            yield hit.label, _phrase(seen[hit.start : hit.longest])


def _covers(kind: Hit[None], hit: Hit[_Row]) -> bool:
    return kind.start <= hit.start and hit.shortest <= kind.longest


def _phrase(words: tuple[str, ...]) -> str:
    """Words as they are read: those of a script without spaces stand together."""
    spaced = (word if runs_on(word) and not "가" <= word <= "힣" else f" {word} " for word in words)
    return " ".join("".join(spaced).split())


@cache
def _list(tag: str) -> _List:
    raw = load((FOLDER / f"{tag}.yaml").read_text("utf-8"))
    exact = bool(raw["accents"] == "count")
    return _List(
        exact,
        Index(_harsh(raw, exact)),
        Index(Pattern(None, places(pattern, exact=exact)) for pattern in raw["not"]),
    )


def _harsh(raw: Mapping[str, Any], exact: bool) -> Iterator[Pattern[_Row]]:
    for kind in WHY:
        for row in raw[kind]:
            for pattern in row["says"]:
                yield Pattern(_Row(kind, row["instead"]), places(pattern, exact=exact))
