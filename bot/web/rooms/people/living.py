"""/people/{id}/household: who lives together, for campaigns that write once to a household."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Query, Request, Response

from .... import joining_people
from ....app import App
from ....people import listing
from ....people.listing import Wanted
from ...page import Page
from ...tongue import say
from . import doors, showing


def add(routes: APIRouter, app: App, page: Page) -> None:
    """Seen, put together, taken apart."""

    @routes.get("/people/{person}/household")
    async def household(
        request: Request, person: UUID, q: Annotated[str, Query(max_length=200)] = ""
    ) -> Response:
        found = await doors.found(app, request, person)
        near: list[listing.Line] = []
        if q.strip():
            async with app.database.read() as db:
                near, _ = await listing.listed(db, Wanted(q), doors.reach(request), None, 20)
        here = {person, *(one.id for one in found.household)}
        return page(
            request,
            "people/household.html",
            section="people",
            record=found,
            q=q,
            near=[one for one in near if one.id not in here],
            words=showing.WORDS,
        )

    @routes.post("/people/{person}/household/join")
    async def together(request: Request, person: UUID, other: Annotated[UUID, Form()]) -> Response:
        async with app.database.read() as db:
            await doors.inside(db, request, person)
            await doors.inside(db, request, other)
        await joining_people.put_together(app, person, other, doors.member(request))
        return page.onward(f"/people/{person}/household", say("They are one household now."))

    @routes.post("/people/{person}/household/part")
    async def apart(request: Request, person: UUID, other: Annotated[UUID, Form()]) -> Response:
        """``other`` leaves the household of ``person``: one of those who live there."""
        found = await doors.found(app, request, person)
        if other not in {person, *(one.id for one in found.household)}:
            raise HTTPException(404)
        await joining_people.take_apart(app, other, doors.member(request))
        rest = next((one.id for one in found.household if one.id != other), person)
        undo = f"/people/{other}/household/back/{person if other != person else rest}"
        return page.onward(f"/people/{person}/household", say("They are two households now."), undo)

    @routes.post("/people/{person}/household/back/{other}")
    async def back(request: Request, person: UUID, other: UUID) -> Response:
        async with app.database.read() as db:
            await doors.inside(db, request, person)
            await doors.inside(db, request, other)
        await joining_people.put_together(app, person, other, doors.member(request))
        return page.onward(f"/people/{other}/household", say("They are one household again."))
