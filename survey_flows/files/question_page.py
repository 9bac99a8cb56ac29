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
from ..told import told
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
    entries = page.mapping(node, told("a question"))
    key = page.key(entries.get("key"), "key", KEY, "hard", node)
    kind = _kind(page, entries, node)
    if kind is None:
        page.asked[key] = None
        return None
    what = told("question '{key}'", key=key)
    known, read = _PARTS[kind]
    page.known(entries, told("a question of kind '{kind}'", kind=kind), (*COMMON, *known, *page.variants))
    if key in page.asked:
        page.wrong(
            entries["key"].value,
            told("Two questions are called '{key}'.", key=key),
            told("Give each its own key."),
        )
    texts = {}
    for variant in (None, *page.variants):
        if (variant or "text") in entries:
            texts[variant] = page.words(
                entries[variant or "text"].value,
                told("{variant} wording of {what}", variant=variant, what=what)
                if variant
                else told("the wording of {what}", what=what),
            )
    if None not in texts:
        page.wrong(
            node, told("There is no 'text:' in {what}.", what=what), told("Add the words to ask it with.")
        )
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
        parts["hints"] = page.words(entries["hint"].value, told("the hint of {what}", what=what), beside=True)
    if "required" in entries:
        written = entries["required"].value
        if isinstance(written, yaml.ScalarNode) and written.value in ("yes", "no", "true", "false"):
            parts["required"] = truth(
                page, entries["required"], told("'{name}' of {what}", name="required", what=what)
            )
        else:
            needed = page.words(written, told("'{name}' of {what}", name="required", what=what), beside=True)
            parts |= {"required": True, "required_texts": needed}
    if "constraint" in entries:
        named = told("'{name}' of {what}", name="constraint", what=what)
        held = page.mapping(entries["constraint"].value, named, ("that", "say"))
        found = expression(page, held.get("that"), named)
        if "that" not in held:
            page.wrong(
                entries["constraint"].key,
                told("'constraint' of {what} has no 'that:'.", what=what),
                told('Write {that: ". < 10"}.'),
            )
        say = page.words(held["say"].value, named, beside=True) if "say" in held else None
        if found:
            parts["constraint"] = Constraint(found, say)
    if "default" in entries:
        parts["default"] = expression(
            page, entries["default"], told("'{name}' of {what}", name="default", what=what)
        )
    return parts


def _kind(page: SurveyPage, entries: Entries, node: yaml.Node) -> str | None:
    if "kind" not in entries:
        page.wrong(
            node,
            told("There is no 'kind:' in this question."),
            told("Add one: {kinds}.", kinds=", ".join(KINDS)),
        )
        return None
    kind = page.text(entries["kind"].value, "'kind'")
    if kind not in KINDS:
        page.wrong(
            entries["kind"].value,
            told("There is no kind of question called '{kind}'.", kind=kind),
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
            told(
                "'seeks: {seeks}' in {what} is not one of {known}.",
                seeks=seeks,
                what=what,
                known=", ".join(SEEKS),
            ),
            did_you_mean(str(seeks), SEEKS),
        )
    return {"seeks": seeks}


