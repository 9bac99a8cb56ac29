"""Reads PO files back, entry by entry: one that is damaged does not lose the others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, PoFileParser

from survey_flows.told import Told, told

from . import plurals
from .base import CONTEXT, MOST_ROWS, Complaint, ExchangeError, Returned, Row, digest, state_of, too_many
from .po_writing import NOBODY, STALE

_CHECK = re.compile(r"([0-9a-f]{16})-([0-9a-f]{16})?")
_WHOLE = re.compile(r'#|(?:msg[a-z_]+(?:\[\d+\])?\s*)?"(?:.*[^\\])?(?:\\\\)*"$')
"""A line as it may be: a comment, or words between quotation marks."""
_BROKEN = (PoFileError, ValueError, IndexError, TypeError, AttributeError, AssertionError)
"""What Babel's parser raises for an entry that is none."""


class _Book(Catalog):
    """A catalogue that keeps all it is given: Babel's own would lay duplicates upon one another."""

    def __init__(self) -> None:
        super().__init__(charset="utf-8")
        self.found: list[Message] = []
        self.said: dict[str, str] = {}

    def __setitem__(self, key: str | list[str] | tuple[str, ...], message: Message) -> None:
        if message.id:
            self.found.append(message)
        elif not self.said:
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
    for number, (line, entry) in enumerate(_pieces(_decoded(raw, file))):
        if number > MOST_ROWS:
            raise too_many(file)
        place = told("line {n}", n=line)
        try:
            parser = PoFileParser(book, ignore_obsolete=True, abort_invalid=True)
            parser.parse(entry)
            if not parser.counter and not all(piece.lstrip().startswith("#") for piece in entry):
                raise ValueError(told("it has no msgid"))
            if not all(_WHOLE.match(line.strip()) for line in entry):
                raise ValueError(
                    told("a quotation mark is missing")
                )  # Babel would cut off a letter in its place
            while book.found:
                rows += _rows(book.found.pop(), place, book)
        except _BROKEN as error:
            book.found.clear()
            what = told("this entry cannot be read ({why}).", why=_why(error))
            cure = told("Mend it in Poedit, or leave it out.")
            complaints.append(Complaint(file, place, "unreadable", what, cure))
    rows, others = _as_ours(rows, book, file)
    complaints += others
    source, target = (book.said.get(key, "").replace("_", "-") for key in ("x-source-language", "language"))
    by = book.said.get("last-translator", "").replace(NOBODY, "")
    return Returned(file, "po", source, target, tuple(rows), tuple(complaints), by)


def _why(error: Exception) -> str:
    """What is wrong, in our words or in the parser's."""
    said = str(error)
    return said if isinstance(said, Told) else said[:200] or type(error).__name__


def _as_ours(rows: list[Row], book: _Book, file: str) -> tuple[list[Row], list[Complaint]]:
    """Without the texts that count where a tool has numbered the plural forms its own way."""
    said = re.search(r"plural\s*=\s*([^;]+)", book.said.get("plural-forms", ""))
    target = book.said.get("language", "").replace("_", "-")
    if not said or not any(plurals.forms(row.context) for row in rows) or plurals.agree(said[1], target):
        return rows, []
    what = told("its plural forms ({forms}) are others than those it was sent with.", forms=said[1].strip())
    cure = told("Texts that count are left out; enter them by hand, or keep the head of the file as it was.")
    kept = [row for row in rows if not plurals.forms(row.context)]
    return kept, [Complaint(file, told("head"), "plural_forms", what, cure)]


def _decoded(raw: bytes, file: str) -> str:
    said = re.search(rb"charset=([A-Za-z0-9._-]{2,40})", raw[:5000])
    for encoding in ("utf-8-sig", said[1].decode() if said else "utf-8"):
        try:
            return raw.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    what = told("the text is not in the encoding that its head names.")
    raise ExchangeError(file, what, told("Save it as UTF-8."))


def _pieces(text: str) -> Iterator[tuple[int, list[str]]]:
    """The entries of a file, each with the line where it begins: one ends at a blank line, or where the next begins."""
    piece: list[str] = []
    start, named, ended = 1, False, False
    for number, line in enumerate(re.split("\r\n?|\n", text), start=1):
        word = line.strip()
        if piece and ((named and not word) or (ended and word.startswith(("#", "msgctxt", "msgid")))):
            yield start, piece
            piece, named, ended = [], False, False
        if word:
            start = start if piece else number
            piece.append(line)
            named = named or not word.startswith("#")
            ended = ended or word.startswith(("msgstr", "#~ msgstr"))
    if piece:
        yield start, piece


def _rows(message: Message, place: str, book: _Book) -> Iterator[Row]:
    context = message.context or ""
    if not CONTEXT.fullmatch(context):
        raise ValueError(told("its msgctxt does not say which text it is"))
    kept = next((path for path, _ in message.locations if path.startswith("check/")), "")
    checks = [found for each in kept.split("/")[1:] if (found := _CHECK.fullmatch(each))]
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
