"""One row of a form as a question, a note or a value: each type of XLSForm, and what stands in for those that a
conversation does not have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..tree import did_you_mean
from . import lists
from .making import Making, Node, Words, row_of
from .ours import NAME, Ours
from .page import ROW, Item
from .plain import LONGEST, cut

_BY_WORDS = "It is asked in words."
_NO_PLACE = f"A conversation has no map. {_BY_WORDS}"
OPEN_INSTEAD: Mapping[str, tuple[str, str]] = {
    "geopoint": ("A place on the map", _NO_PLACE),
    "geotrace": ("A line on the map", _NO_PLACE),
    "geoshape": ("An area on the map", _NO_PLACE),
    "osm": ("A thing on OpenStreetMap", _NO_PLACE),
    "barcode": ("A barcode", f"A message cannot scan. {_BY_WORDS}"),
    "file": ("A file", f"Messages carry photos and voice only. {_BY_WORDS}"),
    "video": ("A video", f"Messages carry photos and voice only. {_BY_WORDS}"),
}
"""What is asked in words instead."""

PRELOADED: Mapping[str, str] = {
    "start": "once(now())",
    "end": "now()",
    "today": "once(today())",
    **dict.fromkeys(("deviceid", "phonenumber", "subscriberid", "simserial", "username", "email"), "''"),
}
_KNOWN_LATER = frozenset(PRELOADED) - {"start", "end", "today"}
TYPES = (
    "text", "integer", "decimal", "range", "select_one", "select_multiple", "rank", "note", "date", "time", "dateTime",
    "image", "audio", "calculate", "hidden", "acknowledge", "today", "start", "end", "begin_group", "end_group",
    "begin_repeat", "end_repeat", *OPEN_INSTEAD,
)  # fmt: skip
"""The types that a form's author may have meant."""
_SEE = "The usual ones are text, integer, select_one LIST and note: see xlsform.org."
_NOTHING: Mapping[str, str] = {
    "audit": "What people do between answers is not recorded.",
    "background-audio": "Nothing is recorded without being asked for.",
    "background-geopoint": "Where people are is not recorded.",
    "start-geopoint": "Where people are is not recorded.",
    "xml-external": "Data files are not read.",
    "csv-external": "Data files are not read.",
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
        return _preloaded(making, node, type_)
    if type_ in _NOTHING:
        making.find(node, f"'{type_}' is nothing that a person answers.", _NOTHING[type_], note=True)
        return absent(making, node)
    make = _MAKE.get(type_)
    if make is None:
        cure = did_you_mean(type_, TYPES)
        making.fail(node, f"There is no type '{type_}'.", cure if cure.startswith("Did") else _SEE)
        return []
    if "label" in _appearance(node).split():
        if row_of(node) is None:  # pyxform's own, for a table of questions
            return []
        told = "This row is the heading of a table of questions."
        making.find(node, told, "Each question of the table is asked in full.", note=True)
        return absent(making, node)
    if node.get("media"):
        kinds = ", ".join(sorted(node["media"]))
        making.once(kinds, node, f"Labels have media ({kinds}), here and maybe below.", "Words go out alone.")
    return make(making, node, type_)


def absent(making: Making, node: Node) -> list[Item]:
    """A blank, where something refers to a row that asks nothing."""
    if node.get("name") not in making.referred:
        return []
    return [{"key": str(node["name"]), ROW: row_of(node), "compute": "''"}]


# Values and notes


def _preloaded(making: Making, node: Node, type_: str) -> list[Item]:
    if type_ in _KNOWN_LATER:
        told = f"'{type_}' asks a device for something."
        making.find(node, told, "There is no device: it stays blank.", note=True)
        return absent(making, node)
    return [{"key": str(node["name"]), ROW: row_of(node), "compute": PRELOADED[type_]}]


def _calculate(making: Making, node: Node, type_: str) -> list[Item]:
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
        return [_gated(making, node, {"split": str(node["name"]), ROW: row_of(node), "arms": arms})]
    if found is None and node.get("default") is not None:
        default = _default(making, node, "open")
        found = f"once({default})" if default else None
    made = _base(node)
    made["compute"] = found or "''"
    return [_gated(making, node, made)]


def _note(making: Making, node: Node, type_: str) -> list[Item]:
    bind = node.get("bind") or {}
    texts = _asked(making, node, None)
    if not texts:
        return absent(making, node)
    made = _base(node)
    if bind.get("calculate"):
        value = _calculate(making, node, "calculate")
        return [*value, *_reading(making, node, texts)]
    made["note"] = texts
    return [_gated(making, node, made)]


def _reading(making: Making, node: Node, texts: Words) -> list[Item]:
    """What may be read and not changed: its label and its value."""
    name = str(node["name"])
    shown = {tag: f"{cut(text, LONGEST - len(name) - 4)}\n${{{name}}}" for tag, text in texts.items()}
    told = {"key": making.name(f"{name}_shown"), ROW: row_of(node), "note": shown}
    return [_gated(making, node, told)]


def _read_only(making: Making, node: Node) -> list[Item] | None:
    """A row that people may only read: told, with its value. None for one that they answer."""
    bind = node.get("bind") or {}
    said = making.flag(bind.get("readonly"))
    if isinstance(said, str):
        making.find(node, "'read_only' depends on other answers.", "The question is asked.", note=True)
        said = False
    if not said and not bind.get("calculate"):
        return None
    texts = _asked(making, node, None)
    valued = bind.get("calculate") or node.get("default") not in (None, "")
    value = _calculate(making, node, "calculate") if valued else absent(making, node)
    making.find(node, "This row can only be read, not answered.", "It is told as a note.", note=True)
    if not texts:
        return value
    if valued:
        return [*value, *_reading(making, node, texts)]
    note = {"key": making.name(f"{node['name']}_shown"), ROW: row_of(node), "note": texts}
    return [*value, _gated(making, node, note)]


# Questions


def _plain(kind: str, **parts: Any) -> Callable[[Making, Node, str], list[Item]]:
    def make(making: Making, node: Node, type_: str) -> list[Item]:
        if type_ in OPEN_INSTEAD:
            what, instead = OPEN_INSTEAD[type_]
            making.find(node, f"{what} ({type_}) cannot be sent in a conversation.", instead)
        appearance = _appearance(node)
        if kind == "image" and re.search("annotate|draw|signature", appearance):
            making.find(node, "People cannot draw or sign in a message.", "A photo is asked for.")
        if kind == "date" and re.search("year", appearance):
            making.find(node, f"The form asks for a {appearance} only.", "A whole date is asked for.")
        return _question(making, node, kind, dict(parts))

    return make


def _range(making: Making, node: Node, type_: str) -> list[Item]:
    told = node.get("parameters") or {}
    numbers = {}
    for name, usual in (("start", "1"), ("end", "10"), ("step", "1")):
        try:
            numbers[name] = float(told.get(name, usual))
        except (TypeError, ValueError):
            making.fail(node, f"The range's '{name}' is not a number.", "Write it in digits, like start=1.")
            return []
    least, most = sorted((numbers["start"], numbers["end"]))
    parts: Item = {"min": _number(least), "max": _number(most)}
    step = abs(numbers["step"])
    if step not in (0.0, 1.0):
        parts["step"] = _number(step)
    if any(not value.is_integer() for value in (least, most, step)):
        parts["decimals"] = True
    return _question(making, node, "range", parts)


def _select(kind: str) -> Callable[[Making, Node, str], list[Item]]:
    def make(making: Making, node: Node, type_: str) -> list[Item]:
        name = str(node.get("itemset") or node.get("list_name") or "")
        known = (making.tree.get("choices") or {}).get(name)
        if known is None or "search(" in _appearance(node):
            return _elsewhere(making, node, name)
        other = _asks_other(making, node)
        choices = lists.take(making, name, other=other)
        parts: Item = {"choices": name}
        ours = Ours.of(node.get(NAME))
        if kind == "one" and ours.get("kind") == "yesno":
            return _question(making, node, "yesno", {})
        found = str(node.get("choice_filter") or "")
        if ours.has("none"):
            found = re.sub(r"^\((.*)\) or name = 'none'$", r"\1", found)
            parts |= _without_none(making, name, choices)
        if found:
            written = making.expression(node, f"instance('{name}')/root/item[{found}]/name", "choice_filter")
            if written is None:
                return []
            parts["choice_filter"] = found
        if str((node.get("parameters") or {}).get("randomize", "")).lower() == "true":
            parts["shuffle"] = True
        parts |= {name: int(ours.get(name)) for name in ("show", "pick") if ours.get(name).isdigit()}
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
        return _question(making, node, "scale" if ours.get("kind") == "scale" else kind, parts)

    return make


def _without_none(making: Making, name: str, choices: list[Item]) -> Item:
    """A list of our own that ends in "none of these": that one stands apart."""
    none = next((choice for choice in choices if choice["key"] == "none"), None)
    if none is None:
        return {}
    own = f"{name}_apart"
    making.lists.setdefault(own, [choice for choice in choices if choice is not none])
    return {"choices": own, "none": {tag: none[tag] for tag in making.languages if tag in none}}


def _elsewhere(making: Making, node: Node, name: str) -> list[Item]:
    """A list that is not in the form: in a data file, or made of a repeat's answers."""
    told = f"The choices are not in the form ({name or _appearance(node)})."
    making.find(node, told, _BY_WORDS)
    return _question(making, node, "open", {})


def _asks_other(making: Making, node: Node) -> bool:
    """Whether pyxform has put "Specify other" behind this question."""
    child = making.children.get(f"{node['name']}_other")
    return child is not None and child.get("label") == "Specify other." and row_of(child) is None


def _text(making: Making, node: Node, type_: str) -> list[Item]:
    if row_of(node) is None and node.get("label") == "Specify other.":
        asked = str(node["name"]).removesuffix("_other")
        gate = f"selected(${{{asked}}}, 'other')"
        return [{"key": str(node["name"]), "kind": "open", "text": making.phrase("tell_us"), "ask_if": gate}]
    if node.get("query"):
        return _elsewhere(making, node, str(node["query"]))
    return _question(making, node, "open", {})


def _acknowledge(making: Making, node: Node, type_: str) -> list[Item]:
    """A choice of one: OK. Its answer is "OK", as other software has it."""
    making.lists.setdefault("acknowledged", [{"key": "OK", **dict.fromkeys(making.languages, "OK")}])
    return _question(making, node, "one", {"choices": "acknowledged"})


def _hidden(making: Making, node: Node, type_: str) -> list[Item]:
    return _calculate(making, node, type_)


def _question(making: Making, node: Node, kind: str, parts: Item) -> list[Item]:
    told = _read_only(making, node)
    if told is not None:
        return told
    bind = node.get("bind") or {}
    made = _base(node)
    made |= {"kind": kind, "text": _asked(making, node, f"question '{node['name']}'")}
    label, hint = bool(node.get("label")), _hint(making, node)
    if hint and label:
        made["hint"] = hint
    made |= parts
    required = making.flag(bind.get("required"))
    if isinstance(required, str):
        making.find(node, "'required' depends on other answers.", "An answer is not insisted on.", note=True)
    elif required:
        say = making.words(node, bind.get("jr:requiredMsg"), "message of 'required'", beside=True)
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
        say = making.words(node, bind.get("jr:constraintMsg"), "message of 'constraint'", beside=True)
        made["constraint"] = {"that": constraint, "say": say} if say else {"that": constraint}
    default = _default(making, node, kind)
    if default:
        made["default"] = default
    return [_gated(making, node, made)]


def _base(node: Node) -> Item:
    return {"key": str(node["name"]), ROW: row_of(node)}


def _gated(making: Making, node: Node, made: Item) -> Item:
    found = making.gate(node)
    return {**made, "ask_if": found} if found else made


def _asked(making: Making, node: Node, what: str | None) -> Words:
    """The label; its hint, or the name in words, where there is none (``what`` is None for what need not be told)."""
    found = making.words(node, node.get("label"), "label")
    if found and what is None:
        hint = _hint(making, node)
        return {tag: cut("\n".join(filter(None, (text, hint.get(tag))))) for tag, text in found.items()}
    if not found:
        found = _hint(making, node)
        if not found and what is not None:
            made_up = re.sub(r"[_.-]+", " ", str(node["name"])).strip().capitalize()
            making.find(node, f"The {what} has no label.", f'It is asked as "{made_up}".')
            found = {making.source: made_up}
    return found


def _hint(making: Making, node: Node) -> Words:
    hint = making.words(node, node.get("hint"), "hint", beside=True)
    more = making.words(node, node.get("guidance_hint"), "guidance hint", beside=True)
    tags = [tag for tag in making.languages if tag in hint or tag in more]
    return {tag: cut("\n".join(filter(None, (hint.get(tag), more.get(tag))))) for tag in tags}


def _default(making: Making, node: Node, kind: str) -> str | None:
    """The default as an expression: a fixed one becomes a text or a number."""
    value = node.get("default")
    written = str(value).strip() if value is not None else ""
    if not written or kind in ("image", "audio"):
        return None
    if "${last-saved#" in written:
        making.find(node, "The default is an earlier form's answer.", "No answer is offered.")
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


def _appearance(node: Node) -> str:
    return str((node.get("control") or {}).get("appearance") or "").strip().lower()


def _number(value: float) -> int | float:
    return int(value) if value.is_integer() else value


_Make = Callable[[Making, Node, str], list[Item]]
_MAKE: Mapping[str, _Make] = {
    "text": _text,
    "note": _note,
    "integer": _plain("number"),
    "decimal": _plain("number", decimals=True),
    "range": _range,
    "select one": _select("one"),
    "select all that apply": _select("many"),
    "select one external": lambda making, node, type_: _elsewhere(making, node, str(node.get("query", ""))),
    "rank": _select("rank"),
    "date": _plain("date"),
    "time": _plain("time"),
    "dateTime": _plain("datetime"),
    "photo": _plain("image"),
    "audio": _plain("audio"),
    "calculate": _calculate,
    "hidden": _hidden,
    "acknowledge": _acknowledge,
    **{type_: _plain("open") for type_ in OPEN_INSTEAD},
}
