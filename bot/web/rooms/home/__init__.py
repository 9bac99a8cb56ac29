"""Today: what needs whoever looks, how the round stands, and the way from an empty start."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ....app import App
from ...page import Page


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    routes = APIRouter()

    @routes.get("/")
    async def today(request: Request) -> Response:
        return page(request, "home/today.html", section="home")

    return routes
