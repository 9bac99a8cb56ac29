"""Reads XLIFF back: 2.0 and later as we write it, and 1.2 as agencies' tools turn it into, leniently."""

from __future__ import annotations

from collections.abc import Iterator

from survey_flows.told import told

from .base import CONTEXT, Complaint, ExchangeError, Returned, Row, State, digest, state_of
from .inline import text_of
from .xliff_writing import named
from .xml import Element, parse

APPROVED = frozenset({"final", "reviewed", "signed-off"})
"""States of 2.x and 1.2 that say that a person has looked: "translated" alone is a draft."""
UNTOUCHED = frozenset({"initial", "new", "needs-translation"})
"""With these, a target that is the source word for word is what some tools put there to begin with."""
OUR_NOTES = frozenset({"note", "length", "state"})


def read(raw: bytes, file: str) -> Returned:
    """The rows of an XLIFF document. Raises ExchangeError."""
    root = parse(raw, file)
    if root.name != "xliff":
        what = told("this XML is no XLIFF: it begins with <{name}>.", name=root.name)
        raise ExchangeError(file, what, told("Give the file that was sent for translation."))
    version = root.attributes.get("version", "")
    if version.startswith("1"):
        first = (root.named("file") or [root])[0].attributes
        source, target = first.get("source-language", ""), first.get("target-language", "")
        units, row_of = root.under("trans-unit"), _old_row
    else:
        source, target = root.attributes.get("srcLang", ""), root.attributes.get("trgLang", "")
        units, row_of = root.under("unit"), _row
    rows: list[Row] = []
    complaints: list[Complaint] = []
    for unit in units:
        place = told("line {n}", n=unit.line)
        try:
            rows += row_of(unit, place)
        except ValueError as error:
            what = told("{what}.", what=str(error))
            cure = told("Mend this unit in the tool that it was translated with, or translate it by hand.")
            complaints.append(Complaint(file, place, "unreadable", what, cure))
    complaints += (_changed(file, row) for row in rows if row.digest != digest(row.text))
    return Returned(file, "xliff", source, target, tuple(rows), tuple(complaints))


def _changed(file: str, row: Row) -> Complaint:
    what = told("the source text is not the one that was sent.")
    cure = told("The translation is taken as one of the text that was sent; look at it.")
    return Complaint(file, row.place, "source_changed", what, cure, row.context)


def _row(unit: Element, place: str) -> Iterator[Row]:
    held = [each for each in unit.elements if each.name in ("segment", "ignorable")]
    if not any(segment.under("source") for segment in held) or unit.attributes.get("id") == "u0":
        return
    context = _context(unit.attributes.get("name"), unit.attributes.get("id", ""))
    data = {
        each.attributes.get("id", ""): text_of(each, {})
        for original in unit.named("originalData")
        for each in original.named("data")
    }
    sources = [_part(each, "source", data) or "" for each in held]
    targets = [_part(each, "target", data) for each in held]
    words = [
        target if target is not None else source if each.name == "ignorable" else None
        for each, source, target in zip(held, sources, targets, strict=True)
    ]
    asked = [target for each, target in zip(held, words, strict=True) if each.name == "segment"]
    if None in asked and any(asked):
        raise ValueError(told("{context} is translated in part only", context=context))
    translation = "" if None in asked else "".join(word or "" for word in words)
    segments = [each.attributes for each in held if each.name == "segment"]
    looked_at = all(each.get("state", "initial") in APPROVED for each in segments)
    stale = any(
        each.get("subState") == "openline:stale" and each.get("state") not in APPROVED for each in segments
    )
    text = "".join(sources)
    if translation == text and not stale and all(each.get("state") in UNTOUCHED for each in segments):
        translation = ""
    own = unit.attributes
    yield Row(
        context,
        text,
        translation,
        state_of(translation, "approved" if looked_at else "draft", stale),
        digest=own.get("digest") or digest(text),
        was=own.get("was", ""),
        remark=_remarks(note for notes in unit.named("notes") for note in notes.named("note")),
        place=place,
    )


def _old_row(unit: Element, place: str) -> Iterator[Row]:
    """A unit of XLIFF 1.2."""
    context = _context(unit.attributes.get("resname"), unit.attributes.get("id", ""))
    text = _part(unit, "source", {})
    if text is None:
        raise ValueError(told("{context} has no source", context=context))
    translation = _part(unit, "target", {}) or ""
    target = unit.named("target")
    said = target[0].attributes.get("state", "") if target else ""
    if translation == text and said in UNTOUCHED:
        translation = ""
    looked_at = unit.attributes.get("approved") == "yes" or said in APPROVED
    state: State = state_of(translation, "approved" if looked_at else "draft")
    yield Row(
        context, text, translation, state, digest=unit.attributes.get("digest") or digest(text), place=place
    )


def _part(element: Element, name: str, data: dict[str, str]) -> str | None:
    found = element.named(name)
    return text_of(found[0], data) if found else None


def _context(name: str | None, identity: str) -> str:
    for context in (name, named(identity)):
        if context and CONTEXT.fullmatch(context):
            return context
    raise ValueError(told("a unit whose name does not say which text it is"))


def _remarks(notes: Iterator[Element]) -> str:
    return "\n".join(note.text for note in notes if note.attributes.get("category") not in OUR_NOTES)
