"""Tokens that let programs in: made and shown once, ended at once."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request, Response

from .... import tokens
from ....app import App
from ....store import accounts
from ....store import tokens as rows
from ....store.tokens import Token
from ...page import Page
from ...signin import Problem
from ...tongue import say

DAYS = (30, 90, 365, 730)


def scopes() -> list[tuple[str, str]]:
    """What a token may do: its name in the API, and words."""
    words = {
        "people:read": say("See whether a person is on the lists, and in what state their addresses are"),
        "people:write": say("Bring in lists of people and of absences"),
        "audiences:read": say("Read saved audiences, and count who is in one"),
        "audiences:write": say("Save and delete audiences"),
        "campaigns:read": say("Read campaigns, their checks, reports, recipients and logs"),
        "campaigns:write": say("Write campaigns, and change those that have not begun"),
        "campaigns:send": say("Send: test, schedule, approve, resume, trigger"),
        "campaigns:stop": say("Pause and stop campaigns"),
        "threads:read": say(
            "Read what families write to people, and what they are answered: private words, names, numbers"
        ),
        "threads:write": say("Answer families: draft, send, and say what needs no answer"),
    }
    return [(scope, words.get(scope, told)) for scope, told in tokens.SCOPES.items()]


def state(token: Token, good: str) -> str:
    """How a token stands."""
    return {
        "good": say("In use"),
        "revoked": say("Revoked"),
        "expired": say("Over"),
        "disabled": say("Its person is shut out"),
    }[good]


def router(app: App, page: Page) -> APIRouter:
    """/settings/tokens"""
    routes = APIRouter()

    async def one(id_: UUID) -> Token:
        async with app.database.read() as db:
            found = next((token for token in await rows.everything(db) if token.id == id_), None)
        if found is None or tokens.state(found, app.clock()) not in ("good", "disabled"):
            raise HTTPException(404)
        return found

    @routes.get("/settings/tokens")
    async def show(request: Request) -> Response:
        now = app.clock()
        async with app.database.read() as db:
            made = await rows.everything(db)
        listed = [(token, tokens.state(token, now)) for token in made]
        return page(
            request,
            "settings/tokens.html",
            section="settings",
            tab="tokens",
            tokens=[(token, good, state(token, good)) for token, good in listed if good == "good"],
            over=[(token, good, state(token, good)) for token, good in listed if good != "good"],
        )

    async def form(
        request: Request, values: dict[str, object], errors: list[Problem] | None = None, status: int = 200
    ) -> Response:
        async with app.database.read() as db:
            people = await accounts.listed(db, 500)
        return page(
            request,
            "settings/token-new.html",
            status,
            section="settings",
            tab="tokens",
            errors=errors or [],
            values=values,
            scopes=scopes(),
            people=[(each.email, each.name) for each in people],
            days=DAYS,
        )

    @routes.get("/settings/tokens/new")
    async def begin(request: Request) -> Response:
        mine = request.state.session.member.email
        return await form(request, {"name": "", "scope": [], "days": tokens.DAYS, "email": mine})

    @routes.post("/settings/tokens/new")
    async def make(
        request: Request,
        name: Annotated[str, Form()] = "",
        scope: Annotated[list[str] | None, Form()] = None,
        days: Annotated[str, Form()] = "",
        email: Annotated[str, Form()] = "",
    ) -> Response:
        now, wanted, name = app.clock(), scope or [], name.strip()
        async with app.database.read() as db:
            taken = any(
                token.name == name and tokens.state(token, now) == "good"
                for token in await rows.everything(db)
            )
            people = {each.email for each in await accounts.listed(db, 500)}
        errors = check(name, wanted, days, taken)
        if email not in people:
            errors.append(Problem("email", say("Choose for whom the program acts")))
        if errors:
            kept = {
                "name": name,
                "scope": wanted,
                "days": int(days) if days.isdecimal() else 0,
                "email": email,
            }
            return await form(request, kept, errors, 422)
        async with app.database.begin() as db:
            made = await tokens.create(
                db, now, name, wanted, int(days), email, by=request.state.session.member.id
            )
        return page(
            request,
            "settings/token-made.html",
            section="settings",
            tab="tokens",
            name=name,
            token=made,
            days=days,
        )

    @routes.get("/settings/tokens/{id_}/revoke")
    async def ask(request: Request, id_: UUID) -> Response:
        return page(
            request, "settings/token-revoke.html", section="settings", tab="tokens", token=await one(id_)
        )

    @routes.post("/settings/tokens/{id_}/revoke")
    async def revoke(request: Request, id_: UUID) -> Response:
        token = await one(id_)
        async with app.database.begin() as db:
            await tokens.revoke(db, app.clock(), token.name, by=request.state.session.member.id)
        return page.onward("/settings/tokens", said=say("The token lets no program in any more."))

    return routes


def check(name: str, scope: list[str], days: str, taken: bool) -> list[Problem]:
    """What is wrong with a filled-in form."""
    problems = []
    if not tokens.NAME.fullmatch(name):
        problems.append(
            Problem(
                "name",
                say("Enter a name of letters, digits, spaces, dots and hyphens, like nightly-absences"),
            )
        )
    elif taken:
        problems.append(
            Problem(
                "name", say("There is a token of this name. Choose another name, or revoke that one first")
            )
        )
    if not scope or set(scope) - tokens.SCOPES.keys():
        problems.append(Problem("scope", say("Choose at least one thing that the program may do")))
    if days not in {str(each) for each in DAYS}:
        problems.append(Problem("days", say("Choose how long the token is good")))
    return problems
