"""Which replies teach a coder most when a person reads them, and in which order people are given them.

Pure. ``doubt`` measures one reply by itself when it is coded; ``order`` then deals the replies of a queue out so that
people do not read ten nearly equal ones in a row, and every language and every theme has its turn.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]

TOP = np.array([0.6, 0.25, 0.15], np.float32)
"""What the three least sure codes of a reply count for: one that is a coin's throw is worth reading, however sure the
others are, and three such are worth more."""
LACKING = 0.5
"""The doubt of a reply that no theme comes near: half of one that two readers might see differently."""
LEAST = 0.1
"""What a reply without any doubt counts for: enough for its language or its theme to come up in turn."""
WINDOW = 12
"""So many of the last replies read say whose turn it is."""
LETTERS = 300
SLOTS = 512


def doubt(
    chances: Floats, given: Collection[int], bars: ArrayLike = 0.3, rare: ArrayLike | None = None
) -> float:
    """How much a person's reading of this reply would teach, from 0 to 1.

    ``chances``: how probable each code is, shape (codes,). ``given``: the places of the codes that the coder gave.
    ``bars``: from which probability it gives a code, one for all or one for each. ``rare``: for each code from 0 (many
    readings have it) to 1 (none has), see rarity(); without it all count alike.

    A code is in doubt as its chance is near its bar, from below or from above, and wholly where chances and codes
    contradict each other. A reply that nothing fits teaches too: it may name a theme that the codebook lacks.

    >>> at_the_bar, sure = np.array([0.3, 0.01], np.float32), np.array([0.98, 0.01], np.float32)
    >>> doubt(at_the_bar, {0}) > doubt(np.array([0.01, 0.01], np.float32), ()) > doubt(sure, {0})
    True
    """
    chance = np.clip(np.nan_to_num(np.asarray(chances, np.float32)), 0, 1)
    if not chance.size:
        return 0.0
    bar = np.clip(np.broadcast_to(np.asarray(bars, np.float32), chance.shape), 0.01, 0.99)
    is_given = np.zeros(chance.shape, bool)
    is_given[list(given)] = True
    unsure = np.clip(np.where(is_given, (1 - chance) / (1 - bar), chance / bar), 0, 1)
    if rare is not None:
        unsure *= (1 + np.clip(np.asarray(rare, np.float32), 0, 1)) / 2
    least_sure = np.sort(unsure)[::-1][: len(TOP)]
    lacking = 0.0 if is_given.any() else LACKING * (1 - min(1.0, float((chance / bar).max())))
    return max(float(least_sure @ TOP[: len(least_sure)]), lacking)


def rarity(readings: Mapping[str, int], codes: Sequence[str]) -> Floats:
    """How rare each of these codes is among what people have read, from 1 (never) to 0 (the commonest), by logarithm.

    >>> rarity({"bus": 99}, ["bus", "fees"]).tolist()
    [0.0, 1.0]
    """
    seen = np.log1p([max(0, readings.get(code, 0)) for code in codes])
    most = seen.max(initial=0.0)
    return (1 - seen / most if most else np.ones(len(codes))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reply that might be read next. ``kind`` is what its question seeks, ``themes`` what the coder gave it."""

    answer: str
    text: str
    language: str
    kind: str
    themes: tuple[str, ...]
    doubt: float

    @property
    def same(self) -> tuple[str, str, str]:
        """Replies with one and the same are read once: the same words, in one language, to one kind of question."""
        return " ".join(self.text.split()), self.language, self.kind


def order(waiting: Iterable[Waiting], read: Sequence[Waiting] = (), most: int | None = None) -> list[Waiting]:
    """The replies in the order in which they are to be read, ``most`` of them at most, identical ones once.

    ``read`` are those that were read last, the newest at the end. Each next one is the reply with the most doubt, less
    the more of the last ``WINDOW`` were in its language, or had its themes, and less the liker its words are to one of
    them. Of equals the first by id, so that the order is always the same.
    """
    lately = deque(read, WINDOW)
    done = {one.same for one in read}
    different: dict[tuple[str, str, str], Waiting] = {}
    for one in sorted(waiting, key=lambda one: (-one.doubt, one.answer)):
        if one.same not in done:
            different.setdefault(one.same, one)
    left = list(different.values())
    spelt = _spell([*left, *lately])
    like = deque((spelt[: len(left)] @ spelt[len(left) :].T).T, WINDOW)
    base = np.array([LEAST + (1 - LEAST) * one.doubt for one in left])
    gone = np.zeros(len(left), bool)
    dealt: list[Waiting] = []
    while len(dealt) < (len(left) if most is None else min(most, len(left))):
        worth = base * _turns(left, lately)
        if like:
            worth *= 1 - np.minimum(np.max(like, axis=0), 1) ** 2
        worth[gone] = -1
        at = int(worth.argmax())
        gone[at] = True
        like.append(spelt[: len(left)] @ spelt[at])
        lately.append(left[at])
        dealt.append(left[at])
    return dealt


def _turns(left: Sequence[Waiting], lately: Iterable[Waiting]) -> Floats:
    """The less, the more of the last ones were in the reply's language and had its themes."""
    languages = Counter(one.language for one in lately)
    themes = Counter(theme for one in lately for theme in one.themes or ("",))
    # The rarest of its themes says whose turn it is: "bus, and the fees" is worth reading for the fees.
    had = [min([themes[theme] for theme in one.themes] or [themes[""]]) for one in left]
    turns: Floats = 1 / (1 + np.array([languages[one.language] for one in left])) / (1 + np.array(had))
    return turns


def _spell(replies: Sequence[Waiting]) -> Floats:
    """A vector of length 1 for each reply, of its groups of three letters: the product of two says how like they are."""
    spelt = np.zeros((len(replies), SLOTS), np.float32)
    for row, one in zip(spelt, replies, strict=True):
        text = f" {one.same[0][:LETTERS].casefold()} "
        slots = {crc32(text[at : at + 3].encode()) % SLOTS for at in range(max(1, len(text) - 2))}
        row[list(slots)] = len(slots) ** -0.5
    return spelt


__all__ = ["Waiting", "doubt", "order", "rarity"]
