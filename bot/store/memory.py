"""The translation memory's rows: what has been translated, by whom, and what a translator is still to be asked for.

A row is one text, one pair of languages, one place where the text stands (its context). People's own words have the
context "said": whoever says the same gets the same translation, and no other text ever borrows theirs.

    wanted → draft → approved        (a machine, or a person who has not said that it may go out; then a person who has)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Float,
    Row,
    String,
    bindparam,
    case,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import translations
from .types import Instant

SAID = "said"
"""The context of people's own words."""
AT_ONCE = 500
"""Digests in one statement: SQLite and PostgreSQL both bound the number of parameters."""
ENTRY = tuple(
    translations.c[name]
    for name in ("id", "context", "source", "target", "digest", "source_text", "text", "origin", "state",
                 "confidence", "approved_by", "approved_at")
)  # fmt: skip
"""What the memory tells of a text, in this order."""
WANTED: ColumnElement[str] = literal_column("'wanted'")


def digest(text: str) -> str:
    """The key under which a text's translations are found."""
    return sha256(text.encode()).hexdigest()


async def look_up(
    db: AsyncConnection, digests: Iterable[str], source: str, target: str, *conditions: ColumnElement[bool]
) -> list[Row[Any]]:
    """Every row for these texts in this pair of languages, oldest first."""
    wanted = list(dict.fromkeys(digests))
    found: list[Row[Any]] = []
    for start in range(0, len(wanted), AT_ONCE):
        rows = await db.execute(
            select(*ENTRY)
            .where(
                translations.c.digest.in_(wanted[start : start + AT_ONCE]),
                translations.c.source == source,
                translations.c.target == target,
                *conditions,
            )
            .order_by(translations.c.id)
        )
        found += rows.all()
    return found


async def of_context(db: AsyncConnection, prefix: str, *conditions: ColumnElement[bool]) -> list[Row[Any]]:
    """Every row whose context begins so: "survey:getting-to-school/"."""
    # Not LIKE, which takes "_" for any letter. The column goes by code points in both databases, so this is a range.
    rows = await db.execute(
        select(*ENTRY)
        .where(translations.c.context >= prefix, translations.c.context < f"{prefix}\U0010fffd", *conditions)
        .order_by(translations.c.context, translations.c.target, translations.c.id)
    )
    return list(rows.all())


