"""Reads one question of a survey file: its kind, its words, its choices, and when it is asked."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from . import phrases
from .choice_page import hears_itself, option
from .lexicon import LEXICONS
from .questions import KINDS, SEEKS, Condition, Number, One, Option, Question
from .survey_page import KEY, SurveyPage
from .tree import Entry, did_you_mean

COMMON = ("key", "kind", "text", "ask_if")
"""What every question may hold, beside its variants."""

Entries = Mapping[str, Entry]
Parts = dict[str, Any]


def question(page: SurveyPage, node: yaml.Node, all_keys: tuple[str, ...]) -> None:
    """Adds the question to ``page.asked``, or what is wrong with it to the page."""
    before = len(page.problems)
    entries = page.mapping(node, "a question")
    key = page.key(entries.get("key"), "key", KEY, "hard", node)
    kind = _kind(page, entries, node)
    if kind is None:
        page.asked[key] = None
        return
    what = f"question '{key}'"
    known, read = _PARTS[kind]
    page.known(entries, f"a question of kind '{kind}'", (*COMMON, *known, *page.variants))
    if key in page.asked:
        page.wrong(entries["key"].value, f"Two questions are called '{key}'.", "Give each its own key.")
    texts = {}
    for variant in (None, *page.variants):
        if (variant or "text") in entries:
            texts[variant] = page.words(
                entries[variant or "text"].value, f"{variant or 'the'} wording of {what}"
            )
    if None not in texts:
        page.wrong(node, f"There is no 'text:' in {what}.", "Add the words to ask it with.")
    parts = read(page, entries, node, what, key)
    ask_if = _conditions(page, entries.get("ask_if"), all_keys)
    asked: Question | None = None
    if len(page.problems) == before:
        asked = KINDS[kind](key=key, languages=page.languages, texts=texts, ask_if=ask_if, **parts)
        if isinstance(asked, One):
            hears_itself(page, asked, entries)
    page.asked[key] = asked


def _kind(page: SurveyPage, entries: Entries, node: yaml.Node) -> str | None:
    if "kind" not in entries:
        page.wrong(node, "There is no 'kind:' in this question.", f"Add one: {', '.join(KINDS)}.")
        return None
    kind = page.text(entries["kind"].value, "'kind'")
    if kind not in KINDS:
        page.wrong(
            entries["kind"].value,
            f"There is no kind of question called '{kind}'.",
            did_you_mean(str(kind), KINDS),
        )
        return None
    return kind


# What each kind holds beside its words


def _nothing(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    return {}


def _open(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    if "seeks" not in entries:
        return {}
    seeks = page.text(entries["seeks"].value, "'seeks'")
    if seeks not in SEEKS:
        page.wrong(
            entries["seeks"].value,
            f"'seeks: {seeks}' in {what} is not one of {', '.join(SEEKS)}.",
            did_you_mean(str(seeks), SEEKS),
        )
    return {"seeks": seeks}


def _choices(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    if "choices" not in entries:
        page.wrong(node, f"There are no 'choices:' in {what}.", "List them, lowest first.")
        return {}
    nodes = page.sequence(entries["choices"].value, f"'choices' of {what}")
    options = [choice for item in nodes if (choice := option(page, item, what, key))]
    if isinstance(entries["choices"].value, yaml.SequenceNode) and len(nodes) < 2:
        page.wrong(
            entries["choices"].key,
            f"A choice needs two at least, in {what}.",
            "Add one, or make it 'kind: open'.",
        )
    keys = [choice.key for choice in options]
    for double in sorted({key for key in keys if keys.count(key) > 1}):
        page.wrong(
            entries["choices"].key,
            f"Two choices of {what} have the key '{double}'.",
            "Give each its own key.",
        )
    return {"options": tuple(options)}


def _many(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    """A list of which several may fit has a way to say "none of these", in the survey's words or in ours."""
    parts = _choices(page, entries, node, what, key)
    if any(option.key == "none" for option in parts.get("options", ())):
        page.wrong(
            entries["choices"].key,
            f"'none' is not one of the choices of {what}.",
            "Give it apart: 'none: {en: …}'.",
        )
    if "none" in entries:
        labels = page.words(entries["none"].value, f"'none' of {what}")
    else:
        labels = {language: phrases.say("none", language) for language in page.languages}
    parts["options"] = (*parts.get("options", ()), Option("none", labels, also=_none_words(page)))
    return parts


