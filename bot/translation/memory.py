"""The translation memory as the service uses it: what a person has approved comes first, and nothing is asked for twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from ..clock import Clock
from ..ids import NewId
from ..store import memory
from ..store.database import Database
from ..store.memory import SAID, digest
from ..store.tables import translations
from .base import Translated
from .units import Unit

State = Literal["wanted", "draft", "approved"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One text in one language, in one place. ``text`` is None while it is wanted; ``source_text`` is None for people's own words, which their answers keep."""

    id: UUID
    context: str
    source: str
    target: str
    digest: str
    source_text: str | None
    text: str | None
    origin: str | None
    state: State
    confidence: float | None
    approved_by: str | None
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class New:
    """A translation to be kept. With ``approved_by`` a person has said that it may go out."""

    context: str
    source: str
    target: str
    source_text: str
    text: str
    origin: str
    confidence: float | None = None
    approved_by: str | None = None


class Memory:
    """Finds, keeps and approves translations of our own texts. Never gives people's words for anything else."""

    def __init__(self, database: Database, clock: Clock, new_id: NewId) -> None:
        self._database = database
        self._clock = clock
        self._new_id = new_id

    async def find(
        self, texts: Iterable[str], source: str, target: str, context: str | None = None
    ) -> dict[str, Entry]:
        """What is known of these texts, by text: in this ``context`` first, then what was approved anywhere else, then the
        newest draft. Texts of which nothing is known are not in it."""
        by_digest = {digest(text): text for text in texts}
        async with self._database.read() as db:
            known = await _known(db, by_digest, source, target)
        return {by_digest[key]: _best(same, context) for key, same in known.items()}

    async def find_units(self, units: Iterable[Unit], target: str) -> dict[str, Entry]:
        """As ``find``, for each unit by its context."""
        by_source: dict[str, list[tuple[str, str]]] = {}
        for unit in units:
            by_source.setdefault(unit.source, []).append((unit.context, digest(unit.text)))
        found: dict[str, Entry] = {}
        async with self._database.read() as db:
            for source, here in by_source.items():
                known = await _known(db, (key for _, key in here), source, target)
                found |= {context: _best(known[key], context) for context, key in here if key in known}
        return found

    async def keep(self, new: Sequence[New]) -> None:
        """Enter these in place of earlier ones; what a person approved gives way only to what a person approved."""
        now = self._clock()
        rows = [
            {
                "id": self._new_id(), "digest": digest(one.source_text), "source": one.source, "target": one.target,
                "context": one.context, "source_text": one.source_text, "text": one.text, "origin": one.origin,
                "state": "approved" if one.approved_by else "draft", "confidence": one.confidence,
                "approved_by": one.approved_by, "approved_at": now if one.approved_by else None,
                "created_at": now, "changed_at": now,
            }
            for one in new
        ]  # fmt: skip
        async with self._database.begin() as db:
            await memory.keep(db, rows)

    async def approve(self, ids: Sequence[UUID], by: str) -> int:
        """A person's word that these may go out. Returns how many there were with a text."""
        async with self._database.begin() as db:
            return await memory.approve(db, ids, by, self._clock())

    async def correct(self, id_: UUID, text: str, by: str) -> bool:
        """A person's own wording, approved by them. False where there is no such entry."""
        async with self._database.begin() as db:
            return await memory.correct(db, id_, text, by, self._clock())

    async def for_context(self, prefix: str) -> list[Entry]:
        """All that is known of a document: "survey:getting-to-school/"."""
        async with self._database.read() as db:
            return [_entry(row) for row in await memory.of_context(db, prefix)]

    async def stale(self, units: Sequence[Unit]) -> dict[str, list[Entry]]:
        """Translations, by context, that were made from a source text which stands there no longer, as long as nobody has
        translated the new one."""
        now = {unit.context: digest(unit.text) for unit in units}
        if not now:
            return {}
        async with self._database.read() as db:
            rows = [row for row in await memory.of_context(db, _common(list(now))) if row.context in now]
        current = {
            (row.context, row.target)
            for row in rows
            if row.digest == now[row.context] and row.text is not None
        }
        left: dict[str, list[Entry]] = {}
        for row in rows:
            if (
                row.digest != now[row.context]
                and row.text is not None
                and (row.context, row.target) not in current
            ):
                left.setdefault(row.context, []).append(_entry(row))
        return left


class Remembered:
    """A translator that knows what people have approved, and nothing else: the first to be asked."""

    ours = True

    def __init__(self, database: Database) -> None:
        self._database = database

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """People's own translations where there are any; never words that somebody said."""
        approved = translations.c.state == "approved"
        async with self._database.read() as db:
            rows = await memory.look_up(
                db, map(digest, texts), source, target, approved, translations.c.context != SAID
            )
        known = {row.digest: row.text for row in rows}
        found = (known.get(digest(text)) for text in texts)
        return [None if text is None else Translated(text, "person") for text in found]

    async def close(self) -> None:
        """Nothing to give back: the database is the service's."""


def _common(contexts: Sequence[str]) -> str:
    """What all of these begin with."""
    first, last = min(contexts), max(contexts)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    return first[:same]


async def _known(
    db: AsyncConnection, digests: Iterable[str], source: str, target: str
) -> dict[str, list[Row[Any]]]:
    """What there is of our own texts, by digest, oldest first."""
    known: dict[str, list[Row[Any]]] = {}
    ours = translations.c.context != SAID, translations.c.text.is_not(None)
    for row in await memory.look_up(db, digests, source, target, *ours):
        known.setdefault(row.digest, []).append(row)
    return known


def _best(same: Sequence[Row[Any]], context: str | None) -> Entry:
    """In its own place before any other, approved before a draft, the newest of equals."""
    if len(same) == 1:
        return _entry(same[0])
    return _entry(max(reversed(same), key=lambda row: (row.context == context, row.state == "approved")))


def _entry(row: Row[Any]) -> Entry:
    told: tuple[Any, ...] = tuple(row)
    return Entry(*told)
