"""Learns which themes a reply names, from a codebook and from what people have confirmed. Tells how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from .calibration import USED, Bar, Calibration, bar, calibrate, evidence
from .clauses import clauses, words
from .fitting import logistic, ridge
from .points import Direction, Points, together
from .terms import Terms

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

# Sane values, few of which matter much (docs/coding-research.md): none was fitted to the words of one survey.
MEANING = 1.5
"""What meaning weighs beside words and pieces of words, which weigh 1 each."""
CONFIRMED = 2.0
"""What a reply that a person has coded weighs beside an example of the codebook."""
FREEDOM = 1.0
PENALTY = 0.3
RIDGE = 6.0
"""Brings the scores of the ridge regression, which lie about 0 to 1, to the size of the other's."""
EXAMPLES = 20.0
"""The codebook's examples together count as so many confirmed replies when thresholds are set."""
ENOUGH = 1000
"""From so many confirmed replies on, the model's own opinion of others teaches it nothing."""
SURE = 0.2
"""How far from the fence every theme of a reply must be for the model to learn from its own opinion of it."""
FENCE = 0.4
MOST = 5000
"""Confirmed replies that are learned from at most: memory grows with the square of these and the codebook's lessons
together (100 MB for 5,000, 400 for 10,000; for a while half as much again)."""
HEARD = 1500
"""Replies that nobody has coded which are learned from at most."""
_AT_A_TIME = 500


class Place(Protocol):
    """Where texts lie in a space of meaning that languages share: shape (texts, size), typically of length 1."""

    def __call__(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """``languages`` are BCP 47, one a text."""
        ...


@dataclass(frozen=True, eq=False)
class Coded:
    """Texts with the themes that they have: ``truth`` of shape (texts, themes), 0 or 1.

    Texts of one ``group`` (a person, a household) are never learned from and tested on at once.
    """

    texts: Sequence[str]
    languages: Sequence[str]
    truth: Floats
    groups: Sequence[str]

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, eq=False)
class Held:
    """What the learner said of confirmed replies, shape (replies, themes), while it had not seen them: neither they, nor
    others of the same people, nor others in the same words were among what a model had learned from; and what turned its
    scores to ``chances``, and these to yes or no (``given``), was set by replies of other ``folds``.
    """

    chances: Floats
    truth: Floats
    given: Bools
    folds: NDArray[np.int_]


