"""Slips of the finger: a label as a hurried thumb writes it."""

from __future__ import annotations

import re
import unicodedata
from random import Random


def slip(label: str, rng: Random) -> str:
    """The label with its accents left off, or with one letter of its longest word lost, doubled or swapped.

    The first and last letters stay, as they mostly do. A word shorter than four letters is not touched: "no" with a
    slip may be another word, and so may a Chinese one less a sign; there, one is doubled.

    >>> slip("A little hard", Random(1))
    'A ltitle hard'
    """
    bare = _bare(label)
    if bare != label and rng.random() < 0.5:
        return bare
    longest = max(re.findall(r"[^\W\d_]+", label), key=len, default="")
    if len(longest) < 4:
        return label.replace(longest, longest + longest[-1:], 1)
    at = rng.randrange(1, len(longest) - 2)
    letter, following = longest[at], longest[at + 1]
    changed = rng.choice([following, letter * 2 + following, following + letter])
    return label.replace(longest, longest[:at] + changed + longest[at + 2 :], 1)


def _bare(text: str) -> str:
    """Without accents, as most people type on a phone."""
    plain = unicodedata.normalize("NFD", text)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).replace("đ", "d")
