"""Puts the web side together: the guard, the webhooks, the pages. ``create`` gives what uvicorn runs."""

from __future__ import annotations

import secrets

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from .. import listening
from ..app import App
from ..store.database import ready
from . import assets, pages, second, signin, webhooks
from .api import application
from .api.problems import BY_STATUS, Trouble
from .badges import Badges, badges
from .entrance import Entrance
from .guard import API, WEBHOOKS, Cookies, Guard
from .headers import Headers
from .oidc import routes as single
from .oidc.flow import Flow
from .page import Page
from .rooms import ROOMS
from .rooms.listen import beginnings
from .saving import Saving
from .tongue import Speaking, say, to_say
from .typed import Typed

HEADINGS = {
    400: to_say("The server did not understand this request"),
    403: to_say("Your account does not open this page"),
    404: to_say("There is no such page"),
    405: to_say("This address takes no such request"),
    413: to_say("That is too large"),
    422: to_say("The server did not understand this request"),
    500: to_say("Something failed on our side"),
}
REFUSED = to_say("This form cannot be taken")
"""The heading where something is wrong with a form and the cure is told."""
CURES = {
    403: to_say(
        "Your role here does not include it. The person who runs Openline can give you another, under Settings."
    ),
    404: to_say("Check the address, or start from the list of surveys."),
    500: to_say(
        "What families wrote is safe: it is stored before anything else is done with it. Try again in a minute. "
        "If it fails again, tell the person who runs Openline."
    ),
}


def create(app: App, counted: Badges | None = None) -> FastAPI:
    """The whole web side of one built service.

    The pages have no documentation of their addresses: what exists is for staff, and the guard closes what nobody has
    opened. Programs have a door of their own, /api/, and its description. ``counted`` stands in for the numbers in the menu.
    What ``state.warm`` names reads what the first pages would wait for.
    """
    listening.warm()
    secure = app.settings.public_url.startswith("https://")
    key = app.settings.secret_key.get_secret_value().encode() or secrets.token_bytes(32)
    cookies = Cookies(secure, key)
    files = assets.load()
    page = Page(files, app.clock, app.settings.organization, key)

    def refuse(request: Request, status: int, cure: str | None = None) -> Response:
        """The page that says no, and nothing of the reason inside the server."""
        if request.url.path.startswith(WEBHOOKS):
            return Response(status_code=status)  # a program reads this one
        if request.url.path.startswith(API):
            kind = BY_STATUS.get(status, "failed" if status >= 500 else "unreadable")
            return Trouble(kind, application.DETAILS.get(kind, cure or "")).response()
        return page(
            request,
            "message.html",
            status,
            heading=say(REFUSED if status == 403 and cure else HEADINGS.get(status, HEADINGS[400])),
            text=say(cure or CURES.get(status, to_say("Go back and try again."))),
            link={"href": "/", "text": say("Go to the first page")},
        )

    web = FastAPI(title="Openline", openapi_url=None, docs_url=None, redoc_url=None)
    web.state.warm = (page.warm, beginnings.shipped)
    web.add_middleware(Saving, app=app)
    web.add_middleware(
        Guard, needs=app, cookies=cookies, refuse=refuse, badges=counted or badges(app), typed=Typed(page)
    )
    web.add_middleware(Speaking, secure=secure)
    web.add_middleware(
        Headers, secure=secure
    )  # added last, so it is outside and dresses the guard's answers too

    @web.exception_handler(HTTPException)
    async def said_no(request: Request, error: HTTPException) -> Response:
        response = refuse(request, error.status_code)
        response.headers.update(error.headers or {})
        return response

    @web.exception_handler(RequestValidationError)
    async def misread(request: Request, _: Exception) -> Response:
        return refuse(request, 422)

    @web.exception_handler(Exception)
    async def failed(request: Request, _: Exception) -> Response:
        response = refuse(request, 500)
        # This answer is made outside all middleware.
        Headers(web, secure).dress(response.headers)
        return response

    @web.get("/healthz")
    async def health() -> JSONResponse:
        """For whatever watches the server: 200 when the store answers, else 503. No details: it is open."""
        good = await ready(app.database)
        return JSONResponse({"status": "ok" if good else "unavailable"}, 200 if good else 503)

    web.include_router(webhooks.router(app))
    web.include_router(assets.router(files))
    entrance = Entrance(app, page, cookies)
    web.include_router(signin.router(entrance))
    web.include_router(second.router(entrance))
    web.include_router(single.router(entrance, Flow(app.clock)))
    web.include_router(pages.router(app, page))
    for room in ROOMS:
        web.include_router(room.router(app, page))
    web.mount(application.ABOVE, application.create(app))
    return web
