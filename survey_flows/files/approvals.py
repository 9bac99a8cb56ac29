"""Who approved a translation, and of which words: an approval holds for the words it was given for, and no others.

A survey file keeps it as ``approved: {es: {by: Ana Pérez, on: 2026-11-22, of: 1f0c…}}``, where ``of`` is a digest of
the source's words and the translation's together. Where either has changed since, the language is a draft again.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

import yaml

from .. import phrases
from ..asking import Question, Texts
from ..choices import One
from ..items import Block, Note, Quota
from ..program import walked
from .drafted import without_draft
from .marks import end, flows, header, line_end

if TYPE_CHECKING:
    from ..survey import Survey


def digest(survey: Survey, language: str) -> str:
    """12 hex digits for what a translator approves: every text that is shown, in the source and in ``language``.

    Words that are only heard (``also``), keys, and what Openline itself says do not count; neither does the order.
    """
    ours = {phrases.say(name, language) for name in ("none", "thanks")}
    return digest_of(
        (texts[survey.source], texts[language]) for texts in _shown(survey) if texts[language] not in ours
    )


def digest_of(pairs: Iterable[tuple[str, str]]) -> str:
    """12 hex digits for source texts with their translations, however they are ordered and spaced."""
    plain = {(_plain(source), _plain(said)) for source, said in pairs}
    return hashlib.sha256(json.dumps(sorted(plain), ensure_ascii=False).encode()).hexdigest()[:12]


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
    """The text of a survey's file, or of a campaign's, with this approval written into it, and the language taken off
    ``drafted:``; its comments, order and spacing stay. ``of`` is the digest. Raises ValueError for another text."""
    text = without_draft(text, language)
    line = "\r\n" if "\r\n" in text else "\n"
    entry = f"{language}: {{by: {json.dumps(by, ensure_ascii=False)}, on: {on.isoformat()}, of: '{of}'}}"
    held = header(text)
    if "approved" not in held:
        after = next((held[key] for key in ("drafted", "source", "survey", "campaign") if key in held), None)
        if after is None:
            raise ValueError("there is no 'survey:' and no 'campaign:' in this text")
        at = line_end(text, end(after[1]))
        return f"{text[:at]}approved:{line}  {entry}{line}{text[at:]}"
    value = held["approved"][1]
    pairs = value.value if isinstance(value, yaml.MappingNode) else []
    for key, old in pairs:
        if key.value == language:
            return text[: key.start_mark.index] + entry + text[end(old) :]
    if not pairs:
        return f"{text[: value.start_mark.index]}{{{entry}}}{text[value.end_mark.index :]}"
    first, last = pairs[0][0], pairs[-1][1]
    if flows(value):
        return f"{text[: end(last)]}, {entry}{text[end(last) :]}"
    at = line_end(text, end(last))
    return f"{text[:at]}{' ' * first.start_mark.column}{entry}{line}{text[at:]}"
