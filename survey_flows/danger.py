"""Words that ask for a person to look: somebody may harm themselves, is being hurt, or threatens others.

Every language is looked for in every message, because people change languages in distress. This is a smoke alarm, not
a judgement: it would rather ring in vain. A negation does not cancel ("I don't want to kill myself"): a person should
read that too. What cannot be meant so ("suicide prevention", "me muero de risa") is listed with the words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Generic, Literal

import yaml

from .spotting import Index, Label, Pattern, folded, places, written

FOLDER = Path(__file__).parent / "danger"
# The base loader leaves every scalar a string: in YAML 1.1 a bare "no" would become a truth value.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

Kind = Literal["self_harm", "harm", "violence"]
KINDS: tuple[Kind, ...] = ("self_harm", "harm", "violence")
"""What a message may tell of, the most urgent first: where it tells of more than one, that one is given."""


@dataclass(frozen=True, slots=True)
class Danger:
    """What somebody seems to tell of, and the language that the words are in."""

    kind: Kind
    language: str


def read(text: str, language: str | None = None) -> Danger | None:
    """What a message tells of, or None. ``language`` is the person's, where known: it is named first if two fit.

    >>> read("the bus is late and i want to die"), read("este bus me mata"), read("no quiero matarme")
    (Danger(kind='self_harm', language='en'), None, Danger(kind='self_harm', language='es'))
    """
    plain = folded(text)
    exact = plain if text.isascii() else written(text)
    watch, everyday = _watch()
    found = [*watch.folded.find(plain), *watch.written.find(exact)]
    if not found:
        return None
    cleared = [*everyday.folded.find(plain), *everyday.written.find(exact)]
    told = [
        hit for hit in found if not any(c.start <= hit.start and hit.shortest <= c.longest for c in cleared)
    ]
    # "Il menace de me tuer": what is said of the other person holds what would be said of oneself.
    dangers = [hit.label for hit in told if not any(hit.inside(other) for other in told)]
    return min(dangers, key=lambda one: (KINDS.index(one.kind), one.language != language), default=None)


@dataclass(frozen=True, slots=True)
class _Lists(Generic[Label]):
    """Patterns of the languages in which accents do not matter, and of those in which they count."""

    folded: Index[Label]
    written: Index[Label]


@cache
def _watch() -> tuple[_Lists[Danger], _Lists[None]]:
    """What to look for and what is everyday speech, of all files; read once, at the first message."""
    files = [load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    counts, does_not = ([raw for raw in files if _exact(raw) is exact] for exact in (True, False))
    return (
        _Lists(Index(_dangers(does_not)), Index(_dangers(counts))),
        _Lists(Index(_everyday(does_not)), Index(_everyday(counts))),
    )


def _dangers(files: list[Mapping[str, Any]]) -> Iterator[Pattern[Danger]]:
    for raw in files:
        for kind in KINDS:
            for pattern in raw[kind]:
                yield Pattern(Danger(kind, raw["language"]), places(pattern, exact=_exact(raw)))


def _everyday(files: list[Mapping[str, Any]]) -> Iterator[Pattern[None]]:
    for raw in files:
        for pattern in raw["not"]:
            yield Pattern(None, places(pattern, exact=_exact(raw)))


def _exact(raw: Mapping[str, Any]) -> bool:
    return bool(raw["accents"] == "count")


def load(text: str) -> Mapping[str, Any]:
    """A file of this folder; danger/en.yaml explains the lists. Raises ValueError for one that is not known or missing."""
    raw: dict[str, Any] = {"accents": "do not count", **yaml.load(text, _Loader)}  # noqa: S506 - it builds strings only
    wrong = {"language", "accents", "not", *KINDS} ^ set(raw)
    if wrong or raw["accents"] not in ("count", "do not count"):
        raise ValueError(f"lists of {raw.get('language')}: {sorted(wrong) or raw['accents']}")
    return raw
