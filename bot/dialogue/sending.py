"""Sends a reply that somebody has read: once, and to nobody who has asked us to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..app import App
from ..store import inbound
from ..store.tables import alerts, conversations, messages, people
from . import asides, reaching
from .asides import STAFF
from .drafts import KEPT, How, digest, letters, refusal
from .people import ways
from .reaching import Refused
from .threads import heard_last
from .waiting import ANSWERED, WAITING

log = structlog.get_logger(__name__)

AT_ONCE, LATER = 0, 1
"""Priorities. What waits for the morning must not hold up the confirmation of a STOP."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of it: the message, in which state it is now, and when it goes. ``before`` says that it had been sent by
    an earlier request, and that this one changed nothing. ``aside`` says that a survey's question waits meanwhile."""

    id: UUID
    state: str
    due: datetime | None
    text: str
    before: bool = False
    aside: bool = False


async def send(
    app: App,
    person: UUID,
    confirmed: str,
    by: str,
    how: How = "translated",
    *,
    now_please: bool = False,
    member: UUID | None = None,
) -> Sent:
    """Put a draft into the queue, ``translated`` or ``as written``. ``confirmed`` is the draft's digest, or eight digits of
    it and more: a person has read what the family will get.

    It goes at once to whoever has written within a day, or with ``now_please``; else in the hours of their school. The
    same draft a second time changes nothing. ``member``: the account that is remembered for it. Raises LookupError and
    Refused.
    """
    now = app.clock()
    async with app.database.begin() as db:
        theirs = await ways(db, person)
        stored = await _found(db, theirs.ids, confirmed, now)
        if stored.state != "draft":
            return _before(stored)
        heard = await heard_last(db, theirs)
        goes_to = reaching.address(app, theirs, heard)
        who = await _locked(db, app, person, goes_to, now)
        # Behind the lock: a second click has waited here for the first.
        stored = await _found(db, theirs.ids, confirmed, now)
        if stored.state != "draft":
            return _before(stored)
        made, plain = letters(app, stored, goes_to.channel)
        chosen = {"text": plain.text, "language": stored.original_language}
        if how == "translated":
            if (why := refusal(app, stored)) is not None:
                raise Refused(why)
            assert made is not None  # refusal has looked
            chosen = {"text": made.text, "language": stored.language}
        else:
            chosen |= {"original": None, "original_language": None, "translated_by": None, "confidence": None}
        due = now if now_please else await reaching.due(db, app, person, heard, now)
        if due is None:
            raise Refused("Their school opens on no day of the next two months. Send it now, or call them.")
        done = await db.execute(
            update(messages)
            .where(messages.c.id == stored.id, messages.c.state == "draft")
            .values(
                **chosen, state="queued", code=None, reason=None, due_at=due, priority=AT_ONCE if due <= now else LATER, written_by=by[:200],
                address_id=goes_to.id, address=goes_to.address, channel=goes_to.channel, created_at=now,
            )
        )  # fmt: skip
        if done.rowcount != 1:  # by another of their addresses, whose lock is another
            return _before(await _found(db, theirs.ids, confirmed, now))
        dealt = await _deal(db, theirs.ids, messages.c.created_at <= stored.created_at)
        if dealt:
            await db.execute(update(messages).where(messages.c.id == stored.id).values(answers_to=max(dealt)))
        aside = await asides.put_aside(db, who, now)
        await audit.record(db, now, member, "reply.send", stored.id, how=how, language=chosen["language"])
        await app.database.rouse(db)
    log.info("reply queued", message=str(stored.id), how=how, language=chosen["language"])
    return Sent(stored.id, "queued", due, str(chosen["text"]), aside=aside)


async def done(app: App, person: UUID, seen: UUID | None = None) -> int:
    """As ``finish``; returns how many messages waited."""
    return len(await finish(app, person, seen))


