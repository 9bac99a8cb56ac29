"""An audience as a list of conditions that a form can show: from a filter to conditions, and back to a filter.

What a form has no controls for stays as it was written, as a condition in words of its own: nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ....outreach.audience import AudienceError, Expression, parse
from ....outreach.audience.expression import And, Call, Everyone, Node, Not, Test
from ....outreach.audience.fields import EVERYONE, attribute
from ....outreach.audience.saved import KEY
from ....outreach.audience.values import Value
from ....outreach.audience.writing import named, value, written

VALUES = ("school", "language", "respondent")
CALLS = ("answered", "finished", "asked", "received", "on_list", "audience")
COUNTS = ("absences", "late")
ATTRIBUTE = "of:"
"""How the kind of a condition about an attribute begins: ``of:bus_route``."""
SPANS = {"last_week": "7", "last_month": "30", "total": "0"}
OPS = {">=": ">=", "<=": "<=", "known": "known", "missing": "known"}
"""What a form calls an operator, and what a condition has: "!=" and "missing" are the opposites of = and known."""
MOST = 40
"""Conditions in one form."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition. ``op`` is ``=``, ``>=``, ``<=``, ``known``; ``days`` the span of a count (0 is ever)."""

    kind: str
    opposite: bool = False
    op: str = "="
    values: tuple[str, ...] = ()
    days: str = "7"
    raw: str = ""

    @property
    def attribute(self) -> str:
        """The attribute's name, where it is about one."""
        return self.kind.removeprefix(ATTRIBUTE) if self.kind.startswith(ATTRIBUTE) else ""

    @property
    def complete(self) -> bool:
        """Whether it says something: a choice that nobody has made yet narrows nothing."""
        return bool(self.raw if self.kind == "raw" else self.op == "known" or any(self.values))


def of_text(text: str) -> list[Condition]:
    """The conditions of a filter, or of the name of a saved one. Raises AudienceError."""
    text = text.strip()
    if KEY.fullmatch(text) and text != EVERYONE:
        return [Condition("audience", values=(text,))]
    return conditions(parse(text))


def conditions(meant: Expression) -> list[Condition]:
    """The conditions of a filter that has been read."""
    parts = meant.root.parts if isinstance(meant.root, And) else (meant.root,)
    return [_condition(part) for part in parts if not isinstance(part, Everyone)]


def _condition(node: Node) -> Condition:
    inner, opposite = (node.part, True) if isinstance(node, Not) else (node, False)
    found = (
        _of_test(inner) if isinstance(inner, Test) else _of_call(inner) if isinstance(inner, Call) else None
    )
    if found is None or (opposite and found.kind in (*COUNTS, "children")):
        return Condition("raw", raw=written(node))
    made = replace(found, opposite=opposite)
    again = part(made)
    # Whatever would come out otherwise than it went in is kept in its own words.
    return made if again and parse(again).root == node else Condition("raw", raw=written(node))


def _of_test(test: Test) -> Condition | None:
    said, field = tuple(one.text for one in test.values), test.field
    if field.kind in VALUES and test.op == "=":
        return Condition(field.kind, values=said)
    if field.kind == "days" and test.op in ("=", ">=", "<="):
        kind = "late" if field.key == "late" else "absences"
        return Condition(kind, op=test.op, values=said[:1], days=str(field.days))
    if field.kind == "children" and test.op in ("=", ">=", "<="):
        return Condition("children", op=test.op, values=said[:1])
    if field.kind == "attribute" and test.op in ("=", ">=", "<=", "known"):
        return Condition(ATTRIBUTE + field.name, op=test.op, values=said)
    return None


def _of_call(call: Call) -> Condition | None:
    kind = "replied" if call.name == "replied_within" else call.name
    return Condition(kind, values=(call.argument.text,)) if kind in (*CALLS, "replied") else None


def part(one: Condition) -> str:
    """One condition as a part of a filter; "" where nothing has been chosen yet."""
    if not one.complete:
        return ""
    if one.kind == "raw":
        return f"({one.raw})"
    if one.kind in CALLS:
        return f"{'not ' * one.opposite}{one.kind}({_text(one.values[0])})"
    if one.kind == "replied":
        return f"{'not ' * one.opposite}replied_within({one.values[0]})"
    if one.kind in (*COUNTS, "children"):
        return f"{_counted(one)} {one.op} {one.values[0]}"
    name = named(attribute(one.attribute)) if one.attribute else one.kind
    if one.op == "known":
        return f"{name} is {'missing' if one.opposite else 'known'}"
    if one.op != "=":
        return f"{'not ' * one.opposite}{name} {one.op} {value(Value(one.values[0]))}"
    said = [_text(each) for each in one.values if each.strip()]
    if len(said) > 1:
        return f"{name} {'not ' * one.opposite}in ({', '.join(said)})"
    return f"{name} {'!=' if one.opposite else '='} {said[0]}"


def _text(words: str) -> str:
    return value(Value(words, quoted=True))


def _counted(one: Condition) -> str:
    if one.kind == "children":
        return "children"
    span = {days: name for name, days in SPANS.items()}.get(one.days, f"last_{one.days}_days")
    return f"{one.kind}.{span}"


def text_of(found: Sequence[Condition]) -> str:
    """The filter that all these conditions together are; everybody where there is none."""
    return " and ".join(filter(None, map(part, found))) or EVERYONE


def kept(text: str, found: Sequence[Condition]) -> str:
    """The filter of these conditions: in the words in which it stands now, where it means the same."""
    new = text_of(found)
    try:
        same = text_of(of_text(text)) == new or parse(text) == parse(new)
    except AudienceError:
        same = False
    return text if same else new


_NAME = re.compile(r"who\.(\d{1,3})\.kind")


def read(form: Mapping[str, Sequence[str]]) -> list[Condition]:
    """The conditions that a form brings: ``who.0.kind``, ``who.0.not``, ``who.0.op``, ``who.0.value``, ``who.0.days``."""
    found = []
    numbers = sorted({int(match[1]) for name in form if (match := _NAME.fullmatch(name))})
    for number in numbers[:MOST]:

        def one(name: str, otherwise: str = "", number: int = number) -> str:
            return next(iter(form.get(f"who.{number}.{name}", ())), otherwise).strip()

        kind = one("kind")
        values = tuple(filter(None, map(str.strip, form.get(f"who.{number}.value", ()))))
        if one("listed") and values:
            values = tuple(filter(None, map(str.strip, values[0].split(","))))
        op = one("op", "=")
        made = Condition(
            kind,
            one("not") == "not" or op in ("missing", "!="),
            OPS.get(op, "="),
            values,
            one("days", "7"),
            one("raw"),
        )
        if made.kind in (*COUNTS, "children", "replied"):
            digits = [each for each in values if re.fullmatch(r"[0-9]{1,4}", each)]
            made = replace(made, values=tuple(digits[:1]))
        if made.kind in COUNTS and not re.fullmatch(r"[0-9]{1,4}", made.days):
            made = replace(made, days="7")
        if kind == "raw" or kind in (*VALUES, *CALLS, *COUNTS, "children", "replied") or made.attribute:
            found.append(made)
    return found
