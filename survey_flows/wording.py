"""Fills the gaps in a text: ``{school}`` and nothing cleverer, so that a text can neither run code nor grow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import langcodes
from langcodes import Language
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
    """The one among these tags (BCP 47) that writes the language ``wanted`` is of, or ``otherwise``.

    A country or a script may differ; a neighbouring language will not do: French is not Creole.

    >>> nearest("es-MX", ("en", "es"), "en"), nearest("zh-TW", ("en", "zh-Hans"), "en"), nearest("ht", ("fr",), "en")
    ('es', 'zh-Hans', 'en')
    """
    if wanted in among:
        return wanted
    try:
        language = Language.get(wanted).language
        same = [tag for tag in among if language and Language.get(tag).language == language]
    except LanguageTagError:
        return otherwise
    return min(same, key=lambda tag: langcodes.tag_distance(wanted, tag), default=otherwise)
