"""Fills the gaps in a text: ``{school}`` from the school, ``${age}`` from the person, and nothing cleverer, so that a
text can neither run code nor grow."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import langcodes
from langcodes import Language
from langcodes.tag_parser import LanguageTagError

_GAP = re.compile(r"(?<!\$)\{([a-z_][a-z0-9_]*)\}")
_SAID = re.compile(r"\$\{\s*([^${}\s]+)\s*\}")
_EITHER = re.compile(rf"{_SAID.pattern}|{_GAP.pattern}")


def gaps(text: str) -> frozenset[str]:
    """The names between bare braces. Raises ValueError for a brace that is not part of a ``{name}`` or ``${name}``.

    >>> sorted(gaps("{school} thanks {first_name}"))
    ['first_name', 'school']
    """
    if re.search(r"[{}]", _EITHER.sub("", text)):
        raise ValueError("a brace that does not enclose a name of small letters, like {school}")
    return frozenset(_GAP.findall(text))


def said(text: str) -> frozenset[str]:
    """The names that a text takes from the person.

    >>> sorted(said("{school}: ${first_name}, you said ${hard}"))
    ['first_name', 'hard']
    """
    return frozenset(_SAID.findall(text)) if "$" in text else frozenset()


def fill(text: str, values: Mapping[str, str], say: Callable[[str], str] | None = None) -> str:
    """The text with its gaps filled, each value on one line and never filled again. Raises LookupError by name.

    ``say`` gives what stands for a ``${name}``.
    """
    if "{" not in text:
        return text

    def value(gap: re.Match[str]) -> str:
        if gap[1] is not None:
            return " ".join(say(gap[1]).split()) if say else gap[0]
        if gap[2] not in values:
            raise LookupError(f"no value for {gap[0]}")
        return " ".join(values[gap[2]].split())

    return _EITHER.sub(value, text)


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
