"""The pages that staff read: the list of surveys, the findings of one, and how we count."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from . import view
from .needs import Needs
from .page import Page


def router(needs: Needs, page: Page) -> APIRouter:
    """The pages. Which of them are open is decided in ``guard`` alone."""
    routes = APIRouter()
    minimum = needs.settings.minimum_cell

    @routes.get("/")
    async def surveys(request: Request) -> Response:
        cards = []
        for survey in await needs.surveys():
            found = await needs.findings(survey.key)
            if found is not None:
                cards.append(view.card(survey.key, survey.title, found))
        return page(request, "surveys.html", section="findings", cards=cards)

    @routes.get("/findings/{survey}")
    async def findings(request: Request, survey: str, theme: str = "") -> Response:
        titles = {known.key: known.title for known in await needs.surveys()}
        found = await needs.findings(survey)
        if found is None:
            raise HTTPException(404)
        shown = view.findings(survey, titles.get(survey, survey), found, theme or None)
        if shown is None:
            raise HTTPException(404)
        return page(request, "findings.html", section="findings", f=shown)

    @routes.get("/how-we-count")
    async def how_we_count(request: Request) -> Response:
        return page(request, "how-we-count.html", section="counting", minimum=minimum)

    @routes.get("/protecting-families")
    async def protecting_families(request: Request) -> Response:
        return page(request, "protecting-families.html", minimum=minimum)

    return routes
