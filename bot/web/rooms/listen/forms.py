"""The form of one item: made from the item, read from what was sent, and turned into what is to be written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from starlette.datastructures import FormData

from survey_flows.questions import KINDS, SEEKS

from ....writing.changes import Filled, Row
from ....writing.outline import CHOSEN, NUMBERS, TEXTS, Choice, Item, Outline
from ...tongue import say

SETTINGS = ("pick", "min", "max", "seeks", "most", "shuffle", "order")
MOST = 60
"""Choices in a form."""
EMPTY_ROWS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A choice in the form: where it stood before, its key, its words by language, and other words that mean it."""

    was: int | None
    key: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    also: str = ""


@dataclass(frozen=True, slots=True)
class ItemForm:
    """The form as it is shown. ``name`` is the key of the item, ``was`` stands for the item as it was when the form was made,
    ``stamp`` for the draft."""

    what: str
    kind: str
    name: str
    tags: tuple[str, ...]
    texts: Mapping[str, Mapping[str, str]]
    rows: tuple[Line, ...] = ()
    required: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    ask: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bounds: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    stamp: str = ""
    was: str = ""

    @property
    def has_choices(self) -> bool:
        return self.what == "question" and self.kind in CHOSEN

    @property
    def has_numbers(self) -> bool:
        return self.what == "question" and self.kind in NUMBERS

    def setting(self, name: str) -> str:
        return self.settings.get(name, "")


def token(held: str) -> str:
    """Stands for what an item holds."""
    return hashlib.sha256(held.encode()).hexdigest()[:16]


def of_item(item: Item, seen: Outline, tags: tuple[str, ...], stamp: str) -> ItemForm:
    """The form of an item as it stands."""
    names = text_names(item.what, seen.variants, item)
    return ItemForm(
        what=item.what,
        kind=item.kind,
        name=item.key,
        tags=tags,
        texts={name: {tag: item.texts.get(name, {}).get(tag, "") for tag in tags} for name in names},
        rows=tuple(_line(choice, tags, seen.source) for choice in item.choices),
        required=item.setting("required") in ("yes", "true") or "required" in item.texts,
        settings={name: item.setting(name) for name in SETTINGS},
        ask=dict(item.conditions or {}),
        bounds=dict(item.bounds or {}),
        stamp=stamp,
        was=token(item.digest),
    )


def empty(what: str, kind: str, seen: Outline, tags: tuple[str, ...], stamp: str) -> ItemForm:
    """The form of a new item."""
    names = text_names(what, seen.variants, None)
    texts = {name: dict.fromkeys(tags, "") for name in names}
    return with_room(ItemForm(what, kind, "", tags, texts, stamp=stamp))


def text_names(what: str, variants: Sequence[str], item: Item | None) -> tuple[str, ...]:
    """The words that an item of this kind may have, by the keys they stand under."""
    if what == "question":
        return (
            ("text", *variants, "hint", "none")
            if item is None or item.kind == "many"
            else ("text", *variants, "hint")
        )
    return (TEXTS[what], *(variants if what == "note" else ())) if what in TEXTS else ()


def with_room(form: ItemForm) -> ItemForm:
    """With empty lines for choices where there are none yet."""
    if form.has_choices and len(form.rows) < 2:
        return replace(form, rows=(*form.rows, *[Line(None)] * EMPTY_ROWS))
    return form