def _none_words(page: SurveyPage) -> Mapping[str, tuple[str, ...]]:
    return {language: LEXICONS[language].none for language in page.languages if language in LEXICONS}


def _number(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    least, most = _bound(page, entries.get("min")), _bound(page, entries.get("max"))
    if least is not None and most is not None and least > most:
        page.wrong(entries["min"].value, f"In {what}, min is above max.", "Turn them round.")
    units: list[str] = []
    if "units" in entries:
        by_language = page.mapping(entries["units"].value, f"'units' of {what}", page.languages)
        for entry in by_language.values():
            units += [unit for _, unit in page.texts(entry.value, "'units'")]
    decimals = page.text(entries["decimals"].value, "'decimals'") if "decimals" in entries else "no"
    if decimals not in ("yes", "no", "true", "false"):
        page.wrong(
            entries["decimals"].value, "'decimals' is yes or no.", "Write 'decimals: yes' to accept 2.5."
        )
    return {"least": least, "most": most, "decimals": decimals in ("yes", "true"), "units": tuple(units)}


_Read = Callable[[SurveyPage, Entries, yaml.Node, str, str], Parts]
_PARTS: Mapping[str, tuple[tuple[str, ...], _Read]] = {
    "open": (("seeks",), _open),
    "one": (("choices",), _choices),
    "scale": (("choices",), _choices),
    "many": (("choices", "none"), _many),
    "yesno": ((), _nothing),
    "number": (("min", "max", "decimals", "units"), _number),
}


def kind_keys() -> frozenset[str]:
    """Every word that means something in a question, so that no variant may be called so."""
    return frozenset(COMMON) | {key for keys, _ in _PARTS.values() for key in keys}


def _bound(page: SurveyPage, entry: Entry | None) -> float | None:
    if entry is None:
        return None
    written = page.text(entry.value, "A bound") or ""
    try:
        value = float(written)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        page.wrong(entry.value, f"'{written}' is not a number.", "Write it in digits, like 31.")
        return None
    return value


# When it is asked


def _conditions(page: SurveyPage, entry: Entry | None, all_keys: tuple[str, ...]) -> tuple[Condition, ...]:
    if entry is None:
        return ()
    found = []
    for name, condition in page.mapping(entry.value, "'ask_if'").items():
        if name in page.asked:
            earlier = page.asked[name]
            made = _condition(page, earlier, condition) if earlier else None
            if made:
                found.append(made)
        elif name in all_keys:
            page.wrong(
                condition.key,
                f"'ask_if' refers to '{name}', which is not asked before.",
                "Move that question up.",
            )
        else:
            page.wrong(
                condition.key,
                f"'ask_if' refers to '{name}', but there is no such question.",
                did_you_mean(name, tuple(page.asked)),
            )
    return tuple(found)


def _condition(page: SurveyPage, earlier: Question, entry: Entry) -> Condition | None:
    if isinstance(earlier, Number):
        bounds = page.mapping(entry.value, f"the condition on '{earlier.key}'", ("min", "max"))
        return Condition(
            earlier.key, least=_bound(page, bounds.get("min")), most=_bound(page, bounds.get("max"))
        )
    if not earlier.keys:
        page.wrong(
            entry.key,
            f"'{earlier.key}' is an open question: it cannot decide what is asked.",
            "Use a question with choices.",
        )
        return None
    aliases = {"true": "yes", "false": "no"}
    keys = page.listed(entry, f"the condition on '{earlier.key}'", earlier.keys)
    if not keys:
        page.wrong(
            entry.value,
            f"The condition on '{earlier.key}' names no answer.",
            "List the answers that lead here.",
        )
    return Condition(earlier.key, frozenset(aliases.get(key, key) for key in keys))
