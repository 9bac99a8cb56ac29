"""Fills the gaps in a text: ``{school}`` and nothing cleverer, so that a text can neither run code nor grow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import langcodes
from langcodes.tag_parser import LanguageTagError

_GAP = re.compile(r"\{([a-z_]+)\}")


def gaps(text: str) -> frozenset[str]:
    """The names between braces. Raises ValueError for a brace that is not part of a ``{name}``.

    >>> sorted(gaps("{school} thanks {first_name}"))
    ['first_name', 'school']
    """
    if re.search(r"[{}]", _GAP.sub("", text)):
        raise ValueError("a brace that does not enclose a name of small letters, like {school}")
    return frozenset(_GAP.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its gaps filled, each value on one line and never filled again. Raises LookupError by name."""

    def value(gap: re.Match[str]) -> str:
        if gap[1] not in values:
            raise LookupError(f"no value for {gap[0]}")
        return " ".join(values[gap[1]].split())

    return _GAP.sub(value, text)


@lru_cache(maxsize=1024)
def nearest(wanted: str, among: tuple[str, ...], otherwise: str) -> str:
    """The language among these that serves a speaker of ``wanted`` (BCP 47), or ``otherwise``.

    >>> nearest("es-MX", ("en", "es"), "en"), nearest("zh-TW", ("en", "zh-Hans"), "en"), nearest("??", ("fr",), "fr")
    ('es', 'zh-Hans', 'fr')
    """
    if wanted in among:
        return wanted
    try:
        found, _ = langcodes.closest_match(wanted, list(among), max_distance=25)
    except LanguageTagError:
        return otherwise
    return otherwise if found == "und" else found
