"""Reads the choices of a question, and makes sure that none can be taken for another, or for a command."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from .. import words
from ..asking import PAYLOAD
from ..folding import fold, symbols
from ..questions import One, Option
from ..told import told
from .survey_page import KEY, SurveyPage
from .tree import Entry


def option(page: SurveyPage, node: yaml.Node, what: str, question_key: str) -> Option | None:
    """One choice; None (and a complaint) where there is none to read."""
    entries = page.mapping(
        node,
        told("a choice of {what}", what=what),
        ("key", "value", "emoji", "also", "columns", *page.languages),
    )
    if not entries:
        return None
    key = page.key(entries.get("key"), "key", KEY, "not_hard", node)
    spoken = {tag: entries[tag] for tag in page.languages if tag in entries}
    named = told("choice '{key}' of {what}", key=key, what=what)
    marked = page.marked(spoken, named)
    missing = [language for language in page.languages if language not in entries]
    if missing and page.lenient:
        page.untranslated |= {(tag, named) for tag in missing}
    elif missing:
        page.wrong(
            node,
            told(
                "Choice '{key}' of {what} is not given in {missing}.",
                key=key,
                what=what,
                missing=", ".join(missing),
            ),
            told("Every text has to be there in every language."),
        )
    labels = {
        tag: page.line(entry.value, told("choice '{key}' ({tag})", key=key, tag=tag))
        for tag, entry in spoken.items()
        if tag not in marked
    }
    also = _also(page, entries.get("also"), key)
    for tag, readings in _readings(labels, also).items() if not page.lenient else ():
        for reading in readings:
            unreserved(page, entries[tag].value if tag in entries else node, reading, key, tag)
    if page.lenient or marked:
        stand_in = labels.get(page.source) or next(iter(labels.values()), key)
        labels = {tag: labels.get(tag, stand_in) for tag in page.languages}
    if len(f"{question_key}:{key}".encode()) > PAYLOAD and not page.lenient:
        page.wrong(
            node,
            told(
                "'{question}:{key}' is longer than a button can hold ({most} bytes).",
                question=question_key,
                key=key,
                most=PAYLOAD,
            ),
            told("Shorten the keys."),
        )
    emoji = page.texts(entries["emoji"].value, "'emoji'") if "emoji" in entries else []
    for where, picture in emoji:
        if not symbols(picture) or fold(picture):
            page.wrong(
                where,
                told("'{picture}' is not an emoji.", picture=picture),
                told("Use emoji here, and 'also:' for words."),
            )
    columns = (
        page.mapping(
            entries["columns"].value,
            told("'{name}' of {what}", name="columns", what=told("choice '{key}'", key=key)),
        )
        if "columns" in entries
        else {}
    )
    values = {
        name: page.text(
            entry.value, told("'{name}' of {what}", name=name, what=told("choice '{key}'", key=key))
        )
        or ""
        for name, entry in columns.items()
    }
    value = (
        page.text(
            entries["value"].value,
            told("'{name}' of {what}", name="value", what=told("choice '{key}'", key=key)),
        )
        if "value" in entries
        else ""
    )
    return Option(key, labels, also, tuple(picture for _, picture in emoji), values, value or "")


def _also(page: SurveyPage, entry: Entry | None, key: str) -> Mapping[str, tuple[str, ...]]:
    if entry is None:
        return {}
    by_language = page.mapping(
        entry.value,
        told("'{name}' of {what}", name="also", what=told("choice '{key}'", key=key)),
        page.languages,
    )
    return {
        tag: tuple(
            text
            for _, text in page.texts(
                found.value, told("'{name}' of {what}", name="also", what=told("choice '{key}'", key=key))
            )
        )
        for tag, found in by_language.items()
    }


def _readings(labels: Mapping[str, str], also: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {tag: [*([labels[tag]] if tag in labels else []), *also.get(tag, ())] for tag in {*labels, *also}}


def unreserved(page: SurveyPage, node: yaml.Node, reading: str, key: str, language: str) -> None:
    """No choice may read like a word that always works, nor like nothing."""
    word = None if page.published else words.read(reading)
    if word:
        page.wrong(
            node,
            told(
                "'{reading}' cannot be a choice ({language}): a message that says just that asks for a language.",
                reading=reading,
                language=language,
            )
            if word.kind == "language"
            else told(
                "'{reading}' cannot be a choice ({language}): a message that says just that means '{kind}'.",
                reading=reading,
                language=language,
                kind=word.kind,
            ),
            told("Say it in other words."),
        )
    if not fold(reading):
        page.wrong(
            node,
            told("Choice '{key}' ({language}) has no letters or digits.", key=key, language=language),
            told("Add a word; emoji go under 'emoji:'."),
        )


def hears_itself(page: SurveyPage, asked: One, entries: Mapping[str, Entry]) -> None:
    """Every choice, said as it is shown, has to be heard as itself: catches doubles, and numbers that mislead."""
    choices = entries["choices"]
    nodes = [
        *page.sequence(choices.value, "'choices'"),
        entries["none"].value if "none" in entries else choices.key,
    ]
    ours = asked.zero if "none" not in entries else None  # our own "None of these" is no fault of the file's
    for at, choice in enumerate(asked.options):
        for language in asked.languages if at != ours else ():
            _apart(page, nodes[at], asked, choice, language)
            _numbered_right(page, nodes[at], asked, at, language)


def _apart(page: SurveyPage, node: yaml.Node, asked: One, choice: Option, language: str) -> None:
    others = [other for other in asked.options if other is not choice]
    taken = {fold(text): other.key for other in others for text in other.readings(language)}
    for reading in choice.readings(language):
        if fold(reading) in taken:
            problem = told(
                "'{reading}' ({language}) reads like choice '{key}'.",
                reading=reading,
                language=language,
                key=taken[fold(reading)],
            )
            page.wrong(node, problem, told("Word them apart."))


def _numbered_right(page: SurveyPage, node: yaml.Node, asked: One, at: int, language: str) -> None:
    label = asked.options[at].labels[language]
    first = fold(label).partition(" ")[0]
    if first.isdigit() and asked.labels.numbered.get(int(first)) != at:
        place = next(number for number, place in asked.labels.numbered.items() if place == at)
        problem = told(
            "'{label}' begins with {first}, but it is number {place} in the list.",
            label=label,
            first=first,
            place=place,
        )
        page.wrong(
            node,
            problem,
            told("Write the number as a word, so that a reply of a bare number has one meaning."),
        )
