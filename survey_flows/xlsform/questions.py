"""A row as a question, whatever its kind: its words, its limits, what is offered; and the ones with choices."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..told import told
from . import lists
from .making import Making, Node, row_of
from .ours import NAME, Ours
from .page import Item
from .parts import appearance, asked, based, gated, hinted, offered
from .values import read_only

BY_WORDS = told("It is asked in words.")


def question_of(making: Making, node: Node, kind: str, parts: Item) -> list[Item]:
    only = read_only(making, node)
    if only is not None:
        return only
    bind = node.get("bind") or {}
    made = based(node)
    made |= {"kind": kind, "text": asked(making, node, told("question '{key}'", key=node["name"]))}
    label, hint = bool(node.get("label")), hinted(making, node)
    if hint and label:
        made["hint"] = hint
    made |= parts
    required = making.flag(bind.get("required"))
    if isinstance(required, str):
        making.find(
            node,
            told("'required' depends on other answers."),
            told("An answer is not insisted on."),
            note=True,
        )
    elif required:
        say = making.words(node, bind.get("jr:requiredMsg"), told("message of 'required'"), beside=True)
        made["required"] = say or True
    ours = Ours.of(node.get(NAME))
    limit = str(bind.get("constraint") or "")
    own = ours.beside(limit)
    if own is not None:
        limit = own
        if kind == "number":
            made |= {name: float(ours.get(name)) for name in ("min", "max", "step") if ours.get(name)}
        made |= {"seeks": ours.get("seeks")} if ours.get("seeks") else {}
    constraint = making.expression(node, limit, "constraint")
    if constraint:
        say = making.words(node, bind.get("jr:constraintMsg"), told("message of 'constraint'"), beside=True)
        made["constraint"] = {"that": constraint, "say": say} if say else {"that": constraint}
    default = offered(making, node, kind)
    if default:
        made["default"] = default
    return [gated(making, node, made)]


def select(kind: str) -> Callable[[Making, Node, str], list[Item]]:
    def make(making: Making, node: Node, type_: str) -> list[Item]:
        name = str(node.get("itemset") or node.get("list_name") or "")
        known = (making.tree.get("choices") or {}).get(name)
        if known is None or "search(" in appearance(node):
            return elsewhere(making, node, name)
        other = asks_other(making, node)
        choices = lists.take(making, name, other=other)
        parts: Item = {"choices": name}
        ours = Ours.of(node.get(NAME))
        if kind == "one" and ours.get("kind") == "yesno":
            return question_of(making, node, "yesno", {})
        found = str(node.get("choice_filter") or "")
        if ours.has("none"):
            found = re.sub(r"^\((.*)\) or name = 'none'$", r"\1", found)
            parts |= without_none(making, name, choices)
        if found:
            written = making.expression(node, f"instance('{name}')/root/item[{found}]/name", "choice_filter")
            if written is None:
                return []
            parts["choice_filter"] = found
        if str((node.get("parameters") or {}).get("randomize", "")).lower() == "true":
            parts["shuffle"] = True
        parts |= {name: int(ours.get(name)) for name in ("show", "pick") if ours.get(name).isdecimal()}
        if (
            kind == "many"
            and not (ours.has("none") or ours.has("blank"))
            and (
                making.flag((node.get("bind") or {}).get("required"))
                or not making.spoken
                or lists.says_none(making, choices)
            )
        ):
            parts["none"] = False
        return question_of(making, node, "scale" if ours.get("kind") == "scale" else kind, parts)

    return make


def without_none(making: Making, name: str, choices: list[Item]) -> Item:
    """A list of our own that ends in "none of these": that one stands apart."""
    none = next((choice for choice in choices if choice["key"] == "none"), None)
    if none is None:
        return {}
    own = f"{name}_apart"
    making.lists.setdefault(own, [choice for choice in choices if choice is not none])
    return {"choices": own, "none": {tag: none[tag] for tag in making.languages if tag in none}}


def elsewhere(making: Making, node: Node, name: str) -> list[Item]:
    """A list that is not in the form: in a data file, or made of a repeat's answers."""
    what = told("The choices are not in the form ({name}).", name=name or appearance(node))
    making.find(node, what, BY_WORDS)
    return question_of(making, node, "open", {})


def asks_other(making: Making, node: Node) -> bool:
    """Whether pyxform has put "Specify other" behind this question."""
    child = making.children.get(f"{node['name']}_other")
    return child is not None and child.get("label") == "Specify other." and row_of(child) is None
