"""Signing in by password or by a one-time link, and signing out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from .. import staff
from ..store.staff import Member
from .guard import Cookies, safe_next
from .needs import Needs
from .page import Page
from .throttle import Throttle
from .welcome import WELCOME

WINDOW = timedelta(minutes=15)
TRIES_BY_ADDRESS = 5
TRIES_BY_CLIENT = 60
"""Higher: a whole school may come from one address of the internet."""
AT_ONCE = 2
"""Passwords hashed at the same time. Each takes 64 MB."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, and what to do about it."""

    field: str
    text: str


def check(email: str, password: str) -> list[Problem]:
    """What can be said about a filled-in form without looking anybody up."""
    problems = []
    if not email.strip():
        problems.append(Problem("email", "Enter your email address"))
    else:
        try:
            staff.address(email)
        except staff.StaffError:
            problems.append(Problem("email", "Enter an email address like name@school.example"))
    if not password:
        problems.append(Problem("password", "Enter your password"))
    return problems


WRONG = Problem("email", "The email address or the password is not right. Check both and try again")
TOO_MANY = Problem("email", "Too many tries. Wait 15 minutes, or ask for a link that signs you in")


def router(needs: Needs, page: Page, cookies: Cookies) -> APIRouter:
    """The pages under /signin, and /signout."""
    routes = APIRouter()
    by_address = Throttle(TRIES_BY_ADDRESS, WINDOW)
    by_client = Throttle(TRIES_BY_CLIENT, WINDOW)
    hashing = asyncio.Semaphore(AT_ONCE)
    life = timedelta(hours=needs.settings.session_hours)

    def with_form(request: Request, template: str, status: int = 200, **values: Any) -> Response:
        nonce = request.cookies.get(cookies.form) or cookies.new_nonce()
        response = page(request, template, status, csrf=cookies.form_token(nonce), **values)
        cookies.set(response, cookies.form, nonce)
        return response

    def sign_in_page(
        request: Request,
        onward: str,
        email: str = "",
        problems: list[Problem] | None = None,
        status: int = 200,
    ) -> Response:
        return with_form(
            request,
            "signin.html",
            status,
            onward=safe_next(onward),
            email=email,
            errors=problems or [],
            signed_out="out" in request.query_params,
            welcome=WELCOME,
        )

    async def let_in(request: Request, member: Member, onward: str) -> Response:
        old = request.cookies.get(cookies.session)
        async with needs.database.begin() as db:
            if old:
                await staff.close_session(db, old)
            opened = await staff.open_session(db, needs.clock(), member, life)
        response = RedirectResponse(onward, 303)
        cookies.set(response, cookies.session, opened.token, int(life.total_seconds()))
        cookies.drop(response, cookies.form)
        return response

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
        client = request.client.host if request.client else ""
        if not (by_client.allow(client, now) and by_address.allow(address, now)):
            refused = sign_in_page(request, onward, email, [TOO_MANY], 429)
            refused.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
            return refused
        async with needs.database.read() as db:
            member = await staff.find(db, address)
        # Outside the transaction and the loop: it takes a tenth of a second, for nobody as for somebody.
        async with hashing:
            right = await asyncio.to_thread(staff.matches, member, password)
        if member is None or not right:
            return sign_in_page(request, onward, email, [WRONG], 422)
        by_address.forget(address)
        return await let_in(request, member, safe_next(onward))

    @routes.get("/signin/link/{token}")
    async def show_link(request: Request, token: str) -> Response:
        # Only looked at here: programs that scan mail open every link, and must not use it up.
        async with needs.database.read() as db:
            good = await staff.link_is_good(db, needs.clock(), token)
        return with_form(request, "link.html", hours=hours(life)) if good else spent(request)

    @routes.post("/signin/link/{token}")
    async def use_link(request: Request, token: str) -> Response:
        async with needs.database.begin() as db:
            member = await staff.use_link(db, needs.clock(), token)
        return await let_in(request, member, "/") if member else spent(request)

    def spent(request: Request) -> Response:
        return page(
            request,
            "message.html",
            410,
            heading="This link does not work any more",
            text="A link signs you in once, and only for a short time. Ask the person who gave it to you for a new one.",
            link={"href": "/signin", "text": "Sign in with your password"},
        )

    @routes.post("/signout")
    async def sign_out(request: Request) -> Response:
        async with needs.database.begin() as db:
            await staff.close_session(db, request.cookies[cookies.session])
        response = RedirectResponse("/signin?out", 303)
        cookies.drop(response, cookies.session)
        return response

    return routes


def hours(life: timedelta) -> str:
    """
    >>> hours(timedelta(hours=12)), hours(timedelta(hours=1)), hours(timedelta(minutes=30))
    ('12 hours', '1 hour', '30 minutes')
    """
    minutes = round(life.total_seconds() / 60)
    number, unit = (minutes // 60, "hour") if minutes >= 60 else (minutes, "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"
