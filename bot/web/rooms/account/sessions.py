"""Where somebody is signed in, and who vouches for them elsewhere: both can be ended."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response

from .... import audit, identities
from ....app import App
from ....store import accounts
from ....store.staff import Session
from ...oidc.providers import provider
from ...page import Page
from ...tongue import say, say_n


def router(app: App, page: Page) -> APIRouter:
    """/account/sessions and /account/connections"""
    routes = APIRouter()

    @routes.post("/account/sessions/others/end")
    async def end_others(request: Request) -> Response:
        session: Session = request.state.session
        async with app.database.begin() as db:
            ended = await accounts.end_sessions(db, session.member.id, but=session.id)
            if ended:
                await audit.record(
                    db, app.clock(), session.member.id, "user.sessions_ended", session.member.id, count=ended
                )
        said = say_n("One other session is ended.", "%(num)d other sessions are ended.", ended) % {
            "num": ended
        }
        return page.onward("/account#sessions", said=said)

    @routes.post("/account/sessions/{id_}/end")
    async def end(request: Request, id_: UUID) -> Response:
        session: Session = request.state.session
        async with app.database.begin() as db:
            ended = await accounts.end_sessions(db, session.member.id, only=id_)
            if ended:
                await audit.record(
                    db, app.clock(), session.member.id, "user.sessions_ended", session.member.id, count=1
                )
        if not ended:
            raise HTTPException(404)
        return page.onward("/account#sessions", said=say("This session is ended."))

    @routes.post("/account/connections/{key}/remove")
    async def disconnect(request: Request, key: str) -> Response:
        member = request.state.session.member.id
        of = provider(app.settings, key)
        async with app.database.begin() as db:
            if of is None or not await identities.disconnect(db, app.clock(), member, member, of.issuer):
                raise HTTPException(404)
        return page.onward(
            "/account", said=say("%(provider)s is no longer connected.") % {"provider": of.name}
        )

    return routes
