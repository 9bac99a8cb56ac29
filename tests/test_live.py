"""Pages that keep themselves up to date: a stream ends with the session, with the roles, and with what it shows."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import HTTPException, Request
from office import office
from sqlalchemy import delete

from bot import appointing, staff
from bot.store.pulse import Pulse
from bot.store.tables import staff_sessions
from bot.web.live import stream


async def streamed(here, desk, part):
    """The stream that somebody who has signed in looks at, a hundred times a second."""

    async def receive():
        await asyncio.sleep(60)

    token = desk.client.cookies["__Host-openline"]
    request = Request({"type": "http", "headers": [], "state": {}}, receive)
    async with here.app.database.read() as db:
        request.state.session = await staff.session(db, here.clock(), token)
    here.app.database.pulse = Pulse(here.app.database.reader, fresh=0.0)
    return stream(here.app, request, part, token=token, every=0.01, stored=False).body_iterator


def counting():
    said = iter(range(100_000))

    async def part():
        return str(next(said))

    return part


async def signed_out(here, desk):
    async with here.app.database.begin() as db:
        await db.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == desk.member.id))


async def shut_out(here, desk):
    async with here.app.database.begin() as db:
        await appointing.close(db, here.clock(), None, desk.member.email)


@pytest.mark.parametrize("ended", [signed_out, shut_out])
async def test_a_stream_ends_when_the_session_does(url, clock, ended):
    async with office(url, clock) as here:
        await here.sign_in("admin")
        kim = await here.sign_in("staff", name="Kim Voorbeeld")
        events = await streamed(here, kim, counting())
        assert await anext(events)
        assert await anext(events)

        await ended(here, kim)

        assert len([one async for one in events]) <= 1


async def test_a_stream_ends_when_the_session_is_over_though_nothing_was_written(
    sqlite_url, clock, monkeypatch
):
    monkeypatch.setattr("bot.web.live.ANYWAY", 0.05)
    async with office(sqlite_url, clock) as here:
        kim = await here.sign_in("staff")
        events = await streamed(here, kim, counting())
        assert await anext(events)

        clock.forward(days=3)

        assert len([one async for one in events]) <= 6


async def test_a_stream_ends_quietly_when_what_it_shows_is_gone(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim = await here.sign_in("staff")
        shown = iter(["Mirlande"])

        async def part():
            for text in shown:
                return text
            raise HTTPException(404)

        events = await streamed(here, kim, part)

        assert [one async for one in events] == ["data: Mirlande\n\n"]
