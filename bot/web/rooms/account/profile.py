"""The first page of one's account: name, language, time zone and look; and what else stands here."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import SecretStr

from .... import staff
from ....app import App
from ....store import accounts
from ....store.staff import Session
from ... import rolewords, tongue
from ...oidc.providers import providers
from ...oidc.routes import proof_of
from ...page import Page
from ...signin import Problem
from ...tongue import say
from .showing import LOOKS, browser, is_zone, zones

LONGEST_NAME = 200


def router(app: App, page: Page) -> APIRouter:
    """/account"""
    routes = APIRouter()

    async def show(
        request: Request,
        values: dict[str, str] | None = None,
        errors: list[Problem] | None = None,
        status: int = 200,
    ) -> Response:
        session: Session = request.state.session
        now = app.clock()
        async with app.database.read() as db:
            account = await accounts.one(db, session.member.id)
            second = await accounts.second(db, session.member.id)
            places = await accounts.places(db, session.member.id, now, now - staff.IDLE)
            known = {identity.issuer for identity in await accounts.identities(db, session.member.id)}
        assert account is not None
        shown: dict[str, Any] = values or {
            "name": account.name,
            "language": tongue.current(),
            "timezone": account.timezone or "",
            "appearance": account.appearance or "",
        }
        return page(
            request,
            "account/account.html",
            status,
            section="account",
            account=account,
            roles=[(rolewords.at(*given), given[0]) for given in account.roles],
            values=shown,
            errors=errors or [],
            zones=zones(),
            district_zone=app.settings.timezone,
            recovery_left=len(second.recovery),
            places=[(place, browser(place.browser)) for place in places],
            providers=[(each, each.issuer in known) for each in providers(app.settings)],
            proof=proof_of(session),
        )

    @routes.get("/account")
    async def look(request: Request) -> Response:
        return await show(request)

    @routes.post("/account")
    async def save(
        request: Request,
        name: Annotated[str, Form()] = "",
        language: Annotated[str, Form()] = "",
        timezone: Annotated[str, Form()] = "",
        appearance: Annotated[str, Form()] = "",
    ) -> Response:
        errors = check(name, language, timezone, appearance)
        if errors:
            values = {"name": name, "language": language, "timezone": timezone, "appearance": appearance}
            return await show(request, values, errors, 422)
        async with app.database.begin() as db:
            await accounts.change(
                db,
                request.state.session.member.id,
                name=name.strip(),
                timezone=timezone or None,
                appearance=appearance or None,
            )
        with tongue.speaking(language):
            said = say("Saved.")
        to = "/account" if language == tongue.current() else f"/account?{tongue.CHOICE}={language}"
        return page.onward(to, said=said)

    return routes


def check(name: str, language: str, timezone: str, appearance: str) -> list[Problem]:
    """What is wrong with a filled-in form."""
    problems = []
    if not name.strip():
        problems.append(Problem("name", say("Enter your name: colleagues see it")))
    elif len(name.strip()) > LONGEST_NAME:
        problems.append(Problem("name", say("Enter a name of 200 characters at most")))
    if language not in tongue.languages():
        problems.append(Problem("language", say("Choose one of the languages")))
    if not is_zone(timezone):
        problems.append(Problem("timezone", say("Choose one of the time zones")))
    if appearance not in LOOKS:
        problems.append(Problem("appearance", say("Choose light, dark or automatic")))
    return problems


def sealing_key(secret: SecretStr) -> bytes:
    """What the secrets of two-step sign-in are sealed with; empty where the operator has set none."""
    return secret.get_secret_value().encode()
