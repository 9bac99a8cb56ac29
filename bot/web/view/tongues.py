"""Languages as a page needs them: their names in English, and the way they are written."""

from __future__ import annotations

from functools import cache

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

LEFTWARDS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
"""Scripts written from right to left that have living writers (Unicode, Bidi_Class R and AL)."""


@cache
def name(tag: str) -> str:
    """The English name of a BCP 47 tag; the tag itself when it is none.

    >>> name("ht"), name("zh-Hans"), name("not a tag")
    ('Haitian Creole', 'Chinese (Simplified)', 'not a tag')
    """
    try:
        return Language.get(tag).display_name("en")
    except LanguageTagError:
        return tag


@cache
def direction(tag: str) -> str:
    """``rtl`` or ``ltr``, by the script the language is written in; ``auto`` when the tag is none.

    >>> direction("ar"), direction("ps"), direction("vi"), direction("ar-Latn")
    ('rtl', 'rtl', 'ltr', 'ltr')
    """
    try:
        return "rtl" if Language.get(tag).maximize().script in LEFTWARDS else "ltr"
    except LanguageTagError:
        return "auto"
