"""/inbox/{person}/assign, /snooze, /wake, /done: who answers, what rests, and what needs no answer any more."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.datastructures import FormData

from .... import audit
from ....app import App
from ....dialogue import handling, notes, sending
from ....dialogue.reaching import Refused
from ....dialogue.within import schools_of
from ... import times
from ...page import Page
from ...tongue import say
from .asking import asked, ids
from .who import known, member

MORNING = time(8)
FURTHEST = timedelta(days=366)


def router(app: App, page: Page) -> APIRouter:
    """What is done with a conversation beside answering it. All of it can be undone."""
    routes = APIRouter(prefix="/inbox/{person}")

    @routes.post("/assign")
    async def assign(request: Request, person: UUID) -> Response:
        """Take it on, let go of it, or hand it over, with a note for the colleague."""
        said, now, me = await request.form(), app.clock(), member(request)
        to = str(request.query_params.get("to", said.get("to", "")))
        member_id = me.id if to == "me" else ids(to)
        async with app.database.begin() as db:
            await known(db, request, person)
            if member_id is not None:
                able = await handling.colleagues(db, await schools_of(db, person))
                if member_id != me.id and member_id not in {one.id for one in able}:
                    raise HTTPException(422)
            before = (await handling.handled(db, [person], now)).get(person, handling.NOBODYS)
            await handling.assign(db, person, member_id, now)
            if text := str(said.get("note", "")).strip():
                try:
                    await notes.write(db, person, text, me.id, now, app.new_id)
                except Refused:
                    raise HTTPException(422) from None
            await audit.record(db, now, me.id, "conversation.assign", person, to=str(member_id or ""))
        told = say("Nobody in particular answers this conversation now.")
        if member_id is not None:
            told = (
                say("You answer this conversation now.") if member_id == me.id else say("It is handed over.")
            )
        back = asked(request.query_params)
        return page.onward(back.of(person), told, undo=f"/inbox/{person}/assign?to={before.by or ''}")

    @routes.post("/snooze")
    async def snooze(request: Request, person: UUID) -> Response:
        """Let it rest."""
        now = app.clock()
        until = _until(await request.form(), now)
        back = asked(request.query_params)
        if until is None or not now < until <= now + FURTHEST:
            told = say("Choose a day that is still to come, within a year. Nothing was changed.")
            return page.onward(back.of(person), told)
        async with app.database.begin() as db:
            await known(db, request, person)
            await handling.snooze(db, person, until, now)
        told = say("This conversation rests until {day}, {time}, or until they write again.")
        told = told.format(day=times.day(until, now), time=times.clock(until))
        return page.onward(back.to(), told, undo=f"/inbox/{person}/wake")

    @routes.post("/wake")
    async def wake(request: Request, person: UUID) -> Response:
        """It rests no more."""
        async with app.database.begin() as db:
            await known(db, request, person)
            await handling.wake(db, person, app.clock())
        return page.onward(
            asked(request.query_params).of(person), say("This conversation is back in the list.")
        )

    @routes.post("/done")
    async def done(request: Request, person: UUID) -> Response:
        """What was read needs no answer, or has had one."""
        said, now = await request.form(), app.clock()
        async with app.database.read() as db:
            await known(db, request, person)
        dealt = await sending.finish(app, person, ids(str(said.get("seen", ""))))
        back = asked(request.query_params)
        if not dealt:
            return page.onward(back.of(person), say("Nothing waits in this conversation."))
        async with app.database.begin() as db:
            await audit.record(db, now, member(request).id, "conversation.done", person, messages=len(dealt))
        undo = f"/inbox/{person}/undone?first={dealt[0]}&last={dealt[-1]}"
        return page.onward(back.to(), say("Done. It waits no more."), undo=undo)

    @routes.post("/undone")
    async def undone(request: Request, person: UUID) -> Response:
        """It was not done after all."""
        first, last = (ids(request.query_params.get(name, "")) for name in ("first", "last"))
        if first is None or last is None:
            raise HTTPException(422)
        async with app.database.read() as db:
            await known(db, request, person)
        await sending.unfinish(app, person, first, last)
        return page.onward(f"/inbox/{person}", say("It waits for an answer again."))

    return routes


def _until(said: FormData, now: datetime) -> datetime | None:
    """When a conversation comes back: on a morning, by the reader's clock."""
    today = times.here(now).date()
    choice = said.get("until", "")
    if choice == "tomorrow":
        return morning(today + timedelta(days=1))
    if choice == "monday":
        return morning(today + timedelta(days=7 - today.weekday()))
    try:
        return morning(date.fromisoformat(str(said.get("day", ""))))
    except ValueError:
        return None


def morning(on: date) -> datetime:
    """Eight o'clock of a day, for the reader."""
    return datetime.combine(on, MORNING, times.zone())
