"""A form's lists of choices, written as lists of a survey file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .. import phrases
from ..folding import fold
from ..lexicon import LEXICONS
from ..told import told
from ..wording import nearest
from .making import Making, Node
from .page import Item
from .sheets import ROW

_KEY = re.compile(r"\w[\w.-]*")
_NOT_COLUMNS = frozenset({"name", "label", "list_name", "list name", "media", "__row", ROW, "openline_key"})
_YES = frozenset({"yes", "y", "true", "oui", "si", "sí", "sim", "ja", "wi"})
_NO = frozenset({"no", "n", "false", "non", "não", "nao", "nein"})
LONGEST = 64


def take(making: Making, name: str, *, other: bool = False) -> list[Item]:
    """The list's choices, entered into ``making.lists`` at its first use. ``other`` words the choice that pyxform adds
    for or_other."""
    if name not in making.lists:
        rows = (making.tree.get("choices") or {}).get(name) or []
        keys: set[str] = set()
        made = [_choice(making, row, keys, other and row.get("name") == "other") for row in rows]
        _untranslated(making, name, rows, made)
        _yes_and_no(making, made)
        making.lists[name] = made
    return making.lists[name]


def _choice(making: Making, row: Node, keys: set[str], other: bool) -> Item:
    value = str(row.get("name", "")).strip()
    choice: Item = {"key": _key(value, keys)}
    if choice["key"] != value:
        choice["value"] = value
    ours = other and not row.get("__row") and not row.get(ROW)
    labels = making.phrase("other") if ours else _label(making, row, value)
    if not labels:
        making.find(
            row,
            told("The choice '{name}' has no label.", name=value),
            told("It is shown by its name."),
            sheet="choices",
        )
        labels = {making.source: value}
    choice |= labels
    if row.get("media"):
        _media(making, row)
    columns = {
        str(name): str(cell)
        for name, cell in row.items()
        if name not in _NOT_COLUMNS and isinstance(cell, str | int | float) and str(cell) != ""
    }
    if columns:
        choice["columns"] = columns
    return choice


def _untranslated(making: Making, name: str, rows: list[Node], made: list[Item]) -> None:
    """What a list lacks in which languages, told once for all its choices that lack the same."""
    lacking: dict[str, list[Node]] = {}
    for row, choice in zip(rows, made, strict=True):
        if missing := ", ".join(tag for tag in making.languages if tag not in choice):
            lacking.setdefault(missing, []).append(row)
    for missing, held in lacking.items():
        what = told(
            "In list '{name}', {n} of {all} choices have no label in {languages}.",
            name=name,
            n=len(held),
            all=len(rows),
            languages=missing,
        )
        making.find(held[0], what, told("They are shown in another language there."), sheet="choices")


def _label(making: Making, row: Node, value: str) -> Mapping[str, str]:
    found = making.words(row, row.get("label"), told("label of choice '{name}'", name=value), "choices")
    return {tag: text for tag, text in found.items() if fold(text)} or found


def _media(making: Making, row: Node) -> None:
    kinds = ", ".join(sorted(row["media"]))
    making.once(
        kinds,
        row,
        told("There are media ({kinds}) beside choices.", kinds=kinds),
        told("Labels are shown alone."),
        "choices",
    )


def _key(value: str, taken: set[str]) -> str:
    """The choice's own name where it can be a key and is not taken; else one like it."""
    plain = value if _KEY.fullmatch(value) else re.sub(r"[^\w.-]+", "_", value).strip("_.-") or "choice"
    plain = found = plain[: LONGEST - 4]
    number = 1
    while found in taken:
        number += 1
        found = f"{plain}_{number}"
    taken.add(found)
    return found


def _yes_and_no(making: Making, made: list[Item]) -> None:
    """A choice that says yes, and one that says no: each is heard in all the words for it that we know."""
    yes = [choice for choice in made if _says(making, choice, _YES, "yes")]
    no = [choice for choice in made if _says(making, choice, _NO, "no")]
    if len(yes) != 1 or len(no) != 1 or yes == no:
        return
    for choice, name in ((yes[0], "yes"), (no[0], "no")):
        others = {
            fold(str(each[tag]))
            for each in made
            if each is not choice
            for tag in making.languages
            if tag in each
        }
        also: dict[str, Any] = {}
        for tag in making.languages:
            known = nearest(tag, tuple(LEXICONS), "")
            words = list(getattr(LEXICONS[known], name)) if known else []
            kept = [word for word in words if fold(word) and fold(word) not in others]
            if kept:
                also[tag] = kept
        if also:
            choice["also"] = also


def _says(making: Making, choice: Item, names: frozenset[str], word: str) -> bool:
    if str(choice.get("value", choice["key"])).lower() in names:
        return True
    said = {
        tag: fold(phrases.say(word, tag)) for tag in making.languages if nearest(tag, phrases.LANGUAGES, "")
    }
    return any(tag in choice and fold(str(choice[tag])) == text for tag, text in said.items())


def says_none(making: Making, choices: list[Item]) -> bool:
    """Whether a list has its own way to say "none of these"."""
    for choice in choices:
        if str(choice["key"]).lower() in (
            "none",
            "no",
            "nothing",
            "not_applicable",
            "na",
            "n_a",
            "0",
            "98",
            "99",
        ):
            return True
        for tag in making.languages:
            known = nearest(tag, tuple(LEXICONS), "")
            if known and tag in choice and fold(str(choice[tag])) in {fold(w) for w in LEXICONS[known].none}:
                return True
    return False
