"""All that is kept about one person, for a request of theirs: every row, and as much as can be said to them plainly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..erasing.plan import look, parts
from ..store import memory
from ..store.tables import (
    absences,
    addresses,
    alerts,
    answers,
    codings,
    consents,
    conversations,
    duties,
    guardianships,
    list_entries,
    messages,
    notes,
    people,
    readings,
    recipients,
    shared_addresses,
    students,
    surveys,
    threads,
    translations,
)

LEFT_OUT = {
    "chances",
    "held",
    "worker",
    "lease_until",
    "provider_id",
    "attempts",
    "priority",
    "code_at",
    "doubt",
}
"""Columns of the machinery, which say nothing of anybody."""


async def everything(db: AsyncConnection, person: UUID) -> dict[str, Any]:
    """All of it, as JSON can say it: {table: [row, …]}. Raises LookupError.

    Words of a survey that is anonymous and not yet cut from its people are left out: nobody reads them under a name,
    and whoever hands this out is somebody.
    """
    plan = await look(db, person)
    own = [one.id for one in plan.numbers]
    kids = list(
        (
            await db.execute(select(guardianships.c.student_id).where(guardianships.c.person_id == person))
        ).scalars()
    )
    anonymous = await _anonymous(db, plan.conversations)
    found: dict[str, Any] = {
        "person": await _rows(db, people, people.c.id, [person]),
        "children": await _rows(db, students, students.c.id, kids),
        "relations": await _rows(db, guardianships, guardianships.c.person_id, [person]),
        "absences": await _rows(db, absences, absences.c.student_id, kids),
        "lists": await _rows(db, list_entries, list_entries.c.person_id, [person]),
        "numbers": await _rows(db, addresses, addresses.c.id, own),
        "shared_numbers": await _rows(db, shared_addresses, shared_addresses.c.person_id, [person]),
        "consent": await _rows(db, consents, consents.c.address_id, own),
        "conversations": await _rows(db, conversations, conversations.c.id, plan.conversations),
        "messages": await _rows(db, messages, messages.c.id, plan.messages),
        "answers": await _rows(db, answers, answers.c.id, plan.answers),
        "themes": await _rows(db, codings, codings.c.answer_id, plan.answers),
        "readings": await _rows(db, readings, readings.c.answer_id, plan.answers),
        "duties": await _rows(db, duties, duties.c.answer_id, plan.answers),
        "alerts": await _rows(db, alerts, alerts.c.person_id, [person]),
        "notes": await _rows(db, notes, notes.c.person_id, [person]),
        "thread": await _rows(db, threads, threads.c.person_id, [person]),
        "campaigns": await _rows(db, recipients, recipients.c.person_id, [person]),
    }
    for row in (*found["messages"], *found["answers"], *found["conversations"]):
        if row.get("conversation_id", row.get("id")) in anonymous:
            row |= {
                what: None for what in ("text", "original", "heard", "value", "place", "media") if what in row
            }
            row["anonymous"] = True
    # What was made of such words tells as much as the words: themes with the words they go by, readers' notes, duties.
    hidden = {row["id"] for row in found["answers"] if row.get("anonymous")}
    for what in ("themes", "readings", "duties"):
        found[what] = [row for row in found[what] if row.get("answer_id") not in hidden]
    said = {row["text"] for row in found["messages"]} | {row["heard"] for row in found["answers"]}
    digests = sorted(map(memory.digest, said - {None, ""}))
    found["translations"] = []
    for start in range(0, len(digests), memory.AT_ONCE):
        some = translations.c.digest.in_(digests[start : start + memory.AT_ONCE])
        wanted = select(translations).where(some, translations.c.context == memory.SAID)
        found["translations"] += [_plain(row) for row in (await db.execute(wanted)).mappings()]
    return found


async def _anonymous(db: AsyncConnection, ids: Sequence[UUID]) -> set[str]:
    found: set[str] = set()
    for some in parts(ids):
        wanted = (
            select(conversations.c.id)
            .join(surveys, surveys.c.id == conversations.c.survey_id)
            .where(conversations.c.id.in_(some), surveys.c.anonymous)
        )
        found |= {str(id_) for id_ in (await db.execute(wanted)).scalars()}
    return found


async def _rows(db: AsyncConnection, table: Table, column: Any, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for some in parts(ids):
        rows = (await db.execute(select(table).where(column.in_(some)))).mappings().all()
        found += [_plain(row) for row in rows]
    when = next((name for name in ("at", "created_at", "day", "seen_at") if name in table.c), None)
    return sorted(found, key=lambda row: str(row[when])) if when else found


def _plain(row: Any) -> dict[str, Any]:
    return {name: _json(value) for name, value in row.items() if name not in LEFT_OUT and value is not None}


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