def _choices(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    if "choices" not in entries:
        page.wrong(
            node, told("There are no 'choices:' in {what}.", what=what), told("List them, lowest first.")
        )
        return {}
    value = entries["choices"].value
    if isinstance(value, yaml.ScalarNode):
        if value.value not in page.lists:
            page.wrong(
                value,
                told("There is no list '{name}'.", name=value.value),
                did_you_mean(value.value, page.lists),
            )
        options = page.lists.get(value.value, ())
    else:
        options = listed(page, value, what, key)
        if isinstance(value, yaml.SequenceNode) and len(value.value) < 2 and not page.lenient:
            page.wrong(
                entries["choices"].key,
                told("A choice needs two at least, in {what}.", what=what),
                told("Add one, or make it 'kind: open'."),
            )
    parts: Parts = {"options": options}
    if "choice_filter" in entries:
        parts["offered"] = _offered(page, entries["choice_filter"], entries["choices"], what)
    if "shuffle" in entries:
        parts["shuffled"] = truth(
            page, entries["shuffle"], told("'{name}' of {what}", name="shuffle", what=what)
        )
    if "show" in entries:
        parts["show"] = whole(page, entries["show"], told("'{name}' of {what}", name="show", what=what))
    return parts


def listed(page: SurveyPage, node: yaml.Node, what: str, key: str) -> tuple[Option, ...]:
    """The choices of a list, each with its own key."""
    nodes = page.sequence(node, told("'{name}' of {what}", name="choices", what=what))
    options = [choice for item in nodes if (choice := option(page, item, what, key))]
    keys = [choice.key for choice in options]
    if len(set(keys)) < len(keys):
        for double in sorted({key for key in keys if keys.count(key) > 1}):
            page.wrong(
                node,
                told("Two choices of {what} have the key '{key}'.", what=what, key=double),
                told("Give each its own key."),
            )
    return tuple(options)


def _offered(page: SurveyPage, entry: Entry, choices: Entry, what: str) -> Any:
    """Which of a list's choices there are: an expression about the list's columns, looked up in the list."""
    if not isinstance(choices.value, yaml.ScalarNode):
        page.wrong(
            entry.key,
            told("'choice_filter' of {what} needs a list.", what=what),
            told("Put the choices under 'lists:'."),
        )
        return None
    written = page.text(entry.value, "'choice_filter'")
    lookup = f"instance('{choices.value.value}')/root/item[{written}]/openline_key"
    whole_entry = Entry(entry.key, yaml.ScalarNode("", lookup, entry.value.start_mark, entry.value.end_mark))
    return expression(page, whole_entry, told("'{name}' of {what}", name="choice_filter", what=what))


def _many(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    """A list of which several may fit has a way to say "none of these", in the survey's words or in ours."""
    parts = _choices(page, entries, node, what, key)
    if "pick" in entries:
        parts["pick"] = whole(page, entries["pick"], told("'{name}' of {what}", name="pick", what=what))
    if "none" in entries and getattr(entries["none"].value, "value", None) in ("no", "false"):
        return {**parts, "nothing": False}
    if any(option.key == "none" for option in parts.get("options", ())):
        page.wrong(
            entries["choices"].key,
            told("'none' is not one of the choices of {what}.", what=what),
            told("Give it apart: 'none: {en: …}'."),
        )
    if "none" in entries:
        labels = page.words(entries["none"].value, told("'{name}' of {what}", name="none", what=what))
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
        page.wrong(
            entries["min"].value, told("In {what}, min is above max.", what=what), told("Turn them round.")
        )
    units: list[str] = []
    if "units" in entries:
        by_language = page.mapping(
            entries["units"].value, told("'{name}' of {what}", name="units", what=what), page.languages
        )
        for entry in by_language.values():
            units += [unit for _, unit in page.texts(entry.value, "'units'")]
    decimals = truth(
        page, entries.get("decimals"), "'decimals'", cure=told("Write 'decimals: yes' to accept 2.5.")
    )
    step = bound(page, entries.get("step"))
    return {"least": least, "most": most, "decimals": decimals, "units": tuple(units), "step": step}


def _range(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    for needed in ("min", "max"):
        if needed not in entries:
            page.wrong(
                node,
                told("There is no '{needed}:' in {what}.", needed=needed, what=what),
                told("A range names both its ends."),
            )
    return _number(page, entries, node, what, key)


def _date(page: SurveyPage, entries: Entries, node: yaml.Node, what: str, key: str) -> Parts:
    if "order" not in entries:
        return {}
    order = page.text(entries["order"].value, told("'{name}' of {what}", name="order", what=what))
    if order not in ("MDY", "DMY", "YMD"):
        page.wrong(
            entries["order"].value,
            told("'order' of {what} is MDY, DMY or YMD.", what=what),
            told("Write one of them."),
        )
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
