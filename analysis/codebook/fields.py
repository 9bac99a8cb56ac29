"""Reads the fields of one theme out of what YAML gives, and says what is wrong with them; makes ids of labels.

The folder of files and the single file share it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from .base import REACHES, CodebookError, Reach

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
"""A theme's id: a word, or its top theme's id and a word."""
LONGEST = 80
"""Characters of a theme's id, so that every program and store has room for it."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
SHARED_KEYS = {"id", "label", "definition", "include", "exclude", "flag", "reach", "map"}
TOP_KEYS = SHARED_KEYS | {"kind", "drafted", "themes"}
SUB_KEYS = SHARED_KEYS | {"examples", "cues"}


def known_keys(file: str, theme: str, read: Mapping[str, Any], known: set[str]) -> None:
    for key in read:
        if key not in known:
            raise CodebookError(
                file, theme, f"unknown key '{key}'", f"Known keys: {', '.join(sorted(known))}."
            )


def required(file: str, theme: str, read: Mapping[str, Any], key: str) -> str:
    value = read.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CodebookError(file, theme, f"'{key}' is missing", f"Add a line '{key}: …'.")
    return value.strip()


def phrases(file: str, theme: str, read: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    given = read.get(key) or {}
    if not isinstance(given, dict):
        raise CodebookError(
            file, theme, f"'{key}' is not keyed by language", f"Write '{key}:' and below it 'en: […]'."
        )
    found: dict[str, tuple[str, ...]] = {}
    for language, texts in given.items():
        # A bare `no:` is YAML's False: say so instead of failing on its type.
        if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
            raise CodebookError(
                file, theme, f"'{language}' under '{key}' is no language", "Use BCP 47 tags: en, ht, zh-Hans."
            )
        if not isinstance(texts, list):
            raise CodebookError(
                file, theme, f"'{key}: {language}:' is not a list", "Write the texts in [ … ] or with '- '."
            )
        for text in texts:
            # Unquoted yes, no, 12 and 7:30 are not text to YAML.
            if not isinstance(text, str) or not text.strip():
                raise CodebookError(
                    file, theme, f"{text!r} under '{key}: {language}:' is not a text", "Put it in quotes."
                )
        found[language] = tuple(text.strip() for text in texts)
    return found


def reach(file: str, theme: str, value: object, place: str = "") -> Reach | None:
    """Who can change what the theme names; None where the codebook does not say."""
    if value is None or value == "":
        return None
    for known in REACHES:
        if value == known:
            return known
    raise CodebookError(
        file, theme, f"'reach' is {value!r}", f"Write one of: {', '.join(REACHES)}, or nothing.", place
    )


def optional(value: object) -> str | None:
    return str(value).strip() or None if value is not None else None


def texts_by_key(value: object) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}


def slug(label: str) -> str:
    """A label as a part of an id. Labels in other scripts get a name made from them, the same each time.

    >>> slug("Années d'étude & más"), slug("交通")
    ('annees_d_etude_mas', 't_57f78b')
    """
    plain = unicodedata.normalize("NFKD", label)
    ascii_ = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = re.sub(r"[^a-z0-9]+", "_", ascii_.lower()).strip("_")[:60].rstrip("_")
    if not re.search(r"[a-z]", found):
        digest = hashlib.sha256(label.encode("utf-8", "replace")).hexdigest()[:6]
        return f"t_{found}_{digest}" if found else f"t_{digest}"
    return found if found[0].isalpha() else f"t_{found}"
