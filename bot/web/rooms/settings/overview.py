"""The first page of the settings: what needs attention, and how each part stands."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from .... import audit, tokens
from ....app import App
from ....store import accounts
from ....store import tokens as token_rows
from ...page import Page
from ...tongue import say_n
from .attention import matters
from .channels import looked
from .told import told


def router(app: App, page: Page) -> APIRouter:
    """/settings"""
    routes = APIRouter()

    @routes.get("/settings")
    async def show(request: Request) -> Response:
        now, channels = app.clock(), await looked(app)
        async with app.database.read() as db:
            known = await accounts.count(db, enabled=True)
            admins = await accounts.admins(db)
            one_step = len(admins) - await accounts.with_two_steps(db, admins)
            made = [each for each in await token_rows.everything(db) if tokens.state(each, now) == "good"]
            last = await audit.listed(db, 1)
            names = await accounts.names(db)
        found = matters(app.settings, channels, made, len(admins), one_step, now)
        heading = say_n("One thing needs you", "%(num)d things need you", len(found)) % {"num": len(found)}
        return page(
            request,
            "settings/overview.html",
            section="settings",
            tab="overview",
            matters=found,
            heading=heading,
            accounts=known,
            admins=len(admins),
            tokens=len(made),
            running=[each.name for each in channels if each.health],
            last=(last[0].at, told(last[0], names)) if last else None,
        )

    return routes
