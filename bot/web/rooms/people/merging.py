"""/people/{id}/merge: two records that are one person become one. For admins: it cannot be undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request, Response

from .... import joining_people
from ....app import App
from ....joining_people import CHOICES, Joining, NotOne
from ....people import listing
from ....people.listing import Wanted
from ...page import Page
from ...tongue import say
from ...view import tongues
from . import doors, showing


def add(routes: APIRouter, app: App, page: Page) -> None:
    """Found, looked over, done."""

    @routes.get("/people/{person}/merge")
    async def choose(
        request: Request, person: UUID, q: Annotated[str, Query(max_length=200)] = ""
    ) -> Response:
        doors.admin(request)
        found = await doors.found(app, request, person)
        wanted = Wanted(q.strip() or found.row.name or "")
        near: list[listing.Line] = []
        if wanted.text:
            async with app.database.read() as db:
                near, _ = await listing.listed(db, wanted, None, None, 20)
        return page(
            request,
            "people/merge.html",
            section="people",
            record=found,
            q=q,
            near=[one for one in near if one.id != person],
            words=showing.WORDS,
        )

    async def looked(request: Request, person: UUID, other: UUID) -> Joining:
        doors.admin(request)
        async with app.database.read() as db:
            try:
                return await joining_people.look(db, person, other)
            except (LookupError, NotOne):
                raise HTTPException(404) from None

    @routes.get("/people/{person}/merge/{other}")
    async def check(request: Request, person: UUID, other: UUID) -> Response:
        joining = await looked(request, person, other)
        async with app.database.read() as db:
            stays, gone = await listing.lines(db, [joining.stays, joining.gone])
        return page(
            request,
            "people/merge-check.html",
            section="people",
            joining=joining,
            stays=stays,
            gone=gone,
            choices=[_choice(what, joining) for what in joining.differ],
            moves=showing.moves(joining.counts),
            words=showing.WORDS,
        )

    @routes.post("/people/{person}/merge/{other}")
    async def merge(request: Request, person: UUID, other: UUID) -> Response:
        by = doors.admin(request)
        async with request.form() as form:
            chosen = [what for what in CHOICES if form.get(what) == "other"]
        try:
            await joining_people.join(app, person, other, by, chosen)
        except (LookupError, NotOne):
            raise HTTPException(404) from None
        return page.onward(f"/people/{person}", say("The two records are one now."))


def _choice(what: str, joining: Joining) -> tuple[str, str, list[tuple[str, str]]]:
    """A field with its legend and the two values."""
    legends = {
        "name": say("Which name is right?"),
        "language": say("Which language is right?"),
        "school": say("Which school is right?"),
        "respondent": say("Who are they?"),
        "external_id": say("Which id does your own system use?"),
    }
    known: dict[str, Callable[[str], str]] = {"language": tongues.name, "respondent": showing.kind}
    words = known.get(what, str)
    values = [("", words(getattr(joining.stays, what))), ("other", words(getattr(joining.gone, what)))]
    return what, legends[what], values
