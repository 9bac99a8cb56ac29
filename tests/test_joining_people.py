"""Two records of one person become one: nothing is lost, a STOP holds, accounts add up. Households are put right."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from campaign_world import THANKS, district
from dialogue_world import school
from sqlalchemy import insert, select

from bot import joining_people as joining
from bot.store.tables import (
    addresses,
    answers,
    conversations,
    guardianships,
    messages,
    notes,
    people,
    recipients,
    students,
    threads,
)


async def one(town, person):
    async with town.app.database.read() as db:
        return (await db.execute(select(people).where(people.c.id == person))).first()


async def test_all_of_one_record_moves_to_the_other(url, clock):
    async with school(url, clock) as town:
        await town.publish()
        stays, _ = await town.person("en", name="Ana", school="Lincoln", external_id="G-1")
        gone, number = await town.person(
            "es", name="Ana Díaz", by="person", external_id="G-2", groups={"grade": "3"}
        )
        await town.says(number, "JOIN BUS")
        await town.says(number, "3")
        now = clock()
        async with town.app.database.begin() as db:
            child = town.app.new_id()
            row = {"id": child, "external_id": "S-1", "name": "Luis", "attributes": {}, "created_at": now}
            await db.execute(insert(students).values(**row))
            for person in (stays, gone):
                await db.execute(insert(guardianships).values(person_id=person, student_id=child))
                await db.execute(insert(threads).values(person_id=person, changed_at=now))
            await db.execute(
                insert(notes).values(id=child, person_id=gone, text="Call after 5.", created_at=now)
            )
            look = await joining.look(db, stays, gone)
        assert look.differ == ("name", "language", "external_id")
        assert look.counts["answers"] == 1

        await joining.join(town.app, stays, gone, None, chosen=("language",))

        assert await one(town, gone) is None
        row = await one(town, stays)
        assert (row.name, row.language, row.language_by, row.external_id) == ("Ana", "es", "person", "G-1")
        assert row.groups == {"grade": "3"}
        for table in (addresses, conversations, answers, notes):
            assert set(await town.column(table.c.person_id)) == {stays}
        assert len(await town.column(addresses.c.id)) == 2
        thread = await town.thread(stays)
        assert "3" in [bubble.text for bubble in thread.bubbles]


async def test_a_stop_of_either_is_a_stop_of_the_one(url, clock):
    async with school(url, clock) as town:
        stays, _ = await town.person("en")
        gone, number = await town.person("en")
        await town.says(number, "STOP")

        await joining.join(town.app, stays, gone, None)

        assert await town.column(addresses.c.suppressed) == ["stopped", "stopped"]


async def test_an_account_that_had_both_still_counts_both(url, clock):
    clock.now = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)
    async with district(url, clock) as here:
        stays, _ = await here.person(name="Ana")
        gone, _ = await here.person(name="Ana B")
        await here.campaign(THANKS)
        await here.work()

        await joining.join(here.app, stays, gone, None)

        assert await here.counts() == {"sent": 2}
        shell = await one(here, gone)
        assert (shell.name, shell.school, shell.removed_at is not None) == (None, None, True)
        async with here.app.database.read() as db:
            assert set((await db.execute(select(addresses.c.person_id))).scalars()) == {stays}
            assert len((await db.execute(select(recipients))).all()) == 2


async def test_one_record_is_not_joined_with_itself_nor_with_nobody(url, clock):
    async with school(url, clock) as town:
        person, _ = await town.person("en")
        with pytest.raises(joining.NotOne):
            await joining.join(town.app, person, person, None)
        with pytest.raises(LookupError):
            await joining.join(town.app, person, town.app.new_id(), None)


async def test_people_are_put_into_one_household_and_into_two_again(url, clock):
    async with school(url, clock) as town:
        first, _ = await town.person("en")
        second, _ = await town.person("en")
        third, _ = await town.person("en")

        async def homes():
            async with town.app.database.read() as db:
                found = await db.execute(select(people.c.id, people.c.household_id))
                return dict(found.all())

        await joining.put_together(town.app, second, third, None)
        await joining.put_together(town.app, first, third, None)
        assert set((await homes()).values()) == {first}

        await joining.take_apart(town.app, first, None)
        assert await homes() == {first: first, second: second, third: second}
        assert await town.column(messages.c.id) == []
