"""/people/{id}/everything: all that is kept about somebody, for a request of theirs; as a page to read, and as JSON."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from .... import audit
from ....app import App
from ....people.everything import everything
from ...page import Page
from . import doors, showing


class Row(dict[str, Any]):
    """A row of which the empty columns are left out, and read as None."""

    def __missing__(self, name: str) -> None:
        return None


def add(routes: APIRouter, app: App, page: Page) -> None:
    """Both files; that they were made is remembered."""

    async def gathered(request: Request, person: UUID) -> dict[str, Any]:
        await doors.found(app, request, person)
        async with app.database.begin() as db:
            found = await everything(db, person)
            await audit.record(db, app.clock(), doors.member(request), "person.everything", person)
        return found

    @routes.get("/people/{person}/everything.json")
    async def as_json(request: Request, person: UUID) -> Response:
        found = await gathered(request, person)
        said = json.dumps(found, ensure_ascii=False, indent=1)
        return Response(said, media_type="application/json", headers=_saved("record.json"))

    @routes.get("/people/{person}/everything.html")
    async def as_page(request: Request, person: UUID) -> Response:
        found = await gathered(request, person)
        found = {what: [Row(row) for row in rows] for what, rows in found.items()}
        (one,) = found["person"]
        response = page(request, "people/everything.html", person=one, found=found, words=showing.WORDS)
        response.headers.update(_saved("record.html"))
        return response


def _saved(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
