"""Replies that may mean a legal duty reach a role: once, a day at most, without a word. On both databases."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta

import pytest
from findings_world import World
from sqlalchemy import select, update

from analysis import codebook
from bot import duties
from bot.app import opened
from bot.cli.root import Problem
from bot.codebooks import Books
from bot.doctor import people as doctor
from bot.settings import Settings
from bot.store import duties as rows
from bot.store.tables import addresses, codings, messages
from bot.store.tables import duties as table

BOOK = codebook.load()
HOUSING, BUS, COURT = "needs.housing", "transport.bus_service", "system.legal"
LIAISON = "McKinney-Vento liaison"
CONTACT = ("sms", "+15035550901")
TOLD = {LIAISON.lower(): [CONTACT]}


@pytest.fixture
async def world(database, clock, new_id):
    return await World(database, clock, new_id).begin()


@pytest.fixture
def enter(world):
    async def enter(*found):
        async with world.database.begin() as db:
            return await duties.enter(db, found, BOOK, world.clock(), world.new_id)

    return enter


@pytest.fixture
def tell(world):
    async def tell(contacts=TOLD):
        return await duties.tell(world.database, contacts, world.clock(), world.new_id)

    return tell


async def follow(world):
    return await duties.follow(world.database, Books(), world.clock(), world.new_id)


async def column(world, what, *where):
    async with world.database.read() as db:
        return list((await db.execute(select(what).where(*where).order_by(what.table.c.id))).scalars())


def test_the_flags_of_the_codebook_are_roles_or_say_who_may_read():
    roles = duties.flagged(BOOK)

    assert roles[HOUSING] == LIAISON
    assert all(not role.startswith(("restricted", "informal removal")) for role in roles.values())
    assert COURT not in roles


def test_a_setting_names_roles_and_what_is_none_is_refused():
    given = f"{LIAISON}=sms:+15035550901; EL program lead = telegram:7, sms:+15035550902;"

    assert Settings(_env_file=None, duty_roles=given).duty_roles == given
    assert duties.parse(given)["el program lead"] == [("telegram", "7"), ("sms", "+15035550902")]
    for wrong in (LIAISON, f"{LIAISON}=nobody", "=sms:+1", f"{LIAISON}=sms:+1 telegram:7"):
        with pytest.raises(ValueError, match="must name a role"):
            Settings(_env_file=None, duty_roles=wrong)


async def test_an_answer_enters_once_for_each_theme_that_has_a_role(world, enter):
    (answer, other) = await world.say(2, HOUSING)

    assert await enter((answer, HOUSING), (answer, BUS), (answer, COURT), (answer, HOUSING)) == 1
    assert await enter((answer, HOUSING), (other, HOUSING)) == 1

    assert await column(world, table.c.role) == [LIAISON, LIAISON]
    assert set(await column(world, table.c.theme)) == {HOUSING}


async def test_what_people_find_enters_and_what_they_do_not_find_is_taken_back(world, enter, tell):
    (found, wrong, told) = await world.say(3, HOUSING)
    (missed,) = await world.say(1, BUS)
    await enter((told, HOUSING))
    await tell()
    await enter((found, HOUSING), (wrong, HOUSING))
    await world.decide(found, HOUSING)
    for answer in (wrong, told):
        await world.decide(answer, BUS)
    await world.decide(missed, HOUSING)

    await follow(world)

    states = dict(
        zip(await column(world, table.c.answer_id), await column(world, table.c.state), strict=True)
    )
    assert states == {found: "new", missed: "new", told: "closed"}
    assert await follow(world) == 0


async def test_who_read_the_same_words_of_another_family_takes_nothing_back(world, enter):
    (read, alike) = await world.say(2, HOUSING)
    await enter((read, HOUSING), (alike, HOUSING))
    await world.decide(read, BUS)
    await world.decide(alike, BUS, copied=True)

    await follow(world)

    assert await column(world, table.c.answer_id) == [alike]


async def test_what_a_role_has_seen_only_the_role_closes_and_a_coder_takes_nothing_back(world, enter):
    (seen, machine) = await world.say(2, HOUSING)
    await enter((seen, HOUSING), (machine, HOUSING))
    async with world.database.begin() as db:
        (first, _) = await rows.ids(db)
        assert await rows.see(db, first, "Ana", world.clock())
        await db.execute(codings.delete().where(codings.c.answer_id == machine))
    await world.decide(seen, BUS)

    await follow(world)

    assert sorted(await column(world, table.c.state)) == ["new", "seen"]


async def test_a_decision_that_is_taken_back_opens_it_again(world, enter, tell):
    (answer,) = await world.say(1, HOUSING)
    await enter((answer, HOUSING))
    await tell()
    await world.decide(answer, BUS)
    await follow(world)
    assert await column(world, table.c.state) == ["closed"]

    assert await enter((answer, HOUSING)) == 1

    assert await column(world, table.c.state) == ["new"]
    assert await column(world, table.c.told_at) == [None]


async def test_a_role_is_told_how_many_and_nothing_else_once_a_day_at_most(world, enter, tell, clock):
    said = await world.say(3, HOUSING, words="we sleep in the car, says Ana")
    await enter(*((answer, HOUSING) for answer in said))

    assert await tell() == 1
    (text,) = await column(world, messages.c.text)
    assert "3 replies" in text
    assert LIAISON in text
    assert not re.search(r"car|Ana|Lincoln|\+1", text)

    (more,) = await world.say(1, HOUSING)
    await enter((more, HOUSING))
    assert await tell() == 0
    clock.forward(hours=24, seconds=1)
    assert await tell() == 1
    assert await tell() == 0
    assert "1 reply " in (await column(world, messages.c.text))[1]
    assert await column(world, messages.c.purpose) == ["alert", "alert"]


async def test_without_a_contact_nobody_is_told_and_the_doctor_says_so(world, enter, tell, url):
    (answer,) = await world.say(1, HOUSING)
    await enter((answer, HOUSING))

    assert await tell({}) == 0
    unnamed = await doctor.look(Settings(_env_file=None, database_url=url), world.clock())
    named = Settings(_env_file=None, database_url=url, duty_roles=f"{LIAISON}=sms:+15035550901")

    assert any(LIAISON in found.what and "nobody is named" in found.what for found in unnamed)
    assert not any("nobody is named" in found.what for found in await doctor.look(named, world.clock()))


async def test_a_contact_who_said_stop_is_not_written_to_and_it_stays_untold(world, enter, tell):
    (answer,) = await world.say(1, HOUSING)
    await enter((answer, HOUSING))
    await tell()
    async with world.database.begin() as db:
        await db.execute(update(addresses).values(suppressed="stopped"))
        await db.execute(update(table).values(told_at=None))

    assert await tell() == 0
    assert await column(world, table.c.told_at) == [None]


async def test_two_workers_at_once_tell_once(world, enter, tell):
    said = await world.say(4, HOUSING)
    await enter(*((answer, HOUSING) for answer in said))

    assert sum(await asyncio.gather(tell(), tell(), tell())) == 1
    assert len(await column(world, messages.c.id)) == 1


async def test_an_anonymous_answer_takes_its_duty_along_under_an_id_that_tells_no_time(world, enter, clock):
    (old, new) = await world.say(2, HOUSING)
    await enter((old, HOUSING))
    (before,) = await column(world, table.c.id)
    day = clock() - timedelta(hours=15)

    async with world.database.begin() as db:
        await rows.move(db, old, new, day)

    (after,) = await column(world, table.c.id)
    assert (after.version, after == before) == (4, False)
    assert await column(world, table.c.answer_id) == [new]
    assert await column(world, table.c.created_at) == [day]


# In the terminal


@pytest.fixture
async def openline(world, typed, enter, monkeypatch):
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    (answer,) = await world.say(1, HOUSING, words="we sleep in the car")
    await enter((answer, HOUSING))
    return typed


async def test_the_list_says_for_whom_and_nobodys_words(openline):
    told = await openline("duties")
    plain = json.loads(await openline("duties", "--json"))

    assert f"{LIAISON}  (nobody is told: OPENLINE_DUTY_ROLES)" in told
    assert "Housing  [family, en, Lincoln]  NOT SEEN" in told
    assert "car" not in told
    assert [(one["role"], one["theme"], one["state"]) for one in plain] == [(LIAISON, HOUSING, "new")]
    assert "heard" not in plain[0]
    assert "Nothing waits" in await openline("duties", "--role", "EL program lead")
    assert "Housing" in await openline("duties", "--role", LIAISON.upper())


async def test_one_is_shown_seen_and_closed_with_what_came_of_it(openline):
    (one,) = json.loads(await openline("duties", "--json"))

    assert "we sleep in the car" in await openline("duties", "--show", one["id"])
    assert f"{one['id']} is with Ana" in await openline("duties", "seen", one["id"], "--by", "Ana")
    with pytest.raises(Problem, match="has been seen already"):
        await openline("duties", "seen", one["id"], "--by", "Bo")
    assert "is closed" in await openline("duties", "close", one["id"], "--by", "Ana", "--outcome", "acted")
    with pytest.raises(Problem, match="closed already"):
        await openline("duties", "close", one["id"], "--by", "Ana", "--outcome", "no_duty")
    assert "Nothing waits" in await openline("duties")
    assert "seen by Ana, 2026-10-14; closed, acted" in await openline("duties", "--closed")
    with pytest.raises(Problem, match="There is no duty zz"):
        await openline("duties", "seen", "zz", "--by", "Ana")


async def test_the_tick_tells(world, enter, url, clock):
    (answer,) = await world.say(1, HOUSING)
    await world.decide(answer, HOUSING)
    given = Settings(
        _env_file=None, database_url=url, start_survey="", duty_roles=f"{LIAISON}=sms:+15035550901"
    )
    async with opened(given, clock=clock, channels={}) as app:
        told = await duties.look(app.database, app.books, app.settings.duty_roles, clock(), app.new_id)

    assert told == 1
    assert len(await column(world, messages.c.id)) == 1
