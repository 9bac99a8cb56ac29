"""/people/{id}/erase: somebody's wish to be forgotten, looked over by an admin and then carried out for good."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request, Response

from .... import erasing
from ....app import App
from ....erasing import Blocked
from ...page import Page
from ...tongue import say
from . import doors, showing
from .showing import Problem


def add(routes: APIRouter, app: App, page: Page) -> None:
    """The check, and the deed."""

    async def form(
        request: Request, person: UUID, errors: tuple[Problem, ...] = (), status: int = 200
    ) -> Response:
        found = await doors.found(app, request, person)
        async with app.database.read() as db:
            plan = await erasing.look(db, person)
        return page(
            request,
            "people/erase.html",
            status=status,
            section="people",
            record=found,
            plan=plan,
            gone=showing.gone(plan.counts),
            errors=errors,
            words=showing.WORDS,
        )

    @routes.get("/people/{person}/erase")
    async def check(request: Request, person: UUID) -> Response:
        doors.admin(request)
        return await form(request, person)

    @routes.post("/people/{person}/erase")
    async def erase(
        request: Request,
        person: UUID,
        sure: Annotated[str, Form(max_length=10)] = "",
        never: Annotated[str, Form(max_length=10)] = "",
    ) -> Response:
        by = doors.admin(request)
        await doors.found(app, request, person)
        if sure != "yes":
            text = say("Tick the box to say that they asked for it and that you know it cannot be undone")
            return await form(request, person, (Problem("sure", text),), 422)
        try:
            await erasing.erase(app, person, by, never_again=never == "yes")
        except Blocked:
            return await form(request, person, status=422)
        except LookupError:
            raise HTTPException(404) from None
        return page.onward("/people", say("The record is erased."))
