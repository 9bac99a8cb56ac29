"""Whole messages and what they mean, whatever their case, punctuation, repetition and politeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Generic, TypeVar

from .folding import fold, light, runs_on
from .lexicon import POLITE_RUN_ON, bare

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
        if runs_on(plain) and (shorter := _plainly(plain)) in self._meanings:
            return self._meanings[shorter]
        words = light(text).split()
        kept = bare(words) or words
        if len(set(kept)) == 1:  # STOP STOP STOP
            kept = kept[:1]
        return self._meanings.get(fold(" ".join(kept)))


def _plainly(plain: str) -> str:
    """Folded text of a script without spaces, without what is only polite at either end ("请停止谢谢").

    >>> _plainly("请停止谢谢"), _plainly("谢谢")
    ('停止', '谢谢')
    """
    for word in POLITE_RUN_ON:
        rest = plain.removeprefix(word).removesuffix(word)
        if rest and rest != plain:
            return _plainly(rest)
    return plain
