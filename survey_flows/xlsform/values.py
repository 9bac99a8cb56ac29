"""Rows that nobody answers: calculations, notes, what may only be read, and what a device would know."""

from __future__ import annotations

from collections.abc import Mapping

from ..told import told
from .making import Making, Node, Words, row_of
from .ours import NAME, Ours
from .page import ROW, Item
from .parts import asked, based, gated, offered
from .plain import LONGEST, cut

PRELOADED: Mapping[str, str] = {
    "start": "once(now())",
    "end": "now()",
    "today": "once(today())",
    **dict.fromkeys(("deviceid", "phonenumber", "subscriberid", "simserial", "username", "email"), "''"),
}
_KNOWN_LATER = frozenset(PRELOADED) - {"start", "end", "today"}


def absent(making: Making, node: Node) -> list[Item]:
    """A blank, where something refers to a row that asks nothing."""
    if node.get("name") not in making.referred:
        return []
    return [{"key": str(node["name"]), ROW: row_of(node), "compute": "''"}]


def preloaded(making: Making, node: Node, type_: str) -> list[Item]:
    if type_ in _KNOWN_LATER:
        what = told("'{type}' asks a device for something.", type=type_)
        making.find(node, what, told("There is no device: it stays blank."), note=True)
        return absent(making, node)
    return [{"key": str(node["name"]), ROW: row_of(node), "compute": PRELOADED[type_]}]


def calculate(making: Making, node: Node, type_: str) -> list[Item]:
    bind = node.get("bind") or {}
    found = making.expression(node, bind.get("calculate"), "calculate")
    ours = Ours.of(node.get(NAME))
    if ours.has("split") and str((node.get("bind") or {}).get("calculate", "")).startswith(
        "once(if(random()"
    ):
        arms = {
            arm: float(weight)
            for arm, _, weight in (word.partition("=") for word in ours.words[1:])
            if weight and arm != "if"
        }
        return [gated(making, node, {"split": str(node["name"]), ROW: row_of(node), "arms": arms})]
    if found is None and node.get("default") is not None:
        default = offered(making, node, "open")
        found = f"once({default})" if default else None
    made = based(node)
    made["compute"] = found or "''"
    return [gated(making, node, made)]


def note(making: Making, node: Node, type_: str) -> list[Item]:
    bind = node.get("bind") or {}
    texts = asked(making, node, None)
    if not texts:
        return absent(making, node)
    made = based(node)
    if bind.get("calculate"):
        value = calculate(making, node, "calculate")
        return [*value, *reading(making, node, texts)]
    made["note"] = texts
    return [gated(making, node, made)]


def reading(making: Making, node: Node, texts: Words) -> list[Item]:
    """What may be read and not changed: its label and its value."""
    name = str(node["name"])
    shown = {tag: f"{cut(text, LONGEST - len(name) - 4)}\n${{{name}}}" for tag, text in texts.items()}
    item = {"key": making.name(f"{name}_shown"), ROW: row_of(node), "note": shown}
    return [gated(making, node, item)]


def read_only(making: Making, node: Node) -> list[Item] | None:
    """A row that people may only read: told, with its value. None for one that they answer."""
    bind = node.get("bind") or {}
    said = making.flag(bind.get("readonly"))
    if isinstance(said, str):
        making.find(
            node, told("'read_only' depends on other answers."), told("The question is asked."), note=True
        )
        said = False
    if not said and not bind.get("calculate"):
        return None
    texts = asked(making, node, None)
    valued = bind.get("calculate") or node.get("default") not in (None, "")
    value = calculate(making, node, "calculate") if valued else absent(making, node)
    making.find(
        node, told("This row can only be read, not answered."), told("It is told as a note."), note=True
    )
    if not texts:
        return value
    if valued:
        return [*value, *reading(making, node, texts)]
    note = {"key": making.name(f"{node['name']}_shown"), ROW: row_of(node), "note": texts}
    return [*value, gated(making, node, note)]
