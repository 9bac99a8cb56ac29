"""One row of a form as a question, a note or a value: each type of XLSForm, and what stands in for those that a
conversation does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..files.tree import did_you_mean
from ..told import told
from .making import Making, Node, row_of
from .page import Item
from .parts import appearance
from .questions import elsewhere, question_of, select
from .values import PRELOADED, absent, calculate, note, preloaded

_NO_PLACE = told("A conversation has no map. It is asked in words.")
_ONLY = told("Messages carry photos and voice only. It is asked in words.")
OPEN_INSTEAD: Mapping[str, tuple[str, str]] = {
    "geopoint": (told("A place on the map"), _NO_PLACE),
    "geotrace": (told("A line on the map"), _NO_PLACE),
    "geoshape": (told("An area on the map"), _NO_PLACE),
    "osm": (told("A thing on OpenStreetMap"), _NO_PLACE),
    "barcode": (told("A barcode"), told("A message cannot scan. It is asked in words.")),
    "file": (told("A file"), _ONLY),
    "video": (told("A video"), _ONLY),
}
"""What is asked in words instead."""

TYPES = (
    "text", "integer", "decimal", "range", "select_one", "select_multiple", "rank", "note", "date", "time", "dateTime",
    "image", "audio", "calculate", "hidden", "acknowledge", "today", "start", "end", "begin_group", "end_group",
    "begin_repeat", "end_repeat", *OPEN_INSTEAD,
)  # fmt: skip
"""The types that a form's author may have meant."""
_SEE = told("The usual ones are text, integer, select_one LIST and note: see xlsform.org.")
_NOTHING: Mapping[str, str] = {
    "audit": told("What people do between answers is not recorded."),
    "background-audio": told("Nothing is recorded without being asked for."),
    "background-geopoint": told("Where people are is not recorded."),
    "start-geopoint": told("Where people are is not recorded."),
    "xml-external": told("Data files are not read."),
    "csv-external": told("Data files are not read."),
}

_ALIASES: Mapping[str, str] = {
    "string": "text", "int": "integer", "datetime": "dateTime", "date time": "dateTime", "image": "photo",
    "trigger": "acknowledge", "gps": "geopoint", "location": "geopoint", "imei": "deviceid", "end time": "end",
    "start time": "start", "device id": "deviceid", "phone number": "phonenumber", "sim id": "simserial",
    "subscriber id": "subscriberid", "get start time": "start", "get end time": "end", "get today": "today",
    "select all that apply from": "select all that apply", "percentage": "integer",
}  # fmt: skip


def question(making: Making, node: Node) -> list[Item]:
    """The items that a row becomes: usually one."""
    type_ = str(node.get("type", "")).strip()
    type_ = re.sub(r"^(?:uri:|(?:add|q) (?=.))(.*?)(?: prompt)?$", r"\1", type_)
    type_ = _ALIASES.get(type_, type_)
    if type_ in PRELOADED:
        return preloaded(making, node, type_)
    if type_ in _NOTHING:
        making.find(
            node, told("'{type}' is nothing that a person answers.", type=type_), _NOTHING[type_], note=True
        )
        return absent(making, node)
    make = _MAKE.get(type_)
    if make is None:
        if type_ in ("select_one", "select_multiple"):
            cure = told(
                "Write the name of a list on the choices sheet after it, like '{type} colors'.", type=type_
            )
            making.fail(node, told("A list name is missing after '{type}'.", type=type_), cure)
            return []
        near = did_you_mean(type_, TYPES)
        making.fail(
            node, told("There is no type '{type}'.", type=type_), near if near.startswith("Did") else _SEE
        )
        return []
    if "label" in appearance(node).split():
        if row_of(node) is None:  # pyxform's own, for a table of questions
            return []
        what = told("This row is the heading of a table of questions.")
        making.find(node, what, told("Each question of the table is asked in full."), note=True)
        return absent(making, node)
    if node.get("media"):
        kinds = ", ".join(sorted(node["media"]))
        making.once(
            kinds,
            node,
            told("Labels have media ({kinds}), here and maybe below.", kinds=kinds),
            told("Words go out alone."),
        )
    return make(making, node, type_)


def _plain(kind: str, **parts: Any) -> Callable[[Making, Node, str], list[Item]]:
    def make(making: Making, node: Node, type_: str) -> list[Item]:
        if type_ in OPEN_INSTEAD:
            what, instead = OPEN_INSTEAD[type_]
            making.find(
                node,
                told("{what} ({type}) cannot be sent in a conversation.", what=what, type=type_),
                instead,
            )
        look = appearance(node)
        if kind == "image" and re.search("annotate|draw|signature", look):
            making.find(node, told("People cannot draw or sign in a message."), told("A photo is asked for."))
        if kind == "date" and re.search("year", look):
            making.find(
                node, told("The form asks for a {what} only.", what=look), told("A whole date is asked for.")
            )
        return question_of(making, node, kind, dict(parts))

    return make


def _range(making: Making, node: Node, type_: str) -> list[Item]:
    given = node.get("parameters") or {}
    numbers = {}
    for name, usual in (("start", "1"), ("end", "10"), ("step", "1")):
        try:
            numbers[name] = float(given.get(name, usual))
        except (TypeError, ValueError):
            making.fail(
                node,
                told("The range's '{name}' is not a number.", name=name),
                told("Write it in digits, like start=1."),
            )
            return []
    least, most = sorted((numbers["start"], numbers["end"]))
    parts: Item = {"min": number(least), "max": number(most)}
    step = abs(numbers["step"])
    if step not in (0.0, 1.0):
        parts["step"] = number(step)
    if any(not value.is_integer() for value in (least, most, step)):
        parts["decimals"] = True
    return question_of(making, node, "range", parts)


def _text(making: Making, node: Node, type_: str) -> list[Item]:
    if row_of(node) is None and node.get("label") == "Specify other.":
        asked = str(node["name"]).removesuffix("_other")
        gate = f"selected(${{{asked}}}, 'other')"
        return [{"key": str(node["name"]), "kind": "open", "text": making.phrase("tell_us"), "ask_if": gate}]
    if node.get("query"):
        return elsewhere(making, node, str(node["query"]))
    return question_of(making, node, "open", {})


def _acknowledge(making: Making, node: Node, type_: str) -> list[Item]:
    """A choice of one: OK. Its answer is "OK", as other software has it."""
    making.lists.setdefault("acknowledged", [{"key": "OK", **dict.fromkeys(making.languages, "OK")}])
    return question_of(making, node, "one", {"choices": "acknowledged"})


def _hidden(making: Making, node: Node, type_: str) -> list[Item]:
    return calculate(making, node, type_)


def number(value: float) -> int | float:
    return int(value) if value.is_integer() else value


_Make = Callable[[Making, Node, str], list[Item]]
_MAKE: Mapping[str, _Make] = {
    "text": _text,
    "note": note,
    "integer": _plain("number"),
    "decimal": _plain("number", decimals=True),
    "range": _range,
    "select one": select("one"),
    "select all that apply": select("many"),
    "select one external": lambda making, node, type_: elsewhere(making, node, str(node.get("query", ""))),
    "rank": select("rank"),
    "date": _plain("date"),
    "time": _plain("time"),
    "dateTime": _plain("datetime"),
    "photo": _plain("image"),
    "audio": _plain("audio"),
    "calculate": calculate,
    "hidden": _hidden,
    "acknowledge": _acknowledge,
    **{type_: _plain("open") for type_ in OPEN_INSTEAD},
}
