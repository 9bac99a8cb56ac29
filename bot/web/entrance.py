"""What every way of signing in shares: forms before there is a session, the second step, and the session at the end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from .. import second_step, staff
from ..store import staff as rows
from ..store.staff import Member
from . import browsers
from .guard import Cookies, safe_next
from .needs import Needs
from .page import Page
from .sealed import seal, unseal
from .throttle import Throttle

WINDOW = timedelta(minutes=15)
TRIES_BY_ADDRESS = 5
TRIES_BY_CLIENT = 60
"""Higher: a whole school may come from one address of the internet."""
BETWEEN = timedelta(minutes=10)
"""How long somebody has for the second step."""
SECOND = "second step"


def client_of(request: Request) -> str:
    """From which address of the internet a request came."""
    return request.client.host if request.client else ""


class Entrance:
    """Made once; every way of signing in ends in ``proved``."""

    def __init__(self, needs: Needs, page: Page, cookies: Cookies) -> None:
        self.needs = needs
        self.page = page
        self.cookies = cookies
        self.by_address = Throttle(TRIES_BY_ADDRESS, WINDOW)
        self.by_member = Throttle(TRIES_BY_ADDRESS, WINDOW)
        self.by_client = Throttle(TRIES_BY_CLIENT, WINDOW)

    @property
    def life(self) -> timedelta:
        """How long a session lasts at most."""
        return timedelta(hours=self.needs.settings.session_hours)

    def form(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """A page with a form that somebody without a session may send."""
        nonce = request.cookies.get(self.cookies.form) or self.cookies.new_nonce()
        response = self.page(request, template, status, csrf=self.cookies.form_token(nonce), **values)
        self.cookies.set(response, self.cookies.form, nonce)
        return response

    async def proved(self, request: Request, member: Member, onward: str) -> Response:
        """The first step is done, by password, link or another sign-in: to the second where it is on, else inside."""
        async with self.needs.database.read() as db:
            asks = await second_step.is_on(db, member.id)
        if not asks:
            return await self.let_in(request, member, onward)
        value = {"who": str(member.id), "onward": safe_next(onward)}
        until = self.needs.clock() + BETWEEN
        response = RedirectResponse("/signin/code", 303)
        sealed = seal(self.cookies.key, SECOND, value, until)
        self.cookies.set(response, self.cookies.second, sealed, int(BETWEEN.total_seconds()))
        return response

    async def between(self, request: Request, now: datetime) -> tuple[Member, str] | None:
        """Who has done the first step in this browser a moment ago, and where they want to go."""
        value = unseal(self.cookies.key, SECOND, request.cookies.get(self.cookies.second, ""), now)
        if value is None:
            return None
        async with self.needs.database.read() as db:
            member = await rows.by_id(db, UUID(value["who"]))
        return (member, value["onward"]) if member else None

    async def let_in(self, request: Request, member: Member, onward: str, said: str = "") -> Response:
        """A new session, and on to where they wanted to go."""
        old = request.cookies.get(self.cookies.session)
        browser = browsers.known(request.headers.get("user-agent", ""))
        async with self.needs.database.begin() as db:
            if old:
                await staff.close_session(db, old)
            opened = await staff.open_session(db, self.needs.clock(), member, self.life, browser)
        response = self.page.onward(safe_next(onward), said)
        self.cookies.set(response, self.cookies.session, opened.token, int(self.life.total_seconds()))
        for spent in (self.cookies.form, self.cookies.second):
            self.cookies.drop(response, spent)
        return response
