"""Machine drafts of what is missing in a language: begun here, made in the background, their progress told as it goes."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from .... import audit
from ....app import App
from ....texts import drafting
from ... import tongue
from ...live import stream
from ...page import Page
from .at_hand import desk, me


def router(app: App, page: Page) -> APIRouter:
    """/translations/{language}/draft, and its stream."""
    routes = APIRouter()

    @routes.post("/translations/{language}/draft")
    async def draft(request: Request, language: str) -> Response:
        async with app.database.read() as db:
            here = await desk(app, db, language)
        missing = [one for one in here.texts if one.state == "missing"]
        to = f"/translations/{language}"
        if drafting.engine(app) is None:
            return page.onward(to, tongue.say("No translator is set up, so nothing was drafted."))
        if not missing:
            return page.onward(to, tongue.say("Nothing is missing."))
        drafting.begin(app, language, missing)
        async with app.database.begin() as db:
            await audit.record(
                db, app.clock(), me(request).id, "translation.fill", language, texts=len(missing)
            )
        return page.onward(f"{to}#drafting")

    @routes.get("/translations/{language}/draft/live")
    async def live(request: Request, language: str) -> Response:
        async def part() -> str:
            return page.part(
                request,
                "translations/listing.html",
                "progress",
                drafting=drafting.under_way(app, language),
                language=language,
            )

        return stream(app, request, part, token=_token(request), every=1.0, stored=False)

    return routes


def _token(request: Request) -> str:
    names = ("__Host-openline", "openline")
    return next((value for name in names if (value := request.cookies.get(name))), "")
