"""A theme's meaning as one text, as codes have it in other tools: people read it there, change it, and send it back.

::

    The family names the cost of a trip.

    Use for: gas money, bus pass
    Not for: no car at all
    Examples (en):
    - gas money runs out
    Cues (en):
    - bus pass

    openline: {"id": "transport.cost"}

The last line holds what no reader needs. Should a text be such that the readable form would not give it back (a
definition with a line "Use for: …" in it), that line holds it as well, under "exact".
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...refi.writing import possible
from .. import KINDS, REACHES, Codebook, Theme
from ..fields import LANGUAGE
from .tree import Branch

_HEADS = {
    "use for": "include", "include": "include", "includes": "include", "inclusion": "include",
    "when to use": "include", "inclusion criteria": "include", "use when": "include",
    "not for": "exclude", "exclude": "exclude", "excludes": "exclude", "exclusion": "exclude",
    "when not to use": "exclude", "exclusion criteria": "exclude", "do not use": "exclude",
    "what to do": "flag",
    "example": "examples", "examples": "examples",
    "cue": "cues", "cues": "cues", "keywords": "cues",
    "definition": "definition",
}  # fmt: skip
_HEAD = re.compile(
    r"(?P<head>[A-Za-z][A-Za-z ]{2,20}?) ?(?:\((?P<language>[^()]+)\))?:(?: (?P<rest>.*)|[ \t]*)$"
)
_TAIL = re.compile(r"^openline: (\{.*\})[ \t]*$", re.MULTILINE)
_ITEM = re.compile(r"[-•*–] +(.*)$")
_READABLE = ("definition", "include", "exclude", "flag", "examples", "cues")


@dataclass(slots=True)
class Described:
    """What a description says. ``tail`` is empty for a code that Openline did not write."""

    definition: str = ""
    include: str = ""
    exclude: str = ""
    flag: str | None = None
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    cues: dict[str, tuple[str, ...]] = field(default_factory=dict)
    tail: Mapping[str, Any] = field(default_factory=dict)


def write(theme: Theme, book: Codebook) -> str:
    """The text of a theme; ``read`` gives the theme back."""
    top = book[theme.parent] if theme.parent else None
    tail: dict[str, Any] = {"id": theme.id}
    if top is None or theme.kind != top.kind:
        tail["kind"] = theme.kind
    if theme.drafted != (top.drafted if top else frozenset()):
        tail["drafted"] = sorted(theme.drafted)
    if theme.reach:
        tail["reach"] = theme.reach
    if theme.map:
        tail["map"] = dict(theme.map)
    if theme is book.themes[0]:
        tail["codebook"] = {"id": book.id, "version": book.version, "title": book.title}
    readable = _readable(theme)
    # XML has no place for some characters: what the reader will see is what counts.
    again = read(possible(f"{readable}\n\nopenline: {{}}"), "en")
    exact = {
        name: getattr(theme, name) for name in _READABLE if getattr(again, name) != _as_read(theme, name)
    }
    if _name(possible(theme.label)) != theme.label:
        exact["label"] = theme.label
    if exact:
        tail["exact"] = exact
    return f"{readable}\n\nopenline: {json.dumps(tail)}"


def _as_read(theme: Theme, name: str) -> Any:
    value = getattr(theme, name)
    return dict(value) if name in ("examples", "cues") else value


def _readable(theme: Theme) -> str:
    lines = [theme.definition, ""]
    lines += [f"Use for: {theme.include}"] if theme.include else []
    lines += [f"Not for: {theme.exclude}"] if theme.exclude else []
    lines += [f"What to do: {theme.flag}"] if theme.flag else []
    for head, wordings in (("Examples", theme.examples), ("Cues", theme.cues)):
        for language, texts in wordings.items():
            lines += [f"{head} ({language}):", *(f"- {text}" for text in texts)]
    return "\n".join(lines).rstrip("\n")


def read(text: str, language: str) -> Described:
    """Reads ours, and other people's as well as can be. ``language``: that of examples that name none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = Described()
    if tails := list(_TAIL.finditer(text)):
        found.tail = _tail(tails[-1][1])
        text = text[: tails[-1].start()] + text[tails[-1].end() :]
    sections: dict[tuple[str, str], list[str]] = {}
    lines = sections.setdefault(("definition", ""), [])
    for line in text.split("\n"):
        head = _HEAD.match(line)
        name = _HEADS.get(head["head"].lower()) if head else None
        if not head or not name:
            lines.append(line)
            continue
        spoken = head["language"] or language
        key = (name, spoken if name in ("examples", "cues") and LANGUAGE.fullmatch(spoken) else "")
        lines = sections.setdefault(key, [])
        lines += [head["rest"]] if head["rest"] else []
    for (name, spoken), lines in sections.items():
        _enter(found, name, spoken or language, lines)
    for name, value in (found.tail.get("exact") or {}).items():
        if name in ("examples", "cues") and isinstance(value, dict):
            setattr(found, name, {key: tuple(map(str, texts)) for key, texts in value.items()})
        elif name in _READABLE and (isinstance(value, str) or value is None):
            setattr(found, name, value)
    return found


def _enter(found: Described, name: str, language: str, lines: list[str]) -> None:
    if name in ("examples", "cues"):
        # Lines without a dash go on with the wording above; without any dash each line is a wording.
        dashed = any(_ITEM.match(line) for line in lines)
        items: list[str] = []
        for line in lines:
            item = _ITEM.match(line)
            if item:
                items.append(item[1])
            elif dashed and items:
                items[-1] += f"\n{line}"
            else:
                items.append(line)
        texts = tuple(item.strip() for item in items if item.strip())
        wordings: dict[str, tuple[str, ...]] = getattr(found, name)
        wordings[language] = (*wordings.get(language, ()), *texts)
        return
    text = "\n".join(lines).strip()
    setattr(found, name, text or None if name == "flag" else text)


def _tail(line: str) -> Mapping[str, Any]:
    try:
        tail = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return tail if isinstance(tail, dict) else {}


def _name(label: str) -> str:
    """A code's name, in one line."""
    return " ".join(label.split("\n")).strip()


def branch(label: str, text: str, place: str, language: str) -> Branch:
    """The code with this name and description, as a branch of a tree that ``Grove`` makes themes of."""
    said = read(text, language)
    tail = said.tail
    drafted, kind, code, mapped, reach = (tail.get(key) for key in ("drafted", "kind", "id", "map", "reach"))
    exact = tail.get("exact")
    exact_label = exact.get("label") if isinstance(exact, dict) else None
    return Branch(
        label=exact_label if isinstance(exact_label, str) else _name(label),
        place=place,
        id=code if isinstance(code, str) else "",
        definition=said.definition,
        include=said.include,
        exclude=said.exclude,
        examples=said.examples,
        cues=said.cues,
        flag=said.flag,
        map={str(key): str(value) for key, value in mapped.items()} if isinstance(mapped, dict) else {},
        kind=next((each for each in KINDS if each == kind), None),
        reach=next((each for each in REACHES if each == reach), None),
        drafted=frozenset(map(str, drafted)) if isinstance(drafted, list) else None,
        top=isinstance(code, str) and "." not in code,
    )
