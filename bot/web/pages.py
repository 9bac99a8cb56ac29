"""Pages that belong to no room: what people chose at closed questions, how we count, how families are protected."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from . import view as pages
from .needs import Needs
from .page import Page
from .view import chosen


def router(needs: Needs, page: Page) -> APIRouter:
    """The pages. Which of them are open is decided in ``guard`` alone."""
    routes = APIRouter()
    minimum = needs.settings.minimum_cell

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
