"""Writes a survey file: YAML as people write it, with the row that each line was made from."""

from __future__ import annotations

from typing import Any

import yaml

_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
ROW = "_row"
"""In an item, the row of the form that it was made from; it is not written."""
INNER = "questions"

Item = dict[str, Any]


class _Dumper(_Base):  # type: ignore[misc]
    """Writes a text of several lines on one, with \\n in it: an item's lines can then be moved in as they are."""


def _text(dumper: Any, text: str) -> Any:
    style = '"' if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def written(document: Item) -> tuple[str, dict[int, int]]:
    """The text of a survey file, and for the first line of each item the row it was made from."""
    lines = [_line(name, held) for name, held in document.items() if name not in (INNER, "lists")]
    if document.get("lists"):
        lines.append("lists:")
        for name, choices in document["lists"].items():
            lines.append(f"  {_line(name, 0).removesuffix(' 0')}{'' if choices else ' []'}")
            lines += [f"    - {_flow(choice)}" for choice in choices]
    lines.append(f"{INNER}:")
    rows: dict[int, int] = {}
    _items(document[INNER], 1, lines, rows)
    return "\n".join(lines) + "\n", rows


def _items(items: list[Item], depth: int, lines: list[str], rows: dict[int, int]) -> None:
    indent = "  " * depth
    if not items:
        lines.append(f"{indent}[]")
    for item in items:
        if item.get(ROW):
            rows[len(lines) + 1] = item[ROW]
        own = [_line(name, held) for name, held in item.items() if name not in (ROW, INNER)]
        lines += [f"{indent}{'  ' if at else '- '}{line}" for at, line in enumerate(own)]
        if INNER in item:
            lines.append(f"{indent}  {INNER}:")
            _items(item[INNER], depth + 2, lines, rows)


def _line(name: str, held: Any) -> str:
    """A key and what it holds, on one line."""
    return _flow({name: held})[1:-1]


def _flow(value: Any) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6, default_flow_style=True
    )
    return text.rstrip("\n")
