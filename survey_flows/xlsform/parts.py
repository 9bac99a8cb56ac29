"""What one row of a form says: its label, hint and default, and when it counts."""

from __future__ import annotations

import re

from ..told import told
from .making import Making, Node, Words, row_of
from .page import ROW, Item
from .plain import cut


def based(node: Node) -> Item:
    return {"key": str(node["name"]), ROW: row_of(node)}


def gated(making: Making, node: Node, made: Item) -> Item:
    found = making.gate(node)
    return {**made, "ask_if": found} if found else made


def asked(making: Making, node: Node, what: str | None) -> Words:
    """The label; its hint, or the name in words, where there is none (``what`` is None for what need not be told)."""
    found = making.words(node, node.get("label"), told("label"))
    if found and what is None:
        hint = hinted(making, node)
        return {tag: cut("\n".join(filter(None, (text, hint.get(tag))))) for tag, text in found.items()}
    if not found:
        found = hinted(making, node)
        if not found and what is not None:
            made_up = re.sub(r"[_.-]+", " ", str(node["name"])).strip().capitalize()
            making.find(
                node,
                told("The {what} has no label.", what=what),
                told('It is asked as "{words}".', words=made_up),
            )
            found = {making.source: made_up}
    return found


def hinted(making: Making, node: Node) -> Words:
    hint = making.words(node, node.get("hint"), told("hint"), beside=True)
    more = making.words(node, node.get("guidance_hint"), told("guidance hint"), beside=True)
    tags = [tag for tag in making.languages if tag in hint or tag in more]
    return {tag: cut("\n".join(filter(None, (hint.get(tag), more.get(tag))))) for tag in tags}


def offered(making: Making, node: Node, kind: str) -> str | None:
    """The default as an expression: a fixed one becomes a text or a number."""
    value = node.get("default")
    written = str(value).strip() if value is not None else ""
    if not written or kind in ("image", "audio"):
        return None
    if "${last-saved#" in written:
        making.find(node, told("The default is an earlier form's answer."), told("No answer is offered."))
        return None
    if node.get("_dynamic_default"):
        return making.expression(node, written, "default")
    if kind in ("number", "range") and re.fullmatch(r"-?\d+(\.\d+)?", written):
        return written
    if re.fullmatch(r"'[^']*'|\"[^\"]*\"", written):  # in quotation marks already
        return written
    if "'" in written and '"' in written:
        return None
    return f'"{written}"' if "'" in written else f"'{written}'"


def appearance(node: Node) -> str:
    return str((node.get("control") or {}).get("appearance") or "").strip().lower()