def sent(given: FormData, what: str) -> ItemForm:
    """The form as it was sent. What it brings that no form of ours has is left out."""
    tags = tuple(tag for tag in _said(given, "tags").split(",") if tag)[:3]
    texts: dict[str, dict[str, str]] = {}
    for name in given:
        key, dot, tag = name.partition(".")
        if dot and tag in tags and re.fullmatch(r"[a-z][a-z0-9_]*", key):
            texts.setdefault(key, {})[tag] = _said(given, name)
    rows = []
    for at in range(MOST):
        if f"choice.{at}.was" in given:
            was = _said(given, f"choice.{at}.was")
            words = {tag: _said(given, f"choice.{at}.{tag}") for tag in tags}
            key, also = _said(given, f"choice.{at}.key"), _said(given, f"choice.{at}.also")
            rows.append(Line(int(was) if was.isdecimal() else None, key, words, also))
    asked = [name[3:] for name in given if name.startswith("on.")]
    kind = _said(given, "kind")
    seeks = _said(given, "seeks")
    settings = {name: _said(given, name) for name in SETTINGS if name in given}
    if "shuffle-there" in given:
        settings["shuffle"] = "yes" if given.get("shuffle") else ""
    if "order-there" in given:
        settings["order"] = "random" if given.get("order") else ""
    return ItemForm(
        what=what,
        kind=kind if kind in KINDS else "open",
        name=_said(given, "name"),
        tags=tags,
        texts=texts,
        rows=tuple(rows),
        required=given.get("required") == "yes",
        settings=settings | ({"seeks": seeks if seeks in SEEKS else ""} if "seeks" in given else {}),
        ask={name: [str(key) for key in given.getlist(f"if.{name}")] for name in asked},
        bounds={
            name[4:]: (_said(given, name), _said(given, f"max.{name[4:]}"))
            for name in given
            if name.startswith("min.")
        },
        stamp=_said(given, "stamp"),
        was=_said(given, "was"),
    )


def rearranged(form: ItemForm, act: str) -> ItemForm:
    """The form after a button beside a choice, which saves nothing: choice-up.2, choice-down.2, choice-remove.2, choice-add."""
    what, _, number = act.partition(".")
    rows, at = list(form.rows), int(number) if number.isdecimal() else -1
    if what == "choice-add" and len(rows) < MOST:
        rows.append(Line(None))
    elif what == "choice-remove" and 0 <= at < len(rows):
        del rows[at]
    elif what in ("choice-up", "choice-down"):
        to = at + (-1 if what == "choice-up" else 1)
        if 0 <= at < len(rows) and 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
    return replace(form, rows=tuple(rows))


def filled(form: ItemForm) -> Filled:
    """What is to be written of it."""
    question = form.what == "question"
    names = {"pick": form.kind == "many", "min": form.has_numbers, "max": form.has_numbers, "seeks": form.kind == "open",
             "shuffle": form.has_choices, "most": form.what == "quota", "order": form.what == "group"}  # fmt: skip
    kept = (
        form.texts
        if form.kind == "many"
        else {name: said for name, said in form.texts.items() if name != "none"}
    )
    return Filled(
        what=form.what,
        kind=form.kind if question else "",
        texts=kept,
        rows=[Row(line.was, line.texts) for line in form.rows] if form.has_choices else None,
        required=form.required if question else None,
        settings={name: value for name, value in form.settings.items() if names.get(name)},
        ask=form.ask,
        bounds=form.bounds,
    )


def problems(form: ItemForm, source: str) -> list[dict[str, str]]:
    """What has to be mended before it can be saved at all."""
    told = []
    main = TEXTS.get(form.what, "")
    if form.what in ("question", "note") and not form.texts.get(main, {}).get(source, "").strip():
        told.append({"field": f"{main}.{source}", "text": say("Write the words.")})
    if form.has_choices:
        written = [line for line in form.rows if line.was is not None or line.texts.get(source, "").strip()]
        if len(written) < 2:
            told.append({"field": f"choice.0.{source}", "text": say("Write two choices at least.")})
        for at, line in enumerate(form.rows):
            lacks = not line.texts.get(source, "").strip()
            if lacks and (line.was is not None or any(text.strip() for text in line.texts.values())):
                told.append(
                    {
                        "field": f"choice.{at}.{source}",
                        "text": say("Write the words of this choice, or remove it."),
                    }
                )
    numbers = {**{name: form.setting(name) for name in ("min", "max", "pick", "most")},
               **{f"min.{name}": pair[0] for name, pair in form.bounds.items()},
               **{f"max.{name}": pair[1] for name, pair in form.bounds.items()}}  # fmt: skip
    for name, value in numbers.items():
        if value and not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,4})?", value.strip()):
            told.append({"field": name, "text": say("Write a number in digits, like 12.")})
    return told


def _said(given: FormData, name: str) -> str:
    value = given.get(name, "")
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _line(choice: Choice, tags: tuple[str, ...], source: str) -> Line:
    words = {tag: choice.texts.get(tag, "") for tag in tags}
    return Line(choice.at, choice.key, words, choice.also.get(source, ""))
