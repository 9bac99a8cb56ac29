"""How much a reply speaks for each language: its words by our lists, and its letters by py3langid's model."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .scripts import base
from .words import Words

LATIN = ("en", "es", "ht", "fr", "pt", "vi", "so", "tl", "sw")
TYPED = ("ar", "fa", "hi", "ur", "ru", "uk", "zh")
"""Languages of another script that people type in Latin letters; their lists are <language>-Latn."""
_LISTS: dict[str, tuple[str, ...]] = {
    "Latin": (*LATIN, *(f"{tag}-Latn" for tag in TYPED)),
    "Cyrillic": ("ru", "uk"),
    "Arabic": ("ar", "fa", "ur"),
}

MARGIN = 4.6
"""How far the best language must lead before a declared one is overruled. In odds it is more than a thousand to one."""
TEMPER = 0.6
"""Words of a sentence are not independent: what they say together counts for so much."""
LETTERS = 0.35
"""What a point of py3langid's raw log score counts for."""
MOST = 5.0
"""The most that it can say against a language in a text of so many letters; it grows with the root."""
_LETTERS_FOR_MOST = 16
TRANSLITERATED = 2.5
"""How much less likely a language in Latin letters is, when the person has not declared it."""


def weigh(
    said: Sequence[str], words: str, script: str, possible: tuple[str, ...], declared: str | None
) -> dict[str, float]:
    """The evidence for each of ``possible`` in points, the best 0; languages that nothing is known of are left out.

    ``said`` are the words one by one, ``words`` is the text cleaned. A word that is repeated counts once. Two tags of one language have one figure.
    """
    field = _field(script, possible, base(declared) if declared else None)
    if not field.known:
        return {}
    told = field.priors
    if field.lists is not None and said:
        told = told + TEMPER * sum(map(field.lists.row, set(said)), start=field.lists.nothing)[field.columns]
    most = MOST * sqrt(len(words) / _LETTERS_FOR_MOST)
    if field.model is not None and _lead(told) < most + MARGIN:
        scores = dict(field.model.rank(words))
        letters = LETTERS * np.array([scores[name] for name in field.names])
        told = told.copy()
        told[field.read] += np.maximum(letters - letters.max(), -most)
    return dict(zip(field.known, (told - told.max()).tolist(), strict=True))


def telling(said: Sequence[str], script: str) -> bool:
    """Whether the words may overrule a declared language: a single one, only if exactly one language has it."""
    if len(set(said)) != 1:
        return True
    lists = table(script)
    listed = None if lists is None else lists.listed(said[0])
    return listed is not None and int((listed > 0).sum()) == 1


def _lead(told: NDArray[np.float64]) -> float:
    """How far the best is ahead. More than the model could say, and it need not be asked."""
    if len(told) < 2:
        return 0.0
    second, best = np.partition(told, -2)[-2:]
    return float(best - second)


@dataclass(frozen=True, slots=True)
class _Field:
    """What stays the same from reply to reply: for each language of ``known`` where its figures stand."""

    known: tuple[str, ...]
    priors: NDArray[np.float64]
    model: Any
    names: tuple[str, ...]
    """What the model calls those that it has read,"""
    read: NDArray[np.intp]
    """and which of ``known`` they are."""
    lists: Words | None
    columns: NDArray[np.intp]


@lru_cache(maxsize=64)
def _field(script: str, possible: tuple[str, ...], declared: str | None) -> _Field:
    lists = table(script)
    columns = {} if lists is None else lists.column
    names = {tag: name for tag in possible if (name := _model_name(tag, script)) in _labels()}
    known = tuple(tag for tag in possible if tag in names or listed_as(tag, script) in columns)
    return _Field(
        known,
        np.array([0.0 if _script_own(tag, script, declared) else -TRANSLITERATED for tag in known]),
        _model(frozenset(names.values())) if names else None,
        tuple(names.values()),
        np.array([known.index(tag) for tag in names], dtype=np.intp),
        lists,
        np.array([columns.get(listed_as(tag, script), len(columns) - 1) for tag in known], dtype=np.intp),
    )


def _script_own(language: str, script: str, declared: str | None) -> bool:
    """Whether it is no wonder that the language comes in this script."""
    return not listed_as(language, script).endswith("-Latn") or base(language) == declared


def _model_name(language: str, script: str) -> str:
    """What py3langid calls it. It has not read languages in Latin letters that have a script of their own."""
    own = listed_as(language, script)
    return "" if own.endswith("-Latn") else own


def tellable(language: str) -> bool:
    """Whether anything is known of the language.

    >>> tellable("ht"), tellable("de"), tellable("chk")
    (True, True, False)
    """
    tag = base(language)
    return tag in LATIN or tag in _labels()


def listed_as(language: str, script: str) -> str:
    """The list for a language in a script.

    >>> listed_as("pt-BR", "Latin"), listed_as("zh-Hans", "Latin"), listed_as("ru", "Cyrillic")
    ('pt', 'zh-Latn', 'ru')
    """
    tag = base(language)
    return f"{tag}-Latn" if script == "Latin" and tag in TYPED else tag


@cache
def table(script: str) -> Words | None:
    """The word lists of a script, made once (a few tenths of a second)."""
    return Words(_LISTS[script]) if script in _LISTS else None


@lru_cache(maxsize=16)
def _model(names: frozenset[str]) -> Any:
    """The model for some languages: a copy that shares all but one small table."""
    model = copy(_whole())
    model.set_languages(sorted(names))
    return model


@cache
def _labels() -> frozenset[str]:
    return frozenset(_whole().labels)


@cache
def _whole() -> Any:
    """The model, read once (about a second, 100 MB). Its own module-level functions hold a changeable language list."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
