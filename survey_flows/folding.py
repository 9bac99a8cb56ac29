"""Brings a reply to one plain form, so that "SÍ.", "si" and "s\u200bí" are the same word."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart into a base and a mark, and spellings that people mix freely: Arabic, Urdu
# and Persian share a script but not its keyboards.
_ALIKE = {
    "đ": "d",
    "ð": "d",
    "ø": "o",
    "ł": "l",
    "ı": "i",
    "œ": "oe",
    "æ": "ae",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ة": "ه",
    "ٱ": "ا",
    "ہ": "ه",
    "ھ": "ه",
    "ە": "ه",
    "ۃ": "ه",
    "ے": "ي",
    "ں": "ن",
    "ґ": "г",
    "ँ": "ं",
}
# Amharic letters that have come to sound alike, each with its seven vowels: ሐ ኀ ሀ, ሠ ሰ, ዐ አ, ፀ ጸ.
for _one, _other in (("ሐ", "ሀ"), ("ኀ", "ሀ"), ("ሠ", "ሰ"), ("ዐ", "አ"), ("ፀ", "ጸ")):
    _ALIKE |= {chr(ord(_one) + vowel): chr(ord(_other) + vowel) for vowel in range(7)}
_ALIKE |= {
    "ሃ": "ሀ",
    "ሓ": "ሀ",
    "ኃ": "ሀ",
    "ኣ": "አ",
    "ዓ": "አ",
}  # these two series sound alike in two vowels also
_DROPPED = frozenset("'’‘ʼ`´ʻـ")  # apostrophes join ("don't" is "dont"), the Arabic tatweel only stretches

FRACTION = "⁄"
"""Stands in folded text for ½, ¾ …: no table knows it, so that nothing with a fraction in it is read as a whole."""

_APART = {FRACTION: f" {FRACTION} ", "🔟": " 10 ", "\u20e3": " "}  # the last closes a keycap: 1️⃣3️⃣ is 1 and 3


REMEMBERED = 50_000
"""Characters: more than all scripts of this world's living languages need, less than somebody could send."""


class _Table(dict[int, str]):
    """What each character becomes; filled as characters turn up, for ``str.translate``."""

    def __init__(self, *, accents: bool) -> None:
        super().__init__()
        self.accents = accents

    def __missing__(self, point: int) -> str:
        written = self._write(chr(point))
        if len(self) < REMEMBERED:
            self[point] = written
        return written

    def _write(self, char: str) -> str:
        category = unicodedata.category(char)
        if char in _APART:
            return _APART[char]
        if category[0] == "M" and _is_vowel_sign(char):
            return char if self.accents else _ALIKE.get(char, char)
        if char in _DROPPED or category[0] == "M" or category in ("Cf", "Cs", "Cn", "Co"):
            return ""
        if 0x1F3FB <= ord(char) <= 0x1F3FF:  # skin tones change no answer
            return ""
        if category == "Nd":
            return str(unicodedata.decimal(char))
        if category in ("No", "Nl"):
            number = unicodedata.numeric(char)
            return f" {int(number)} " if number.is_integer() else f" {FRACTION} "
        if category[0] in "PSZC":
            return " "
        base = unicodedata.normalize("NFKC" if self.accents else "NFKD", char.casefold())
        if base != char:
            return "".join(self[ord(part)] for part in base)
        return char if self.accents else _ALIKE.get(char, char)


def _is_vowel_sign(char: str) -> bool:
    """Whether a mark makes another word in a script of India, as "दो" (two) is not "दे" (give); the dot below does not."""
    return "\u0900" <= char <= "\u0dff" and unicodedata.combining(char) != 7


_PLAIN = _Table(accents=False)
_ACCENTED = _Table(accents=True)
_GAP = re.compile("(?<=[\u3040-\u30ff\u3400-\u9fff]) (?=[\u3040-\u30ff\u3400-\u9fff])")
_RUNS_ON = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_TOKEN = re.compile(
    r"\d+|(?:[^\W\d]|[\u0900-\u0dff])+|" + FRACTION
)  # vowel signs are no word characters to re


@lru_cache(maxsize=1024)  # one message is looked at from many sides
def fold(text: str) -> str:
    """Lower case, no accents, marks, punctuation or zero-width characters; every script's digits as 0-9.

    >>> fold("  ¡SÍ, señora! ٢ "), fold("Đúng"), fold("2️⃣"), fold("don’t")
    ('si senora 2', 'dung', '2', 'dont')
    """
    return close(loose(text))


def loose(text: str) -> str:
    """Folded, but for the spaces: of a text that is put together from pieces, each piece can be folded by itself."""
    return text.translate(_PLAIN)


@lru_cache(maxsize=1024)
def light(text: str) -> str:
    """As ``fold``, but accents stay: Vietnamese "dừng" (stop) and "đúng" (right) are not one word.

    >>> light("DỪNG!"), light("Đúng.")
    ('dừng', 'đúng')
    """
    return close(unicodedata.normalize("NFC", text).translate(_ACCENTED))


def tokens(plain: str) -> list[str]:
    """The words and numbers of folded text: ``"3天"`` holds two."""
    return _TOKEN.findall(plain)


def symbols(text: str) -> str:
    """The emoji and other pictures in a text, one after the other, without skin tones and variation marks."""
    if text.isascii():
        return ""
    return "".join(char for char in text if unicodedata.category(char) == "So")


def runs_on(word: str) -> bool:
    """Whether a word is written without spaces (Chinese, Japanese), or with endings run on to it (Korean: "3일이요")."""
    return not word.isascii() and _RUNS_ON.search(word) is not None


def close(text: str) -> str:
    """What ``fold`` gives of text that is ``loose``."""
    spaced = " ".join(text.split())
    # NFC puts Korean syllables together again: of all that is left here, nothing else has a composed form.
    return spaced if spaced.isascii() else _GAP.sub("", unicodedata.normalize("NFC", spaced))
