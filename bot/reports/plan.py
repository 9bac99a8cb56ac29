"""Reads what staff have written for the page for families: a small YAML file, each text by language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import langcodes
import yaml

from .families import Plan

KEYS = ("will_do", "contact", "themes")
EXAMPLE = 'Write it as  will_do: {en: "Two more buses from November 2.", es: "…"}'


class BadPlan(ValueError):  # noqa: N818
    """A plan that cannot be read: says where, what is wrong and how to mend it."""


def read(file: Path) -> Plan:
    """The plan in a file. Raises BadPlan."""
    try:
        held = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError) as error:
        raise BadPlan(f"{file.name} cannot be read: {error}.") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f", line {line + 1}" if line is not None else ""
        raise BadPlan(
            f"{file.name}{where}: not readable as YAML. Check indents, and put texts in quotation marks."
        ) from None
    top = _mapping(file, "the file", held)
    strange = [str(key) for key in top if key not in KEYS]
    if strange:
        raise BadPlan(f"{file.name}: '{strange[0]}' is not known here. There are: {', '.join(KEYS)}.")
    themes = _mapping(file, "themes", top.get("themes") or {})
    return Plan(
        _texts(file, "will_do", top.get("will_do") or {}),
        _texts(file, "contact", top.get("contact") or {}),
        {str(theme): _texts(file, f"themes, {theme}", texts) for theme, texts in themes.items()},
    )


def _texts(file: Path, where: str, held: Any) -> dict[str, str]:
    texts = {}
    for language, text in _mapping(file, where, held).items():
        if not langcodes.tag_is_valid(str(language)):
            raise BadPlan(
                f"{file.name}, {where}: '{language}' is no language tag. Use one like es, ht or zh-Hans."
            )
        if not isinstance(text, str) or not text.strip():
            raise BadPlan(
                f"{file.name}, {where}, {language}: there is no text. Write one, or take the line out."
            )
        texts[langcodes.standardize_tag(str(language))] = " ".join(text.split())
    return texts


def _mapping(file: Path, where: str, held: Any) -> Mapping[Any, Any]:
    if not isinstance(held, dict):
        raise BadPlan(f"{file.name}: {where} is not a text for each language. {EXAMPLE}.")
    return held
