"""What goes out to a translator and comes back, whatever the kind of file: a sheet of rows, and what was wrong."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from survey_flows.files.survey_page import LONGEST
from survey_flows.told import told

from ..units import Unit
from .plurals import said_of

Kind = Literal["xliff", "po", "xlsx"]
State = Literal["missing", "draft", "approved", "stale"]
"""missing: no translation. draft: no person has said yes. stale: made for another source text. approved: a person
has said yes."""

LARGEST, LARGEST_TEXT = 20_000_000, 5_000_000
"""Bytes of a file that are read: tools put much of their own into XLIFF and workbooks, but not into PO and CSV. All texts of
Openline in one language take 0.4 MB at most."""
MOST_ROWS = 50_000
"""Rows of one file. All of Openline's in one language are some five hundred."""
CONTEXT = re.compile(r"[A-Za-z0-9_:/.-]{1,200}")


class ExchangeError(Exception):
    """A file that cannot be used at all: which file, where in it, what is wrong, what to do."""

    def __init__(self, file: str, what: str, cure: str, place: str = "") -> None:
        self.file, self.what, self.cure, self.place = file, what, cure, place
        said = {"file": file, "place": place, "what": what, "cure": cure}
        super().__init__(
            told("{file}, {place}: {what} {cure}", **said) if place else told("{file}: {what} {cure}", **said)
        )


@dataclass(frozen=True, slots=True)
class Complaint:
    """One row, or one thing about a file, that is wrong; the other rows stand.

    ``place`` is the line or row, ``context`` the text it is about, where that is known. ``word`` names the kind of fault:
    those of ``matching.WORDS``; and of the readers "unreadable", "source_changed", "state", "no_key", "plural_forms".
    """

    file: str
    place: str
    word: str
    what: str
    cure: str
    context: str = ""

    def __str__(self) -> str:
        said = {"file": self.file, "place": self.place, "what": self.what, "cure": self.cure}
        if self.context:
            return told("{file}, {place} ({context}): {what} {cure}", context=self.context, **said)
        return told("{file}, {place}: {what} {cure}", **said)


@dataclass(frozen=True, slots=True)
class Row:
    """One text and its translation.

    ``digest`` is of the source text that the translation was made for, and ``was`` of the translation that went out ("" when
    the file does not say): so that a row that comes back is known to be of a text that has changed, or to be one that
    the translator has not touched. ``most`` is the number of characters (code points) that fit. ``note`` is for the
    translator, ``remark`` what the translator says in return, ``place`` where the row stands in its file.
    """

    context: str
    text: str
    translation: str = ""
    state: State = "missing"
    note: str = ""
    most: int | None = None
    digest: str = ""
    was: str = ""
    remark: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one file, in one pair of languages (BCP 47). ``by`` is who has translated them."""

    source: str
    target: str
    rows: tuple[Row, ...]
    by: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What was read from a file: its rows, and what could not be read. ``kind`` is what the content is.

    ``source`` and ``target`` are "" when the file does not say.
    """

    file: str
    kind: Kind
    source: str
    target: str
    rows: tuple[Row, ...]
    complaints: tuple[Complaint, ...] = ()
    by: str = ""


def too_many(file: str) -> ExchangeError:
    """What is said of a file with more rows than any survey has."""
    what = told("it has more than {n} rows.", n=f"{MOST_ROWS:,}")
    return ExchangeError(file, what, told("Give the file that was sent for translation."))


def digest(text: str) -> str:
    """The beginning of the SHA-256 of a text, in the composed form of its letters (NFC)."""
    composed = unicodedata.normalize("NFC", text)
    return hashlib.sha256(composed.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def sheet_of(
    units: Sequence[Unit],
    target: str,
    *,
    stale: Collection[str] = (),
    approved: bool = True,
    by: str = "",
) -> Sheet:
    """The rows of units. ``stale`` are contexts whose translation was made for an earlier text; without
    ``approved`` the rows are left out that a person has already approved.

    Raises ValueError for units that cannot stand in one file.
    """
    sources = {unit.source for unit in units}
    if len(sources) != 1 or target in sources:
        raise ValueError(f"one source language is needed, and another target: {sorted(sources)} to {target}")
    contexts = [unit.context for unit in units]
    if len(set(contexts)) < len(contexts):
        raise ValueError(
            f"units with one context: {sorted({each for each in contexts if contexts.count(each) > 1})}"
        )
    if odd := [context for context in contexts if not CONTEXT.fullmatch(context)]:
        raise ValueError(f"contexts that are none: {odd[:3]}")
    rows = (_row(unit, target, unit.context in stale) for unit in units if unit.text)
    kept = tuple(row for row in rows if approved or row.state != "approved")
    return Sheet(sources.pop(), target, kept, by)


def _row(unit: Unit, target: str, stale: bool) -> Row:
    translation = unit.texts.get(target, "")
    note = " ".join(
        filter(None, [unit.note, said_of(unit.context, target), CRITICAL if unit.critical else ""])
    )
    state = state_of(translation, "approved" if target in unit.approved else "draft", stale)
    return Row(
        unit.context,
        unit.text,
        translation,
        state,
        note,
        LONGEST,
        digest(unit.text),
        digest(translation),
    )


CRITICAL = "About consent or danger: it is not sent before a person has approved it."


def state_of(translation: str, state: State, stale: bool = False) -> State:
    """A state that goes with its translation: none without one, and none that is missing with one.

    >>> state_of("", "approved"), state_of("Hola", "missing"), state_of("Hola", "approved", stale=True)
    ('missing', 'draft', 'stale')
    """
    if not translation:
        return "missing"
    if stale:
        return "stale"
    return "draft" if state == "missing" else state
