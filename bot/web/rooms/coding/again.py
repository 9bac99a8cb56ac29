"""/codebooks/again: what was coded before is coded anew, beside everything else, and what that changed is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from analysis.recoding import difference

from .... import audit
from ....app import App
from ....recoding import snapshots
from ....store import answers as due
from ... import tongue
from ...page import Page
from .jobs import Jobs, Tell
from .proposals import organizer

KIND = "again"


@dataclass(frozen=True, slots=True)
class Changed:
    """What coding again changed of the answers by one codebook: numbers too small to show are None."""

    title: str
    labels: Mapping[str, str]
    told: Mapping[str, Any]

    @property
    def shown(self) -> list[Mapping[str, Any]]:
        """The themes whose numbers may be seen and are others now."""
        return [
            each
            for each in self.told["themes"]
            if each["before"] is not None and (each["gained"] or each["lost"])
        ]

    @property
    def few(self) -> list[str]:
        """Themes with too few answers to show."""
        return [each["label"] for each in self.told["themes"] if each["before"] is None]


async def code_again(app: App, tell: Tell) -> list[Changed]:
    """Code everything that another coder has read than the one there is now. The numbers are those of the findings' rules."""
    async with app.database.read() as db:
        books = [await app.books.get(db, key) for key in await app.books.keys(db)]
    for book in books:
        await app.learning.learn(book)
    before = await snapshots(app.database, app.books)
    await app.coding.again()
    async with app.database.read() as db:
        total = await due.waiting(db, app.clock())
    done = 0
    tell(done, total)
    while coded := await app.coding.code():
        done += coded
        tell(min(done, total), total)
    after = await snapshots(app.database, app.books)
    found = []
    for book in books:
        if book.id in before and book.id in after:
            made = await asyncio.to_thread(difference, before[book.id], after[book.id], book)
            if made.answers:
                found.append(Changed(book.title, made.labels, made.to_json(app.settings.minimum_cell)))
    return found


def router(app: App, page: Page, jobs: Jobs) -> APIRouter:
    """Begin it, and see how far it is."""
    routes = APIRouter(prefix="/codebooks/again")

    @routes.get("")
    async def seen(request: Request) -> Response:
        return page(
            request,
            "coding/again.html",
            section="coding",
            job=jobs.get(KIND),
            minimum=app.settings.minimum_cell,
        )

    @routes.get("/live")
    async def live(request: Request) -> Response:
        part = page.part(
            request, "coding/again.html", "going", job=jobs.get(KIND), minimum=app.settings.minimum_cell
        )
        return HTMLResponse(part)

    @routes.post("")
    async def begin(request: Request) -> Response:
        by = organizer(request)
        async with app.database.begin() as db:
            await audit.record(db, app.clock(), by.id, "codebook.again")

        async def work(tell: Tell) -> list[Changed]:
            return await code_again(app, tell)

        jobs.begin(KIND, app.clock, work)
        return page.onward("/codebooks/again", said=tongue.say("The replies are being coded again."))

    return routes
