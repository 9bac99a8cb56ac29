"""How many SMS one text takes, as phone companies count: the tables of GSM 03.38 (3GPP TS 23.038), and UCS-2.

A text whose letters are all in the table takes 160 of them in one part, 153 in each of several; one letter outside it
turns the whole text into UCS-2, with 70 and 67. The locking tables for single languages (Turkish, Hindi …) are not
counted on: few phone companies send them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")  # each takes two places: an escape comes before it
_PER_PART = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

LOOK_ALIKES = {
    "’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-",
    "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "•": "-", "\t": " ",
}  # fmt: skip
"""Characters that cost a text its cheap encoding and have a plain stand-in."""


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text takes: ``units`` are septets or 16-bit units, ``parts`` the SMS that are paid for; ``culprits`` the
    characters, each once, that forced UCS-2."""

    encoding: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int
    culprits: tuple[str, ...] = ()


def count(text: str) -> Segments:
    """How many parts a text takes. A character that takes two places is never cut in two by the end of a part.

    >>> count("Was it hard? 1. No 2. Yes")
    Segments(encoding='GSM-7', units=25, parts=1, culprits=())
    >>> count("¿Cómo llegó?").encoding, count("¿Cómo llegó?").culprits
    ('UCS-2', ('ó',))
    """
    culprits = tuple(dict.fromkeys(char for char in text if char not in _BASIC and char not in _EXTENSION))
    if culprits:
        sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
        return Segments("UCS-2", sum(sizes), _parts(sizes, *_PER_PART["UCS-2"]), culprits)
    sizes = [2 if char in _EXTENSION else 1 for char in text]
    return Segments("GSM-7", sum(sizes), _parts(sizes, *_PER_PART["GSM-7"]))


def _parts(sizes: list[int], alone: int, joined: int) -> int:
    if sum(sizes) <= alone:
        return 1
    parts, room = 1, joined
    for size in sizes:
        if size > room:
            parts, room = parts + 1, joined
        room -= size
    return parts
