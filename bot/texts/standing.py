"""How each text stands in a language: what stands in its document, and what people and machines have put beside it since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import phrases

from ..dialogue.saved import PREFIX as SAVED
from ..store.memory import ENTRY, SAID
from ..store.memory import digest as digest_
from ..store.tables import campaigns, survey_drafts, surveys, translations
from ..translation.units import Unit
from .document import State
from .stored import Stored, acts_at_once

READ = "reading:"
"""Before the context of a text that somebody has read, or drafted, and that shall not go out by that alone."""
BEFORE = "was:"
"""Before the context of what stood there until a person worded it otherwise."""
_COLUMNS = (*ENTRY, translations.c.changed_at)
_OURS = translations.c.context < SAID, translations.c.context > SAID
"""Everything but people's words, as two ranges of the index."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one language. ``text`` is "" where there is none. ``origin`` is "person", "machine:<engine>", or "" for what
    stands in the document and nobody has told of. ``by`` and ``at`` say who approved it. ``waits`` means that it is approved
    and its document does not say so yet: see ``using``."""

    stored: Stored
    unit: Unit
    language: str
    text: str
    state: State
    origin: str = ""
    confidence: float | None = None
    by: str = ""
    at: datetime | None = None
    waits: bool = False
    id: UUID | None = None

    @property
    def context(self) -> str:
        return self.unit.context

    @property
    def waiting(self) -> bool:
        """Whether somebody has to read it."""
        return self.state in ("draft", "stale")


@lru_cache(maxsize=8192)
def digest(text: str) -> str:
    """As the memory has it; each text is looked at in many languages."""
    return digest_(text)


class Known:
    """What the memory has of our texts, by context and language; people's own words are not in it."""

    def __init__(self, rows: Iterable[Row[Any]]) -> None:
        self._rows: dict[tuple[str, str], list[Row[Any]]] = {}
        for row in rows:
            self._rows.setdefault((row.context, row.target), []).append(row)

    def now(self, unit: Unit, language: str, before: str = "") -> Row[Any] | None:
        """What there is for a text as it stands now."""
        key = digest(unit.text)
        held = self._rows.get((before + unit.context, language), ())
        return next((row for row in held if row.digest == key and row.text), None)

    def earlier(self, unit: Unit, language: str) -> list[Row[Any]]:
        """What there was: for earlier words of the source, and what people have since worded otherwise."""
        key = digest(unit.text)
        held = [row for row in self._rows.get((unit.context, language), ()) if row.digest != key and row.text]
        return held + [row for row in self._rows.get((BEFORE + unit.context, language), ()) if row.text]


async def known(db: AsyncConnection, language: str = "", prefix: str = "") -> Known:
    """All that the memory has of our texts, in one language or in every one; of one context only where it is given."""
    parts = []
    for part in _OURS:
        wanted = select(*_COLUMNS).where(part)
        parts.append(wanted.where(translations.c.target == language) if language else wanted)
    if prefix:
        several = [prefix, READ + prefix, BEFORE + prefix]
        one = select(*_COLUMNS).where(translations.c.context.in_(several))
        parts = [one.where(translations.c.target == language) if language else one]
    return Known((await db.execute(union_all(*parts) if len(parts) > 1 else parts[0])).all())


def stand(stored: Stored, unit: Unit, language: str, known: Known) -> Text:
    """How one text stands in one language."""
    written = unit.texts.get(language, "")
    own, read = known.now(unit, language), known.now(unit, language, READ)
    row = max(filter(None, (own, read)), key=lambda one: (one.changed_at, one.context), default=None)
    if row is not None and (not written or stored.since is None or row.changed_at >= stored.since):
        approved = row.state == "approved"
        waits = approved and not _out(stored, unit, language, row)
        return Text(
            stored, unit, language, row.text, "approved" if approved else "draft", row.origin or "", row.confidence,
            row.approved_by or "", row.approved_at, waits, row.id,
        )  # fmt: skip
    if not written:
        return Text(stored, unit, language, "", "missing")
    same = row if row is not None and row.text == written else None
    origin = (same.origin if same is not None else "") or (
        "machine:draft" if stored.kind == "phrases" else ""
    )
    sure = same.confidence if same is not None else None
    if language in unit.approved:
        by = same.approved_by if same is not None and same.approved_by else _approver(stored, language)
        return Text(
            stored, unit, language, written, "approved", origin, sure, by, same.approved_at if same is not None else None
        )  # fmt: skip
    if same is not None and same.state == "approved":
        return Text(
            stored, unit, language, written, "approved", origin, sure, same.approved_by or "", same.approved_at, True
        )  # fmt: skip
    old = any(one.text == written for one in known.earlier(unit, language) if one.context == unit.context)
    state: State = "stale" if old or language in stored.stale else "draft"
    return Text(stored, unit, language, written, state, origin, sure)


def _out(stored: Stored, unit: Unit, language: str, row: Row[Any]) -> bool:
    """Whether an approved row of the memory is what families get."""
    if stored.at_once:
        return acts_at_once(stored, language) and row.context == unit.context
    return language in unit.approved and unit.texts.get(language) == row.text


def _approver(stored: Stored, language: str) -> str:
    made = stored.document.made if stored.document else None
    found = made.approved.get(language) if made else None
    return found.by if found else ""


def texts(stored: Sequence[Stored], language: str, known: Known) -> list[Text]:
    """Every text in one language, each once: one that another survey includes stands with its own."""
    whole = {f"survey:{one.key}/" for one in stored if one.kind in ("survey", "draft")}
    found = []
    for one in stored:
        own = f"survey:{one.key}/"
        for unit in one.units:
            if unit.source == language:
                continue
            if one.kind in ("survey", "draft") and not unit.context.startswith(own):
                begins = f"{unit.context.partition('/')[0]}/"
                if begins in whole:
                    continue
            found.append(stand(one, unit, language, known))
    return found


def spoken(stored: Iterable[Stored]) -> list[str]:
    """Every language that some document has, or that Openline speaks."""
    tags = dict.fromkeys(tag for tag in phrases.LANGUAGES if tag != phrases.SOURCE)
    for one in stored:
        tags |= dict.fromkeys(one.languages)
        tags |= dict.fromkeys(tag for unit in one.units for tag in unit.texts if one.kind == "saved")
    return list(tags)


async def fingerprint(db: AsyncConnection) -> tuple[tuple[Any, ...], dict[str, tuple[Any, ...]]]:
    """Something else whenever documents may have changed; and by language, whenever what the memory has of it may have. Quick
    to find."""
    found: list[Any] = [phrases.drafts()]
    for table, at in (
        (surveys, surveys.c.created_at),
        (survey_drafts, survey_drafts.c.changed_at),
        (campaigns, campaigns.c.changed_at),
    ):
        found += (await db.execute(select(func.count(), func.max(at)).select_from(table))).one()
    replies = translations.c.context >= SAVED, translations.c.context < f"{SAVED}\U0010fffd"
    found += (
        await db.execute(select(func.count(), func.max(translations.c.changed_at)).where(*replies))
    ).one()
    ours = select(
        translations.c.target,
        func.count(),
        func.max(translations.c.changed_at),
        func.count(translations.c.approved_at),
    ).where(or_(*_OURS))
    rows = await db.execute(ours.group_by(translations.c.target))
    return tuple(found), {row[0]: tuple(row[1:]) for row in rows}


__all__ = ["BEFORE", "READ", "Known", "Text", "fingerprint", "known", "spoken", "stand", "texts"]
