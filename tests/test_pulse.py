"""Screens that keep themselves up to date: one look at the store for all of them, and nothing more where nothing was written."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from fastapi import Request
from office import office
from sqlalchemy import event, insert

from bot import ids, staff
from bot.store.database import connect
from bot.store.migrate import migrate
from bot.store.pulse import Pulse
from bot.store.tables import people
from bot.web import live


@pytest.fixture
async def database(url):
    made = connect(url)
    await migrate(made)
    yield made
    await made.close()


def somebody(clock, id_):
    return insert(people).values(
        id=id_, respondent="family", language="en", language_by="import", groups={}, created_at=clock.now
    )


async def test_the_mark_is_another_once_something_was_written_and_else_the_same(database, clock):
    pulse, new_id = Pulse(database.reader, fresh=0.0), ids.maker()
    try:
        marks = [await pulse.mark() for _ in range(3)]
        assert len(set(marks)) == 1
        async with database.read() as db:
            await db.execute(people.select())
        assert await pulse.mark() == marks[0]
        for _ in range(2):
            async with database.begin() as db:
                await db.execute(somebody(clock, new_id()))
            marks.append(await pulse.mark())
        assert len(set(marks)) == 3
    finally:
        await pulse.close()


async def test_one_look_is_for_all_who_ask_at_about_the_same_time(database):
    looks, now = [], [0.0]
    pulse = Pulse(database.reader, fresh=0.5, clock=lambda: now[0])

    @event.listens_for(database.reader.sync_engine, "before_cursor_execute")
    def look(*_):
        looks.append(1)

    try:
        await pulse.mark()
        looks.clear()
        now[0] += 0.5
        marks = await asyncio.gather(*(pulse.mark() for _ in range(20)))
        assert len(set(marks)) == 1
        assert len([1 for _ in looks]) <= 2  # SQLite says BEGIN besides
        now[0] += 0.4
        looks.clear()
        await pulse.mark()
        assert not looks
    finally:
        await pulse.close()


async def test_where_the_store_does_not_answer_nobody_thinks_that_nothing_has_changed(database):
    pulse = Pulse(database.reader, fresh=0.0)
    await pulse.mark()
    await database.close()
    await pulse.close()

    def refuse(*_):
        raise OSError("gone")

    event.listen(database.reader.sync_engine, "do_connect", refuse)
    assert await pulse.mark() != await pulse.mark()


async def test_twenty_watchers_make_their_parts_anew_only_where_something_was_written(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        database, made = here.app.database, []
        database.pulse = Pulse(database.reader, fresh=0.0)
        kim = await here.sign_in("staff")
        token = kim.client.cookies["__Host-openline"]
        async with database.read() as db:
            session = await staff.session(db, clock(), token)

        async def receive():
            await asyncio.sleep(60)

        async def watch(number):
            request = Request({"type": "http", "headers": [], "state": {}}, receive)
            request.state.session = session

            async def part():
                made.append(number)
                return str(len(made))

            return [
                one
                async for one in live.stream(here.app, request, part, token=token, every=0.05).body_iterator
            ]

        watching = [asyncio.create_task(watch(number)) for number in range(20)]
        await until(lambda: len(made) == 20)
        await asyncio.sleep(0.3)
        assert len(made) == 20  # some turns later: nothing was written
        async with database.begin() as db:
            await db.execute(somebody(clock, here.app.new_id()))
        await until(lambda: len(made) == 40)
        clock.now += timedelta(days=2)  # the session has ended
        async with database.begin() as db:
            await db.execute(somebody(clock, here.app.new_id()))
        said = await asyncio.gather(*watching)
        assert {len(one) for one in said} == {2}
        assert len(made) == 40


async def until(so, seconds=20.0):
    async with asyncio.timeout(seconds):
        while not so():
            await asyncio.sleep(0.01)
