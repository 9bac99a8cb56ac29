"""Reads one question of a survey file: its kind, its words, its choices, its limits, and when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from .. import phrases
from ..asking import Constraint
from ..folding import fold
from ..lexicon import LEXICONS
from ..questions import KINDS, SEEKS, One, Option, Question
from .choice_page import hears_itself, option, unreserved
from .gate_page import bound, expression, gates, truth, whole
from .survey_page import KEY, SurveyPage
from .tree import Entry, did_you_mean

COMMON = ("key", "kind", "text", "ask_if", "hint", "required", "constraint", "default")
"""What every question may hold, beside its variants."""

Entries = Mapping[str, Entry]
Parts = dict[str, Any]


def question(page: SurveyPage, node: yaml.Node) -> Question | None:
    """The question, entered into ``page.asked`` too; None, and what is wrong with it on the page."""
    before = len(page.problems)
    entries = page.mapping(node, "a question")
    key = page.key(entries.get("key"), "key", KEY, "hard", node)
    kind = _kind(page, entries, node)
    if kind is None:
        page.asked[key] = None
        return None
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
    parts |= _limits(page, entries, what)
    ask_if = gates(page, entries.get("ask_if"))
    asked: Question | None = None
    if len(page.problems) == before:
        asked = KINDS[kind](key=key, languages=page.languages, texts=texts, ask_if=ask_if, **parts)
        if (
            isinstance(asked, One)
            and isinstance(entries["choices"].value, yaml.SequenceNode)
            and not (page.lenient or page.published)
        ):
            hears_itself(page, asked, entries)
    page.asked[key] = asked
    return asked


def _limits(page: SurveyPage, entries: Entries, what: str) -> Parts:
    """What a question of any kind may hold: a hint, whether it is needed, what the answer has to fulfil."""
    parts: Parts = {}
    if "hint" in entries:
        parts["hints"] = page.words(entries["hint"].value, f"the hint of {what}", beside=True)
    if "required" in entries:
        written = entries["required"].value
        if isinstance(written, yaml.ScalarNode) and written.value in ("yes", "no", "true", "false"):
            parts["required"] = truth(page, entries["required"], f"'required' of {what}")
        else:
            needed = page.words(written, f"'required' of {what}", beside=True)
            parts |= {"required": True, "required_texts": needed}
    if "constraint" in entries:
        held = page.mapping(entries["constraint"].value, f"'constraint' of {what}", ("that", "say"))
        found = expression(page, held.get("that"), f"'constraint' of {what}")
        if "that" not in held:
            page.wrong(
                entries["constraint"].key,
                f"'constraint' of {what} has no 'that:'.",
                'Write {that: ". < 10"}.',
            )
        why = f"'constraint' of {what}"
        say = page.words(held["say"].value, why, beside=True) if "say" in held else None
        if found:
            parts["constraint"] = Constraint(found, say)
    if "default" in entries:
        parts["default"] = expression(page, entries["default"], f"'default' of {what}")
    return parts


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
    value = entries["choices"].value
    if isinstance(value, yaml.ScalarNode):
        if value.value not in page.lists:
            page.wrong(value, f"There is no list '{value.value}'.", did_you_mean(value.value, page.lists))
        options = page.lists.get(value.value, ())
    else:
        options = listed(page, value, what, key)
        if isinstance(value, yaml.SequenceNode) and len(value.value) < 2 and not page.lenient:
            page.wrong(
                entries["choices"].key,
                f"A choice needs two at least, in {what}.",
                "Add one, or make it 'kind: open'.",
            )
    parts: Parts = {"options": options}
    if "choice_filter" in entries:
        parts["offered"] = _offered(page, entries["choice_filter"], entries["choices"], what)
    if "shuffle" in entries:
        parts["shuffled"] = truth(page, entries["shuffle"], f"'shuffle' of {what}")
    if "show" in entries:
        parts["show"] = whole(page, entries["show"], f"'show' of {what}")
    return parts


def listed(page: SurveyPage, node: yaml.Node, what: str, key: str) -> tuple[Option, ...]:
    """The choices of a list, each with its own key."""
    nodes = page.sequence(node, f"'choices' of {what}")
    options = [choice for item in nodes if (choice := option(page, item, what, key))]
    keys = [choice.key for choice in options]
    if len(set(keys)) < len(keys):
        for double in sorted({key for key in keys if keys.count(key) > 1}):
            page.wrong(node, f"Two choices of {what} have the key '{double}'.", "Give each its own key.")
    return tuple(options)


def _offered(page: SurveyPage, entry: Entry, choices: Entry, what: str) -> Any:
    """Which of a list's choices there are: an expression about the list's columns, looked up in the list."""
    if not isinstance(choices.value, yaml.ScalarNode):
        page.wrong(entry.key, f"'choice_filter' of {what} needs a list.", "Put the choices under 'lists:'.")
        return None
    written = page.text(entry.value, "'choice_filter'")
    lookup = f"instance('{choices.value.value}')/root/item[{written}]/openline_key"
    whole_entry = Entry(entry.key, yaml.ScalarNode("", lookup, entry.value.start_mark, entry.value.end_mark))
    return expression(page, whole_entry, f"'choice_filter' of {what}")


def _many(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    """A list of which several may fit has a way to say "none of these", in the survey's words or in ours."""
    parts = _choices(page, entries, node, what, key)
    if "pick" in entries:
        parts["pick"] = whole(page, entries["pick"], f"'pick' of {what}")
    if "none" in entries and getattr(entries["none"].value, "value", None) in ("no", "false"):
        return {**parts, "nothing": False}
    if any(option.key == "none" for option in parts.get("options", ())):
        page.wrong(
            entries["choices"].key,
            f"'none' is not one of the choices of {what}.",
            "Give it apart: 'none: {en: …}'.",
        )
    if "none" in entries:
        labels = page.words(entries["none"].value, f"'none' of {what}")
        for tag, label in labels.items() if not page.lenient else ():
            unreserved(page, page.at(entries["none"], tag), label, "none", tag)
    else:
        labels = {language: phrases.say("none", language) for language in page.languages}
    options = parts.get("options", ())
    parts["options"] = (*options, Option("none", labels, also=_none_words(page, options)))
    parts["fixed"] = 1
    return parts


