"""Whole messages and what they mean, whatever their case, punctuation, repetition and politeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Generic, TypeVar

from .folding import fold, light
from .lexicon import bare

Meaning = TypeVar("Meaning")

_OPTION = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")


def expand(pattern: str) -> Iterator[str]:
    """Every wording of a pattern: ``(a)`` may be left out, ``(a|b)`` too, ``[a|b]`` is one of the two.

    >>> list(expand("stop (it) [now|today]"))
    ['stop it now', 'stop it today', 'stop now', 'stop today']
    """
    pieces: list[list[str]] = []
    at = 0
    for match in _OPTION.finditer(pattern):
        pieces.append([pattern[at : match.start()]])
        optional, required = match.groups()
        pieces.append([*optional.split("|"), ""] if optional is not None else required.split("|"))
        at = match.end()
    pieces.append([pattern[at:]])
    for wording in product(*pieces):
        yield " ".join("".join(wording).split())


def wordings(patterns: Iterable[str]) -> set[str]:
    """Every wording of every pattern, folded.

    >>> sorted(wordings(["No [más|mas]", "¡Alto!"]))
    ['alto', 'no mas']
    """
    return {fold(wording) for pattern in patterns for wording in expand(pattern)} - {""}


class Utterances(Generic[Meaning]):
    """What each of some whole messages means. The messages come folded."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._meanings = meanings
        self._longest = max((len(message.split()) for message in meanings), default=0) + 6  # some politeness

    def read(self, text: str) -> Meaning | None:
        """What a message means, with "please" or without, said once or more than once; None when it is no such.

        >>> known = Utterances({"stop": "no more"})
        >>> known.read("Please, STOP!!!"), known.read("stop stop stop"), known.read("the bus stop")
        ('no more', 'no more', None)
        """
        plain = fold(text)
        if plain in self._meanings:
            return self._meanings[plain]
        if not plain or plain.count(" ") >= self._longest:
            return None
        words = light(text).split()
        kept = bare(words) or words
        if len(set(kept)) == 1:  # STOP STOP STOP
            kept = kept[:1]
        return self._meanings.get(fold(" ".join(kept)))
