"""Pages that belong to no room: what people chose at closed questions, how we count, how families are protected."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from fastapi import APIRouter, HTTPException, Request, Response

from ..at_hand import NotYet
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
        try:
            found = await needs.chosen(survey)
        except NotYet:
            title = next((one.title for one in await needs.surveys() if one.key == survey), survey)
            return page(
                request, "themes/counting.html", section="findings", title=title, href=_here(survey, by)
            )
        shown = chosen.chosen(found[0], by or None) if found else None
        if shown is None or found is None:
            raise HTTPException(404)
        return page(
            request, "items.html", section="findings", c=shown, findings=pages.address(survey), at=found[1]
        )

    @routes.get("/how-we-count")
    async def how_we_count(request: Request) -> Response:
        return page(request, "how-we-count.html", section="counting", minimum=minimum)

    @routes.get("/protecting-families")
    async def protecting_families(request: Request) -> Response:
        return page(request, "protecting-families.html", minimum=minimum)

    return routes


def _here(survey: str, by: str) -> str:
    """This page's own address, to look again."""
    return f"/surveys/{quote(survey, safe='')}/items{'?' + urlencode({'by': by}) if by else ''}"
