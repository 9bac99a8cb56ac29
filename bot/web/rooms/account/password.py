"""Another password, for somebody who knows the one they have."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from .... import audit, staff
from ....app import App
from ....store import accounts
from ....store import staff as rows
from ....store.staff import Session
from ... import hashing
from ...page import Page
from ...signin import Problem
from ...throttle import Throttle
from ...tongue import say


def router(app: App, page: Page, guesses: Throttle) -> APIRouter:
    """/account/password"""
    routes = APIRouter()

    def form(request: Request, errors: list[Problem] | None = None, status: int = 200) -> Response:
        has = request.state.session.member.password_hash is not None
        return page(
            request, "account/password.html", status, section="account", errors=errors or [], has_password=has
        )

    @routes.get("/account/password")
    async def show(request: Request) -> Response:
        return form(request)

    @routes.post("/account/password")
    async def change(
        request: Request,
        current: Annotated[str, Form()] = "",
        new: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
    ) -> Response:
        session: Session = request.state.session
        now, has = app.clock(), session.member.password_hash is not None
        if errors := check(current if has else "-", new, again):
            return form(request, errors, 422)
        if has:
            if not guesses.allow(str(session.member.id), now):
                return form(
                    request, [Problem("current", say("Too many tries. Wait 15 minutes and try again"))], 429
                )
            if not await hashing.matches(session.member, current):
                return form(
                    request,
                    [Problem("current", say("This is not your password. Type the one you sign in with"))],
                    422,
                )
            guesses.forget(str(session.member.id))
        made = await hashing.digest(new)
        async with app.database.begin() as db:
            await rows.set_password(db, session.member.id, made)
            await accounts.end_sessions(db, session.member.id, but=session.id)
            await rows.delete_links_of(db, session.member.id)
            await audit.record(db, now, session.member.id, "user.password", session.member.id)
        return page.onward(
            "/account", said=say("Your password is changed. You are signed out everywhere else.")
        )

    return routes


def check(current: str, new: str, again: str) -> list[Problem]:
    """What can be said without looking at the password that is kept."""
    problems = []
    if not current:
        problems.append(Problem("current", say("Enter the password you have now")))
    if not staff.SHORTEST <= len(new) <= staff.LONGEST:
        text = say("Choose a password of %(least)d to %(most)d characters. A short sentence does well")
        problems.append(Problem("new", text % {"least": staff.SHORTEST, "most": staff.LONGEST}))
    elif new != again:
        problems.append(Problem("again", say("Type the same new password here once more")))
    return problems
