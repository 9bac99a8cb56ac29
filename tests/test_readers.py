"""People and their children, read from the store for messages."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import event, insert

from bot.ids import NewId
from bot.outreach.rendering import reader
from bot.store.database import Database
from bot.store.readers import readers
from bot.store.tables import guardianships, people, students

NOW = datetime(2026, 10, 14, 15, tzinfo=UTC)


async def _person(db, new_id: NewId, name: str, **given) -> UUID:
    row = {"id": new_id(), "respondent": "family", "language": "es", "language_by": "import", "groups": {}}
    await db.execute(insert(people).values({**row, "name": name, "created_at": NOW, **given}))
    return row["id"]


async def _child(db, new_id: NewId, name: str, *of: UUID, **given) -> UUID:
    row = {"id": new_id(), "external_id": f"s-{new_id()}", "attributes": {}, "created_at": NOW, **given}
    await db.execute(insert(students).values(**row, name=name))
    for person in of:
        await db.execute(insert(guardianships).values(person_id=person, student_id=row["id"]))
    return row["id"]


async def test_each_person_comes_with_their_own_children_in_the_order_they_came(
    database: Database, new_id: NewId
):
    async with database.begin() as db:
        rosa = await _person(db, new_id, "Rosa", school="Oak Hill", groups={"route": "B"})
        luis, sam = await _person(db, new_id, "Luis"), await _person(db, new_id, "Sam")
        await _child(db, new_id, "Leo", rosa, luis, school="Lincoln", attributes={"grade": "5"})
        await _child(db, new_id, "Ana", rosa, school="Lincoln")
        await _child(db, new_id, "Gone", rosa, removed_at=NOW)

        found = await readers(db, [rosa, luis, sam, UUID(int=9)])

    assert {known.person.name: [child.name for child in known.children] for known in found.values()} == {
        "Rosa": ["Leo", "Ana"],
        "Luis": ["Leo"],
        "Sam": [],
    }
    read = reader(found[rosa])
    assert (read.groups, read.children[0].attributes, read.children[1].school) == (
        {"route": "B"},
        {"grade": "5"},
        "Lincoln",
    )


async def test_only_the_children_meant_are_read(database: Database, new_id: NewId):
    async with database.begin() as db:
        rosa = await _person(db, new_id, "Rosa", school="Lincoln")
        await _child(db, new_id, "Leo", rosa, school="Lincoln")
        await _child(db, new_id, "Ana", rosa, school="Oak Hill")

        found = await readers(db, [rosa], students.c.school == people.c.school)

    assert [child.name for child in found[rosa].children] == ["Leo"]


async def test_any_number_of_people_takes_two_statements(database: Database, new_id: NewId):
    async with database.begin() as db:
        rosa = await _person(db, new_id, "Rosa")
    wanted = [rosa, *(new_id() for _ in range(40_000))]  # more than either database takes as parameters
    said: list[str] = []
    event.listen(database.reader.sync_engine, "before_cursor_execute", lambda *given: said.append(given[2]))

    async with database.read() as db:
        found = await readers(db, wanted)
        nobody = await readers(db, [])

    assert (set(found), nobody) == ({rosa}, {})
    assert len([one for one in said if "SELECT" in one]) == 2
