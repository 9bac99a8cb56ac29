"""Cuts the answers of an anonymous survey from the people who gave them, once their conversation has ended.

What stays is a stand-in person who has the same groups, so that findings hold, and nothing that leads back: new ids
that tell no time, no message, no address, the day in place of the moment. The words themselves are taken out of the
messages; that a message came, and when, stays in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.dispositions import ENDED_EARLY

from .ids import NewId
from .store import duties, memory, readings
from .store.database import Database
from .store.inbound import free
from .store.tables import (
    alerts,
    answers,
    conversations,
    messages,
    people,
    proposals,
    quota_fills,
    surveys,
)

ENDED = ("complete", "screened", *ENDED_EARLY)
AT_ONCE = 50


async def cut(database: Database, now: datetime, new_id: NewId) -> int:
    """Cut every conversation of an anonymous survey that has ended and whose answers have been coded. Returns how many.

    An answer that waits to be coded waits to be cut as well: the coder must not find it moved under its hands. Neither
    must the inbox: addresses are locked as it locks them, and whoever is writing just now is left for the next time.
    """
    async with database.begin() as db:
        waiting = (
            select(answers.c.id)
            .where(answers.c.conversation_id == conversations.c.id)
            .where(answers.c.code_at.is_not(None))
            .exists()
        )
        given = select(answers.c.id).where(answers.c.conversation_id == conversations.c.id).exists()
        ready = (
            surveys.c.anonymous,
            conversations.c.state.in_(ENDED),
            conversations.c.address_id.is_not(None),
            given,
            ~waiting,
        )
        whose = (
            select(conversations.c.address_id)
            .join(surveys, surveys.c.id == conversations.c.survey_id)
            .where(*ready)
            .limit(AT_ONCE)
        )
        mine = await free(db, list((await db.execute(whose)).scalars()))
        if not mine:
            return 0
        rows = await db.execute(
            select(
                conversations,
                people.c.respondent,
                people.c.language.label("speaks"),
                people.c.school,
                people.c.groups,
            )
            .join(surveys, surveys.c.id == conversations.c.survey_id)
            .join(people, people.c.id == conversations.c.person_id)
            .where(*ready, conversations.c.address_id.in_(mine))
        )
        found = rows.all()
        # Locked, in the order in which coders and readers lock theirs: whoever is just deciding about one of them is waited
        # for, and their reading goes with it.
        theirs = answers.c.conversation_id.in_([row.id for row in found])
        await db.execute(select(answers.c.id).where(theirs).order_by(answers.c.id).with_for_update())
        moved: dict[UUID, dict[str, str]] = {}
        for row in found:
            moved.setdefault(row.survey_id, {}).update(await _cut(db, row, now))
        for survey, ids in moved.items():
            await _propose(db, survey, ids)
    return len(found)


async def _cut(db: AsyncConnection, row: Row[Any], now: datetime) -> dict[str, str]:
    """Cut one conversation. Returns the new ids of its answers by the old ones."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    stand_in, conversation = uuid4(), uuid4()  # random: an id that tells the time would lead back
    await db.execute(
        insert(people).values(
            id=stand_in,
            external_id=f"answers:anonymous:{stand_in.hex}",
            respondent=row.respondent,
            language=row.speaks,
            language_by="import",
            school=row.school,
            groups=row.groups or {},
            created_at=day,
        )
    )
    await db.execute(
        insert(conversations).values(
            id=conversation,
            survey_id=row.survey_id,
            person_id=stand_in,
            address_id=None,
            state=row.state,
            place=None,
            started_at=day,
            heard_at=day,
        )
    )
    said = select(answers).where(answers.c.conversation_id == row.id).order_by(answers.c.id)
    found = (await db.execute(said)).all()
    # Which of two answers to one question came later must still be seen: random ids, dealt out in order.
    moved = dict(zip((answer.id for answer in found), sorted(uuid4() for _ in found), strict=True))
    for answer in found:
        await _move(db, answer, moved[answer.id], stand_in, conversation, day)
    # Each message was translated by itself, whether or not its words became an answer of their own.
    sent = select(messages.c.text).where(
        messages.c.conversation_id == row.id, messages.c.direction == "in", messages.c.text != ""
    )
    words = {answer.heard for answer in found} | set((await db.execute(sent)).scalars())
    await memory.forget_when(db, map(memory.digest, words), day)
    # Which quotas somebody counted for tells what they answered.
    filled = quota_fills.c.conversation_id == row.id
    await db.execute(update(quota_fills).where(filled).values(conversation_id=conversation))
    # Words that spoke of danger stay with their message until a person has looked.
    needed = select(alerts.c.message_id).where(alerts.c.state != "closed")
    await db.execute(
        update(messages)
        .where(
            messages.c.conversation_id == row.id,
            messages.c.purpose.in_(["heard", "reply", "reminder"]),  # a reply may repeat what was said
            messages.c.id.not_in(needed),
            messages.c.state != "waiting",  # what was said to a person stays until a person has answered
        )
        .values(text="", media=None)
    )
    cut_off = {"state": "cut", "place": None, "due_at": None}
    await db.execute(update(conversations).where(conversations.c.id == row.id).values(**cut_off))
    return {str(old): str(new) for old, new in moved.items()}


async def _move(
    db: AsyncConnection, answer: Row[Any], new: UUID, person: UUID, conversation: UUID, day: datetime
) -> None:
    """The answer under an id of its own; what the coder and people made of it, and the duties that follow, with it."""
    kept = dict(answer._mapping)
    kept |= {
        "id": new,
        "person_id": person,
        "conversation_id": conversation,
        "message_id": None,
        "created_at": day,
    }
    await db.execute(insert(answers).values(**kept))
    await readings.move(db, answer.id, new, day)
    await duties.move(db, answer.id, new, day)
    await db.execute(delete(answers).where(answers.c.id == answer.id))


async def _propose(db: AsyncConnection, survey: UUID, moved: Mapping[str, str]) -> None:
    """Themes that were proposed name the replies they come from: by the new ids."""
    key = select(surveys.c.key).where(surveys.c.id == survey).scalar_subquery()
    theirs = select(proposals.c.id, proposals.c.members).where(proposals.c.survey == key)
    rows = await db.execute(theirs.order_by(proposals.c.id).with_for_update())
    for id_, members in rows.all():
        new = [moved.get(member, member) for member in members]
        if new != members:
            await db.execute(update(proposals).where(proposals.c.id == id_).values(members=new))
