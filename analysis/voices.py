"""What replies tell beside their themes: in which tone a theme is named, how readable they are, and who may be quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from .codebook import Codebook
from .counting import Numbers, Sayings
from .findings import UNKNOWN, Opinion, Tongue, Voice
from .quotes import LONG, SHORT, SURE, Placed
from .sentiment import TONES

CERTAIN = 0.9
"""From here on the language of a reply counts as certain: on made-up replies 99 in 100 of such are right
(docs/language-identification.md)."""


def tones(
    voices: Sequence[Voice], sayings: Sayings, codebook: Codebook, among: NDArray[np.bool_]
) -> dict[str, Counter[str]]:
    """Of those ``among`` the people who named a top theme, how many did so in each tone: that of their reply that names it
    most surely, the first of such."""
    place: dict[str, int] = {tone: n for n, tone in enumerate(TONES)}
    felt = np.fromiter((place.get(voice.sentiment or "", -1) for voice in voices), np.int64, len(voices))
    tone = felt[sayings.voice]
    kept = np.nonzero((tone >= 0) & (sayings.chance > 0) & among[sayings.person])[0]
    whose = sayings.top[kept] * (len(among) + 1) + sayings.person[kept]
    order = np.lexsort((sayings.voice[kept], -sayings.chance[kept], whose))
    _, first = np.unique(whose[order], return_index=True)
    surest = kept[order[first]]
    counts = np.zeros((len(codebook.themes), len(TONES)), np.int64)
    np.add.at(counts, (sayings.top[surest], tone[surest]), 1)
    return {
        theme.id: Counter(dict(zip(TONES, row, strict=True)))
        for theme, row in zip(codebook.themes, counts.tolist(), strict=True)
    }


def opinions(
    voices: Sequence[Voice], sayings: Sayings, codebook: Codebook, minimum: int
) -> dict[str, Opinion]:
    """TextBlob's mean over the people who named each top theme, each once, where enough of them have an English text."""
    leaning = np.array([np.nan if voice.polarity is None else voice.polarity for voice in voices], np.float64)
    known = np.nonzero(~np.isnan(leaning[sayings.voice]))[0] if len(voices) else np.zeros(0, np.int64)
    # A reply counts once for a top theme however many of its sub-themes it names.
    replies = np.unique(sayings.top[known] * max(len(voices), 1) + sayings.voice[known])
    tops, rows = np.divmod(replies, max(len(voices), 1))
    width = int(sayings.speaker.max(initial=0)) + 1
    people, whose = np.unique(tops * width + sayings.speaker[rows], return_inverse=True)
    mean = np.bincount(whose, leaning[rows], len(people)) / np.bincount(whose, minlength=len(people))
    said = np.bincount(people // width, minlength=len(codebook.themes))
    summed = np.bincount(people // width, mean, minlength=len(codebook.themes))
    return {
        theme.id: Opinion(round(float(total / number), 2), int(number))
        for theme, number, total in zip(codebook.themes, said, summed, strict=True)
        if number >= minimum
    }


def tongues(voices: Sequence[Voice], sayings: Sayings, minimum: int) -> dict[str, Tongue]:
    """How well the replies in each language were understood, for languages of at least ``minimum`` people: most people first."""
    certain = np.array([(voice.certainty or 0) >= CERTAIN for voice in voices], dtype=bool)
    translated = np.array([voice.english is not None for voice in voices], dtype=bool)
    english = np.array([name.partition("-")[0] == "en" for name in sayings.languages], dtype=bool)
    number = len(sayings.languages)
    said = np.bincount(sayings.language, minlength=number)
    readable = translated | english[sayings.language] if number else translated
    sure, read = (
        np.bincount(sayings.language[kept], minlength=number) / said for kept in (certain, readable)
    )
    people = np.bincount(_speakers(sayings)[0], minlength=number)
    return {
        sayings.languages[at]: Tongue(float(sure[at]), float(read[at]))
        for at in sorted(range(number), key=lambda at: (-people[at], sayings.languages[at]))
        if people[at] >= minimum
    }


def _speakers(sayings: Sayings) -> tuple[Numbers, Numbers]:
    """Who wrote in which language, each once: the languages and the people side by side."""
    width = int(sayings.speaker.max(initial=0)) + 1
    language, person = np.divmod(np.unique(sayings.language * width + sayings.speaker), width)
    return language, person


def quotable(
    voices: Sequence[Voice],
    sayings: Sayings,
    codebook: Codebook,
    schools: tuple[Sequence[str], Numbers, Collection[str]],
    minimum: int,
    most: int,
) -> dict[str, list[list[Placed]]]:
    """By top theme, and for each language apart, the voices that may be quoted: up to ``most``, as typical as can be told at a
    glance. Each with its school where that may be named, and no other group.

    ``schools`` are the names of schools, the place among them of each person's, and those of which the number of people heard
    is shown. Words in a language tell the language: nobody is quoted whose language too few have spoken in,
    and a school beside the words is a crossing, so it is named only where enough have spoken in that language at that
    school.
    """
    names, school, told = schools
    language, person = _speakers(sayings)
    there = np.zeros((len(sayings.languages), len(names)), np.int64)
    np.add.at(there, (language, school[person]), 1)
    spoken = there.sum(axis=1) >= minimum
    named = np.array([name in told and name != UNKNOWN for name in names], dtype=bool) & (there >= minimum)
    top, odd, score, length = _glance(voices, sayings, codebook)
    row = np.nonzero((top >= 0) & spoken[sayings.language])[0]
    order = row[np.lexsort((length[row], score[row], odd[row], sayings.language[row], top[row]))]
    lots = np.stack([top[order], sayings.language[order]])
    if not len(order) or not most:
        return {}
    starts = np.nonzero(np.r_[True, (lots[:, 1:] != lots[:, :-1]).any(axis=0)])[0]
    found: dict[str, list[list[Placed]]] = {}
    for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
        placed: list[Placed] = []
        for at in order[start : min(end, start + most)].tolist():
            where = school[sayings.speaker[at]]
            placed.append(
                (voices[at], {"school": names[where]} if named[sayings.language[at], where] else {})
            )
        found.setdefault(codebook.themes[top[order[start]]].id, []).append(placed)
    return found


def _glance(
    voices: Sequence[Voice], sayings: Sayings, codebook: Codebook
) -> tuple[Numbers, NDArray[np.bool_], NDArray[np.float64], Numbers]:
    """Of each voice: the top theme of its surest barrier (-1: none is sure), whether it is of no readable length, how far
    it is from being surely of that theme and of no other, and its length."""
    number = len(voices)
    barrier = np.array([theme.kind == "barrier" for theme in codebook.themes], dtype=bool)
    sure = np.nonzero(barrier[sayings.code] & (sayings.chance >= SURE))[0]
    order = sure[np.lexsort((sure, -sayings.chance[sure], sayings.voice[sure]))]
    heads, first = np.unique(sayings.voice[order], return_index=True)
    top, best = np.full(number, -1), np.zeros(number)
    top[heads], best[heads] = sayings.top[order[first]], sayings.chance[order[first]]
    others = np.bincount(sayings.voice[sayings.top != top[sayings.voice]], minlength=number)
    length = np.fromiter((len(voice.original) for voice in voices), np.int64, number)
    foreign = np.fromiter((not voice.original.isascii() for voice in voices), np.bool_, number)
    readable = ((length >= SHORT) & (length <= LONG)) | ((length >= 6) & foreign)
    return top, ~readable, 0.1 * others - best, length
