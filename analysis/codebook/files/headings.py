"""Which column of a table is what: people and other programs call them by many names."""

from __future__ import annotations

import re

from ..fields import LANGUAGE

_NAMES = {
    "id": ("id", "code id", "theme id", "codeid"),
    "parent": ("parent", "parent id", "parent code", "parent theme", "group", "category", "top theme"),
    "label": ("label", "name", "theme", "code", "code name", "sub theme", "subtheme"),
    "definition": ("definition", "description", "meaning", "comment", "memo", "code description"),
    "include": ("include", "includes", "inclusion", "inclusion criteria", "when to use", "use for"),
    "exclude": ("exclude", "excludes", "exclusion", "exclusion criteria", "when not to use", "not for"),
    "flag": ("flag", "what to do"),
    "reach": ("reach", "within reach of", "who can change it"),
    "kind": ("kind", "type"),
    "map": ("map", "same as", "crosswalk"),
    "drafted": ("drafted", "drafts"),
    "codebook": ("codebook", "codebook id"),
    "version": ("version", "codebook version"),
    "title": ("title", "codebook title"),
}
_BY_NAME = {name: column for column, names in _NAMES.items() for name in names}
_WORDINGS = re.compile(
    r"(?P<what>examples?|cues?|keywords?)(?:[\s:_(\[-]+(?P<language>[A-Za-z0-9-]+)[)\]]?)?", re.I
)
COLUMNS = ("id", "parent", "label", "definition", "include", "exclude")
MORE = ("flag", "reach", "kind", "map", "drafted", "codebook", "version", "title")
Column = tuple[str, str]
"""What it is, and the language for examples and cues ("" for others)."""


def columns(headings: list[str], language: str) -> tuple[dict[int, Column], list[str]]:
    """Which column (by its place) is what, and the headings that mean nothing here. The first of two alike counts."""
    found: dict[int, Column] = {}
    strange = []
    for place, heading in enumerate(headings):
        column = column_of(heading, language)
        if column and column not in found.values():
            found[place] = column
        elif heading.strip():
            strange.append(heading.strip())
    return found, strange


def column_of(heading: str, language: str) -> Column | None:
    """What a heading means.

    >>> column_of("Examples (es)", "en"), column_of("When to use", "en"), column_of("Colour", "en")
    (('examples', 'es'), ('include', ''), None)
    """
    text = heading.strip().strip("*").strip()
    if wordings := _WORDINGS.fullmatch(text):
        spoken = wordings["language"] or language
        spoken = spoken if "-" in spoken else spoken.lower()
        what = "examples" if wordings["what"].lower().startswith("example") else "cues"
        return (what, spoken) if LANGUAGE.fullmatch(spoken) else None
    name = _BY_NAME.get(re.sub(r"[\W_]+", " ", text).strip().lower())
    return (name, "") if name else None
