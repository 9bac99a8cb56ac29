"""Signing in by password or by a one-time link, and signing out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from babel.dates import format_timedelta
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from .. import staff
from . import hashing, tongue
from .entrance import TRIES_BY_ADDRESS, WINDOW, Entrance, client_of
from .guard import safe_next
from .oidc.providers import providers
from .tongue import say
from .welcome import WELCOME

__all__ = ["TRIES_BY_ADDRESS", "WINDOW", "Problem", "check", "router"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, and what to do about it."""

    field: str
    text: str


def check(email: str, password: str) -> list[Problem]:
    """What can be said about a filled-in form without looking anybody up."""
    problems = []
    if not email.strip():
        problems.append(Problem("email", say("Enter your email address")))
    else:
        try:
            staff.address(email)
        except staff.StaffError:
            problems.append(Problem("email", say("Enter an email address like name@school.example")))
    if not password:
        problems.append(Problem("password", say("Enter your password")))
    return problems


def router(entrance: Entrance) -> APIRouter:
    """The pages /signin and /signin/link, and /signout."""
    routes = APIRouter()
    needs, page, cookies = entrance.needs, entrance.page, entrance.cookies

    def sign_in_page(
        request: Request,
        onward: str,
        email: str = "",
        problems: list[Problem] | None = None,
        status: int = 200,
    ) -> Response:
        return entrance.form(
            request,
            "signin.html",
            status,
            onward=safe_next(onward),
            email=email,
            errors=problems or [],
            signed_out="out" in request.query_params,
            welcome=WELCOME,
            providers=providers(needs.settings),
        )

    @routes.get("/signin")
    async def show(request: Request, onward: str = "/") -> Response:
        if request.state.session:
            return RedirectResponse(safe_next(onward), 303)
        return sign_in_page(request, onward)

    @routes.post("/signin")
    async def sign_in(
        request: Request,
        email: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        onward: Annotated[str, Form()] = "/",
    ) -> Response:
        if problems := check(email, password):
            return sign_in_page(request, onward, email, problems, 422)
        now, address = needs.clock(), staff.address(email)
        if not (
            entrance.by_client.allow(client_of(request), now) and entrance.by_address.allow(address, now)
        ):
            text = say("Too many tries. Wait 15 minutes, or ask for a link that signs you in")
            refused = sign_in_page(request, onward, email, [Problem("email", text)], 429)
            refused.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
            return refused
        async with needs.database.read() as db:
            member = await staff.find(db, address)
        right = await hashing.matches(member, password)
        if member is None or not right:
            text = say("The email address or the password is not right. Check both and try again")
            return sign_in_page(request, onward, email, [Problem("email", text)], 422)
        entrance.by_address.forget(address)
        return await entrance.proved(request, member, onward)

    @routes.get("/signin/link/{token}")
    async def show_link(request: Request, token: str) -> Response:
        # Only looked at here: programs that scan mail open every link, and must not use it up.
        async with needs.database.read() as db:
            good = await staff.link_is_good(db, needs.clock(), token)
        if not good:
            return spent(request)
        locale = tongue.current().replace("-", "_")
        whole = entrance.life.total_seconds() % 3600 == 0
        life = format_timedelta(
            entrance.life, granularity="minute", threshold=1 if whole else 1000, locale=locale
        )
        return entrance.form(request, "link.html", life=life)

    @routes.post("/signin/link/{token}")
    async def use_link(request: Request, token: str) -> Response:
        async with needs.database.begin() as db:
            member = await staff.use_link(db, needs.clock(), token)
        return await entrance.proved(request, member, "/") if member else spent(request)

    def spent(request: Request) -> Response:
        return page(
            request,
            "message.html",
            410,
            heading=say("This link does not work any more"),
            text=say(
                "A link signs you in once, and only for a short time. Ask the person who gave it to you for a new one."
            ),
            link={"href": "/signin", "text": say("Sign in another way")},
        )

    @routes.post("/signout")
    async def sign_out(request: Request) -> Response:
        async with needs.database.begin() as db:
            await staff.close_session(db, request.cookies[cookies.session])
        response = RedirectResponse("/signin?out", 303)
        cookies.drop(response, cookies.session)
        return response

    return routes
