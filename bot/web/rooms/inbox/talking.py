"""/inbox: the list of conversations, one of them, and both kept up to date."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from ....app import App
from ...live import stream
from ...page import Page
from .views import Views
from .who import known, token

EVERY = 3.0
"""Seconds between looks for something new."""


def router(app: App, page: Page) -> APIRouter:
    """The pages that show conversations."""
    routes = APIRouter(prefix="/inbox")
    views = Views(app, page)

    @routes.get("")
    async def inbox(request: Request) -> Response:
        return await views.page(request)

    @routes.get("/live")
    async def live(request: Request) -> Response:
        return _stream(request, None)

    @routes.get("/{person}")
    async def conversation(request: Request, person: UUID) -> Response:
        return await views.page(request, person)

    @routes.get("/{person}/live")
    async def conversation_live(request: Request, person: UUID) -> Response:
        async with app.database.read() as db:
            await known(db, request, person)
        return _stream(request, person)

    def _stream(request: Request, person: UUID | None) -> Response:
        return stream(app, request, views.live(request, person), token=token(request), every=EVERY)

    return routes
