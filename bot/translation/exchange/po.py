"""PO files (gettext) through Babel: what Poedit, Weblate and Lokalize open.

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
from babel.messages.pofile import PoFileError, PoFileParser, escape, write_po

from . import hints, plurals
from .base import CONTEXT, Complaint, ExchangeError, Returned, Row, Sheet, digest, state_of
from .inline import GAP

STALE = "The source text has changed since this was translated."
NOBODY = "FULL NAME <EMAIL@ADDRESS>"
_CHECK = re.compile(r"([0-9a-f]{16})-([0-9a-f]{16})?")
_IMPOSSIBLE = re.compile("[\0\ud800-\udfff]")
_BROKEN = (PoFileError, ValueError, IndexError, TypeError, AttributeError, AssertionError)
"""What Babel's parser raises for an entry that is none."""


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


class _Book(Catalog):
    """A catalogue that keeps all it is given: Babel's own would lay duplicates upon one another."""

    def __init__(self) -> None:
        super().__init__(charset="utf-8")
        self.found: list[Message] = []
        self.said: dict[str, str] = {}

    def __setitem__(self, key: str | list[str] | tuple[str, ...], message: Message) -> None:
        if message.id:
            self.found.append(message)
        else:
            pairs = (line.partition(":") for line in str(message.string).splitlines())
            self.said = {name.strip().casefold(): value.strip() for name, _, value in pairs}

    @property
    def num_plurals(self) -> int:
        found = re.search(r"nplurals\s*=\s*([1-6])\b", self.said.get("plural-forms", ""))
        return int(found[1]) if found else 2


def read(raw: bytes, file: str) -> Returned:
    """The rows of a PO file; an entry that is damaged does not lose the others. Raises ExchangeError."""
    book = _Book()
    rows: list[Row] = []
    complaints: list[Complaint] = []
    for line, entry in _pieces(_decoded(raw, file)):
        place = f"line {line}"
        try:
            PoFileParser(book, ignore_obsolete=True, abort_invalid=True).parse(entry)
            while book.found:
                rows += _rows(book.found.pop(), place, book)
        except _BROKEN as error:
            book.found.clear()
            what = f"this entry cannot be read ({str(error) or type(error).__name__})."
            complaints.append(
                Complaint(file, place, "unreadable", what, "Mend it in Poedit, or leave it out.")
            )
    rows, others = _as_ours(rows, book, file)
    complaints += others
    source, target = (book.said.get(key, "").replace("_", "-") for key in ("x-source-language", "language"))
    by = book.said.get("last-translator", "").replace(NOBODY, "")
    return Returned(file, "po", source, target, tuple(rows), tuple(complaints), by)


def _as_ours(rows: list[Row], book: _Book, file: str) -> tuple[list[Row], list[Complaint]]:
    """Without the texts that count where a tool has numbered the plural forms its own way."""
    said = re.search(r"plural\s*=\s*([^;]+)", book.said.get("plural-forms", ""))
    target = book.said.get("language", "").replace("_", "-")
    if not said or not any(plurals.forms(row.context) for row in rows) or plurals.agree(said[1], target):
        return rows, []
    what = f"its plural forms ({said[1].strip()}) are others than those it was sent with."
    cure = "Texts that count are left out; enter them by hand, or keep the head of the file as it was."
    kept = [row for row in rows if not plurals.forms(row.context)]
    return kept, [Complaint(file, "head", "plural_forms", what, cure)]


def _decoded(raw: bytes, file: str) -> str:
    said = re.search(rb"charset=([A-Za-z0-9._-]{2,40})", raw[:5000])
    for encoding in ("utf-8-sig", said[1].decode() if said else "utf-8"):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    raise ExchangeError(file, "the text is not in the encoding that its head names.", "Save it as UTF-8.")


def _pieces(text: str) -> Iterator[tuple[int, list[str]]]:
    """The entries of a file, each with the line where it begins."""
    piece: list[str] = []
    start, ended = 1, False
    for number, line in enumerate(text.split("\n"), start=1):
        word = line.strip()
        if ended and word.startswith(("#", "msgctxt", "msgid")):
            yield start, piece
            piece, ended = [], False
        if word and not piece:
            start = number
        if word:
            piece.append(line)
        ended = ended or word.startswith(("msgstr", "#~ msgstr"))
    if piece:
        yield start, piece


def _rows(message: Message, place: str, book: _Book) -> Iterator[Row]:
    context = message.context or ""
    if not CONTEXT.fullmatch(context):
        raise ValueError("its msgctxt does not say which text it is")
    told = next((path for path, _ in message.locations if path.startswith("check/")), "")
    checks = [found for each in told.split("/")[1:] if (found := _CHECK.fullmatch(each))]
    words = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    sources = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    counted = len(sources) > 1
    for at, translation in enumerate(words):
        text = sources[min(at, len(sources) - 1)]
        check = checks[at] if len(checks) == len(words) else None
        yield Row(
            f"{context}/form/{at}" if counted else context,
            text,
            translation,
            state_of(
                translation,
                "draft" if message.fuzzy else "approved",
                stale=message.fuzzy and STALE in message.auto_comments,
            ),
            digest=check[1] if check else digest(text),
            was=(check[2] or "") if check else "",
            remark=" ".join(message.user_comments),
            place=place,
        )
