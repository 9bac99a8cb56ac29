"""One account: its roles, how its person signs in, and letting them in no more."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from .... import appointing, audit, second_step, staff
from ....app import App
from ....roles import ROLES
from ....store import accounts
from ....store.accounts import Account
from ... import rolewords
from ...page import Page
from ...signin import Problem
from ...tongue import say, say_n
from .links import LIFE, address_of, in_words
from .users import ALL, schools, way_in


def router(app: App, page: Page) -> APIRouter:
    """/settings/users/<id>, and what is done from there"""
    routes = APIRouter()

    async def found(id_: UUID) -> Account:
        async with app.database.read() as db:
            account = await accounts.one(db, id_)
        if account is None:
            raise HTTPException(404)
        return account

    async def open_account(id_: UUID) -> Account:
        account = await found(id_)
        if account.disabled_at is not None:
            raise HTTPException(404)  # nothing of the kind is offered for somebody who is shut out
        return account

    async def show(
        request: Request,
        account: Account,
        errors: list[Problem] | None = None,
        status: int = 200,
        role: str = "",
        school: str = ALL,
    ) -> Response:
        now = app.clock()
        async with app.database.read() as db:
            offered = await schools(db)
            places = await accounts.places(db, account.id, now, now - staff.IDLE)
            alone = await accounts.admins(db) == {account.id}
            connected = len(await accounts.identities(db, account.id))
        return page(
            request,
            "settings/user.html",
            status,
            section="settings",
            tab="users",
            account=account,
            roles=[(key, where or ALL, rolewords.at(key, where)) for key, where in account.roles],
            way_in=way_in(account),
            explained=rolewords.explained(),
            schools=offered,
            sessions=len(places),
            connected=connected,
            alone=alone,
            errors=errors or [],
            role=role,
            school=school,
        )

    @routes.get("/settings/users/{id_}")
    async def look(request: Request, id_: UUID) -> Response:
        return await show(request, await found(id_))

    @routes.post("/settings/users/{id_}/roles")
    async def give(
        request: Request,
        id_: UUID,
        role: Annotated[str, Form()] = "",
        school: Annotated[str, Form()] = ALL,
    ) -> Response:
        # The button that undoes has them in its address.
        role = role or request.query_params.get("role", "")
        school = school or request.query_params.get("school", ALL)
        account = await open_account(id_)
        async with app.database.read() as db:
            offered = {key for key, _ in await schools(db)} | {where or ALL for _, where in account.roles}
        errors = []
        if role not in ROLES:
            errors.append(Problem("role", say("Choose a role")))
        if school not in offered and not request.query_params.get("role"):
            errors.append(Problem("school", say("Choose one of the schools")))
        if errors:
            return await show(request, account, errors, 422, role, school)
        by, now = request.state.session.member.id, app.clock()
        async with app.database.begin() as db:
            new = await appointing.appoint(db, now, by, id_, appointing.role(role), school or None)
        words = rolewords.at(role, school or None)
        said = say("Given: %(role)s.") if new else say("They had this role already: %(role)s.")
        undo = (
            f"/settings/users/{id_}/roles/take?{urlencode({'role': role, 'school': school})}" if new else ""
        )
        return page.onward(f"/settings/users/{id_}", said=said % {"role": words}, undo=undo)

    @routes.post("/settings/users/{id_}/roles/take")
    async def take(request: Request, id_: UUID, role: str = "", school: str = ALL) -> Response:
        account = await open_account(id_)
        if role not in ROLES:
            raise HTTPException(404)
        try:
            async with app.database.begin() as db:
                taken = await appointing.dismiss(
                    db,
                    app.clock(),
                    request.state.session.member.id,
                    id_,
                    appointing.role(role),
                    school or None,
                )
        except appointing.LastAdmin:
            return await show(request, account, [last_admin("roles")], 422)
        if not taken:
            raise HTTPException(404)
        undo = f"/settings/users/{id_}/roles?{urlencode({'role': role, 'school': school})}"
        words = rolewords.at(role, school or None)
        return page.onward(
            f"/settings/users/{id_}", said=say("Taken away: %(role)s.") % {"role": words}, undo=undo
        )

    @routes.post("/settings/users/{id_}/disable")
    async def disable(request: Request, id_: UUID) -> Response:
        account = await open_account(id_)
        try:
            async with app.database.begin() as db:
                await appointing.close(db, app.clock(), request.state.session.member.id, account.email)
        except appointing.LastAdmin:
            return await show(request, account, [last_admin("shut-out")], 422)
        if id_ == request.state.session.member.id:
            return page.onward("/signin")
        return page.onward(
            f"/settings/users/{id_}",
            said=say("The account is shut, and signed out everywhere."),
            undo=f"/settings/users/{id_}/enable",
        )

    @routes.post("/settings/users/{id_}/enable")
    async def enable(request: Request, id_: UUID) -> Response:
        account = await found(id_)
        if account.disabled_at is not None:
            async with app.database.begin() as db:
                await appointing.reopen(db, app.clock(), request.state.session.member.id, id_)
        return page.onward(
            f"/settings/users/{id_}",
            said=say("The account is open again, with the roles that it had."),
            undo=f"/settings/users/{id_}/disable",
        )

    @routes.post("/settings/users/{id_}/link")
    async def link(request: Request, id_: UUID) -> Response:
        account = await open_account(id_)
        by, now = request.state.session.member.id, app.clock()
        async with app.database.begin() as db:
            token = await staff.make_link(db, now, account.email, LIFE)
            await audit.record(db, now, by, "user.link", id_)
        return page(
            request,
            "settings/link.html",
            section="settings",
            tab="users",
            name=account.name,
            id=id_,
            link=address_of(app.settings, token),
            life=in_words(LIFE),
            new=False,
        )

    @routes.post("/settings/users/{id_}/sessions/end")
    async def end_sessions(request: Request, id_: UUID) -> Response:
        account = await open_account(id_)
        session = request.state.session
        mine = session.id if session.member.id == id_ else None
        async with app.database.begin() as db:
            ended = await accounts.end_sessions(db, account.id, but=mine)
            await audit.record(db, app.clock(), session.member.id, "user.sessions_ended", id_, count=ended)
        said = say_n("One session is ended.", "%(num)d sessions are ended.", ended) % {"num": ended}
        return page.onward(f"/settings/users/{id_}", said=said)

    @routes.post("/settings/users/{id_}/two-step/reset")
    async def reset(request: Request, id_: UUID) -> Response:
        account = await open_account(id_)
        if id_ == request.state.session.member.id:
            # One's own is turned off with a code or the password, so that an open screen is not enough.
            return RedirectResponse("/account/two-step", 303)
        if account.two_step:
            async with app.database.begin() as db:
                await second_step.turn_off(db, app.clock(), request.state.session.member.id, id_)
                await accounts.end_sessions(db, id_, but=request.state.session.id)
        return page.onward(
            f"/settings/users/{id_}",
            said=say("Two-step sign-in is off for this account. They can turn it on again."),
        )

    return routes


def last_admin(field: str) -> Problem:
    """Nobody would be left who can give roles."""
    return Problem(field, say("Nobody else is an admin here. Make somebody else an admin first"))
