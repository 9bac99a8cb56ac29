"""Reads the items of a survey file: questions, and the notes, groups, values, splits and quotas between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import yaml

from .. import phrases
from ..items import TURNS, Block, Computed, Item, Note, Quota, Repeat, Split
from ..questions import Texts, YesNo
from ..told import told
from .gate_page import bound, expression, gates, whole
from .question_page import question
from .survey_page import KEY, SurveyPage
from .tree import Entry

Entries = Mapping[str, Entry]
KEYS = ("note", "compute", "group", "split", "quota", "include")
"""The key by which an item is known that is not a question."""


def items(page: SurveyPage, nodes: Sequence[yaml.Node]) -> tuple[Item, ...]:
    """The items in their order; what cannot be read is complained of and left out."""
    read = (_item(page, node) for node in nodes)
    return tuple(item for several in read for item in several)


def names(nodes: Sequence[yaml.Node]) -> list[str]:
    """The keys of all items, groups' inner ones as well, before any of them has been read."""
    return [
        held[name] for held in _held(nodes) for name in ("key", "group", "split", "quota") if name in held
    ]


def included(nodes: Sequence[yaml.Node]) -> list[str]:
    """The surveys that the items include, before any of them has been read."""
    return [held["include"] for held in _held(nodes) if "include" in held]


def _held(nodes: Sequence[yaml.Node]) -> Iterator[Mapping[str, str]]:
    """The plain texts that each item holds, by key; those of the items in a group as well."""
    for node in nodes:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        yield {key.value: value.value for key, value in pairs if _plain(key, value)}
        for key, inner in pairs:
            if key.value == "questions" and isinstance(inner, yaml.SequenceNode):
                yield from _held(inner.value)


def _plain(*nodes: yaml.Node) -> bool:
    return all(isinstance(node, yaml.ScalarNode) for node in nodes)


def _item(page: SurveyPage, node: yaml.Node) -> list[Item]:
    held = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    kind = next((letter for letter in KEYS if letter in held), None)
    if kind is None:
        asked = question(page, node)
        return [asked] if asked else []
    entries = page.mapping(node, told("a {kind}", kind=kind))
    made = _READ[kind](page, entries, node)
    return made if isinstance(made, list) else [made] if made else []


def _named(page: SurveyPage, entries: Entries, name: str, node: yaml.Node, example: str) -> str:
    key = page.key(entries.get(name), name, KEY, example, node)
    page.passed.add(key)
    return key


def _note(page: SurveyPage, entries: Entries, node: yaml.Node) -> Item | None:
    page.known(entries, told("a note"), ("key", "note", "ask_if", *page.variants))
    key = _named(page, entries, "key", node, "about_buses")
    what = told("note '{key}'", key=key)
    texts: dict[str | None, Texts] = {None: page.words(entries["note"].value, what)}
    for variant in page.variants:
        if variant in entries:
            texts[variant] = page.words(
                entries[variant].value, told("{variant} wording of {what}", variant=variant, what=what)
            )
    return Note(key=key, texts=texts, ask_if=gates(page, entries.get("ask_if")))


def _compute(page: SurveyPage, entries: Entries, node: yaml.Node) -> Item | None:
    page.known(entries, told("a computed value"), ("key", "compute", "ask_if"))
    key = _named(page, entries, "key", node, "total")
    found = expression(page, entries["compute"], told("'{name}' of {what}", name="compute", what=f"'{key}'"))
    return Computed(key=key, expression=found, ask_if=gates(page, entries.get("ask_if"))) if found else None


def _split(page: SurveyPage, entries: Entries, node: yaml.Node) -> Item | None:
    page.known(entries, told("a split"), ("split", "arms", "ask_if"))
    key = _named(page, entries, "split", node, "wording")
    if "arms" not in entries:
        page.wrong(
            node,
            told("There are no 'arms:' in split '{key}'.", key=key),
            told("Give each arm its weight: {a: 1, b: 1}."),
        )
        return None
    arms = {}
    for name, entry in page.mapping(
        entries["arms"].value, told("the arms of split '{key}'", key=key)
    ).items():
        weight = bound(page, entry)
        if weight is not None and weight <= 0:
            page.wrong(
                entry.value,
                told("Arm '{name}' can never be drawn.", name=name),
                told("Give it a weight above 0."),
            )
        arms[name] = weight or 0.0
    if len(arms) < 2:
        page.wrong(
            entries["arms"].key, told("Split '{key}' needs two arms at least.", key=key), told("Add one.")
        )
    page.lots[key] = tuple(arms)
    return Split(key=key, arms=arms, ask_if=gates(page, entries.get("ask_if")))


