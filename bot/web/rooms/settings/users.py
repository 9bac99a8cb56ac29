"""Everybody who may sign in, and letting somebody in."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from .... import appointing, audit, staff
from ....app import App
from ....outreach import calendars
from ....roles import ROLES
from ....store import accounts
from ....store.accounts import Account
from ... import downloads, rolewords
from ...page import Page
from ...signin import Problem
from ...tongue import say
from .links import LIFE, address_of, in_words

AT_ONCE = 50
MOST = 5_000
ALL = ""
"""The value that stands for all schools in a form."""


async def schools(db: AsyncConnection) -> list[tuple[str, str]]:
    """The schools that a role may be for, as a form offers them."""
    return [(ALL, say("All schools")), *((name, name) for name in await calendars.attended(db))]


def way_in(account: Account) -> str:
    """How somebody signs in."""
    if account.disabled_at is not None:
        return say("Shut out")
    if account.two_step:
        return say("Two steps")
    return say("Password") if account.has_password else say("Link")


def roles_of(account: Account) -> list[str]:
    """What somebody may do, a line for each role."""
    return [rolewords.at(role, school) for role, school in account.roles]


def router(app: App, page: Page) -> APIRouter:
    """/settings/users, /settings/users/new"""
    routes = APIRouter()

    @routes.get("/settings/users")
    async def show(
        request: Request, named: str = "", role: str = "", state: str = "", after: UUID | None = None
    ) -> Response:
        async with app.database.read() as db:
            found = await accounts.listed(
                db, AT_ONCE + 1, named=named.strip(), role=role, after=after, disabled=state == "out"
            )
            known = await accounts.count(db)
        shown = found[:AT_ONCE]
        asked = {name: text for name, text in (("named", named), ("role", role), ("state", state)) if text}
        onward = {**asked, "after": str(shown[-1].id)} if len(found) > AT_ONCE else None
        return page(
            request,
            "settings/users.html",
            section="settings",
            tab="users",
            users=[(account, roles_of(account), way_in(account)) for account in shown],
            known=known,
            named=named,
            role=role,
            state=state,
            roles=[
                ("", say("Any role")),
                *((key, rolewords.name_of(key)) for key in ROLES),
                ("none", say("No role")),
            ],
            query=urlencode(asked),
            next_page=f"?{urlencode(onward)}" if onward else "",
            first_page=f"?{urlencode(asked)}" if after else "",
        )

    @routes.get("/settings/users/table.{file}")
    async def download(
        file: Literal["csv", "xlsx"], named: str = "", role: str = "", state: str = ""
    ) -> Response:
        async with app.database.read() as db:
            found = await accounts.listed(db, MOST, named=named.strip(), role=role, disabled=state == "out")
        headings = [say("Name"), say("Email address"), say("Roles"), say("Signs in by"), say("Last here")]
        rows = [
            (each.name, each.email, "; ".join(roles_of(each)), way_in(each), each.seen_at) for each in found
        ]
        return downloads.table("accounts", headings, rows, file)

    async def form(
        request: Request, values: dict[str, str], errors: list[Problem] | None = None, status: int = 200
    ) -> Response:
        async with app.database.read() as db:
            offered = await schools(db)
        return page(
            request,
            "settings/user-new.html",
            status,
            section="settings",
            tab="users",
            errors=errors or [],
            values=values,
            roles=[*rolewords.explained(), ("none", say("No role"), say("Reads findings and nothing else."))],
            schools=offered,
        )

    @routes.get("/settings/users/new")
    async def begin(request: Request) -> Response:
        return await form(request, {"name": "", "email": "", "role": "", "school": ALL})

    @routes.post("/settings/users/new")
    async def add(
        request: Request,
        name: Annotated[str, Form()] = "",
        email: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "",
        school: Annotated[str, Form()] = ALL,
    ) -> Response:
        by, now = request.state.session.member.id, app.clock()
        values = {"name": name, "email": email, "role": role, "school": school}
        errors = check(name, email, role)
        async with app.database.read() as db:
            if not errors and await accounts.by_address(db, staff.address(email)):
                errors = [Problem("email", say("Somebody has an account with this address already"))]
            if school not in {key for key, _ in await schools(db)}:
                errors.append(Problem("school", say("Choose one of the schools")))
        if errors:
            return await form(request, values, errors, 422)
        async with app.database.begin() as db:
            given = None if role == "none" else appointing.role(role)
            member, _ = await appointing.admit(db, now, by, email, name, given, school or None)
            token = await staff.make_link(db, now, member.email, LIFE)
            await audit.record(db, now, by, "user.link", member.id)
        return page(
            request,
            "settings/link.html",
            section="settings",
            tab="users",
            name=member.name,
            id=member.id,
            link=address_of(app.settings, token),
            life=in_words(LIFE),
            new=True,
        )

    return routes


def check(name: str, email: str, role: str) -> list[Problem]:
    """What can be said about a filled-in form without looking anybody up."""
    problems = []
    if not name.strip():
        problems.append(Problem("name", say("Enter the person's name: colleagues see it")))
    elif len(name.strip()) > 200:  # the column's
        problems.append(Problem("name", say("Enter a name of 200 characters at most")))
    try:
        staff.address(email)
    except staff.StaffError:
        problems.append(Problem("email", say("Enter an email address like name@school.example")))
    if role not in (*ROLES, "none"):
        problems.append(Problem("role", say("Choose what this person may do")))
    return problems
