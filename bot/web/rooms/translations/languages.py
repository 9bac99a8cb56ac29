"""How far every language is: the first page of this room."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ....app import App
from ....texts.overview import Standing, overview
from ... import downloads, tongue
from ...page import Page
from . import showing

GROUPS = ("survey", "campaign", "phrases", "saved")


def router(app: App, page: Page) -> APIRouter:
    """/translations, and its table as a file."""
    routes = APIRouter()

    @routes.get("/translations")
    async def languages(request: Request) -> Response:
        async with app.database.read() as db:
            found = await overview(app, db)
        return page(
            request,
            "translations/languages.html",
            section="translations",
            read=[one for one in found if one.people],
            others=[one for one in found if not one.people],
            waiting=sum(one.waiting for one in found if one.people),
            first=showing.first(found),
            drafts_go_out=app.settings.allow_drafts,
            groups=GROUPS,
            showing=showing,
        )

    @routes.get("/translations/languages.{kind}")
    async def download(kind: downloads.Kind) -> Response:
        async with app.database.read() as db:
            found = await overview(app, db)
        headings = [
            tongue.say("Language"), tongue.say("Tag"), tongue.say("People"), tongue.say("Texts"), tongue.say("Approved"),
            tongue.say("To read"), tongue.say("Changed since"), tongue.say("Missing"), tongue.say("Can be sent"),
            tongue.say("Surveys and campaigns"),
        ]  # fmt: skip
        return downloads.table("translations", headings, map(_row, found), kind)

    return routes


def _row(one: Standing) -> list[str | int]:
    whole = one.all
    numbers = [whole.total(), *(whole[state] for state in ("approved", "draft", "stale", "missing"))]
    return [showing.name(one.language), one.language, one.people, *numbers, one.sendable, one.documents]