def _none_words(page: SurveyPage, options: Sequence[Option]) -> Mapping[str, tuple[str, ...]]:
    """What people say for none of these: "nothing", and "no" where no choice is called so."""
    found = {}
    for language in page.languages:
        if language in LEXICONS:
            taken = {
                fold(text)
                for option in options
                for text in (option.label(language), *option.also.get(language, ()))
            }
            words = (*LEXICONS[language].none, *LEXICONS[language].no)
            found[language] = tuple(word for word in words if fold(word) not in taken)
    return found


def _number(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    least, most = bound(page, entries.get("min")), bound(page, entries.get("max"))
    if least is not None and most is not None and least > most:
        page.wrong(entries["min"].value, f"In {what}, min is above max.", "Turn them round.")
    units: list[str] = []
    if "units" in entries:
        by_language = page.mapping(entries["units"].value, f"'units' of {what}", page.languages)
        for entry in by_language.values():
            units += [unit for _, unit in page.texts(entry.value, "'units'")]
    decimals = truth(page, entries.get("decimals"), "'decimals'", cure="Write 'decimals: yes' to accept 2.5.")
    step = bound(page, entries.get("step"))
    return {"least": least, "most": most, "decimals": decimals, "units": tuple(units), "step": step}


def _range(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    for needed in ("min", "max"):
        if needed not in entries:
            page.wrong(node, f"There is no '{needed}:' in {what}.", "A range names both its ends.")
    return _number(page, entries, node, what, key)


def _date(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    if "order" not in entries:
        return {}
    order = page.text(entries["order"].value, f"'order' of {what}")
    if order not in ("MDY", "DMY", "YMD"):
        page.wrong(entries["order"].value, f"'order' of {what} is MDY, DMY or YMD.", "Write one of them.")
    return {"order": order}


_Read = Callable[[SurveyPage, Entries, yaml.Node, str, str], Parts]
_LIST = ("choices", "choice_filter", "shuffle", "show")
_PARTS: Mapping[str, tuple[tuple[str, ...], _Read]] = {
    "open": (("seeks",), _open),
    "one": (_LIST, _choices),
    "scale": (_LIST, _choices),
    "rank": (_LIST, _choices),
    "many": ((*_LIST, "none", "pick"), _many),
    "yesno": ((), _nothing),
    "number": (("min", "max", "decimals", "units", "step"), _number),
    "range": (("min", "max", "decimals", "units", "step"), _range),
    "date": (("order",), _date),
    "datetime": (("order",), _date),
    "time": ((), _nothing),
    "image": ((), _nothing),
    "audio": ((), _nothing),
}


def kind_keys() -> frozenset[str]:
    """Every word that means something in a question, so that no variant may be called so."""
    return frozenset(COMMON) | {key for keys, _ in _PARTS.values() for key in keys}
