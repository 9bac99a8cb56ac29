"""What Openline itself says around a survey, in every language: thanks, help, one confirmation of a STOP."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .wording import fill, nearest

# The base loader leaves every scalar a string: in YAML 1.1 a bare "no" would become a truth value.
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_text = (Path(__file__).parent / "phrases.yaml").read_text("utf-8")
_raw: dict[str, Any] = yaml.load(_text, _Loader)  # noqa: S506 - it builds strings only

SOURCE: str = _raw["source"]
"""The language the phrases were written and approved in."""
DRAFTS: frozenset[str] = frozenset(_raw["drafted"])
"""Languages whose phrases a machine has drafted and no person has approved."""
PHRASES: Mapping[str, Mapping[str, str]] = _raw["phrases"]
"""Phrase name to its text by language."""
LANGUAGES: tuple[str, ...] = tuple(PHRASES["thanks"])


def say(name: str, language: str, **values: str) -> str:
    """A phrase in a language, or in the nearest one we have, or in English. Raises LookupError for an unknown name
    or a value that the phrase needs and has not been given.

    >>> say("language_set", "es-MX")
    'De acuerdo, le escribiremos en español.'
    """
    return fill(PHRASES[name][nearest(language, LANGUAGES, SOURCE)], values)
