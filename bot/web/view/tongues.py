"""Languages as a page needs them: their names, the way they are written, how well replies in them were understood."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from analysis.findings import Summary

from ..tongue import current
from .figures import percent

LEFTWARDS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
"""Scripts written from right to left that have living writers (Unicode, Bidi_Class R and AL)."""


@dataclass(frozen=True, slots=True)
class Understood:
    """One language: the share of its replies whose language is certain, and of those that can be read in English."""

    label: str
    certain: str
    readable: str


def understood(found: Summary) -> tuple[Understood, ...]:
    """Every language that enough people wrote in, English apart from what needs no saying of it."""
    return tuple(
        Understood(name(tag), percent(tongue.certain), percent(tongue.readable))
        for tag, tongue in found.tongues.items()
    )


def name(tag: str) -> str:
    """A BCP 47 tag's name in the language of the page; the tag itself when it is none.

    >>> name("ht"), name("zh-Hans"), name("not a tag")
    ('Haitian Creole', 'Chinese (Simplified)', 'not a tag')
    """
    return _named(tag, current())


@lru_cache(maxsize=2048)  # tags come from addresses too
def _named(tag: str, language: str) -> str:
    try:
        return Language.get(tag).display_name(language)
    except LanguageTagError:
        return tag


@lru_cache(maxsize=2048)  # tags come from addresses too
def direction(tag: str) -> str:
    """``rtl`` or ``ltr``, by the script the language is written in; ``auto`` when the tag is none.

    >>> direction("ar"), direction("ps"), direction("vi"), direction("ar-Latn")
    ('rtl', 'rtl', 'ltr', 'ltr')
    """
    try:
        return "rtl" if Language.get(tag).maximize().script in LEFTWARDS else "ltr"
    except LanguageTagError:
        return "auto"
