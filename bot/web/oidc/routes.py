"""The way to a provider and back: /signin/with/google, and the same for linking an account that is signed in.

It begins with a link, not a form: the policy of the pages lets no form lead elsewhere.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict
from datetime import timedelta

import structlog
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from ... import identities, staff
from ...store.staff import Session
from ..entrance import Entrance, client_of
from ..guard import safe_next
from ..sealed import seal, unseal
from ..tongue import say
from .flow import Away, Elsewhere, Flow, Refused, Who, away
from .providers import Provider, provider

log = structlog.get_logger(__name__)

THERE = timedelta(minutes=10)
"""How long somebody may take at the provider."""
AWAY = "away at a provider"


def proof_of(session: Session) -> str:
    """What a link carries that connects accounts, so that no other site can make one: it is worth nothing else."""
    return hmac.new(session.csrf.encode(), b"connect", "sha256").hexdigest()


def router(entrance: Entrance, flow: Flow) -> APIRouter:
    """Its pages. A provider that is not set up has none (404)."""
    routes = APIRouter()
    needs, page, cookies = entrance.needs, entrance.page, entrance.cookies

    def named(key: str) -> Provider:
        found = provider(needs.settings, key)
        if found is None:
            raise HTTPException(404)
        return found

    def back(of: Provider) -> str:
        return f"{needs.settings.public_url}/signin/with/{of.key}/back"

    async def leave(request: Request, of: Provider, onward: str, connects: str = "") -> Response:
        gone = away()
        try:
            where = await flow.ask(of, back(of), gone)
        except Refused as refused:
            return failed(request, of, refused)
        value = asdict(gone) | {"provider": of.key, "onward": onward, "connects": connects}
        sealed = seal(cookies.key, AWAY, value, needs.clock() + THERE)
        response = RedirectResponse(where, 303)
        cookies.set(response, cookies.away, sealed, int(THERE.total_seconds()))
        return response

    def failed(request: Request, of: Provider, why: Refused) -> Response:
        log.warning("sign-in refused", provider=of.key, why=str(why))
        return told(
            request,
            502,
            say("%(provider)s could not sign you in") % {"provider": of.name},
            say(
                "Try again. If it fails again, sign in with your password or a link, and tell the person who runs Openline."
            ),
        )

    def told(request: Request, status: int, heading: str, text: str) -> Response:
        inside = request.state.session is not None
        href, words = (
            ("/account", say("Back to your account")) if inside else ("/signin", say("Back to sign-in"))
        )
        response = page(
            request, "message.html", status, heading=heading, text=text, link={"href": href, "text": words}
        )
        cookies.drop(response, cookies.away)
        return response

    @routes.get("/signin/with/{key}")
    async def begin(request: Request, key: str, onward: str = "/") -> Response:
        return await leave(request, named(key), safe_next(onward))

    @routes.get("/account/connect/{key}")
    async def connect(request: Request, key: str, proof: str = "") -> Response:
        session: Session = request.state.session
        if not staff.same(proof_of(session), proof):
            raise HTTPException(403)
        return await leave(request, named(key), "/account", str(session.member.id))

    @routes.get("/signin/with/{key}/back")
    async def returned(
        request: Request, key: str, state: str = "", code: str = "", error: str = "", iss: str = ""
    ) -> Response:
        of, now = named(key), needs.clock()
        value = unseal(cookies.key, AWAY, request.cookies.get(cookies.away, ""), now)
        if value is None or value["provider"] != of.key or not staff.same(value["state"], state):
            return told(
                request,
                400,
                say("This sign-in was not begun here, or took too long"),
                say("Begin again from the sign-in page, in the same browser."),
            )
        if error:
            return told(
                request,
                403,
                say("You did not sign in with %(provider)s") % {"provider": of.name},
                say("You stopped it there, or %(provider)s did not allow it. Nothing has changed here.")
                % {"provider": of.name},
            )
        if iss and iss != of.issuer:  # RFC 9207: the answer is another provider's
            return failed(request, of, Refused("the answer names another issuer"))
        if not entrance.by_client.allow(client_of(request), now):
            return told(request, 429, say("Too many tries"), say("Wait 15 minutes and try again."))
        gone = Away(value["state"], value["nonce"], value["verifier"])
        try:
            who = await flow.read(of, back(of), gone, code)
        except Elsewhere:
            return told(
                request,
                403,
                say("This %(provider)s account is of another organization") % {"provider": of.name},
                say("Sign in there with the account that your school gave you."),
            )
        except Refused as refused:
            return failed(request, of, refused)
        if value["connects"]:
            return await link(request, of, who, value["connects"])
        async with needs.database.begin() as db:
            member = await identities.arrived(db, now, who.issuer, who.subject, who.email)
        if member is None:
            return nobody(request, of, who)
        response = await entrance.proved(request, member, value["onward"])
        cookies.drop(response, cookies.away)
        return response

    async def link(request: Request, of: Provider, who: Who, connects: str) -> Response:
        session: Session | None = request.state.session
        if session is None or str(session.member.id) != connects:
            return told(
                request,
                400,
                say("This sign-in was not begun here, or took too long"),
                say("Begin again from your account, in the same browser."),
            )
        async with needs.database.begin() as db:
            done = await identities.connect(db, needs.clock(), session.member.id, who.issuer, who.subject)
        if not done:
            return told(
                request,
                409,
                say("This %(provider)s account belongs to somebody else here") % {"provider": of.name},
                say("Sign in there with your own account, or ask the person who runs Openline."),
            )
        response = page.onward(
            "/account", say("From now on you can sign in with %(provider)s.") % {"provider": of.name}
        )
        cookies.drop(response, cookies.away)
        return response

    def nobody(request: Request, of: Provider, who: Who) -> Response:
        log.info("sign-in refused", provider=of.key, why="no account")
        values = {"provider": of.name, "organization": needs.settings.organization}
        if who.email:
            text = say(
                "%(provider)s knows you, but nobody has made an account for you in Openline. Ask the person who runs "
                "Openline for %(organization)s to add you, with exactly the address that %(provider)s has."
            )
        else:
            text = say(
                "%(provider)s does not say which address is surely yours, so Openline cannot find your account. Sign in with "
                "your password or a link first and connect %(provider)s in your account, or ask the person who runs "
                "Openline for %(organization)s."
            )
        return told(request, 403, say("There is no account here for you yet"), text % values)

    return routes
