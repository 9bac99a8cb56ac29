"""Whether a text is written in the letters of its language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from survey_flows.folding import tokens
from survey_flows.told import told

from .case import Case, listed
from .finding import Finding
from .kept import bare

_SCRIPTS = {
    "Latn": ("LATIN",), "Arab": ("ARABIC",), "Cyrl": ("CYRILLIC",), "Ethi": ("ETHIOPIC",), "Deva": ("DEVANAGARI",),
    "Hans": ("CJK",), "Hant": ("CJK",), "Kore": ("HANGUL", "CJK"), "Jpan": ("CJK", "HIRAGANA", "KATAKANA"),
    "Beng": ("BENGALI",), "Thai": ("THAI",), "Khmr": ("KHMER",), "Laoo": ("LAO",), "Mymr": ("MYANMAR",),
    "Grek": ("GREEK",), "Hebr": ("HEBREW",), "Armn": ("ARMENIAN",), "Geor": ("GEORGIAN",), "Guru": ("GURMUKHI",),
    "Gujr": ("GUJARATI",), "Taml": ("TAMIL",), "Telu": ("TELUGU",),
}  # fmt: skip
"""ISO 15924 to the first words of the letters' Unicode names."""

_CALLED = {
    "Arab": told("Arabic"), "Armn": told("Armenian"), "Beng": told("Bengali"), "Cyrl": told("Cyrillic"),
    "Deva": told("Devanagari"), "Ethi": told("Ethiopic"), "Geor": told("Georgian"), "Grek": told("Greek"),
    "Gujr": told("Gujarati"), "Guru": told("Gurmukhi"), "Hans": told("Chinese"), "Hant": told("Chinese"),
    "Hebr": told("Hebrew"), "Jpan": told("Japanese"), "Khmr": told("Khmer"), "Kore": told("Korean"),
    "Laoo": told("Lao"), "Latn": told("Latin"), "Mymr": told("Myanmar"), "Taml": told("Tamil"),
    "Telu": told("Telugu"), "Thai": told("Thai"),
}  # fmt: skip
"""Scripts as people name them."""

_NOT_OURS = {
    "ru": "іїєґ", "uk": "ыэъё", "ar": "پچگژٹڈڑںےھکی", "fa": "ٹڈڑںے",
    "zh-Hans": "們這個說對時會來學樣還過見誰問開關後請謝經話請寫讀點歲兒媽爸爺聽長車門電腦號條內處給錢買賣醫頭眾務體與寧",
    "zh-Hant": "们这个说对时会来学样还过见谁问开关请谢经话写读点岁儿妈爷听长车门电脑号条处给钱买卖医头众务体与宁",
}  # fmt: skip
"""Letters of a neighbour (Russian in Ukrainian, simplified in traditional Chinese) that the language itself never writes."""
_DIACRITICS = {"vi": "ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"}
"""Languages in which a text of some words without any of these has been typed without its accents."""


def ours(case: Case) -> Iterator[Finding]:
    """Mostly another script: not a translation. A few strange letters: a slip, or a letter that only looks right."""
    ours = scripts(case.language)
    if not ours:
        return
    text = bare(case.text)
    own = [char for char in text if char.isalpha()]
    allowed = set(_words(case.unit.text)) | {
        word.casefold() for word in _words(case.unit.text) if not word.islower()
    }
    strange = [char for char in own if script(char) not in ours]
    foreign = [word for word in _words(text) if any(c.isalpha() and script(c) not in ours for c in word)]
    written = language_script(case.language)
    if len(strange) * 2 > len(own) and not all(_may_stay(word, allowed) for word in foreign):
        what = told("Most of it is not in the letters of this language ({script}).", script=written)
        cure = told("It may still be the source, or another language: translate it.")
        yield Finding("block", "script", what, cure)
        return
    stray = [word for word in foreign if not _may_stay(word, allowed)]
    mixed = [word for word in stray if any(c.isalpha() and script(c) in ours for c in word) and len(word) > 1]
    if mixed and written not in ("Japanese", "Chinese"):
        what = told("Letters of two scripts in one word: {words}.", words=listed(mixed))
        cure = told("Type the word again: a letter only looks like the right one.")
        yield Finding("warn", "script", what, cure)
    elif stray:
        what = told(
            "Not in the letters of this language ({script}): {words}.", script=written, words=listed(stray)
        )
        cure = told("Translate it, or keep it if it is a name that is written so.")
        yield Finding("warn", "script", what, cure)
    yield from _neighbours(case, text)


def _neighbours(case: Case, text: str) -> Iterator[Finding]:
    name = _named(case.language)
    if slips := sorted(set(text.casefold()) & set(_NOT_OURS.get(name, "")) - set(case.unit.text.casefold())):
        severity = "block" if name.startswith("zh") and len(slips) > 3 else "warn"
        letters = listed(slips)
        what = {
            "zh-Hans": told("It has traditional characters: {letters}.", letters=letters),
            "zh-Hant": told("It has simplified characters: {letters}.", letters=letters),
        }.get(name, told("It has letters of a neighbouring language: {letters}.", letters=letters))
        yield Finding(severity, "script", what, told("Have it written in this language's own letters."))  # type: ignore[arg-type]
    marks = _DIACRITICS.get(name)
    if marks and len(text.split()) >= 4 and not set(unicodedata.normalize("NFC", text.lower())) & set(marks):
        what = told("It has no accents or tone marks at all: words cannot be told apart.")
        yield Finding("warn", "script", what, told("Have it typed with its accents."))


def _may_stay(word: str, allowed: set[str]) -> bool:
    """A name, an abbreviation or a number with a letter that the source has too, or a word all in capitals."""
    plain = word.casefold()
    return (word in allowed and not word.islower()) or plain in _EVERYWHERE or (plain in allowed and plain != word) or (
        len(word) > 1 and word.isupper()
    )  # fmt: skip


_EVERYWHERE = frozenset(
    [
        "wi",
        "fi",
        "wifi",
        "sms",
        "whatsapp",
        "telegram",
        "zoom",
        "google",
        "gmail",
        "iphone",
        "android",
        "chromebook",
        "pdf",
        "app",
        "ok",
    ]
)


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"[^\W\d_][\w'’]*", bare(text)) if word]


@lru_cache(maxsize=4096)
def script(char: str) -> str:
    """The script of a letter, as the first word of its Unicode name; full-width Latin is Latin."""
    name = unicodedata.name(char, "")
    return name.removeprefix("FULLWIDTH ").removeprefix("MODIFIER LETTER ").partition(" ")[0]


@cache
def scripts(language: str) -> tuple[str, ...]:
    """The scripts of a language's letters; none where we do not know.

    >>> scripts("uk"), scripts("zh-TW"), scripts("sr-Latn")
    (('CYRILLIC',), ('CJK',), ('LATIN',))
    """
    return _SCRIPTS.get(_tag(language), ())


@cache
def language_script(language: str) -> str:
    """The script's name in English: "Arabic"."""
    code = _tag(language)
    return _CALLED.get(code, code)


@cache
def _named(language: str) -> str:
    base = language.partition("-")[0].lower()
    return f"zh-{_tag(language)}" if base == "zh" else base


def _tag(language: str) -> str:
    try:
        return Language.get(language).maximize().script or ""
    except LanguageTagError:
        return ""


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters, accents kept, without gaps, addresses and numbers."""
    return [word for word in tokens(bare(text).lower().replace("’", "'")) if not word.isdigit()]
