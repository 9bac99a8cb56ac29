"""Puts names into a sentence of any language: "Ana and Leo", "Leo e Inés", "Ana ak Leo", "민준과 서연".

The words between come from CLDR (through babel). Languages that it does not have, or not as people write them, and
those whose "and" changes with what stands beside it, have a row here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError

FSI, PDI = "\u2068", "\u2069"
"""Around words that run the other way than the text: first-strong isolate, pop directional isolate (UAX #9)."""
RIGHT_TO_LEFT = frozenset(("ar", "fa", "ur", "he", "ps", "yi", "ckb", "sd", "ug", "dv"))

_OWN = {
    "ht": (" ak ", ", "),
    "fa": (" و ", "، "),  # CLDR puts a mark of direction behind each comma
}
"""What stands before the last name, and before the others."""
_SOUNDS_I = re.compile(r"h?[ií](?![aeoáéó])|y(?![aeiouáéíóú])", re.IGNORECASE)


def joined(names: Sequence[str], language: str) -> str:
    """The names as one phrase of the language (BCP 47); of one that nobody knows, with commas alone.

    >>> joined(["Ana", "Leo"], "en"), joined(["Ana", "Leo", "Sofi"], "ht"), joined(["Leo", "Inés"], "es-MX")
    ('Ana and Leo', 'Ana, Leo ak Sofi', 'Leo e Inés')
    >>> joined(["小明", "小红", "小丽"], "zh-Hans"), joined(["민준", "서연"], "ko"), joined(["Ana"], "vi")
    ('小明、小红和小丽', '민준과 서연', 'Ana')
    """
    if len(names) == 1:
        return names[0]
    patterns, sounding = _patterns(language), _SOUNDING.get(language.partition("-")[0])
    pattern = patterns["2" if len(names) == 2 else "end"]
    phrase = _put(sounding(pattern, *names[-2:]) if sounding else pattern, *names[-2:])
    for at in range(len(names) - 3, -1, -1):
        phrase = _put(patterns["middle" if at else "start"], names[at], phrase)
    return phrase


def isolated(words: str, language: str) -> str:
    """Words that come from elsewhere, set apart where their letters run the other way than the language does.

    Without it a Latin name at the head of an Arabic text makes a phone lay the whole text out from left to right, and
    two Latin names side by side change places. It costs two characters of a text that is UCS-2 anyway.

    >>> isolated("Lincoln", "en"), isolated("ليو", "ar"), len(isolated("Lincoln", "ar"))
    ('Lincoln', 'ليو', 9)
    """
    to_left = runs_left(language)
    if not to_left and words.isascii():
        return words
    strangers = ("L",) if to_left else ("R", "AL")
    if any(unicodedata.bidirectional(char) in strangers for char in words):
        return f"{FSI}{words}{PDI}"
    return words


def runs_left(language: str) -> bool:
    """Whether the language is written from right to left."""
    return language.partition("-")[0] in RIGHT_TO_LEFT


def _put(pattern: str, first: str, rest: str) -> str:
    before, _, after = pattern.partition("{0}")
    between, _, end = after.partition("{1}")
    return f"{before}{first}{between}{rest}{end}"


@lru_cache(maxsize=256)
def _patterns(language: str) -> Mapping[str, str]:
    base = language.partition("-")[0]
    if base in _OWN:
        last, comma = _OWN[base]
        return dict.fromkeys(("2", "end"), f"{{0}}{last}{{1}}") | dict.fromkeys(
            ("start", "middle"), f"{{0}}{comma}{{1}}"
        )
    try:
        return dict(Locale.parse(language, sep="-").list_patterns["standard"])
    except (UnknownLocaleError, ValueError):
        return dict.fromkeys(("2", "end", "start", "middle"), "{0}, {1}")


def _spanish(pattern: str, _: str, last: str) -> str:
    """Before the sound of an i, "y" is "e": Inés, Hilda, Isaac; not before Iago, Hiedra, Yolanda."""
    return pattern.replace(" y ", " e ") if _SOUNDS_I.match(last.lstrip(FSI)) else pattern


def _korean(pattern: str, before: str, _: str) -> str:
    """After a Hangul syllable "and" is run on, by its last sound; after Latin letters it stays CLDR's word."""
    end = before[-1:]
    if not "가" <= end <= "힣":
        return pattern
    return "{0}과 {1}" if (ord(end) - ord("가")) % 28 else "{0}와 {1}"


_SOUNDING: Mapping[str, Callable[[str, str, str], str]] = {"es": _spanish, "ko": _korean}