async def want(db: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Queue these texts, each once: what is known or wanted already stays as it is. Rows have ``id``, ``digest``, ``source``,
    ``target``, ``source_text``, ``due_at``, ``created_at``, and perhaps ``context``."""
    if rows:
        upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
        await db.execute(
            upsert(translations).on_conflict_do_nothing(),
            _in_order([{"context": SAID, **row, "state": "wanted"} for row in rows]),
        )


async def claim(db: AsyncConnection, most: int, now: datetime, until: datetime) -> list[Row[Any]]:
    """Take texts that wait for a translator; nobody else takes them before ``until``, when they are due again."""
    due = (
        select(translations.c.id)
        .where(
            translations.c.due_at.is_not(None), translations.c.due_at <= now, translations.c.state == WANTED
        )
        .order_by(translations.c.due_at, translations.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = await db.execute(
        update(translations)
        .where(translations.c.id.in_(due))
        .values(due_at=until, attempts=translations.c.attempts + 1)
        .returning(translations)
    )
    return sorted(rows, key=lambda row: row.id)


# The answer or message keeps people's words; a second copy of them helps nobody.
_OURS_ALONE = case((translations.c.context == SAID, null()), else_=translations.c.source_text)
_of_id = update(translations).where(translations.c.id == bindparam("_id"), translations.c.state == WANTED)
_DONE = _of_id.values(
    state="draft",
    text=bindparam("text"),
    origin=bindparam("origin"),
    confidence=bindparam("confidence"),
    polarity=bindparam("polarity", type_=Float),
    due_at=null(),
    changed_at=bindparam("at", type_=Instant),
    source_text=_OURS_ALONE,
)
_LATER = _of_id.values(
    due_at=case(
        (translations.c.changed_at.is_(None), bindparam("due", type_=Instant)),
        else_=bindparam("day", type_=Instant),  # of these no moment is kept: ``forget_when``
    )
)


async def done(db: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Enter what came back: ``_id``, ``text``, ``origin``, ``confidence``, ``polarity``, ``at``."""
    if rows:
        await db.execute(_DONE, list(rows))


async def later(db: AsyncConnection, due: Mapping[UUID, datetime]) -> None:
    """Ask for these again then."""
    if due:
        rows = [{"_id": id_, "due": at, "day": _midnight(at)} for id_, at in sorted(due.items())]
        await db.execute(_LATER, rows)


async def renew(db: AsyncConnection, ids: Sequence[UUID], held: datetime, until: datetime) -> set[UUID]:
    """Hold these, claimed until ``held``, for longer. Returns those that nobody else has taken meanwhile."""
    mine = translations.c.id.in_(ids), translations.c.due_at == held, translations.c.state == WANTED
    rows = await db.execute(
        update(translations).where(*mine).values(due_at=until).returning(translations.c.id)
    )
    return set(rows.scalars())


async def forget_when(db: AsyncConnection, digests: Iterable[str], day: datetime) -> None:
    """Keep of people's own words only the ``day`` on which they came to be translated: a moment would lead to whose they
    were. (The ids of these rows are random, and tell no time.) What a translator has been asked for already stays put
    off or claimed, until a midnight: it would be asked twice."""
    wanted = sorted(set(digests))
    for start in range(0, len(wanted), AT_ONCE):
        rows = await db.execute(
            select(translations.c.id, translations.c.attempts, translations.c.due_at)
            .where(translations.c.digest.in_(wanted[start : start + AT_ONCE]), translations.c.context == SAID)
            .order_by(translations.c.id)
            .with_for_update()
        )
        if forgotten := [
            {"_id": row.id, "day": day, "due": _midnight(row.due_at) if row.due_at and row.attempts else day}
            for row in rows
        ]:
            await db.execute(_FORGET, forgotten)


_FORGET = (
    update(translations)
    .where(translations.c.id == bindparam("_id"))
    .values(
        created_at=bindparam("day", type_=Instant),
        changed_at=bindparam("day", type_=Instant),
        due_at=case((translations.c.due_at.is_(None), null()), else_=bindparam("due", type_=Instant)),
    )
)


def _midnight(moment: datetime) -> datetime:
    """The first at or after a moment."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return day if day == moment else day + timedelta(days=1)


async def keep(db: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Enter translations of our own texts, in place of what stood there. What a person has approved is replaced only
    by what a person has approved."""
    if not rows:
        return
    insert = (postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert)(translations)
    new = insert.excluded
    taken = (
        "source_text",
        "text",
        "origin",
        "state",
        "confidence",
        "approved_by",
        "approved_at",
        "changed_at",
    )
    await db.execute(
        insert.on_conflict_do_update(
            index_elements=["digest", "source", "target", "context"],
            set_={name: new[name] for name in taken} | {"due_at": null()},
            where=or_(translations.c.state != "approved", new.state == "approved"),
        ),
        _in_order(rows),
    )


def _in_order(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Two that enter the same texts at once would each wait for the other, if they did so in different orders."""
    return sorted(rows, key=lambda row: (row["digest"], row["source"], row["target"], row["context"]))


_APPROVE = (
    update(translations)
    .where(translations.c.id == bindparam("_id"), translations.c.text.is_not(None))
    .values(
        state="approved",
        approved_by=bindparam("by", type_=String),
        approved_at=bindparam("at", type_=Instant),
        changed_at=bindparam("at", type_=Instant),
    )
)


async def approve(db: AsyncConnection, ids: Sequence[UUID], by: str, now: datetime) -> int:
    """A person's word that these are right. Returns how many there were with a text."""
    count = 0
    for id_ in ids:  # asyncpg does not count the rows of many
        count += (await db.execute(_APPROVE, {"_id": id_, "by": by, "at": now})).rowcount
    return count


async def correct(db: AsyncConnection, id_: UUID, text: str, by: str, now: datetime) -> bool:
    """A person's own wording instead, approved by them. False where there is no such row."""
    done = await db.execute(
        update(translations)
        .where(translations.c.id == id_)
        .values(
            text=text, origin="person", state="approved", confidence=null(), approved_by=by, approved_at=now,
            changed_at=now, due_at=null(), source_text=_OURS_ALONE,
        )
    )  # fmt: skip
    return bool(done.rowcount)
