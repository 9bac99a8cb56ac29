"""The rows of a form as items of a survey file: groups and repeats, and what stands in them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..expressions import parse
from ..items import TURNS
from ..told import told
from .making import Making, Node, row_of
from .ours import NAME, Ours
from .page import INNER, ROW, Item

FIRST_TURN = "position(..) = 1"


def items(making: Making, nodes: Sequence[Node]) -> list[Item]:
    """The items that rows next to each other become, each calculation behind what it looks at."""
    from .kinds import question

    found: list[Item] = []
    for node in nodes:
        if node.get("type") in ("group", "repeat"):
            if node.get("name") == "meta" and (node.get("control") or {}).get("bodyless"):
                found += _meta(making, node)
            else:
                found += _group(making, node)
        elif f"${{{node.get('name')}}}" in making.counts:
            continue  # the repeat has its own count
        elif node.get("type") == "loop":
            what = told("A loop over the columns of a list cannot be asked in a conversation.")
            making.fail(node, what, told("Write its questions out, or use a repeat."))
        else:
            found += question(making, node)
    return settled(making, found)


def _group(making: Making, node: Node) -> list[Item]:
    name = str(node["name"])
    repeated = node["type"] == "repeat"
    inner = items(making, node.get("children") or [])
    asks = any(_asks(item) for item in inner)
    if not inner and name not in making.referred:
        return []
    made: Item = {"group": name, ROW: row_of(node)}
    labelled = (
        told("label of repeat '{name}'", name=name)
        if repeated
        else told("label of group '{name}'", name=name)
    )
    label = making.words(node, node.get("label"), labelled)
    if gate := making.gate(node):
        made["ask_if"] = gate
    if Ours.of(node.get(NAME)).get("order") == "random":
        made["order"] = "random"
    if label and asks:
        note: Item = {"key": making.name(f"{name}_label"), ROW: row_of(node), "note": label}
        if repeated:
            note["ask_if"] = FIRST_TURN
        inner = [note, *inner]
    if repeated:
        made |= _repeat(making, node, label)
    made[INNER] = inner
    return [made]


def _repeat(making: Making, node: Node, label: dict[str, str]) -> Item:
    control = node.get("control") or {}
    said = control.get("jr:count")
    worked_out = making.counts.get(str(said or ""))
    count = making.expression(node, worked_out or said, "repeat_count")
    if count is None:
        making.names.add(f"{node['name']}_more")
        return {"label": label, "repeat": True} if label else {"repeat": True}
    try:
        fixed = float(count)
    except ValueError:
        fixed = math.nan
    if fixed > TURNS:
        what = told("The repeat comes round {n} times.", n=count)
        making.find(node, what, told("It is asked {most} times at most.", most=TURNS))
        count = str(TURNS)
    return {"repeat": count}


def _meta(making: Making, node: Node) -> list[Item]:
    """What forms keep about themselves is worked out only where something refers to it."""
    ids = {"instanceID": "once(uuid())"}
    return [
        {"key": str(child["name"]), "compute": ids.get(str(child["name"]), "''")}
        for child in node.get("children") or ()
        if child.get("name") in making.referred and child.get("name") in (*ids, "instanceName", "audit")
    ]


def _asks(item: Item) -> bool:
    return "kind" in item or "note" in item or any(_asks(inner) for inner in item.get(INNER, ()))


def settled(making: Making, found: list[Item]) -> list[Item]:
    """Calculations moved behind the questions they look at: a form works them out at any time, a conversation when it
    comes by. One that is needed in between stays where it is."""
    for item in [item for item in found if "compute" in item]:
        at = found.index(item)
        wanted = _looks_at(item)
        last = max((n for n, other in enumerate(found) if wanted & _holds(other)), default=-1)
        if last <= at:
            continue
        between = found[at + 1 : last + 1]
        if any(item["key"] in _looks_at(other) for other in between):
            what = told("'{name}' is worked out from answers that come later.", name=item["key"])
            where = {"openline_row": item.get(ROW)}
            making.find(where, what, told("Until then they count as blank."))
            continue
        found.remove(item)
        found.insert(last, item)
    return found


def _holds(item: Item) -> set[str]:
    own = {str(item[name]) for name in ("key", "group") if name in item}
    return own.union(*(_holds(inner) for inner in item.get(INNER, ())))


def _looks_at(item: Item) -> set[str]:
    """What the expressions and texts of an item and its inner ones refer to."""
    from .making import _referred

    found: set[str] = set()
    if isinstance(item.get("ask_if"), dict):
        found |= set(item["ask_if"])
    for name in ("ask_if", "compute", "repeat", "default"):
        if isinstance(item.get(name), str):
            found |= parse(item[name]).names
    for name in ("choice_filter", "constraint", "text", "hint", "note", "label"):
        found |= _referred(item.get(name))
    return found.union(*(_looks_at(inner) for inner in item.get(INNER, ())))
