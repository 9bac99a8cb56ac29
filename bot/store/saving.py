"""What the inbox writes, in bulk: a fixed handful of statements however many messages arrive together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, insert, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..ids import NewId
from . import consents, readings
from .inbound import Changes, Row
from .queue import QUEUED, still_open
from .tables import addresses, alerts, answers, conversations, messages, people, quota_fills

MOVE = (
    update(conversations)
    .where(conversations.c.id == bindparam("_id"))
    .values(
        state=bindparam("state"),
        place=bindparam("place"),
        heard_at=bindparam("heard_at"),
        due_at=bindparam("due_at"),
    )
)

SUPPRESS = (
    update(addresses).where(addresses.c.id == bindparam("_id")).values(suppressed=bindparam("suppressed"))
)
SPEAK = (
    update(people)
    .where(people.c.id == bindparam("_id"))
    .values(language=bindparam("language"), language_by="person")
)
# With other words an answer is read anew, as if it had never been; what people made of it is shown to them again.
JOIN = (
    update(answers)
    .where(answers.c.id == bindparam("_id"))
    .values(
        heard=bindparam("heard"),
        value=bindparam("value"),
        code_at=bindparam("code_at"),
        coder=null(),
        chances=null(),
        held=null(),
        doubt=null(),
    )
)
POSTPONE = (
    update(messages)
    .where(messages.c.id == bindparam("_id"), messages.c.state == QUEUED)
    .values(due_at=bindparam("due_at"))
)
CANCEL = (
    update(messages)
    .where(messages.c.id == bindparam("_id"), messages.c.state == QUEUED)
    .values(state="cancelled", reason=bindparam("reason"))
)


async def save(db: AsyncConnection, changes: Changes, now: datetime, new_id: NewId) -> None:
    """Write everything at once. The caller owns the transaction."""
    if changes.silenced:
        await _silence(db, changes.silenced)
    begun = {row["id"] for row in changes.begun}
    # What is put aside goes first: an address has one open conversation.
    await _move(db, {id_: row for id_, row in changes.moved.items() if id_ not in begun})
    if changes.begun:
        await db.execute(insert(conversations), changes.begun)
        await _move(db, {id_: row for id_, row in changes.moved.items() if id_ in begun})
    if changes.messages:
        await db.execute(insert(messages), changes.messages)
    if changes.answers:
        await db.execute(insert(answers), changes.answers)
    if changes.alerts:
        await db.execute(insert(alerts), changes.alerts)
    if changes.quotas:
        upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
        await db.execute(upsert(quota_fills).on_conflict_do_nothing(), changes.quotas)
    await _join(db, changes)
    if changes.consents:
        await consents.enter(db, [{"id": new_id(), "at": now, **row} for row in changes.consents])
    if changes.suppressed:
        await db.execute(
            SUPPRESS, [{"_id": id_, "suppressed": why} for id_, why in changes.suppressed.items()]
        )
    if changes.languages:
        await db.execute(SPEAK, [{"_id": id_, "language": tag} for id_, tag in changes.languages.items()])


async def _move(db: AsyncConnection, moved: Mapping[UUID, Row]) -> None:
    if moved:
        await db.execute(MOVE, [{"_id": id_, **row} for id_, row in moved.items()])


async def _join(db: AsyncConnection, changes: Changes) -> None:
    """Put more words to answers that are stored already, and let the questions after them wait."""
    if changes.joined:
        asked = {(conversation_id, question) for conversation_id, question, _, _ in changes.joined}
        rows = await db.execute(
            select(
                answers.c.id, answers.c.conversation_id, answers.c.question, answers.c.heard, answers.c.value
            )
            .where(
                answers.c.conversation_id.in_({conversation_id for conversation_id, _ in asked}),
                answers.c.question.in_({question for _, question in asked}),
            )
            .order_by(answers.c.id)
        )
        latest = {
            (row.conversation_id, row.question): {"_id": row.id, "heard": row.heard, "value": row.value}
            for row in rows
        }
        for conversation_id, question, words, due in changes.joined:
            answer = latest.get((conversation_id, question))
            if answer is None:  # the words stand in their message
                continue
            if isinstance(answer["value"], str):
                answer["value"] += f"\n{words.strip()}"
            answer |= {"heard": f"{answer['heard']}\n{words}", "code_at": due}
        if longer := [answer for answer in latest.values() if "code_at" in answer]:
            await db.execute(JOIN, longer)
            await readings.outgrown(db, [answer["_id"] for answer in longer])
    if changes.postponed:
        await db.execute(POSTPONE, [{"_id": id_, "due_at": due} for id_, due in changes.postponed.items()])
    if changes.cancelled:
        await db.execute(CANCEL, [{"_id": id_, "reason": why} for id_, why in changes.cancelled.items()])


async def _silence(db: AsyncConnection, persons: Iterable[UUID]) -> None:
    """Nothing that is queued for these people goes out, on any of their addresses."""
    theirs = select(addresses.c.id).where(addresses.c.person_id.in_(list(persons)))
    await db.execute(
        update(messages)
        .where(
            still_open(messages),
            messages.c.state == QUEUED,
            messages.c.purpose != "farewell",
            messages.c.address_id.in_(theirs),
        )
        .values(state="cancelled", reason="stopped")
    )
