"""Reads one number from a reply, with the words, units and signs about it; ``None`` where it could be another."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..folding import fold
from ..lexicon import Ear
from . import spelled

_MINUS = re.compile(r"(?:^|[\s(])[-−–]\s*\d")
_BOUND = re.compile(r"[<>≤≥%٪]|\d\s*\+|\d\s*[-−–—~/:]\s*\d|\+\s*\d")
_LITERAL = re.compile("\\d(?:[\\d.,٫٬'’\u00a0\u202f]*\\d)?")
_SIGN = re.compile(r"(?:\b(?:us|r|hk|nt|c|a|mx))?\$|[€£¥₱₹₩₪₫₴₽﷼]", re.IGNORECASE)
_MONEY = frozenset(
    re.findall(
        r"\w+",
        """dollar dollars buck bucks usd euro euros eur peso pesos mxn real reais brl gourde gourdes goud dola dolar dolares
        dollari rupee rupees 美元 美金 元 块 塊 دولار دولارا دولارات""",
    )
)
_SHORT = {
    "hour": "h hr hrs", "hora": "h hr hrs hs", "heure": "h", "minute": "m min mins", "minuto": "m min mins",
    "week": "wk wks", "month": "mo mos", "year": "yr yrs", "mile": "mi", "kilometer": "km kms", "kilometro": "km kms",
    "kilometre": "km kms", "pound": "lb lbs", "person": "people", "child": "children kids", "day": "d",
}  # fmt: skip


def number(
    heard: str, language: str, ear: Ear, units: frozenset[str] = frozenset(), *, decimals: bool = False
) -> float | int | None:
    """The one number a reply holds ("3", "about 5", "٣ أيام", "twenty-five", "$20", "none"), or None.

    Every other word has to be an empty one or one of the ``units`` (folded), because "2 weeks" is not 2 days; where no
    unit is given, or one is money, a currency may stand there. Ranges ("2-3"), bounds ("10+") and negative numbers are
    not one number, and "1.234" is none where it may be a thousand or a little over one.
    """
    if fold(heard) in ear.none:
        return 0
    written = spelled.in_digits(_plain_digits(heard))
    if _MINUS.search(written) or _BOUND.search(written):
        return None
    units = _forms(units) | (_MONEY if _money_fits(units) else frozenset())
    if _SIGN.search(written):
        if not _money_fits(units):
            return None
        written = _SIGN.sub(" ", written, count=1)
    literals = _LITERAL.findall(written)
    if len(literals) > 1:
        return None
    words = ear.split(_LITERAL.sub(" ", written), units)
    said, counted, left = _told(words, language, ear, units)
    if literals:
        return None if said or left else literal(literals[0], language, decimals=decimals)
    if left:
        nothing = not said and set(left) <= ear.negations and fold(words[-1]) in units  # "no days"
        return 0 if nothing else None
    values = said or counted
    return values[0] if len(values) == 1 else None


def literal(written: str, language: str = "en", *, decimals: bool = False) -> float | int | None:
    """A number in digits, with points and commas as anybody writes them; None where they could mean two things.

    >>> literal("1,234"), literal("20.00"), literal("1,00,000"), literal("2.5"), literal("2,5", decimals=True)
    (1234, 20, 100000, None, 2.5)
    >>> literal("1.234", "es", decimals=True), literal("1.234,5", decimals=True), literal("1.2.3") is None
    (None, 1234.5, True)
    """
    marks, groups = re.findall(r"\D", written), re.split(r"\D", written)
    if sum(map(len, groups)) > 15 or len(groups[0]) > 9:
        return None
    if not marks:
        return int(written)
    if len(set(marks)) == 1 and _thousands(groups, marks[0]):
        unsure = (
            decimals and len(marks) == 1 and marks[0] in ".," and not (marks[0] == "," and language == "en")
        )
        return None if unsure else int("".join(groups))
    whole, part = groups[:-1], groups[-1]
    if marks[-1] not in ".,٫" or marks[-1] in marks[:-1]:
        return None
    if marks[:-1] and not (len(set(marks[:-1])) == 1 and _thousands(whole, marks[0])):
        return None
    if not int(part):
        return int("".join(whole)) if len(part) < 3 else None
    return float(f"{int(''.join(whole))}.{part}") if decimals else None


def _thousands(groups: list[str], mark: str) -> bool:
    """Whether these are groups of a large number: 1,234,567, or 12,34,567 as in India."""
    if mark == "٫" or groups[0] == "0" or not 1 <= len(groups[0]) <= 3 or len(groups[-1]) != 3:
        return False
    middle = {len(group) for group in groups[1:-1]}
    return middle <= {3} or (mark == "," and middle == {2} and len(groups[0]) < 3)


def _told(
    words: list[str], language: str, ear: Ear, units: frozenset[str]
) -> tuple[list[int], list[int], list[str]]:
    """The numbers among the words, those that are in a unit ("twice", "يومين"), and the words that belong to nothing."""
    said: list[int] = []
    counted: list[int] = []
    left: list[str] = []
    at = 0
    while at < len(words):
        word, plain = words[at], fold(words[at])
        if run := spelled.at(words, at, language):
            said.append(run[0])
            at = run[1]
            continue
        if hit := ear.numbers.look_up(word, language):
            said.append(hit[0])
        elif plain in ear.none:
            said.append(0)
        elif couple := ear.counted.look_up(word, language):
            counted.append(couple[0])
        elif plain in ear.about or plain in units:
            pass
        elif (other := spelled.elsewhere((word,))) is not None:
            said.append(other)
        else:
            left.append(plain)
        at += 1
    return said, counted, left


def _plain_digits(text: str) -> str:
    """Every script's digits as 0-9, and "２", "②", "🔟" too; the rest stays, its punctuation with it."""
    if text.isascii():
        return text
    return "".join(
        fold(char) if unicodedata.category(char) == "Nd" else f" {fold(char)} " if _a_whole(char) else char
        for char in text
    )


def _a_whole(char: str) -> bool:
    if char == "🔟":
        return True
    numeric = unicodedata.category(char) in ("No", "Nl") and not "\u1369" <= char <= "\u137c"
    return numeric and unicodedata.numeric(char).is_integer()


@lru_cache(maxsize=256)
def _forms(units: frozenset[str]) -> frozenset[str]:
    """The units with their plural, singular and usual short forms."""
    found = set(units) - {""}
    for unit in units:
        if unit.isascii() and len(unit) > 2:
            single = unit[:-1] if unit.endswith("s") else unit
            found |= {single, f"{unit}s", f"{single}s", f"{single}es", single.removesuffix("e")} - {""}
            found |= set(_SHORT.get(single, "").split())
    return frozenset(found)


def _money_fits(units: frozenset[str]) -> bool:
    return not units - {""} or "" in units or bool(units & _MONEY)  # a sign like "$" folds to nothing
