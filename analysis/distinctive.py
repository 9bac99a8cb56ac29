"""The words that set some people's replies apart from everybody else's in the same language.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16:372-403,
2008, equations 15, 16, 19, 22): it picks neither the words that all use, nor the slips that one person makes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import numpy as np

from .cues import fold
from .language import lists
from .language.cleaning import pieces

LEAST = 2
"""A word is shown only when this many people used it: one person's words may tell who they are."""
SURE = 1.0
"""How many standard errors a word's log-odds must lie above nothing. Low, for in a small language few people speak: the words
are a hint to whoever reads the replies, and no finding."""
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]+")
_GRAMS = (2, 3, 4)
# "and", "so", "with", "to" and "the" are written onto the next Arabic word.
_ARABIC_PREFIX = re.compile(r"^(?:[وف]?[بلك]?ال|[وف])(?=\w{3})")

Words = Mapping[str, str]
"""The words of one person, folded, each with a way to write it."""


def words_of(text: str, language: str) -> Words:
    """The words of a text in this ``language`` (BCP 47), without everyday ones, numbers, and what redact() has put in the
    place of names. Of scripts without spaces: all pieces of two to four letters.

    >>> words_of("[name] says the CROSSING is dark", "en")
    {'says': 'says', 'crossing': 'crossing', 'dark': 'dark'}
    """
    found: dict[str, str] = {}
    everyday = _everyday(language.split("-")[0])
    for piece in pieces(text):
        for run in _UNSPACED.findall(piece):
            for size in _GRAMS:
                found |= {run[at : at + size]: run[at : at + size] for at in range(len(run) - size + 1)}
        word = _ARABIC_PREFIX.sub("", fold(_UNSPACED.sub("", piece)))
        if len(word) > 2 and word not in everyday:
            found.setdefault(word, piece)
    return found


def distinctive(inside: Iterable[Words], outside: Counter[str], most: int = 6) -> tuple[str, ...]:
    """Up to ``most`` words of the people ``inside`` that those outside have less of, the most telling first. ``outside`` says
    how many people used each word; everybody counts once for a word.

    >>> inside = [words_of(text, "en") for text in ("The crossing is dark", "no light at the crossing", "a dark crossing")]
    >>> distinctive(inside, Counter(late=20, again=15, dark=2))
    ('crossing', 'dark')
    """
    said = list(inside)
    ours = Counter(word for one in said for word in one)
    words = sorted(word for word, people in ours.items() if people >= LEAST)
    if not words:
        return ()
    scores = _log_odds(words, ours, outside)
    telling = sorted(
        (word for word in words if scores[word] >= SURE), key=lambda word: (-scores[word], -len(word), word)
    )
    chosen: list[str] = []
    for word in telling:
        # Of pieces of one Chinese word the longest stands for all, where as many people used it.
        longest = _longest(word, [other for other in words if ours[other] == ours[word]])
        if not any(_overlap(longest, other) for other in chosen):
            chosen.append(longest)
    return tuple(_written(word, said) for word in chosen[:most])


def _log_odds(words: Sequence[str], ours: Counter[str], theirs: Counter[str]) -> dict[str, float]:
    """Each word's log-odds ratio, inside against outside, in standard errors. The prior is what all say, and weighs as much
    as the words inside."""
    inside, outside = ours.total(), theirs.total()
    here = np.array([ours[word] for word in words], np.float64)
    there = np.array([theirs[word] for word in words], np.float64)
    prior = inside * (here + there) / (inside + outside)
    # What is left for all other words: where there are none, the ratio must still be a number.
    rest = (
        np.maximum(2 * inside - here - prior, 0.5),
        np.maximum(outside + inside - there - prior, 0.5),
    )
    ratio = np.log((here + prior) / rest[0]) - np.log((there + prior) / rest[1])
    scores = ratio / np.sqrt(1 / (here + prior) + 1 / (there + prior))
    return dict(zip(words, scores.tolist(), strict=True))


def _written(word: str, said: Sequence[Words]) -> str:
    """The way that most people write a word; in doubt with its accents."""
    ways = Counter(one[word] for one in said if word in one)
    return min(ways, key=lambda way: (-ways[way], way.isascii(), way))


def _longest(word: str, among: Sequence[str]) -> str:
    if not _UNSPACED.search(word):
        return word
    return max(
        (other for other in among if word in other), key=lambda other: (len(other), other), default=word
    )


def _overlap(one: str, other: str) -> bool:
    """Whether two words are one, or pieces of one that is written without spaces."""
    if not _UNSPACED.search(one):
        return one == other
    return any(one[at : at + _GRAMS[0]] in other for at in range(len(one) - _GRAMS[0] + 1))


@cache
def _everyday(language: str) -> frozenset[str]:
    """The words of nearly every sentence, and of many."""
    if not (lists.FOLDER / f"{language}.txt").is_file():
        return frozenset()
    grades = lists.read(language).grades
    return frozenset(fold(word) for word, grade in grades.items() if grade in ("a", "b"))
