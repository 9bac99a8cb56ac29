"""Puts the API together: its routes, its limits, how it says no, and its description (OpenAPI 3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ...app import App
from . import audiences, campaigns, people, threads
from .errors import TRANSLATED, translate
from .problems import BY_STATUS, KINDS, Fault, Problem, Trouble, documented
from .size import Size

ABOVE = "/api/v1"
ABOUT = """What `openline` does on the command line, for programs: people, audiences, campaigns, threads.

Every request carries a token: `Authorization: Bearer openline_…`. What cannot be done is answered with problem details
(RFC 9457) that say what is wrong, where, and what mends it. Times are in UTC, with their zone.
"""
DETAILS = {
    "unreadable": "Check the request against /api/v1/openapi.json.",
    "not-found": "Check the address against /api/v1/openapi.json.",
    "method": "Check the method against /api/v1/openapi.json.",
    "too-large": "A file may have 50 MB, everything else 1 MB. Send it in parts.",
    "failed": "Try again in a minute. If it fails again, tell the person who runs Openline.",
}
TAGS = [
    {"name": "people", "description": "Lists of people and of absences."},
    {"name": "audiences", "description": "Saved filters, and how many people are in one."},
    {"name": "campaigns", "description": "Write, check, send, stop, and account for every person."},
    {
        "name": "threads",
        "description": "What families write to people, and people's answers, each in their language.",
    },
]


def create(app: App) -> FastAPI:
    """The API of one built service, to be mounted at ABOVE, behind the guard."""
    api = FastAPI(
        title="Openline",
        version="1",
        description=ABOUT,
        servers=[{"url": ABOVE}],
        root_path_in_servers=False,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        openapi_tags=TAGS,
        responses=documented("no-token", "bad-token", "missing-scope", "too-many-tries", "failed"),
        generate_unique_id_function=lambda route: route.name,
    )
    api.add_middleware(Size)

    @api.exception_handler(Trouble)
    async def trouble(_: Request, error: Trouble) -> Response:
        return error.response()

    @api.exception_handler(HTTPException)
    async def said_no(request: Request, error: HTTPException) -> Response:
        kind = BY_STATUS.get(error.status_code, "unreadable")
        headers = {"Allow": _allowed(api, request)} if kind == "method" else error.headers
        return Trouble(kind, DETAILS.get(kind, KINDS[kind][1]), headers=headers).response()

    @api.exception_handler(RequestValidationError)
    async def misread(_: Request, error: RequestValidationError) -> Response:
        # The message only: what was sent may be somebody's name or number.
        faults = [Fault(where=_where(each["loc"]), what=each["msg"]) for each in error.errors()]
        return Trouble("invalid", "Mend what is listed and send it again.", faults).response()

    @api.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> Response:
        return Trouble("failed", DETAILS["failed"]).response()

    async def domain(_: Request, error: Exception) -> Response:
        return translate(error).response()

    for kind in TRANSLATED:
        api.add_exception_handler(kind, domain)

    for part in (people, audiences, campaigns, threads):
        api.include_router(part.router(app))
    described = api.openapi

    def openapi() -> dict[str, Any]:
        found = described()
        parts = found.setdefault("components", {}).setdefault("schemas", {})
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts |= {"Fault": shape.pop("$defs")["Fault"], "Problem": shape}
        return found

    api.openapi = openapi  # type: ignore[method-assign]
    return api


def _allowed(api: FastAPI, request: Request) -> str:
    """Every method of an address; the framework would name those of one of its routes only."""
    asked = request.scope["path"].removeprefix(ABOVE)
    known = {"/openapi.json": {"get": {}}} | api.openapi()["paths"]
    if asked in known:
        return _upper(known[asked])
    fits = (
        methods for path, methods in known.items() if re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), asked)
    )
    return _upper({method for methods in fits for method in methods})


def _upper(methods: Iterable[str]) -> str:
    return ", ".join(sorted(method.upper() for method in methods))


def _where(place: tuple[int | str, ...]) -> str:
    """
    >>> _where(("body", "to", 0, "channel")), _where(("query", "limit"))
    ('body: to.0.channel', 'query: limit')
    """
    first, *rest = map(str, place)
    return f"{first}: {'.'.join(rest)}" if rest else first
