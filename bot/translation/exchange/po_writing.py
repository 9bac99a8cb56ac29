"""Writes PO files (gettext) through Babel: what Poedit, Weblate and Lokalize open.

``msgctxt`` is the context, ``msgid`` the source text; ``fuzzy`` is what no person has approved. Texts that count are
one entry with a form for each plural. The reference (``#:``) carries the digests of what went out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import escape, write_po

from . import hints, plurals
from .base import ExchangeError, Row, Sheet
from .inline import GAP

STALE = "The source text has changed since this was translated."
NOBODY = "FULL NAME <EMAIL@ADDRESS>"
_IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")


def write(sheet: Sheet, file: str, when: datetime | None = None) -> bytes:
    """A PO file of a sheet. Raises ExchangeError for a character that cannot stand in one."""
    for row in sheet.rows:
        if _IMPOSSIBLE.search(row.text + row.translation):
            what = "there is a character in it that no PO file can hold (NUL, or half a character)."
            raise ExchangeError(file, what, "Take it out of the text.", row.context)
    book = _Page(sheet.target)
    for rows in _entries(sheet):
        message = _message(rows)
        book[message.id] = message
    out = BytesIO()
    write_po(out, book, width=0, omit_header=True)
    return _header(sheet, when).encode() + out.getvalue()


def _header(sheet: Sheet, when: datetime | None) -> str:
    count, expression = plurals.rule(sheet.target)
    told = {
        "Project-Id-Version": "Openline",
        "Report-Msgid-Bugs-To": "",
        "PO-Revision-Date": when.strftime("%Y-%m-%d %H:%M%z") if when else "YEAR-MO-DA HO:MI+ZONE",
        "Last-Translator": sheet.by or NOBODY,
        "Language-Team": hints.name(sheet.target),
        "Language": sheet.target.replace("-", "_"),
        "X-Source-Language": sheet.source.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"nplurals={count}; plural={expression};",
    }
    rules = "".join(f"# {rule} {why}\n" for rule, why in hints.RULES)
    lines = "".join(f"{escape(f'{key}: {value}' + chr(10))}\n" for key, value in told.items())
    return f'{rules}msgid ""\nmsgstr ""\n{lines}\n'


def _entries(sheet: Sheet) -> Iterator[tuple[Row, ...]]:
    """Rows one by one, but the forms of a text that counts together where they are all there."""
    count, _ = plurals.rule(sheet.target)
    together: defaultdict[str, dict[int, Row]] = defaultdict(dict)
    for row in sheet.rows:
        if found := plurals.forms(row.context):
            together[found[0]][found[1]] = row
    for row in sheet.rows:
        found = plurals.forms(row.context)
        held = together[found[0]] if found else {}
        if (
            not found
            or sorted(held) != list(range(count))
            or len({held[at].text for at in range(1, count)}) > 1
        ):
            yield (row,)
        elif found[1] == 0:
            yield tuple(held[at] for at in range(count))


def _message(rows: Sequence[Row]) -> Message:
    first = rows[0]
    counted = plurals.forms(first.context) if len(rows) > 1 else None
    message = Message(
        (first.text, rows[1].text) if counted else first.text,
        tuple(row.translation for row in rows) if counted else first.translation,
        locations=[("/".join(["check", *(f"{row.digest}-{row.was}" for row in rows)]), 0)],
        auto_comments=[
            *dict.fromkeys(" ".join(row.note.split()) for row in rows if row.note),
            f"Length: {hints.length(first.text)}",
            *([STALE] if any(row.state == "stale" for row in rows) else []),
        ],
        user_comments=[" ".join(row.remark.split()) for row in rows if row.remark],
        context=counted[0] if counted else first.context,
    )
    message.flags = {"fuzzy"} if any(row.state in ("draft", "stale") for row in rows) else set()
    if all(GAP.search(row.text) and not re.search("[{}]", GAP.sub("", row.text)) for row in rows):
        message.flags.add("python-brace-format")  # tools then tell a translator who has lost a gap
    return message


class _Page(Catalog):
    """A catalogue with as many forms as the language has, also for languages that Babel has no locale of."""

    def __init__(self, language: str) -> None:
        super().__init__(charset="utf-8")
        self.language = language

    @property
    def num_plurals(self) -> int:
        return plurals.rule(self.language)[0]
