"""Replies that may mean a legal duty reach a named role, however few they are: a family without a home, a child who interprets.

What a role is told holds no word of a reply, no name and no number: only how many there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook
from analysis.views import role_of

from . import alerts
from .codebooks import Books
from .ids import NewId
from .letters import outgoing
from .store import duties as store
from .store import inbound, samples
from .store.database import Database
from .store.tables import messages

log = structlog.get_logger(__name__)

Contacts = Mapping[str, Sequence[tuple[str, str]]]
"""{role: [(channel, address)]}, the roles in small letters."""

EVERY = timedelta(days=1)
"""A role is told at most so often."""
BACK = timedelta(hours=1)
"""How far back a look goes for what people have read; whoever codes answers enters theirs at once."""
LONGEST = 200
"""Letters of a role's name in the store."""
TEXT = "Openline: {count} that may be for you as {role}. Nobody has looked yet. See with: openline duties"


def parse(roles: str) -> dict[str, list[tuple[str, str]]]:
    """The setting as contacts by role.

    >>> parse("McKinney-Vento liaison=sms:+15551230001, telegram:7; EL program lead=telegram:12345")
    {'mckinney-vento liaison': [('sms', '+15551230001'), ('telegram', '7')], 'el program lead': [('telegram', '12345')]}
    """
    pairs = (part.partition("=") for part in roles.split(";") if part.strip())
    return {role.strip().lower(): alerts.parse(contacts) for role, _, contacts in pairs}


def flagged(book: Codebook) -> dict[str, str]:
    """The themes of a codebook that have a role, and the role."""
    return {theme.id: role[:LONGEST] for theme in book if (role := role_of(theme))}


async def enter(
    db: AsyncConnection, found: Sequence[tuple[UUID, str]], book: Codebook, now: datetime, new_id: NewId
) -> int:
    """Enter each of these codings (answer, theme) whose theme has a role, once. Returns how many were not there.

    To be called in the transaction that stores codings, a machine's or a person's. What a machine has entered only
    people take back: a coder that reads the reply again and finds nothing changes nothing here.
    """
    roles = flagged(book)
    rows = [
        {
            "id": new_id(),
            "answer_id": answer,
            "theme": theme,
            "role": roles[theme],
            "state": "new",
            "created_at": now,
        }
        for answer, theme in dict.fromkeys(found)
        if theme in roles
    ]
    made_up = await samples.among(db, {answer for answer, theme in found if theme in roles})
    rows = [row for row in rows if row["answer_id"] not in made_up]
    return await store.add(db, rows) if rows else 0


async def counted(
    db: AsyncConnection, answers: Collection[UUID], book: Codebook, now: datetime, new_id: NewId
) -> int:
    """Enter what counts of these answers now, whoever gave it. To be called in the transaction that decides, or takes a
    decision back: who looks later may look too late. Returns how many were not there."""
    return await enter(db, await store.counting(db, answers, list(flagged(book))), book, now, new_id)


async def look(database: Database, books: Books, roles: str, now: datetime, new_id: NewId) -> int:
    """What a tick does: follow what people have decided, then tell. ``roles`` is the setting. Returns how many were told."""
    await follow(database, books, now, new_id)
    return await tell(database, parse(roles), now, new_id)


async def follow(database: Database, books: Books, now: datetime, new_id: NewId) -> int:
    """Enter what people have found since the last looks, and take back what they decided is not there. How many."""
    changed = 0
    async with database.begin() as db:
        for key in await store.read_since(db, now - BACK):
            book = await books.get(db, key)
            given = await store.given_since(db, key, list(flagged(book)), now - BACK)
            changed += await enter(db, given, book, now, new_id)
        return changed + await store.withdraw(db, now)


async def tell(database: Database, contacts: Contacts, now: datetime, new_id: NewId) -> int:
    """Queue one message to each role for which there is something new, at most one a day. Returns how many roles."""
    reached = 0
    async with database.begin() as db:
        for role in [row.role for row in await store.waiting(db) if row.unseen]:
            known = contacts.get(role.lower(), ())
            # Locked before it is asked when they were told last: another worker may be telling them now.
            if not known or not (due := await store.untold(db, role)):
                continue
            if await store.told_since(db, role, now - EVERY):
                continue
            assumed = {who: {"respondent": "staff", "language": "en"} for who in known}
            them = await inbound.correspondents(db, assumed, now, new_id)
            open_ = [who for who in them.values() if who.suppressed is None]
            if not open_:
                log.error("a role cannot be reached", role=role, duties=len(due))
                continue
            count = f"{len(due)} {'reply' if len(due) == 1 else 'replies'}"
            text = TEXT.format(count=count, role=role)
            await db.execute(
                insert(messages),
                [outgoing(new_id(), who, text, now=now, purpose="alert", language="en") for who in open_],
            )
            await store.told(db, due, now)
            reached += 1
        if reached:
            await database.rouse(db)
    if reached:
        log.info("told roles of duties", roles=reached)
    return reached


async def find(db: AsyncConnection, shortened: str) -> UUID:
    """The one whose id ends so. Raises LookupError, in words for whoever typed it."""
    end = shortened.strip().replace("-", "").lower()
    found = [id_ for id_ in await store.ids(db) if end and id_.hex.endswith(end)]
    if not found:
        raise LookupError(f"There is no duty {shortened}")
    if len(found) > 1:
        raise LookupError(f"{shortened} may mean {len(found)} of them: write more of it")
    return found[0]
