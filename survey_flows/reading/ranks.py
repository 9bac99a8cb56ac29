"""Reads an order: all the choices of a list, the most important first; ``None`` where one is missing or named twice."""

from __future__ import annotations

import re

from ..folding import fold
from .labels import Labels

_BETWEEN = re.compile(r"[,;\n/+&>→、，،؛；|]+|\s[-–—]\s")
# Words between two choices, beside the "and" of the language files. All but English machine-drafted.
_THEN = frozenset(
    re.findall(
        r"\w+",
        fold(
            """then next after lastly finally last luego después entonces finalmente último puis ensuite enfin depois seguida apre
            answit epi rồi ثم بعدها وأخيرا затем потом потім"""
        ),
    )
)
_HAN_THEN = re.compile("然后|然後|其次|接着|接著|最后|最後|再来|再來")


def read(heard: str, language: str, labels: Labels) -> list[int] | None:
    """The places of all choices in the order of a reply: by number ("3 1 2", "312"), letter ("C A B") or label
    ("bus, then car").

    >>> from survey_flows.lexicon import ear
    >>> labels = Labels([{"en": ["Car"]}, {"en": ["Bus"]}, {"en": ["Walking"]}], ear(("en",)))
    >>> [read(said, "en", labels) for said in ("3 1 2", "312", "C A B", "walking, then car and bus", "3 1", "3 1 1")]
    [[2, 0, 1], [2, 0, 1], [2, 0, 1], [2, 0, 1], None, None]
    """
    order = partial(heard, language, labels)
    return order if sorted(order) == sorted(labels.numbered.values()) else None


def partial(heard: str, language: str, labels: Labels) -> list[int]:
    """As much of an order as was understood, to say what is missing or doubled; empty when any of it was not.

    >>> from survey_flows.lexicon import ear
    >>> partial("3 1", "en", Labels([{"en": ["Car"]}, {"en": ["Bus"]}, {"en": ["Walking"]}], ear(("en",))))
    [2, 0]
    """
    if len(heard) > 1000:
        return []
    return _in_signs(heard, labels) or _in_words(heard, language, labels)


def _in_signs(heard: str, labels: Labels) -> list[int]:
    """Numbers or letters, apart or, where each is one sign, in one run."""
    signs = re.findall(r"\w+", fold(heard))
    empty = labels.ear.between | _THEN
    signs = [sign for sign in signs if sign.isdigit() or sign in labels.letters or sign not in empty]
    if len(signs) == 1 and len(labels.numbered) <= 9 and len(signs[0]) > 1:
        signs = list(signs[0])
    if signs and all(sign.isdigit() and len(sign) < 10 for sign in signs):
        places = [labels.numbered.get(int(sign)) for sign in signs]
    else:
        places = [labels.letters.get(sign) for sign in signs]
    known = [at for at in places if at is not None]
    return known if len(known) == len(places) and len(known) > 1 else []


def _in_words(heard: str, language: str, labels: Labels) -> list[int]:
    parts = [part for piece in _BETWEEN.split(_HAN_THEN.sub(",", heard)) for part in _apart(piece, labels)]
    if len(parts) == 1:  # "three one two"
        parts = parts[0].split()
    places = []
    for nth, part in enumerate(parts, start=1):
        match = labels.which(_after_its_rank(part, nth, language, labels), language)
        if match is None:
            return []
        places.append(match.at)
    return places


def _apart(piece: str, labels: Labels) -> list[str]:
    """The parts between "and", "then" … A label that has such a word in it is one part, not two."""
    if fold(piece) in labels.exact:
        return [piece]
    parts: list[list[str]] = [[]]
    for word in piece.split():
        if fold(word) in labels.ear.joining | _THEN:
            parts.append([])
        else:
            parts[-1].append(word)
    return [" ".join(part) for part in parts if part]


def _after_its_rank(part: str, nth: int, language: str, labels: Labels) -> str:
    """The part without the word that tells its rank: "first the bus", where it is the first."""
    first, _, rest = part.partition(" ")
    hit = labels.ear.ordinals.look_up(first.strip(":."), language)
    return rest if hit and rest and hit[0] == nth else part
