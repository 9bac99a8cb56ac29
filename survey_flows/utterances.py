"""Whole messages and what they mean, whatever their case, punctuation, repetition and politeness."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Generic, TypeVar

from .folding import close, fold, light, loose, runs_on
from .lexicon import POLITE_ENDS, POLITE_RUN_ON, POLITE_STARTS, bare, may_be_polite

Meaning = TypeVar("Meaning")

_OPTION = re.compile(r"\(([^()\[\]]*)\)|\[([^()\[\]]*)\]")


def expand(pattern: str) -> Iterator[str]:
    """Every wording of a pattern: ``(a)`` may be left out, ``(a|b)`` too, ``[a|b]`` is one of the two.

    >>> list(expand("stop (it) [now|today]"))
    ['stop it now', 'stop it today', 'stop now', 'stop today']
    """
    for wording in product(*_pieces(pattern)):
        yield " ".join("".join(wording).split())


def wordings(patterns: Iterable[str]) -> set[str]:
    """Every wording of every pattern, folded.

    >>> sorted(wordings(["No [más|mas]", "¡Alto!"]))
    ['alto', 'no mas']
    """
    return {close("".join(wording)) for pattern in patterns for wording in product(*_folded(pattern))} - {""}


def politely_or_not(patterns: Iterable[str]) -> set[str]:
    """Every wording of every pattern, folded, with the politeness in it and without.

    >>> sorted(politely_or_not(["stop (it) please"]))
    ['stop', 'stop it', 'stop it please', 'stop please']
    """
    found: set[str] = set()
    for pattern in patterns:
        for written, wording in zip(expand(pattern), product(*_folded(pattern)), strict=True):
            plain = close("".join(wording))
            found.add(plain)
            if may_be_polite(plain.split()):
                found.add(fold(" ".join(bare(light(written).split()))))
    return found - {""}


def _pieces(pattern: str) -> list[list[str]]:
    pieces: list[list[str]] = []
    at = 0
    for match in _OPTION.finditer(pattern):
        pieces.append([pattern[at : match.start()]])
        optional, required = match.groups()
        pieces.append([*optional.split("|"), ""] if optional is not None else required.split("|"))
        at = match.end()
    return [*pieces, [pattern[at:]]]


def _folded(pattern: str) -> list[list[str]]:
    # Thousands of wordings are made of a few pieces: these are folded once.
    return [[loose(part) for part in piece] for piece in _pieces(pattern)]


class Utterances(Generic[Meaning]):
    """What each of some whole messages means. The messages come folded."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._meanings = meanings
        self._firsts = POLITE_STARTS | {message.partition(" ")[0] for message in meanings}
        self._lasts = POLITE_ENDS | {message.rpartition(" ")[2] for message in meanings}
        self._longest = max((message.count(" ") for message in meanings), default=0) + 7  # some politeness

    def read(self, text: str) -> Meaning | None:
        """What a message means, with "please" or without, said once or more than once; None when it is no such.

        >>> known = Utterances({"stop": "no more"})
        >>> known.read("Please, STOP!!!"), known.read("stop stop stop"), known.read("the bus stop")
        ('no more', 'no more', None)
        """
        plain = fold(text)
        if plain in self._meanings:
            return self._meanings[plain]
        if not self._begins(plain) or plain.count(" ") >= self._longest:
            return None
        shorter, said = _pared(text)
        return self._meanings[shorter] if shorter in self._meanings else self._meanings.get(said)

    def _begins(self, plain: str) -> bool:
        """Whether a message begins and ends like one of these: most do not, and need no closer look."""
        if plain.partition(" ")[0] in self._firsts and plain.rpartition(" ")[2] in self._lasts:
            return True
        return runs_on(plain)


@lru_cache(maxsize=1024)  # many tables look at one message
def _pared(text: str) -> tuple[str, str]:
    """A message without what is only polite in it, at its ends where it has no spaces, and anywhere; and said once."""
    plain = fold(text)
    words = light(text).split()
    said = fold(" ".join(_once(bare(words) or words)))
    return "".join(_once(_plainly(plain))) if runs_on(plain) else plain, said


def _once(said: Sequence[str]) -> Sequence[str]:
    """What is said again and again, once.

    >>> _once("STOP STOP STOP".split()), _once("no more no more".split()), _once("停止停止"), _once("no no bus".split())
    (['STOP'], ['no', 'more'], '停止', ['no', 'no', 'bus'])
    """
    for length in range(1, len(said) // 2 + 1):
        if len(said) % length == 0 and said[:-length] == said[length:]:
            return said[:length]
    return said


@lru_cache(maxsize=1024)
def courteous(text: str) -> tuple[str, str]:
    """What a message says besides its politeness, accents kept: without what is polite between commas, and without
    every polite word. Empty where that is the whole message, or nothing.

    >>> courteous("Gosto muito, obrigada"), courteous("no thank you"), courteous("对谢谢"), courteous("the bus")
    (('gosto muito', 'gosto'), ('', 'no'), ('', '对'), ('', ''))
    """
    whole = light(text)
    parts = [light(part).split() for part in _PARTS.split(text)]
    apart = " ".join(" ".join(part) for part in parts if bare(part))
    said = " ".join(bare(whole.split()))
    said = _plainly(said) if runs_on(said) else said
    return apart if apart != whole else "", said if said != whole else ""


_PARTS = re.compile(r"[,.;!?\n，。；！？،؛؟।။、]+")


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
