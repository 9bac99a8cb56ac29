"""Two-step sign-in: a picture for the app's camera, a code to show that it works, and ten codes on paper."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from .... import second_step, totp
from ....app import App
from ....store import accounts
from ....store.staff import Session
from ... import hashing
from ...page import Page
from ...signin import Problem
from ...throttle import Throttle
from ...tongue import say
from .profile import sealing_key


def picture(text: str) -> Markup:
    """A QR code as an SVG element of the page itself. It is black on white in the dark too, or no camera reads it."""
    made = segno.make(text, error="m", micro=False)
    return Markup(made.svg_inline(border=4, light="#fff", dark="#000", svgclass="qr", omitsize=True))  # noqa: S704


def router(app: App, page: Page, guesses: Throttle) -> APIRouter:
    """/account/two-step"""
    routes = APIRouter()

    def key() -> bytes:
        return sealing_key(app.settings.secret_key)

    def setting_up(
        request: Request, sealed: str, secret: str, errors: list[Problem] | None = None, status: int = 200
    ) -> Response:
        session: Session = request.state.session
        spelled = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return page(
            request,
            "account/two-step-begin.html",
            status,
            section="account",
            errors=errors or [],
            sealed=sealed,
            secret=spelled,
            picture=picture(totp.address(secret, session.member.email, app.settings.organization)),
        )

    async def standing(request: Request, errors: list[Problem] | None = None, status: int = 200) -> Response:
        async with app.database.read() as db:
            second = await accounts.second(db, request.state.session.member.id)
        return page(
            request,
            "account/two-step.html",
            status,
            section="account",
            errors=errors or [],
            on=second.secret is not None,
            left=len(second.recovery),
            has_password=request.state.session.member.password_hash is not None,
        )

    async def is_on(request: Request) -> bool:
        async with app.database.read() as db:
            return await second_step.is_on(db, request.state.session.member.id)

    def codes(request: Request, paper: list[str]) -> Response:
        return page(request, "account/codes.html", section="account", paper=paper)

    @routes.get("/account/two-step")
    async def show(request: Request) -> Response:
        if not key() or await is_on(request):
            return await standing(request)
        secret = totp.new_secret()
        return setting_up(request, totp.seal(key(), request.state.session.member.id, secret), secret)

    @routes.post("/account/two-step")
    async def turn_on(
        request: Request, sealed: Annotated[str, Form()] = "", code: Annotated[str, Form()] = ""
    ) -> Response:
        member = request.state.session.member
        secret = totp.unseal(key(), member.id, sealed) if key() else None
        if secret is None or await is_on(request):
            return RedirectResponse("/account/two-step", 303)
        if not guesses.allow(str(member.id), app.clock()):
            return setting_up(
                request,
                sealed,
                secret,
                [Problem("code", say("Too many tries. Wait 15 minutes and try again"))],
                429,
            )
        async with app.database.begin() as db:
            paper = await second_step.turn_on(db, app.clock(), key(), member.id, secret, code[:20])
        if paper is None:
            text = say(
                "This code does not fit. Wait for the next one, and check that the time on your phone is right"
            )
            return setting_up(request, sealed, secret, [Problem("code", text)], 422)
        guesses.forget(str(member.id))
        return codes(request, paper)

    async def proved(request: Request, proof: str) -> Problem | None:
        """What is wrong with a password or code that somebody gives for what weakens their account."""
        member = request.state.session.member
        if not proof.strip():
            return Problem("proof", say("Enter a code from your app, or your password"))
        if not guesses.allow(str(member.id), app.clock()):
            return Problem("proof", say("Too many tries. Wait 15 minutes and try again"))
        async with app.database.begin() as db:
            by_code = await second_step.prove(db, app.clock(), key(), member.id, proof[:300])
        if by_code is None and not await hashing.matches(member, proof[:300]):
            return Problem("proof", say("This is neither a code that fits nor your password. Try again"))
        guesses.forget(str(member.id))
        return None

    @routes.post("/account/two-step/codes")
    async def new_codes(request: Request, proof: Annotated[str, Form()] = "") -> Response:
        if not await is_on(request):
            return RedirectResponse("/account/two-step", 303)
        if problem := await proved(request, proof):
            return await standing(request, [problem], 422)
        async with app.database.begin() as db:
            paper = await second_step.new_paper(db, app.clock(), request.state.session.member.id)
        return codes(request, paper)

    @routes.post("/account/two-step/off")
    async def turn_off(request: Request, proof: Annotated[str, Form()] = "") -> Response:
        if not await is_on(request):
            return RedirectResponse("/account/two-step", 303)
        if problem := await proved(request, proof):
            return await standing(request, [problem], 422)
        member = request.state.session.member.id
        async with app.database.begin() as db:
            await second_step.turn_off(db, app.clock(), member, member)
        return page.onward("/account", said=say("Two-step sign-in is off."))

    return routes