async def finish(app: App, person: UUID, seen: UUID | None = None) -> list[UUID]:
    """What they wrote needs no answer, or has had one by other means: it waits no more. Returns the messages that did.

    ``seen`` is the last message that was read: what has come since waits on. A survey's question that stepped aside is
    asked again, once nothing waits. Raises LookupError.
    """
    now = app.clock()
    async with app.database.begin() as db:
        if (await db.execute(select(people.c.id).where(people.c.id == person))).first() is None:
            raise LookupError("There is nobody with this id.")
        mine = (await ways(db, person)).ids
        if not mine:
            return []
        dealt = await _deal(db, mine, *((messages.c.id <= seen,) if seen is not None else ()))
        await asides.done(db, mine, now)
    return sorted(dealt)


async def unfinish(app: App, person: UUID, first: UUID, last: UUID) -> int:
    """It was not done after all: these messages (from ``first`` to ``last``) wait again. Returns how many do.

    A survey's question that is due to be asked again waits on, as long as they do. Words that were cut since from an
    anonymous survey do not come back.
    """
    async with app.database.begin() as db:
        mine = (await ways(db, person)).ids
        again = await db.execute(
            update(messages)
            .where(
                messages.c.address_id.in_(mine),
                messages.c.id.between(first, last),
                messages.c.direction == "in",
                messages.c.state == ANSWERED,
                or_(messages.c.text != "", messages.c.media.is_not(None)),
            )
            .values(state=WAITING)
        )
    return again.rowcount


def _before(stored: Row[*tuple[Any, ...]]) -> Sent:
    return Sent(stored.id, stored.state, stored.due_at, stored.text, before=True)


async def _found(
    db: AsyncConnection, addresses: Sequence[UUID], confirmed: str, now: datetime
) -> Row[*tuple[Any, ...]]:
    """The draft that was confirmed, or the message it has become."""
    given = confirmed.strip().lower()
    if len(given) >= 8 and addresses:
        ours = select(messages.c.id).where(
            messages.c.address_id.in_(addresses),
            messages.c.purpose == STAFF,
            messages.c.direction == "out",
            or_(messages.c.state != "draft", messages.c.created_at > now - KEPT),
        )
        meant = [id_ for id_ in (await db.execute(ours)).scalars() if digest(id_).startswith(given)]
        if len(meant) == 1:
            return (await db.execute(select(messages).where(messages.c.id == meant[0]))).one()
    raise LookupError(
        "There is no such draft: it was of other words, or a day has passed. Write the reply again."
    )


async def _locked(
    db: AsyncConnection, app: App, person: UUID, goes_to: Row[*tuple[Any, ...]], now: datetime
) -> inbound.Correspondent:
    """Their address, locked as the inbox locks it, and looked at once more."""
    here = goes_to.channel, goes_to.address
    assumed = {"respondent": "family", "language": "en"}
    who = (await inbound.correspondents(db, {here: assumed}, now, app.new_id))[here]
    if who.person_id != person:
        raise Refused("This address has just become somebody else's. Look at the thread again.")
    if who.suppressed is not None:
        raise Refused("They have just asked us to stop, or cannot be reached any more: nothing was sent.")
    return who


async def _deal(db: AsyncConnection, addresses: Sequence[UUID], *until: ColumnElement[bool]) -> list[UUID]:
    """What waited (of what somebody has seen) waits no more. Returns these messages."""
    waited = messages.c.address_id.in_(addresses), messages.c.state == WAITING
    dealt = await db.execute(
        update(messages).where(*waited, *until).values(state=ANSWERED).returning(messages.c.id)
    )
    found = list(dealt.scalars())
    # Of an anonymous survey that has ended the words stayed only until now, or until their alert is closed.
    cut = select(conversations.c.id).where(conversations.c.state == "cut")
    needed = select(alerts.c.message_id).where(alerts.c.state != "closed", alerts.c.message_id.in_(found))
    await db.execute(
        update(messages)
        .where(messages.c.id.in_(found), messages.c.conversation_id.in_(cut), messages.c.id.not_in(needed))
        .values(text="", media=None)
    )
    return found
