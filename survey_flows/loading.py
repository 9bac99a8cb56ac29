"""From a survey file to a checked Survey. Whatever could go wrong in front of a family goes wrong here instead."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import langcodes
import yaml

from . import phrases
from .question_page import kind_keys, question
from .questions import Texts
from .survey import Survey
from .survey_page import KEY, NAME, SurveyPage
from .tree import Entry, SurveyError

_LIBRARY = Path(__file__).parent / "library"
_TOP = ("survey", "source", "drafted", "variants", "notes", "title", "intro", "thanks", "questions")

LIBRARY: tuple[str, ...] = tuple(sorted(path.stem for path in _LIBRARY.glob("*.yaml")))
"""The keys of the surveys that come with Openline."""


def load(path: str | Path) -> Survey:
    """The survey in a file. Raises SurveyError, or OSError where the file cannot be read."""
    path = Path(path)
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise SurveyError(path.name, 1, "The file is not in UTF-8.", "Save it again as UTF-8.") from None
    return loads(text, path.name)


@lru_cache(maxsize=256)
def loads(text: str, name: str) -> Survey:
    """The survey in a text; ``name`` stands in for the file in errors. The same text gives the same object, at once.

    Raises SurveyError with the first problem; its ``others`` are the rest.
    """
    page = SurveyPage(name)
    root = page.root(text)
    top = page.mapping(root, "a survey", _TOP)
    for needed in ("survey", "title", "intro", "questions"):
        if needed not in top:
            page.wrong(root, f"There is no '{needed}:'.", f"Add '{needed}:' to the top of the file.")
    page.finish()
    survey = _survey(page, top, text)
    page.finish()
    return survey


def library(key: str) -> Survey:
    """A survey that comes with Openline. Raises LookupError for a key not in LIBRARY."""
    if key not in LIBRARY:
        raise LookupError(f"no survey {key!r} in the library: {', '.join(LIBRARY)}")
    return load(_LIBRARY / f"{key}.yaml")


def _survey(page: SurveyPage, top: dict[str, Entry], text: str) -> Survey:
    """The survey, as far as it could be read: to be used only if the page has no problems."""
    key = page.key(top["survey"], "survey", NAME, "getting-to-school", top["survey"].value)
    page.source = (page.text(top["source"].value, "'source'") or "en") if "source" in top else "en"
    page.languages = _languages(page, top["title"])
    page.variants = _variants(page, top.get("variants"))
    title = page.words(top["title"].value, "the title")
    intro = _intro(page, top["intro"])
    thanks = page.words(top["thanks"].value, "the thanks") if "thanks" in top else _our_thanks(page.languages)
    _questions(page, top["questions"])
    return Survey(
        key=key,
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
        source=page.source,
        languages=page.languages,
        title=title,
        intro=intro,
        thanks=thanks,
        questions=tuple(asked for asked in page.asked.values() if asked),
        variants=page.variants,
        drafts=_drafts(page, top.get("drafted")),
        gaps=frozenset(page.used),
        notes=page.line(top["notes"].value, "'notes'") if "notes" in top else "",
        text=text,
    )


def _languages(page: SurveyPage, title: Entry) -> tuple[str, ...]:
    """The title decides: what it is given in are the languages of the survey, the source first."""
    if isinstance(title.value, yaml.ScalarNode):
        return (page.source,)
    entries = page.mapping(title.value, "the title")
    for tag, entry in entries.items():
        if not langcodes.tag_is_valid(tag):
            page.wrong(entry.key, f"'{tag}' is not a language tag.", _tag(tag))
    if page.source not in entries:
        page.wrong(
            title.key,
            f"The title is not given in the source language, {page.source}.",
            f"Add '{page.source}:' to it.",
        )
    return (page.source, *(tag for tag in entries if tag != page.source))


def _tag(name: str) -> str:
    try:
        return f"Did you mean '{langcodes.find(name)}'?"
    except LookupError:
        return "Use one like en, es, ht or zh-Hans."


def _variants(page: SurveyPage, entry: Entry | None) -> tuple[str, ...]:
    names = page.texts(entry.value, "'variants'") if entry else []
    for node, name in names:
        if not KEY.fullmatch(name) or name in kind_keys():
            page.wrong(node, f"A variant cannot be called '{name}'.", "Use a small word, like student.")
    return tuple(name for _, name in names)


def _drafts(page: SurveyPage, entry: Entry | None) -> frozenset[str]:
    drafts = page.listed(entry, "'drafted'", page.languages)
    if entry and page.source in drafts:
        page.wrong(
            entry.value, f"The source language, {page.source}, cannot be a draft.", "Take it off the list."
        )
    return frozenset(drafts)


def _intro(page: SurveyPage, entry: Entry) -> Texts:
    """The first message says who asks, and how to end: the word STOP stays STOP in every language."""
    intro = page.words(entry.value, "the intro")
    for language, text in intro.items():
        for needed in ("STOP", "{school}"):
            if needed not in text:
                page.wrong(
                    page.at(entry, language),
                    f"The first message does not hold {needed} ({language}).",
                    "It has to say who asks, and 'Reply STOP to end'; STOP is STOP in every language.",
                )
    return intro


def _our_thanks(languages: tuple[str, ...]) -> Texts:
    return {language: phrases.say("thanks", language) for language in languages}


def _questions(page: SurveyPage, entry: Entry) -> None:
    nodes = page.sequence(entry.value, "'questions'")
    if not nodes:
        page.wrong(entry.key, "There are no questions.", "Add at least one.")
    keys = [
        value.value
        for node in nodes
        if isinstance(node, yaml.MappingNode)
        for name, value in node.value
        if name.value == "key" and isinstance(value, yaml.ScalarNode)
    ]
    for node in nodes:
        question(page, node, tuple(keys))
    first = next(iter(page.asked.values()), None)
    if first and first.ask_if:
        page.wrong(nodes[0], "The first question has a condition.", "It has to be asked of everybody.")
