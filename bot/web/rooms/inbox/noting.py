"""/inbox/{person}/notes: what staff tell each other about somebody. It is never sent."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response

from ....app import App
from ....dialogue import notes
from ....dialogue.reaching import Refused
from ...page import Page
from ...tongue import say
from .asking import asked
from .who import known, member


def router(app: App, page: Page) -> APIRouter:
    """Notes of colleagues."""
    routes = APIRouter(prefix="/inbox/{person}/notes")

    @routes.post("")
    async def write(request: Request, person: UUID) -> Response:
        """Add one."""
        text = str((await request.form()).get("note", ""))
        back = asked(request.query_params).of(person)
        try:
            async with app.database.begin() as db:
                await known(db, request, person)
                note = await notes.write(db, person, text, member(request).id, app.clock(), app.new_id)
        except Refused as error:
            return page.onward(back, say(str(error)))
        return page.onward(
            back, say("Noted, for colleagues only."), undo=f"/inbox/{person}/notes/{note}/remove"
        )

    @routes.post("/{note}/remove")
    async def remove(request: Request, person: UUID, note: UUID) -> Response:
        """Take one's own away."""
        async with app.database.begin() as db:
            await known(db, request, person)
            if not await notes.remove(db, person, note, member(request).id, app.clock()):
                raise HTTPException(404)
        back = asked(request.query_params).of(person)
        return page.onward(back, say("The note is removed."), undo=f"/inbox/{person}/notes/{note}/back")

    @routes.post("/{note}/back")
    async def put_back(request: Request, person: UUID, note: UUID) -> Response:
        """And have it again."""
        async with app.database.begin() as db:
            await known(db, request, person)
            if not await notes.put_back(db, person, note, member(request).id):
                raise HTTPException(404)
        return page.onward(f"/inbox/{person}", say("The note is back."))

    return routes
