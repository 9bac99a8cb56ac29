"""Writes XLIFF 2 (OASIS): what agencies' tools open, with gaps that nobody can damage.

It says version 2.0, which is all that it uses: tools that know 2.1 read it, and many know only 2.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import hints
from .base import Row, Sheet, State
from .inline import Codes, quoted, words

CORE = "urn:oasis:names:tc:xliff:document:2.0"
SIZES = "urn:oasis:names:tc:xliff:sizerestriction:2.0"
OURS = "urn:openline:exchange"
STATES: dict[State, str] = {
    "missing": 'state="initial"',
    "stale": 'state="initial" subState="openline:stale"',
    "draft": 'state="translated"',
    "approved": 'state="final"',
}


def write(sheet: Sheet) -> bytes:
    """An XLIFF document: a file for each survey or campaign, a unit for each text."""
    head = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<xliff xmlns="{CORE}" xmlns:slr="{SIZES}" xmlns:openline="{OURS}"'
        f' version="2.0" srcLang={quoted(sheet.source)} trgLang={quoted(sheet.target)}>\n'
    )
    files: dict[str, list[Row]] = {}
    for row in sheet.rows:
        files.setdefault(_document(row.context), []).append(row)
    body = "".join(
        _file(number, document, rows, sheet) for number, (document, rows) in enumerate(files.items(), start=1)
    )
    return f"{head}{body or _nothing()}</xliff>\n".encode()


def identified(context: str) -> str:
    """A context as an id (an NMTOKEN, which knows no slash); ``named`` gives it back.

    >>> identified("survey:way_to/hard/ask"), named("survey:way__to_-hard_-ask")
    ('survey:way__to_-hard_-ask', 'survey:way_to/hard/ask')
    """
    return context.replace("_", "__").replace("/", "_-")


def named(identity: str) -> str:
    """The context that an id was made of."""
    return re.sub("_([_-])", lambda pair: {"_": "_", "-": "/"}[pair[1]], identity)


def _document(context: str) -> str:
    """The survey or campaign that a context is in; all of Openline's phrases are one document."""
    document, inside, _ = context.partition("/")
    return document if inside else document.partition(":")[0]


def _nothing() -> str:
    return '<file id="f1"><unit id="u0"><segment><source/></segment></unit></file>\n'


def _file(number: int, document: str, rows: list[Row], sheet: Sheet) -> str:
    ways = f' srcDir="{hints.direction(sheet.source)}" trgDir="{hints.direction(sheet.target)}"'
    rules = "".join(f"<note>{words(f'{rule} {why}')}</note>" for rule, why in hints.RULES)
    units = "".join(map(_unit, rows))
    return (
        f'<file id="f{number}" original={quoted(document)}{ways}>\n'
        f'<slr:profiles generalProfile="xliff:codepoints"/>\n<notes>{rules}</notes>\n{units}</file>\n'
    )


def _unit(row: Row) -> str:
    codes = Codes()
    source = f"<source>{codes.written(row.text)}</source>"
    target = f"<target>{codes.written(row.translation)}</target>" if row.translation else ""
    size = f' slr:sizeRestriction="{row.most}"' if row.most else ""
    notes = "".join(f"<note category={quoted(kind)}>{words(text)}</note>" for kind, text in _notes(row))
    return (
        f'<unit id="{identified(row.context)}" name={quoted(row.context)} canResegment="no" xml:space="preserve"'
        f' openline:digest="{row.digest}" openline:was="{row.was}"{size}><notes>{notes}</notes>{codes.data()}'
        f"<segment {STATES[row.state]}>{source}{target}</segment></unit>\n"
    )


def _notes(row: Row) -> Iterator[tuple[str, str]]:
    if row.note:
        yield "note", row.note
    yield "length", hints.length(row.text)
    if row.state == "stale":
        yield "state", "The source text has changed since this was translated."
    if row.remark:
        yield "remark", row.remark