@dataclass(frozen=True, eq=False)
class Model:
    """Made by learn(). ``held`` is what prevalence and agreement are reckoned from."""

    place: Place
    terms: Terms
    direction: Direction
    level: Floats
    calibration: Calibration
    bar: Bar
    taught: Bools
    held: Held
    drawn: tuple[int, ...]
    """Which of the confirmed replies were learned from: the rows of ``held``."""

    def chances(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """How probable each theme is: shape (texts, themes)."""
        found = np.empty((len(texts), len(self.level)), np.float32)
        for at in range(0, len(texts), _AT_A_TIME):
            part = slice(at, at + _AT_A_TIME)
            found[part] = self.calibration.chances(self.seen(texts[part], languages[part]))
        found[:, ~self.taught] = 0
        return found

    def given(self, chances: Floats) -> Bools:
        """Which themes to give."""
        return self.bar.given(chances) & self.taught

    def seen(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """What chances() is reckoned from: see evidence()."""
        spread = _Spread.of(texts, languages)
        points = _points(self.place, self.terms, spread.texts, spread.languages)
        return spread.gather(self.direction.along(points) + self.level)


def learn(
    place: Place,
    lessons: Coded,
    examples: Bools,
    confirmed: Coded,
    *,
    heard: Sequence[tuple[str, str]] = (),
) -> Model:
    """Learn from a codebook's ``lessons`` (those of ``examples`` are wordings of people, the others explain) and from
    ``confirmed`` replies, if there are any.

    ``heard`` are replies, as (text, language), that nobody has coded: while few are confirmed, the model learns a
    second time from its own opinion of those that it is sure of. They may be the very replies that are to be coded.
    """
    drawn = _some(confirmed)
    confirmed = confirmed if len(drawn) == len(confirmed) else _drawn(confirmed, drawn)
    taught = _Rows.of(place, lessons, confirmed)
    seen, folds = _held_out(place, taught, lessons, examples, confirmed)
    known = folds >= 0
    direction, level = taught.fit()

    themes: Bools = np.asarray(taught.truth.any(axis=0))
    counts = np.ones(len(taught.truth), np.float32)
    counts[: len(lessons)] = EXAMPLES / max(int(examples.sum()), 1)
    calibration, fence = _settled(seen[known], taught.truth[known], counts[known], themes)
    model = Model(
        place=place,
        terms=taught.terms,
        direction=direction,
        level=level,
        calibration=calibration,
        bar=fence,
        taught=themes,
        held=_judged(seen, taught.truth, counts, themes, folds, len(lessons)),
        drawn=drawn,
    )
    return _twice(model, taught, heard) if heard and len(confirmed) < ENOUGH else model


def _some(confirmed: Coded) -> tuple[int, ...]:
    """All of them, or a draw of people that is the same each time, with all that they said."""
    if len(confirmed) <= MOST:
        return tuple(range(len(confirmed)))
    groups = confirmed.groups
    order = sorted(range(len(confirmed)), key=lambda at: (_number(groups[at]), groups[at], at))
    return tuple(sorted(order[:MOST]))


def _drawn(confirmed: Coded, drawn: Sequence[int]) -> Coded:
    return Coded(
        [confirmed.texts[at] for at in drawn],
        [confirmed.languages[at] for at in drawn],
        confirmed.truth[list(drawn)],
        [confirmed.groups[at] for at in drawn],
    )


@dataclass(frozen=True, eq=False)
class _Rows:
    """What is learned from, ready to be fitted."""

    terms: Terms
    points: Points
    truth: Floats
    weight: Floats
    alike: Floats

    @classmethod
    def of(cls, place: Place, lessons: Coded, confirmed: Coded) -> _Rows:
        texts = [*lessons.texts, *confirmed.texts]
        terms = Terms.of(texts)
        points = _points(place, terms, texts, [*lessons.languages, *confirmed.languages])
        weight = np.concatenate([np.ones(len(lessons)), np.full(len(confirmed), CONFIRMED)])
        truth = np.concatenate([lessons.truth, confirmed.truth])
        return cls(terms, points, truth.astype(np.float32), weight.astype(np.float32), points.likeness())

    def fit(self, some: NDArray[np.int_] | None = None) -> tuple[Direction, Floats]:
        if some is None:
            return _fit(self.points, self.alike, self.truth, self.weight)
        return _fit(self.points[some], self.alike[np.ix_(some, some)], self.truth[some], self.weight[some])


def _held_out(
    place: Place, taught: _Rows, lessons: Coded, examples: Bools, confirmed: Coded
) -> tuple[Floats, NDArray[np.int_]]:
    """Evidence on examples and confirmed replies by models that had not seen them; and the fold of each, -1 for
    explanations, which are always learned from.

    Who reads a reply decides for all in the same words, so these are never learned from where one of them is judged:
    replies that nobody has read have no such twin.
    """
    first = len(lessons)
    said = _alike(confirmed.texts)
    spread = _Spread.of(confirmed.texts, confirmed.languages)
    spoken = (
        _points(place, taught.terms, spread.texts, spread.languages) if len(confirmed) else taught.points[:0]
    )
    # Each example by itself.
    groups = [*(f"\0{at}" for at in range(first)), *confirmed.groups]
    folds = _folds(groups, 5 if len(groups) < 1500 else 3)
    folds[:first][~examples] = -1
    seen = np.zeros((*taught.truth.shape, USED), np.float32)
    for fold in range(folds.max() + 1):
        asked = np.flatnonzero(folds[first:] == fold)
        others = folds != fold
        others[first:] &= ~np.isin(said, said[asked])
        if not others.any():
            folds[folds == fold] = -1  # nothing else to learn from
            continue
        direction, level = taught.fit(np.flatnonzero(others))
        own = np.flatnonzero(folds[:first] == fold)
        scores = direction.along(taught.points[own]) + level
        length = np.array([words(lessons.texts[at]) for at in own.tolist()], np.float32)
        seen[own] = evidence(scores, scores, length)
        rows = np.flatnonzero(np.isin(spread.owner, asked))
        part = replace(
            spread,
            texts=[spread.texts[at] for at in rows.tolist()],
            owner=spread.owner[rows],
            whole=spread.whole[rows],
        )
        seen[first + asked] = part.gather(direction.along(spoken[rows]) + level)[asked]
    return seen, folds


def _settled(seen: Floats, truth: Floats, counts: Floats, themes: Bools) -> tuple[Calibration, Bar]:
    """What turns this evidence into probabilities, and these into yes or no; ``themes`` that were not taught are never given."""
    own = calibrate(seen[:, themes], truth[:, themes], counts)
    weights = np.zeros((len(themes), USED + 1), np.float32)
    weights[themes] = own.weights
    fence = bar(own.chances(seen[:, themes]), truth[:, themes], counts)
    bars = np.ones(len(themes), np.float32)
    bars[themes] = fence.themes
    return Calibration(weights), replace(fence, themes=bars)


def _judged(
    seen: Floats, truth: Floats, counts: Floats, themes: Bools, folds: NDArray[np.int_], first: int
) -> Held:
    """What is said of the confirmed replies (the rows from ``first`` on), each fold by what the others have settled."""
    rows = np.arange(first, len(seen))
    chances = np.zeros((len(rows), len(themes)), np.float32)
    given = np.zeros(chances.shape, np.bool_)
    for fold in np.unique(folds[rows]):
        others = (folds >= 0) & (folds != fold)
        calibration, fence = _settled(seen[others], truth[others], counts[others], themes)
        own = np.flatnonzero(folds[rows] == fold)
        found = np.where(themes, calibration.chances(seen[rows[own]]), 0).astype(np.float32)
        chances[own], given[own] = found, fence.given(found) & themes
    return Held(chances, truth[rows], given, folds[rows])


def _alike(texts: Sequence[str]) -> NDArray[np.int_]:
    """The same number for texts of the same words, whatever their capitals and spaces."""
    first: dict[str, int] = {}
    return np.array(
        [first.setdefault(" ".join(text.casefold().split()), at) for at, text in enumerate(texts)], np.int_
    )


def _twice(model: Model, taught: _Rows, heard: Sequence[tuple[str, str]]) -> Model:
    """The average of the model and of one that learned from its opinion of ``heard`` too."""
    some = sorted(dict.fromkeys(heard), key=lambda reply: _number(reply[0]))[:HEARD]
    texts, languages = [text for text, _ in some], [language for _, language in some]
    chances = model.chances(texts, languages)
    given = model.given(chances)
    sure = np.flatnonzero((np.abs(chances - FENCE) > SURE).all(axis=1) & given.any(axis=1))
    if not len(sure):
        return model
    points = _points(model.place, model.terms, [texts[at] for at in sure], [languages[at] for at in sure])
    more = taught.points.and_then(points)
    direction, level = _fit(
        more,
        more.likeness(),
        np.concatenate([taught.truth, given[sure]]).astype(np.float32),
        np.concatenate([taught.weight, np.ones(len(sure))]).astype(np.float32),
    )
    return replace(
        model,
        direction=together([model.direction, direction], [0.5, 0.5]),
        level=((model.level + level) / 2).astype(np.float32),
    )


def _fit(points: Points, alike: Floats, truth: Floats, weight: Floats) -> tuple[Direction, Floats]:
    """The average of both learners, as one: a direction, and the score of a reply about which nothing is known."""
    curved = logistic(alike, truth, weight, freedom=FREEDOM)
    straight, mean = ridge(alike, truth, weight, penalty=PENALTY)
    direction = points.combine(((curved + RIDGE * straight) / 2).astype(np.float32))
    level: Floats = (curved.sum(axis=0) + RIDGE * (mean - 0.35)) / 2
    return direction, level


@dataclass(frozen=True, eq=False)
class _Spread:
    """Replies and their clauses in one list, and the way back."""

    texts: Sequence[str]
    languages: Sequence[str]
    owner: NDArray[np.int_]
    whole: Bools
    replies: int

    @classmethod
    def of(cls, texts: Sequence[str], languages: Sequence[str]) -> _Spread:
        rows = [
            (part, language, at, part_at == 0)
            for at, (text, language) in enumerate(zip(texts, languages, strict=True))
            for part_at, part in enumerate((text, *clauses(text)))
        ]
        return cls(
            [row[0] for row in rows],
            [row[1] for row in rows],
            np.array([row[2] for row in rows], np.int_),
            np.array([row[3] for row in rows], np.bool_),
            len(texts),
        )

    def gather(self, scores: Floats) -> Floats:
        """What is seen of each reply, from the scores of its whole and of its clauses."""
        whole = np.zeros((self.replies, scores.shape[1]), np.float32)
        whole[self.owner[self.whole]] = scores[self.whole]
        most = np.full_like(whole, -np.inf)
        np.maximum.at(most, self.owner[~self.whole], scores[~self.whole])
        length = np.zeros(self.replies, np.float32)
        length[self.owner[self.whole]] = [
            words(text) for text, is_whole in zip(self.texts, self.whole, strict=False) if is_whole
        ]
        return evidence(whole, np.where(np.isfinite(most), most, whole), length)


def _points(place: Place, terms: Terms, texts: Sequence[str], languages: Sequence[str]) -> Points:
    meaning = place(texts, languages) * np.float32(MEANING**0.5)
    return Points(meaning.astype(np.float32), terms.matrix(texts))


def _folds(groups: Sequence[str], number: int) -> NDArray[np.int_]:
    """A fold for each group, as even as may be and always the same: the largest groups first."""
    size: dict[str, int] = {}
    for group in groups:
        size[group] = size.get(group, 0) + 1
    fold = {group: at % number for at, group in enumerate(_mixed(size))}
    return np.array([fold[group] for group in groups], np.int_)


def _mixed(size: dict[str, int]) -> Iterator[str]:
    yield from sorted(size, key=lambda group: (-size[group], _number(group)))


def _number(text: str) -> int:
    """The same for the same text; Python's own hash differs from process to process."""
    return crc32(text.encode("utf-8", "replace"))
