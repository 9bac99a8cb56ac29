"""The second step of signing in: a code from the app, or one of those on paper."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from .. import second_step
from .entrance import WINDOW, Entrance, client_of
from .signin import Problem
from .tongue import say, say_n


def router(entrance: Entrance) -> APIRouter:
    """The page /signin/code. There is no session before it, only a cookie that says who has done the first step."""
    routes, needs = APIRouter(), entrance.needs

    def ask(request: Request, problems: list[Problem] | None = None, status: int = 200) -> Response:
        return entrance.form(request, "signin-code.html", status, errors=problems or [])

    def too_late(request: Request) -> Response:
        return entrance.page(
            request,
            "message.html",
            410,
            heading=say("This sign-in took too long"),
            text=say("You have ten minutes for the code. Begin again."),
            link={"href": "/signin", "text": say("Sign in")},
        )

    @routes.get("/signin/code")
    async def show(request: Request) -> Response:
        known = await entrance.between(request, needs.clock())
        return ask(request) if known else too_late(request)

    @routes.post("/signin/code")
    async def take(request: Request, code: Annotated[str, Form()] = "") -> Response:
        now = needs.clock()
        known = await entrance.between(request, now)
        if known is None:
            return too_late(request)
        member, onward = known
        if not code.strip():
            return ask(request, [Problem("code", say("Enter the code from your app"))], 422)
        allowed = entrance.by_client.allow(client_of(request), now)
        if not (allowed and entrance.by_member.allow(str(member.id), now)):
            text = say("Too many tries. Wait 15 minutes, then sign in again")
            refused = ask(request, [Problem("code", text)], 429)
            refused.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
            return refused
        key = needs.settings.secret_key.get_secret_value().encode()
        async with needs.database.begin() as db:
            proved = await second_step.prove(db, now, key, member.id, code[:100])
        if proved is None:
            text = say(
                "This code does not fit, or was used already. Wait for the next one, and check the time on your phone"
            )
            return ask(request, [Problem("code", text)], 422)
        entrance.by_member.forget(str(member.id))
        said = ""
        if proved.way == "paper":
            said = say_n(
                "You signed in with a recovery code. One is left: make new ones in your account.",
                "You signed in with a recovery code. %(num)d are left.",
                proved.left,
            ) % {"num": proved.left}
            if proved.left == 0:
                said = say("You signed in with your last recovery code. Make new ones in your account now.")
        return await entrance.let_in(request, member, onward, said)

    return routes
