"""Themes that families speak of and the codebook does not have: found, proposed to staff, and taken in or dismissed.

What somebody has decided stays decided: a proposal comes again only when half of its replies are new.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook, Theme
from analysis.codebook.editing import added
from analysis.codebook.fields import LONGEST
from analysis.coder import Coder, Reply
from analysis.cues import fold
from analysis.emerging import Proposal, Said, fits_none, likeness, propose
from analysis.findings import Voice
from analysis.redact import redact

from . import audit, findings
from .clock import Clock
from .codebooks import Added, Books
from .ids import NewId
from .learning import Coders
from .store import names
from .store import proposals as store
from .store.database import Database
from .versions import bring_in

AGAIN = 0.5
"""A group is a proposal that was there before when this share of the smaller one's replies is in both."""
EXAMPLES = 6
"""So many typical replies of each language become examples of an accepted theme."""
TOP = "local"
"""The top theme of what is put under no other."""
BATCH = 64


class NoProposal(LookupError):  # noqa: N818
    """There is no such proposal, or it has been decided on. The text says what there is."""


@dataclass(frozen=True, slots=True)
class Open:
    """A proposal that waits for a decision, as it is now."""

    id: UUID
    found: Proposal
    since: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found: ``open`` proposals; of ``replies`` that have been read, ``uncovered`` fit no theme; groups that were
    ``decided`` on before."""

    open: tuple[Open, ...]
    replies: int
    uncovered: int
    decided: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """The new version of the codebook, and the theme in it."""

    added: Added
    theme: Theme


@dataclass(frozen=True)
class Emerging:
    """Looks for emerging themes, and keeps what was decided of them."""

    database: Database
    books: Books
    coders: Coders
    clock: Clock
    new_id: NewId

    async def look(
        self, survey: str, minimum: int, tell: Callable[[int, int], None] = lambda done, of: None
    ) -> Look:
        """Group the replies that no theme fits, and enter what is new. ``tell`` hears how many of them have been read."""
        async with self.database.read() as db:
            book = await self.books.of_survey(db, survey)
            voices = await findings.voices(db, survey, {}, book)
        # Of very many voices this takes a second, and pages must be answered.
        said = await asyncio.to_thread(lambda: [_said(voice, book) for voice in voices])
        free = [one for one in said if fits_none(book, one.chances)]
        others = [one for one in said if not fits_none(book, one.chances)]
        found: list[Proposal] = []
        if len({one.person for one in free}) >= minimum:
            coder = await asyncio.to_thread(self.coders.usual, book)
            places = await _places(coder, free, tell)
            near = likeness(coder.places, coder.labels, book)
            found = await asyncio.to_thread(propose, free, places, book, near, others=others, minimum=minimum)
        async with self.database.begin() as db:
            kept, decided = await self._enter(db, survey, book, found)
        return Look(tuple(kept), len(said), len(free), decided)

    async def _enter(
        self, db: AsyncConnection, survey: str, book: Codebook, found: Sequence[Proposal]
    ) -> tuple[list[Open], int]:
        # Grouping takes minutes: answers that were cut from their people meanwhile have ids by now that tell no time.
        there = await store.staying(db, sorted({UUID(member) for one in found for member in one.members}))
        found = [replace(one, members=tuple(m for m in one.members if UUID(m) in there)) for one in found]
        found = [one for one in found if one.members]
        rows = await store.of_survey(db, survey)
        waiting = [row for row in rows if row.state == "open"]
        known = [set(row.members) for row in rows if row.state != "open"]
        now = self.clock()
        kept: list[Open] = []
        new: list[dict[str, Any]] = []
        decided = 0
        for one in found:
            if any(_overlap(one, members) >= AGAIN for members in known):
                decided += 1
                continue
            words = {language: list(told) for language, told in one.words.items()}
            values = {"label": one.label[:200], "words": words, "members": list(one.members)}
            same = max(waiting, key=lambda row: _either(one, row.members), default=None)
            if same is not None and _either(one, same.members) >= AGAIN:
                waiting.remove(same)
                await store.change(db, same.id, **values, codebook=book.id, changed_at=now)
                kept.append(Open(same.id, one, same.created_at))
                continue
            times = {"created_at": now, "changed_at": now}
            id_ = self.new_id()
            new.append({"id": id_, "survey": survey, "codebook": book.id, "state": "open", **values, **times})
            kept.append(Open(id_, one, now))
        await store.remove(db, [row.id for row in waiting])
        await store.enter(db, new)
        return kept, decided

    async def accept(
        self,
        digits: str,
        label: str,
        *,
        under: str | None,
        definition: str = "",
        examples: bool = True,
        by: str | None,
        member: UUID | None = None,
    ) -> Accepted:
        """Make a proposal a theme of a new version of its codebook, below the top theme ``under`` (None: "local").

        ``member`` is the account that does it, for the record. Its examples are the most typical replies of each language in which nothing had to be taken out. Raises
        NoProposal, codebooks.NoCodebook, and CodebookError for a top theme that is not there.
        """
        async with self.database.begin() as db:
            row = await self._open(db, digits)
            book = await self.books.get(db, row.codebook)
            texts = await self._examples(db, row) if examples else {}
            new, theme = taken_in(book, label, under, definition or f"Replies such as: {row.label}.", texts)
            now = self.clock()
            entered = (await bring_in(self.books, db, new, by, now, self.new_id)).added
            await store.change(db, row.id, state="accepted", theme=theme.id, by=by, changed_at=now)
            version = entered.codebook.version
            await audit.record(
                db, now, member, "theme.accept", theme.id, codebook=entered.codebook.id, version=version
            )
        return Accepted(entered, theme)

    async def dismiss(self, digits: str, by: str | None) -> str:
        """This is no theme: it is not proposed again. Returns its label. Raises NoProposal."""
        async with self.database.begin() as db:
            row = await self._open(db, digits)
            await store.change(db, row.id, state="dismissed", by=by, changed_at=self.clock())
        return str(row.label)

    async def restore(self, digits: str) -> str:
        """Take back that somebody dismissed it: it waits for a decision again. Returns its label. Raises NoProposal."""
        async with self.database.begin() as db:
            rows = await store.ending(db, digits.strip().lower().replace("-", ""))
            gone = [row for row in rows if row.state == "dismissed"]
            if len(gone) != 1:
                raise NoProposal(f"There is no dismissed proposal {digits}.")
            await store.change(db, gone[0].id, state="open", by=None, changed_at=self.clock())
        return str(gone[0].label)

    async def _open(self, db: AsyncConnection, digits: str) -> Row[Any]:
        rows = await store.ending(db, digits.strip().lower().replace("-", ""))
        waiting = [row for row in rows if row.state == "open"]
        if len(waiting) == 1:
            return waiting[0]
        if waiting:
            raise NoProposal(f"Several proposals end in {digits}: give more of the digits.")
        if rows:
            what = f"accepted, as {rows[-1].theme}" if rows[-1].state == "accepted" else "dismissed"
            raise NoProposal(f"The proposal {digits} was {what} already.")
        raise NoProposal(f"There is no proposal {digits}. See `openline emerging find SURVEY`.")

    async def _examples(self, db: AsyncConnection, row: Row[Any]) -> dict[str, tuple[str, ...]]:
        members = [UUID(member) for member in row.members]
        said = await store.replies(db, members)
        called = await names.of(db, {one.person_id for one in said.values()})
        found: dict[str, list[str]] = {}
        people: set[UUID] = set()
        for one in (said[member] for member in members if member in said):
            language = one.language or one.declared
            text = " ".join(one.heard.split())
            clean = redact(text, language, called.get(one.person_id, ()))
            enough = len(found.get(language, ())) >= EXAMPLES
            if enough or clean.count or not 4 <= len(text) <= 240 or one.person_id in people:
                continue
            if text not in (listed := found.setdefault(language, [])):
                people.add(one.person_id)
                listed.append(text)
        return {language: tuple(texts) for language, texts in found.items()}


def taken_in(
    book: Codebook, label: str, under: str | None, definition: str, examples: dict[str, tuple[str, ...]]
) -> tuple[Codebook, Theme]:
    """The codebook with one more theme, below ``under``: ``transport.local_dark_stops``. Without one it lies below a top
    theme for what was added here: ``local.dark_stops``. Raises NoProposal for a top theme that the codebook does not have."""
    if under is not None and (under not in book or book[under].parent is not None):
        tops = ", ".join(theme.id for theme in book.tops if theme.kind == "barrier")
        raise NoProposal(f"There is no top theme {under}. There are: {tops}.")
    top = under or TOP
    wanted = f"{top}.{'local_' if under else ''}{slug(label)}"[: LONGEST - 3]
    code = next(code for code in (wanted, *(f"{wanted}_{n}" for n in range(2, 100))) if code not in book)
    theme = Theme(code, top, label, definition, "", "", "barrier", examples)
    if top not in book:
        book = added(
            book, Theme(TOP, None, "Added here", "Barriers that families here named.", "", "", "barrier")
        )
    return added(book, theme), theme


def slug(label: str) -> str:
    """
    >>> slug("Dark stops & paths"), slug("¿Español?"), slug("路灯")
    ('dark_stops_paths', 'espanol', 'theme')
    """
    return re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:40].strip("_") or "theme"


def _said(voice: Voice, book: Codebook) -> Said:
    if voice.decided is None and voice.chances is not None:
        chances = dict(zip(book.codes, voice.chances.tolist(), strict=True))
    elif voice.decided is not None:
        chances = dict.fromkeys(voice.decided.themes, 1.0)
    else:  # read by a coder with another codebook: what it gave is all that is known
        chances = dict(voice.themes)
    return Said(
        voice.answer, voice.person, voice.original, voice.language, chances, voice.english, voice.names
    )


async def _places(
    coder: Coder, said: Sequence[Said], tell: Callable[[int, int], None]
) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Where the replies lie, equal ones read once. People's words are kept in no file."""
    replies = [Reply(one.text, one.language, None) for one in said]
    different = list(dict.fromkeys(replies))
    rows: dict[Reply, Any] = {}
    for start in range(0, len(different), BATCH):
        some = different[start : start + BATCH]
        rows |= zip(some, await asyncio.to_thread(coder.place, some), strict=True)
        tell(len(rows), len(different))
    return np.stack([rows[reply] for reply in replies])


def _overlap(one: Proposal, members: set[str]) -> float:
    """The share of a group that was in another one."""
    return len(members.intersection(one.members)) / len(one.members)


def _either(one: Proposal, members: Sequence[str]) -> float:
    """The share of the smaller group that is in both."""
    return len(set(one.members).intersection(members)) / min(len(one.members), len(members))
