"""The list of languages that nobody has approved, changed in a file's text: its comments, order and spacing stay."""

from __future__ import annotations

from collections.abc import Iterable

import yaml

from .marks import end, flows, header, line_end

_ABOVE = ("source", "survey", "campaign")
"""The keys below which the list is put where there is none, the likeliest first."""


def with_drafts(text: str, languages: Iterable[str]) -> str:
    """The text with these languages under ``drafted:``. Raises ValueError for what is no survey and no campaign."""
    held = header(text)
    value = held["drafted"][1] if "drafted" in held else None
    now = [item.value for item in _items(value)]
    more = [tag for tag in languages if tag not in now]
    if not more:
        return text
    if value is None:
        after = next((held[key] for key in _ABOVE if key in held), None)
        if after is None:
            raise ValueError("there is no 'survey:' and no 'campaign:' in this text")
        line = "\r\n" if "\r\n" in text else "\n"
        at = line_end(text, end(after[1]))
        before = text[:at] if text[:at].endswith("\n") else f"{text[:at]}{line}"
        return f"{before}drafted: [{', '.join(more)}]{line}{text[at:]}"
    if isinstance(value, yaml.SequenceNode) and not flows(value) and value.value:
        at, item = end(value), value.value[-1]
        line_begins = text.rfind("\n", 0, item.start_mark.index) + 1
        lead = text[line_begins : item.start_mark.index]
        line = "\r\n" if "\r\n" in text else "\n"
        return text[:at] + "".join(f"{line}{lead}{tag}" for tag in more) + text[at:]
    return f"{text[: value.start_mark.index]}[{', '.join([*now, *more])}]{text[value.end_mark.index :]}"


def without_draft(text: str, language: str) -> str:
    """The text with this language off ``drafted:``. Raises ValueError for what is no survey and no campaign."""
    held = header(text)
    if "drafted" not in held:
        return text
    key, value = held["drafted"]
    items = _items(value)
    left = [item for item in items if item.value != language]
    if len(left) == len(items):
        return text
    if not left:
        return text[: key.start_mark.index] + text[line_end(text, items[-1].end_mark.index) :]
    if flows(value):
        rest = ", ".join(text[item.start_mark.index : item.end_mark.index] for item in left)
        return f"{text[: value.start_mark.index]}[{rest}]{text[value.end_mark.index :]}"
    for item in reversed(items):
        if item.value == language:
            begins = text.rfind("\n", 0, item.start_mark.index) + 1
            text = text[:begins] + text[line_end(text, item.end_mark.index) :]
    return text


def _items(value: yaml.Node | None) -> list[yaml.Node]:
    if isinstance(value, yaml.SequenceNode):
        return list(value.value)
    return [value] if isinstance(value, yaml.ScalarNode) and value.value else []
