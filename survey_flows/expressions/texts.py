"""Texts: choices in a text, parts of one, hashes, patterns under a time limit.

Source: docs.getodk.org/form-operators-functions, "Strings" and "Select questions"; docs.getodk.org/form-regex;
XPath 1.0, section 4.2 (substring, translate); JavaRosa, XPathFuncExpr.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
from functools import lru_cache

import regex

LONGEST_PATTERN = 2000
TIME_LIMIT = 0.1
"""Seconds that one pattern may take; after that it does not match."""


def selected(chosen: str, name: str) -> bool:
    """Whether a choice is among those of an answer (names with spaces between).

    >>> selected("bus walk", "walk"), selected("bus", "bu"), selected("", "")
    (True, False, True)
    """
    name = name.strip()
    return name in chosen.split() if name else not chosen.strip()


def selected_at(chosen: str, place: float) -> str:
    """The choice at a place, from 0; "" where there is none."""
    names = chosen.split()
    return names[int(place)] if -1 < place < len(names) else ""


def substr(whole: str, start: float, end: float = math.inf) -> str:
    """Places from 0, up to but without ``end``; negative ones from the end.

    >>> substr("hello", 1, 3), substr("hello", -3), substr("hello", 4, 1)
    ('el', 'llo', '')
    """
    length = len(whole)
    first, last = (_place(at, length) for at in (start, end))
    return whole[first:last]


def _place(at: float, length: int) -> int:
    if at != at:  # Java takes what is no number as 0
        return 0
    at = max(-length, min(length, at))
    return int(at) + length if at <= -1 else int(at)


def substring(whole: str, start: float, length: float = math.inf) -> str:
    """XPath's: places from 1, rounded.

    >>> substring("12345", 2, 3), substring("12345", 1.5, 2.6), substring("12345", 0, 3), substring("12345", math.nan)
    ('234', '234', '12', '')
    """
    first = _rounded(start)
    last = first + _rounded(length)
    return "".join(char for at, char in enumerate(whole, 1) if first <= at < last)


def _rounded(value: float) -> float:
    return float(math.floor(value + 0.5)) if math.isfinite(value) else value


def translate(whole: str, old: str, new: str) -> str:
    """Letter for letter; those of ``old`` that have no partner in ``new`` go."""
    table: dict[int, str] = {}
    for at, char in enumerate(old):
        table.setdefault(ord(char), new[at : at + 1])
    return whole.translate(table)


_HASHES = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


def digest(data: str, algorithm: str, encoding: str = "base64") -> str:
    """A hash in base64 or hex; "" for an algorithm that ODK does not know."""
    name = _HASHES.get(algorithm.upper())
    if name is None:
        return ""
    raw = hashlib.new(name, data.encode("utf-8", "replace"), usedforsecurity=False).digest()
    return raw.hex() if encoding.lower() == "hex" else base64.b64encode(raw).decode()


def base64_decode(data: str) -> str:
    """The text in it; "" where there is none."""
    try:
        return base64.b64decode(data.encode("ascii"), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


@lru_cache(maxsize=512)
def pattern(written: str) -> regex.Pattern[str] | None:
    """The pattern, ready; None for one that is not well formed, or longer than any author's."""
    if len(written) > LONGEST_PATTERN:
        return None
    try:
        return regex.compile(written)
    except (regex.error, ValueError, OverflowError, RecursionError):
        return None


def fits(whole: str, ready: regex.Pattern[str] | None) -> bool:
    """Whether all of a text fits a pattern, found in time.

    >>> fits("ab12", pattern("[a-z]+[0-9]+")), fits("ab12", pattern("[a-z]+"))
    (True, False)
    """
    if ready is None:
        return False
    try:
        return ready.fullmatch(whole, timeout=TIME_LIMIT) is not None
    except TimeoutError:
        return False
