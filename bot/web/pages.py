"""The pages that staff read: the list of surveys, the findings of one, what people chose, and how we count."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response

from analysis.views import VIEWS

from ..duties import parse
from ..store import coders
from ..waves import NoWave
from . import view as pages
from .needs import Needs
from .page import Page
from .view import chosen


def router(needs: Needs, page: Page) -> APIRouter:
    """The pages. Which of them are open is decided in ``guard`` alone."""
    routes = APIRouter()
    minimum = needs.settings.minimum_cell
    zone, told = ZoneInfo(needs.settings.timezone), frozenset(parse(needs.settings.duty_roles))

    @routes.get("/findings")
    async def surveys(request: Request) -> Response:
        cards = []
        for survey in await needs.surveys():
            found = await needs.findings(survey.key)
            cards.append(pages.card(survey.key, survey.title, found))
        return page(request, "surveys.html", section="findings", cards=cards)

    @routes.get("/findings/{survey}")
    async def findings(
        request: Request, survey: str, theme: str = "", view: str = "named", wave: str = ""
    ) -> Response:
        title = next((known.title for known in await needs.surveys() if known.key == survey), None)
        how = next((known for known in VIEWS if known == view), None)
        if title is None or how is None:
            raise HTTPException(404)
        try:
            found = await needs.viewed(survey, how, wave or None)
        except NoWave:
            raise HTTPException(404) from None
        if found is None:
            return page(request, "nobody-asked.html", section="findings", title=title)
        shown = pages.findings(survey, title, found, theme or None, zone, told)
        if shown is None:
            raise HTTPException(404)
        async with needs.database.read() as db:
            by = await coders.of_survey(db, survey)
        items = chosen.address(survey)
        return page(request, "findings.html", section="findings", f=shown, coders=by, items=items)

    @routes.get("/surveys/{survey}/items")
    async def items(request: Request, survey: str, by: str = "") -> Response:
        found = await needs.results(survey)
        shown = chosen.chosen(found, by or None) if found else None
        if shown is None:
            raise HTTPException(404)
        return page(request, "items.html", section="findings", c=shown, findings=pages.address(survey))

    @routes.get("/how-we-count")
    async def how_we_count(request: Request) -> Response:
        return page(request, "how-we-count.html", section="counting", minimum=minimum)

    @routes.get("/protecting-families")
    async def protecting_families(request: Request) -> Response:
        return page(request, "protecting-families.html", minimum=minimum)

    return routes
