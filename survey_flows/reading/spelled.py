"""Numbers above ten in words: "twenty-five", "veinticinco", "vingt-cinq", 二十五, "hai mươi lăm".

English, Spanish, French, Portuguese, German, Dutch, Italian and Danish by text2num; Chinese, Vietnamese, Arabic and the
common ones of Haitian Creole by the tables here. The words to ten are in the language files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ..folding import fold

LONGEST = 7  # words
_KNOWN = ("en", "es", "fr", "pt", "de", "nl", "it", "da")
_HEARD_ANYWHERE = (
    "en",
    "es",
    "fr",
    "pt",
)  # from whoever has another language, if they do not contradict each other

_AS_WRITTEN = {
    "veintidos": "veintidós",
    "veintitres": "veintitrés",
    "veintiseis": "veintiséis",
    "veintiun": "veintiuno",
}
_DOZENS: Mapping[str, Mapping[str, int]] = {
    "en": {
        "dozen": 12,
        "a dozen": 12,
        "half a dozen": 6,
        "a couple": 2,
        "couple": 2,
        "a couple of": 2,
        "a hundred": 100,
    }
    | {"a thousand": 1000},
    "es": {"docena": 12, "una docena": 12, "media docena": 6, "un par": 2, "un par de": 2},
    "fr": {"douzaine": 12, "une douzaine": 12, "demi douzaine": 6, "une demi douzaine": 6},
    "pt": {"duzia": 12, "uma duzia": 12, "meia duzia": 6, "um par": 2, "um par de": 2},
    # Haitian Creole, machine-drafted.
    "ht": {"onz": 11, "douz": 12, "trez": 13, "katoz": 14, "kenz": 15, "sez": 16, "diset": 17, "dizuit": 18}
    | {"diznef": 19, "ven": 20, "venteyen": 21, "vennde": 22, "venntwa": 23, "vennkat": 24, "vennsenk": 25}
    | {"vennsis": 26, "vennset": 27, "ventuit": 28, "ventnef": 29, "trant": 30, "karant": 40, "senkant": 50}
    | {"swasant": 60, "san": 100, "mil": 1000, "yon douzen": 12, "douzen": 12},
}


def at(words: Sequence[str], start: int, language: str) -> tuple[int, int] | None:
    """The longest number that begins at a word (small letters, accents kept), and where it ends.

    >>> at(["about", "twenty", "five", "days"], 1, "en"), at(["the", "fifth"], 1, "en")
    ((25, 3), None)
    """
    for end in range(min(len(words), start + LONGEST), start, -1):
        found = value(tuple(words[start:end]), language)
        if found is not None:
            return found, end
    return None


@lru_cache(maxsize=4096)
def value(words: tuple[str, ...], language: str) -> int | None:
    """The number that these words are, all of them, in one language.

    >>> value(("veintidos",), "es"), value(("hai", "mươi", "lăm"), "vi"), value(("two", "three"), "en")
    (22, 25, None)
    """
    tongue = language.split("-")[0]
    plain = " ".join(map(fold, words))
    if tongue in _DOZENS and plain in _DOZENS[tongue]:
        return _DOZENS[tongue][plain]
    if tongue == "vi":
        return _vietnamese(plain.split())
    if tongue == "ar":
        return _arabic(plain.split())
    return _by_library(words, tongue) if tongue in _KNOWN and len(plain) > 1 else None


def elsewhere(words: tuple[str, ...]) -> int | None:
    """The number that a word of another language is, where those that have the word agree: "onze", but not "once"."""
    if any(len(word) < 4 for word in words):
        return None
    found = {value(words, language) for language in _HEARD_ANYWHERE} - {None}
    return found.pop() if len(found) == 1 else None


def _by_library(words: tuple[str, ...], language: str) -> int | None:
    from text_to_num import text2num  # compiled: the few forms without numbers need not load it

    written = " ".join(_AS_WRITTEN.get(word, word) for word in words)
    if language == "en":
        written = re.sub(r"^a (?=hundred|thousand)", "one ", written)
    try:
        return int(text2num(written, language))
    except ValueError:
        return None


_HAN = {
    char: n
    for n, chars in enumerate(("零〇", "一", "二两兩", "三", "四", "五", "六", "七", "八", "九"))
    for char in chars
}
_HAN_RUN = re.compile("[零〇一二两兩三四五六七八九十百千]{2,}")
_HAN_NUMBER = re.compile(
    "(?:([一二两兩三四五六七八九])千)?(?:零?([一二两兩三四五六七八九])百)?(?:零?([一二三四五六七八九])?(十))?(?:零?([一二三四五六七八九]))?"
)
_ETHIOPIC = re.compile("[\u1369-\u137c]+")


def in_digits(text: str) -> str:
    """The text with its Chinese numbers of several signs (二十五) and Ethiopic ones (፳፭) in digits.

    >>> in_digits("二十五天"), in_digits("三四天"), in_digits("፳፭")
    ('25天', '三四天', '25')
    """
    if text.isascii():
        return text
    return _ETHIOPIC.sub(_ethiopic, _HAN_RUN.sub(_han, text))


def _han(run: re.Match[str]) -> str:
    found = _HAN_NUMBER.fullmatch(run[0])
    if not found or not any(sign in run[0] for sign in "十百千"):
        return run[0]
    thousands, hundreds, tens, ten, ones = found.groups()
    if ones and not ten and "零" not in run[0]:  # 一百五 is a hundred and fifty, said in short
        return run[0]
    worth = ((thousands, 1000), (hundreds, 100), (tens or (ten and "一"), 10), (ones, 1))
    return str(sum(_HAN[sign] * weight for sign, weight in worth if sign))


def _ethiopic(run: re.Match[str]) -> str:
    values = [ord(char) - 0x1368 for char in run[0]]
    worth = [value if value < 10 else (value - 9) * 10 for value in values]
    composed = len(worth) == 2 and values[0] in range(10, 19) and values[1] < 10
    return str(sum(worth)) if composed or len(worth) == 1 else run[0]


_VI = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "lam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
}


def _vietnamese(words: list[str]) -> int | None:
    """Tens: "mười hai", "hai mươi", "hai mươi lăm"."""
    if "muoi" not in words or len(words) > 3:
        return None
    tens, _, ones = (part.split() for part in " ".join(words).partition("muoi"))
    if len(tens) > 1 or len(ones) > 1 or any(word not in _VI for word in tens + ones):
        return None
    return 10 * (_VI[tens[0]] if tens else 1) + (_VI[ones[0]] if ones else 0)


_AR_ONES = {
    "واحد": 1,
    "احد": 1,
    "احدي": 1,
    "اثنان": 2,
    "اثنين": 2,
    "اثنا": 2,
    "اثني": 2,
    "اثنتا": 2,
    "ثلاث": 3,
    "اربع": 4,
}
_AR_ONES |= {"خمس": 5, "ست": 6, "سبع": 7, "ثماني": 8, "ثمان": 8, "تسع": 9}
_AR_TENS = {"عشر": 20, "ثلاث": 30, "اربع": 40, "خمس": 50, "ست": 60, "سبع": 70, "ثمان": 80, "تسع": 90}
_AR_TENS = {stem + end: value for stem, value in _AR_TENS.items() for end in ("ون", "ين")}


def _arabic(words: list[str]) -> int | None:
    """Eleven to ninety-nine: "خمسة عشر", "عشرون", "خمسة وعشرون"."""
    words = [word for word in words if word != "و"]
    if len(words) == 1:
        return _AR_TENS.get(words[0]) or {"مئه": 100, "مايه": 100, "مائه": 100}.get(words[0])
    if len(words) != 2:
        return None
    ones = _AR_ONES.get(words[0]) or _AR_ONES.get(words[0].removesuffix("ه"))
    if ones is None:
        return None
    if words[1] in ("عشر", "عشره"):
        return 10 + ones
    tens = _AR_TENS.get(words[1].removeprefix("و"))
    return tens + ones if tens else None
