"""What a person makes of a reply: written, changed and taken back, for it and for every identical one, in one transaction.

A reading is the complete set of themes: accepting is giving what the coder gave, rejecting is leaving it out, and none at
all says that no theme of the codebook fits. What the machine gave stays beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook

from .. import duties
from ..app import App
from ..store import draws, readings
from .identical import identical

Given = tuple[str, ...]


class CannotDecide(Exception):  # noqa: N818
    """This reading cannot be entered; the text says why, and what to do instead."""


@dataclass(frozen=True, slots=True)
class Made:
    """A reading that was entered. ``answers``: it and the identical ones that it was entered for. ``counts``: whose reading
    of it counts now."""

    answers: tuple[UUID, ...]
    themes: Given
    counts: str | None


def mark(heard: str) -> str:
    """Changes with the words, so that nobody decides about words that they have not seen."""
    return sha256(heard.encode()).hexdigest()[:12]


async def decide(
    app: App,
    db: AsyncConnection,
    answer: UUID,
    coder: str,
    themes: Collection[str],
    *,
    seen: str | None = None,
    note: str | None = None,
) -> Made:
    """Enter what this reader (``staff:<id>``) makes of an answer, in place of what they made of it before.

    ``seen`` is the mark() of the words that they read. Saying the same again changes nothing. Raises CannotDecide and, for
    an answer that is not there, LookupError.
    """
    twins, book = await _locked(app, db, answer)
    row = twins[0]
    if seen is not None and seen != mark(row.heard):
        raise CannotDecide(
            "More words of this reply have come since you read it. Nothing was entered: read it again."
        )
    drawn = await draws.drawn(db, answer)
    blind = row.coder is None or (drawn is not None and drawn.wanted > 1)
    reading = {
        "purpose": "double" if drawn is not None and drawn.wanted > 1 else "review",
        "drawn": drawn.drawn if drawn is not None else draws.CHOSEN,
        "machine": None if blind else row.coder,
        "note": note,
    }
    made = await _enter(app, db, twins, coder, _checked(book, themes), reading, book)
    await draws.release(db, coder, app.clock(), answer)
    return made


async def agree(
    app: App,
    db: AsyncConnection,
    answer: UUID,
    coder: str,
    themes: Collection[str],
    *,
    note: str | None = None,
) -> Made:
    """Enter what readers who differed have agreed on; ``coder`` (``staff:<id>``) is who enters it. It counts before all
    else. Raises CannotDecide and LookupError."""
    twins, book = await _locked(app, db, answer)
    stand = [one for one in await readings.of(db, [answer]) if one.purpose in readings.READ]
    if len(stand) < 2:
        raise CannotDecide(
            f"{'Nobody has' if not stand else 'Only one person has'} read this reply: there is nothing to agree on yet. "
            "Decide about it instead."
        )
    drawn = readings.LOT if any(one.drawn == readings.LOT for one in stand) else stand[0].drawn
    reading = {"purpose": "agreed", "drawn": drawn, "machine": None, "note": note}
    return await _enter(app, db, twins, agreed(coder), _checked(book, themes), reading, book)


async def withdraw(app: App, db: AsyncConnection, answer: UUID, coder: str) -> int:
    """Take back what this reader (``staff:<id>`` or ``agreed:<id>``) made of an answer and of the identical ones. What
    counted before counts again. Returns of how many answers; 0 where there was nothing. Raises LookupError."""
    twins, book = await _locked(app, db, answer)
    ids = [row.id for row in twins]
    gone = await readings.withdraw(db, ids, coder)
    await duties.counted(db, ids, book, app.clock(), app.new_id)
    return gone


def agreed(coder: str) -> str:
    """Under which name stands what a reader enters for those who differed.

    >>> agreed("staff:7")
    'agreed:7'
    """
    return f"agreed:{coder.partition(':')[2]}"


async def _locked(app: App, db: AsyncConnection, answer: UUID) -> tuple[list[Row[Any]], Codebook]:
    """The answer and those identical to it, itself first, and the codebook by which they are read."""
    row = await readings.answer(db, answer)
    twins = await identical(app, db, row) if row is not None else []
    found = {one.id: one for one in await readings.lock(db, twins)}
    if answer not in found:
        raise LookupError("There is no such reply any more.")
    # Words that came while we waited for the lock make another reply of it.
    same = [found[id_] for id_ in twins if id_ in found and found[id_].heard == found[answer].heard]
    survey = await app.shelf.get(db, found[answer].survey_id)
    return same, await app.books.of_survey(db, survey.key)


async def _enter(
    app: App,
    db: AsyncConnection,
    twins: Sequence[Row[Any]],
    coder: str,
    themes: Given,
    reading: dict[str, Any],
    book: Codebook,
) -> Made:
    now = app.clock()
    ids = [row.id for row in twins]
    before = {one.answer_id: one for one in await readings.of(db, ids, stale=True) if one.coder == coder}
    given = await readings.themes(db, ids)
    lots = await draws.of_lot(db, ids)
    rows = []
    for answer, counts in ((row.id, row.decided) for row in twins):
        own = before.get(answer)
        row = reading | {"answer_id": answer, "coder": coder, "created_at": now, "changed_at": now}
        row |= {"id": app.new_id(), "codebook": book.id, "codebook_version": book.version}
        row["copied"] = answer != ids[0]
        if row["copied"]:
            row["drawn"] = readings.LOT if answer in lots else readings.SAME
        if own is not None and own.purpose != "stale":
            # Whoever changes their mind has read it as they did at first: with the coder's suggestions or without.
            row |= {name: getattr(own, name) for name in ("purpose", "drawn", "copied", "machine")}
            said = {coding.theme for coding in given.get((answer, coder), ())}
            same = said == set(themes) and (own.note, own.codebook) == (row["note"], book.id)
            if same and counts == coder:
                continue
        rows.append(row)
    codings = [
        {"id": app.new_id(), "answer_id": row["answer_id"], "theme": theme, "probability": 1.0, "coder": coder,
         "evidence": {}, "created_at": now}
        for row in rows for theme in themes
    ]  # fmt: skip
    await readings.put(db, rows, codings)
    await duties.counted(db, ids, book, now, app.new_id)
    (first,) = await readings.lock(db, ids[:1])
    return Made(tuple(ids), themes, first.decided)


def _checked(book: Codebook, themes: Collection[str]) -> Given:
    """These themes in the codebook's order, each once. Raises CannotDecide for what cannot be given."""
    for theme in themes:
        if theme in book.codes:
            continue
        if theme in book:
            below = ", ".join(sub.id for sub in book.children(theme)) or "none"
            raise CannotDecide(f"{theme} is a heading. Give one of the themes under it: {below}.")
        near = get_close_matches(theme, book.codes, 3, 0.5)
        raise CannotDecide(
            f"The codebook {book.id} ({book.version}), by which this survey is read, has no theme {theme}. "
            + (f"Did you mean {' or '.join(near)}?" if near else f"See: openline codebook show {book.id}")
        )
    return tuple(code for code in book.codes if code in set(themes))