def _quota(page: SurveyPage, entries: Entries, node: yaml.Node) -> Item | None:
    page.known(entries, told("a quota"), ("quota", "most", "ask_if", "full"))
    key = _named(page, entries, "quota", node, "spanish_speakers")
    most = whole(
        page,
        entries.get("most"),
        told("'{name}' of {what}", name="most", what=told("quota '{key}'", key=key)),
    )
    if "most" not in entries:
        page.wrong(
            node, told("There is no 'most:' in quota '{key}'.", key=key), told("Say how many are enough.")
        )
    texts = (
        page.words(
            entries["full"].value,
            told("'{name}' of {what}", name="full", what=told("quota '{key}'", key=key)),
        )
        if "full" in entries
        else None
    )
    return Quota(key=key, most=most or 1, ask_if=gates(page, entries.get("ask_if")), texts=texts)


def _group(page: SurveyPage, entries: Entries, node: yaml.Node) -> Item | None:
    page.known(entries, told("a group"), ("group", "label", "ask_if", "order", "repeat", "questions"))
    key = _named(page, entries, "group", node, "each_child")
    if "questions" not in entries:
        page.wrong(
            node, told("There are no 'questions:' in group '{key}'.", key=key), told("List what it holds.")
        )
        return None
    ask_if = gates(page, entries.get("ask_if"))
    order = page.text(entries["order"].value, "'order'") if "order" in entries else "file"
    if order not in ("file", "random"):
        page.wrong(
            entries["order"].value,
            told("'order' of group '{key}' is file or random.", key=key),
            told("Write one of them."),
        )
    label = (
        page.words(entries["label"].value, told("the label of group '{key}'", key=key))
        if "label" in entries
        else None
    )
    inner = items(
        page,
        page.sequence(
            entries["questions"].value,
            told("'{name}' of {what}", name="questions", what=told("group '{key}'", key=key)),
        ),
    )
    repeat = None
    if "repeat" in entries:
        repeat = _repeat(page, entries["repeat"], key)
        if repeat is not None and repeat.count is None and repeat.more:
            inner = (*inner, _another(page, repeat.more, label))
    return Block(key=key, items=inner, ask_if=ask_if, shuffled=order == "random", repeat=repeat)


def _repeat(page: SurveyPage, entry: Entry, key: str) -> Repeat | None:
    written = page.text(
        entry.value, told("'{name}' of {what}", name="repeat", what=told("group '{key}'", key=key))
    )
    if written in ("yes", "true"):
        return Repeat(more=f"{key}_more")
    if written in ("no", "false"):
        return None
    count = expression(
        page, entry, told("'{name}' of {what}", name="repeat", what=told("group '{key}'", key=key))
    )
    if written is not None and written.isdecimal() and float(written) > TURNS:
        page.wrong(
            entry.value,
            told("Group '{key}' repeats more than {most} times.", key=key, most=TURNS),
            told("Nobody answers that long."),
        )
    return Repeat(count=count) if count else None


def _another(page: SurveyPage, key: str, label: Mapping[str, str] | None) -> YesNo:
    """Whether there is one more: asked at the end of each time round."""
    texts = {}
    for language in page.languages:
        named = label[language] if label else ""
        said = (
            phrases.say("another", language, label=named)
            if named
            else phrases.say("another", language, label="…")
        )
        texts[language] = said.replace(" (…)", "").replace("(…)", "")
    asked = YesNo(key=key, languages=page.languages, texts={None: texts})
    page.asked[key] = asked
    return asked


def _include(page: SurveyPage, entries: Entries, node: yaml.Node) -> Item | list[Item] | None:
    """The items of another survey, here: its file follows in the same text, after ``---``."""
    page.known(entries, told("an include"), ("include", "ask_if"))
    name = page.text(entries["include"].value, "'include'") or ""
    if name in page.including:
        page.wrong(
            node, told("Survey '{name}' includes itself.", name=name), told("Take one of the two out.")
        )
        return None
    if name not in page.others:
        problem = told("There is no survey '{name}' to include.", name=name)
        page.wrong(
            entries["include"].value,
            problem,
            told("Put its file beside this one, or take one of the library."),
        )
        return None
    ask_if = gates(page, entries.get("ask_if"))
    page.including.append(name)
    inner = items(
        page,
        page.sequence(
            page.others[name],
            told("'{name}' of {what}", name="questions", what=told("survey '{key}'", key=name)),
        ),
    )
    page.including.pop()
    return Block(key=f"{name}_included", items=inner, ask_if=ask_if)


_Read = Callable[[SurveyPage, Entries, yaml.Node], "Item | list[Item] | None"]
_READ: Mapping[str, _Read] = {
    "note": _note,
    "compute": _compute,
    "group": _group,
    "split": _split,
    "quota": _quota,
    "include": _include,
}
