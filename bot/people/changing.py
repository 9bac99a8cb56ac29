"""Mends one person's record: what they are called, their language and school, their numbers, and whether we may write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from sqlalchemy import exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .. import audit
from ..app import App
from ..dialogue import notes as writing
from ..importing.entering import cancel
from ..importing.numbers import read as read_number
from ..importing.report import tag
from ..store import consents, erased
from ..store.suppression import suppress
from ..store.tables import addresses, guardianships, people, students

How = Literal["phone", "in person", "on paper", "message"]
HOW: tuple[How, ...] = get_args(How)
"""How somebody told staff what they want; the ledger keeps it."""
LONGEST = 200


class Wrong(ValueError):  # noqa: N818 - it reads as what is the matter
    """This cannot be written down. ``field`` is where it stands, ``what`` says why (a word for the page to put in words)."""

    def __init__(self, field: str, what: str, about: UUID | None = None) -> None:
        self.field, self.what, self.about = field, what, about
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Says:
    """What the record is to say."""

    name: str
    language: str
    school: str


async def edit(app: App, person: UUID, says: Says, by: UUID | None) -> None:
    """Write it down. A language that staff enter is the person's own wish: no list changes it back. Raises Wrong, LookupError."""
    language = tag(says.language)
    if language is None:
        raise Wrong("language", "no language")
    name, school = " ".join(says.name.split()), " ".join(says.school.split())
    for field, value in (("name", name), ("school", school)):
        if len(value) > LONGEST:
            raise Wrong(field, "too long")
    async with app.database.begin() as db:
        row = (await db.execute(select(people).where(people.c.id == person))).first()
        if row is None:
            raise LookupError("There is nobody with this id.")
        values: dict[str, object] = {"name": name or None}
        if not await has_children(db, person):
            values["school"] = school or None
        if language != row.language:
            values |= {"language": language, "language_by": "person"}
        changed = {what: value for what, value in values.items() if getattr(row, what) != value}
        if changed:
            await db.execute(update(people).where(people.c.id == person).values(**changed))
            await audit.record(db, app.clock(), by, "person.edit", person, fields=sorted(changed))


async def has_children(db: AsyncConnection, person: UUID) -> bool:
    """Whether their school is their children's."""
    theirs = exists().where(
        guardianships.c.person_id == person,
        students.c.id == guardianships.c.student_id,
        students.c.removed_at.is_(None),
    )
    return bool((await db.execute(select(theirs))).scalar())


async def add_number(app: App, person: UUID, written: str, how: str, by: UUID | None) -> None:
    """A number that they gave staff themselves, and the ground for writing to it: ``how`` they said so.

    Raises Wrong: no number; somebody else's (``about`` is who); one that asked us to stop, which only START undoes.
    """
    if how not in HOW:
        raise Wrong("how", "how")
    found = read_number(written, app.settings.country)
    if len(found.found) != 1:
        raise Wrong("number", "no number" if not found.found else "several")
    reach = ("sms", found.found[0].e164)
    now = app.clock()
    async with app.database.begin() as db:
        here = addresses.c.channel == reach[0], addresses.c.address == reach[1]
        row = (await db.execute(select(addresses).where(*here).with_for_update())).first()
        if row is not None and row.person_id != person:
            raise Wrong("number", "another's", row.person_id)
        if (row is not None and row.suppressed == "stopped") or await erased.among(
            db, app.desk.seal, [reach]
        ):
            raise Wrong("number", "stopped")
        if row is not None and row.consented and row.suppressed is None:
            raise Wrong("number", "theirs")
        stopped = addresses.c.person_id == person, addresses.c.suppressed == "stopped"
        if (await db.execute(select(addresses.c.id).where(*stopped).limit(1))).first() is not None:
            raise Wrong("number", "stopped")
        id_ = row.id if row is not None else app.new_id()
        if row is None:
            values = {"channel": reach[0], "address": reach[1], "created_at": now}
            await db.execute(insert(addresses).values(id=id_, person_id=person, **values))
        else:
            await db.execute(update(addresses).where(addresses.c.id == id_).values(suppressed=None))
        await consents.enter(db, [_event(app, id_, "granted", how)])
        await audit.record(db, now, by, "person.number", person)


async def remove_number(app: App, person: UUID, address: UUID, by: UUID | None) -> None:
    """The number is theirs no more: nothing that we begin goes there. What was said by it stays. Raises LookupError."""
    now = app.clock()
    async with app.database.begin() as db:
        await _own(db, person, address)
        await consents.enter(db, [_event(app, address, "removed", "")])
        await db.execute(update(addresses).where(addresses.c.id == address, addresses.c.suppressed.is_(None))
                         .values(suppressed="dead"))  # fmt: skip
        await cancel(db, [address], "changed")
        await audit.record(db, now, by, "person.number.remove", person)


async def stop(app: App, person: UUID, how: str, note: str, by: UUID) -> None:
    """They told staff that they want nothing more from us: as if they had written STOP, by all of their numbers."""
    if how not in HOW:
        raise Wrong("how", "how")
    now = app.clock()
    async with app.database.begin() as db:
        mine = select(addresses.c.id).where(addresses.c.person_id == person).order_by(addresses.c.id)
        ids = list((await db.execute(mine.with_for_update())).scalars())
        if not ids:
            raise Wrong("how", "no numbers")
        for id_ in ids:
            await suppress(db, id_, "stop", now, app.new_id, source=f"staff: {how}")
        await _note(db, app, person, note, by)
        await audit.record(db, now, by, "person.stop", person, how=how)


async def resume(app: App, person: UUID, how: str, note: str, by: UUID) -> None:
    """They told staff that they want to hear from us again: as if they had written START."""
    if how not in HOW:
        raise Wrong("how", "how")
    if not note.strip():
        raise Wrong("note", "note")
    now = app.clock()
    async with app.database.begin() as db:
        mine = (addresses.c.person_id == person, addresses.c.suppressed == "stopped")
        ids = list((await db.execute(select(addresses.c.id).where(*mine).order_by(addresses.c.id))).scalars())
        if not ids:
            raise Wrong("how", "not stopped")
        await db.execute(update(addresses).where(addresses.c.id.in_(ids)).values(suppressed=None))
        await consents.enter(db, [_event(app, id_, "restarted", how) for id_ in ids])
        await _note(db, app, person, note, by)
        await audit.record(db, now, by, "person.resume", person, how=how)


def _event(app: App, address: UUID, event: str, how: str) -> dict[str, object]:
    source = f"staff: {how}" if how else "staff"
    return {"id": app.new_id(), "address_id": address, "event": event, "source": source, "at": app.clock()}


async def _own(db: AsyncConnection, person: UUID, address: UUID) -> None:
    mine = select(addresses.c.id).where(addresses.c.id == address, addresses.c.person_id == person)
    if (await db.execute(mine.with_for_update())).first() is None:
        raise LookupError("This number is not theirs.")


async def _note(db: AsyncConnection, app: App, person: UUID, text: str, by: UUID) -> None:
    if text.strip():
        await writing.write(db, person, text.strip()[: writing.LONGEST], by, app.clock(), app.new_id)
