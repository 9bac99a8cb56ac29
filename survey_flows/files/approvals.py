"""Who approved a translation, and of which words: an approval holds for the words it was given for, and no others.

A survey file keeps it as ``approved: {es: {by: Ana Pérez, on: 2026-11-22, of: 1f0c…}}``, where ``of`` is a digest of
the source's words and the translation's together. Where either has changed since, the language is a draft again.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import yaml

from .. import phrases
from ..asking import Question, Texts
from ..choices import One
from ..items import Block, Note, Quota
from ..program import walked

if TYPE_CHECKING:
    from ..survey import Survey


def digest(survey: Survey, language: str) -> str:
    """12 hex digits for what a translator approves: every text that is shown, in the source and in ``language``.

    Words that are only heard (``also``), keys, and what Openline itself says do not count; neither does the order.
    """
    ours = {phrases.say(name, language) for name in ("none", "thanks")}
    pairs = {
        (_plain(texts[survey.source]), _plain(texts[language]))
        for texts in _shown(survey)
        if texts[language] not in ours
    }
    written = json.dumps(sorted(pairs), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:12]


def _shown(survey: Survey) -> Iterator[Texts]:
    yield from (survey.title, survey.intro, survey.thanks, *survey.contact.values())
    more = {
        item.repeat.more
        for item, _, _ in walked(survey.items)
        if isinstance(item, Block) and item.repeat is not None
    }
    for item, _, _ in walked(survey.items):
        if isinstance(item, Quota) and item.texts:
            yield item.texts
        elif item.key in more and isinstance(item, Question):
            for texts in item.texts.values():  # our words around the survey's own
                yield {tag: _label(text) for tag, text in texts.items()}
        elif isinstance(item, Note | Question):
            yield from item.texts.values()
        if isinstance(item, Question):
            limit = item.constraint.texts if item.constraint else None
            yield from (texts for texts in (item.hints, item.required_texts, limit) if texts)
        if isinstance(item, One):
            yield from (option.labels for option in item.options)


def _label(text: str) -> str:
    found = re.search(r"[(（](.*)[)）]", text)
    return found[1] if found else ""


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def approve(text: str, language: str, by: str, on: date, of: str) -> str:
    """A survey file's text with this approval written into it, and the language taken off ``drafted:``; its comments,
    order and spacing stay. ``of`` is the digest. Raises ValueError for a text that is no survey."""
    text = _without_draft(text, language)
    entry = f"{language}: {{by: {json.dumps(by, ensure_ascii=False)}, on: {on.isoformat()}, of: '{of}'}}"
    held = _header(text)
    if "approved" not in held:
        after = next((held[key] for key in ("drafted", "source", "survey") if key in held), None)
        if after is None:
            raise ValueError("there is no 'survey:' in this text")
        at = _line_end(text, _end(after[1]))
        return f"{text[:at]}approved:\n  {entry}\n{text[at:]}"
    value = held["approved"][1]
    pairs = value.value if isinstance(value, yaml.MappingNode) else []
    for key, old in pairs:
        if key.value == language:
            return text[: key.start_mark.index] + entry + text[_end(old) :]
    if not pairs:
        return f"{text[: value.start_mark.index]}{{{entry}}}{text[value.end_mark.index :]}"
    first, last = pairs[0][0], pairs[-1][1]
    if _flows(value):
        return f"{text[: _end(last)]}, {entry}{text[_end(last) :]}"
    at = _line_end(text, _end(last))
    return f"{text[:at]}{' ' * first.start_mark.column}{entry}\n{text[at:]}"


def _without_draft(text: str, language: str) -> str:
    held = _header(text)
    if "drafted" not in held:
        return text
    key, value = held["drafted"]
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    left = [item for item in items if item.value != language]
    if len(left) == len(items):
        return text
    if not left:
        return text[: key.start_mark.index] + text[_line_end(text, items[-1].end_mark.index) :]
    if _flows(value):
        rest = ", ".join(text[item.start_mark.index : item.end_mark.index] for item in left)
        return f"{text[: value.start_mark.index]}[{rest}]{text[value.end_mark.index :]}"
    for item in reversed(items):
        if item.value == language:
            begins = text.rfind("\n", 0, item.start_mark.index) + 1
            text = text[:begins] + text[_line_end(text, item.end_mark.index) :]
    return text


def _header(text: str) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    # The loader that reads surveys: the other one takes "hard?," for something else.
    root = next(iter(yaml.compose_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))), None)
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("this is no survey")
    return {key.value: (key, value) for key, value in root.value}


def _flows(node: yaml.Node) -> bool:
    """Whether a collection is written in brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def _end(node: yaml.Node) -> int:
    """Behind the last character of a node: PyYAML has a block end where the next thing begins."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return node.end_mark.index


def _line_end(text: str, at: int) -> int:
    """Behind the line break that comes next."""
    return text.find("\n", at) + 1 or len(text)
