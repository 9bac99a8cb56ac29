"""The words of a reply, without what carries no language."""

from __future__ import annotations

import re
import unicodedata

_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|\[[\w ]{1,24}\]|[\d_]+")
_NOT_WORDS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|[@#]\w+|\[[\w ]{1,24}\]")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_VOWEL_SIGNS = re.compile("[\u0640\u064b-\u0652]")
"""What Arabic is written without, but for emphasis: vowels, and the stroke that makes a word longer."""
_PIECES = re.compile(r"[^\W_]+")
_DIGIT_LETTERS = re.compile(r"(?=.*[^\W\d_])(?=.*[235789])[^\W_]{3,}")
"""A word in which a digit stands for a letter, as in Arabic typed in Latin letters: 3andi, m9adem."""
_COUNTED = re.compile(r"\d[^\W\d_]{0,2}|\d{2,}[^\W\d_]*|[^\W\d_]{1,2}\d{2,}")
"""But not a number with its unit: 2pm, 4th, 30min, 8me."""


def clean(text: str) -> str:
    """The text without what carries no language: addresses, handles, digits, symbols, placeholders; lower case.

    A letter that is drawn out stands once: "noooo" is "no". Letters in fancy dress are plain ones: "ｂｕｓ" is "bus".
    """
    if text.replace(" ", "").isalpha():
        return " ".join(_DRAWN_OUT.sub(r"\1", unicodedata.normalize("NFKC", text).lower()).split())
    plain = _NOISE.sub(" ", unicodedata.normalize("NFKC", text))
    if not plain.isascii():
        plain = "".join(
            letter if letter.isalpha() or unicodedata.category(letter)[0] == "M" or letter in "'’- " else " "
            for letter in plain
        )
    else:
        plain = re.sub(r"[^A-Za-z'\- ]+", " ", plain)
    kept = _DRAWN_OUT.sub(r"\1", plain.lower())
    return " ".join(word for word in kept.split() if any(map(str.isalpha, word)))


def pieces(text: str) -> list[str]:
    """The words one by one, cut at apostrophes and hyphens; digits that stand for letters are kept.

    >>> pieces("J'ai 2 enfants, 3andi mouchkil at 2pm")
    ['j', 'ai', 'enfants', '3andi', 'mouchkil', 'at', 'pm']
    """
    if text.replace(" ", "").isalpha():
        return _DRAWN_OUT.sub(r"\1", unicodedata.normalize("NFKC", text).lower()).split()
    plain = _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", text)).lower()
    if not plain.isascii():
        plain = _VOWEL_SIGNS.sub("", plain)
    found = []
    for piece in _PIECES.findall(_DRAWN_OUT.sub(r"\1", plain)):
        if piece.isalpha() or (_DIGIT_LETTERS.fullmatch(piece) and not _COUNTED.fullmatch(piece)):
            found.append(piece)
        else:
            found += [part for part in re.split(r"\d+", piece) if part]
    return found
