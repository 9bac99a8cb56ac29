"""Saved audiences: listed, put together by conditions, counted while they are."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import and_

from channels import CHANNELS

from .... import audit
from ....app import App
from ....at_hand import NotYet
from ....outreach import audience, calendars, checks
from ....outreach.audience import AudienceError
from ....outreach.audience.narrowing import narrowed
from ... import accountwords
from ...page import Page, wants_part
from ...tongue import say
from ...view import tongues
from . import conditions, reach
from .building import Builder, clause, saved_within
from .choices import Choices
from .compose import answers
from .drafting import Form, Problem, key_of, moved, one
from .looking import Sum

RESERVED = ("new",)


def router(app: App, page: Page, choices: Choices) -> APIRouter:
    """The list of saved audiences, and the page of one."""
    routes = APIRouter()
    builder = Builder(app, choices)

    async def text_of(request: Request, key: str) -> str:
        async with app.database.read() as db:
            known = await saved_within(db, reach.schools(request))
        if key not in known:
            raise HTTPException(404)
        return known[key]

    @routes.get("/audiences")
    async def listed(request: Request) -> Response:
        async with app.database.read() as db:
            known = await saved_within(db, reach.schools(request))
        shown = [{"key": key, "clauses": _clauses(text)} for key, text in known.items()]
        return page(request, "outreach/audiences.html", section="campaigns", audiences=shown)

    @routes.get("/audiences/new")
    async def new(request: Request) -> Response:
        return await show(request, "", "respondent = family", {}, [])

    @routes.get("/audiences/{key}")
    async def saved(request: Request, key: str) -> Response:
        return await show(request, key, await text_of(request, key), {}, [])

    @routes.post("/audiences/new")
    async def made(request: Request) -> Response:
        return await take(request, "", "respondent = family")

    @routes.post("/audiences/new/look")
    async def look_new(request: Request) -> Response:
        return await take(request, "", "respondent = family")

    @routes.post("/audiences/{key}/look")
    async def look(request: Request, key: str) -> Response:
        return await take(request, key, await text_of(request, key))

    @routes.post("/audiences/{key}/delete")
    async def deleted(request: Request, key: str) -> Response:
        text = await text_of(request, key)
        try:
            async with app.database.begin() as db:
                await audience.delete(db, key)
                await audit.record(db, app.clock(), reach.session(request).member.id, "audience.delete", key)
        except AudienceError as error:
            return await show(request, key, text, {}, [Problem("name", error.plain)], 422)
        builder.forget()
        return page.onward("/audiences", say("The saved audience is deleted."))

    @routes.post("/audiences/{key}")
    async def changed(request: Request, key: str) -> Response:
        return await take(request, key, await text_of(request, key))

    async def take(request: Request, key: str, was: str) -> Response:
        form = moved(await answers(request))
        mine, problems = reach.schools(request), list[Problem]()
        who, raw = conditions.read(form), one(form, "filter")
        text = was
        try:
            wanted = raw if raw and raw != one(form, "filter_was") else conditions.kept(was, who)
            conditions.of_text(wanted)
            text = narrowed(wanted, mine)
        except AudienceError as error:
            problems.append(Problem("filter", error.plain))
        if one(form, "go") != "save" or wants_part(request):
            return await show(request, key, text, form, problems, part=wants_part(request))
        problems += [
            Problem(f"who.{at}", say("Finish this condition, or take it away."))
            for at, each in enumerate(who)
            if not each.complete
        ]
        name = key or key_of(one(form, "name"), RESERVED)
        if not key and not one(form, "name"):
            problems.append(Problem("name", say("Give the audience a name.")))
        try:
            async with app.database.begin() as db:
                if not key and name in await audience.listed(db):
                    problems.append(
                        Problem("name", say("There is an audience of this name. Choose another."))
                    )
                if not problems:
                    await audience.check(db, await audience.resolve(db, text))
                    await audience.save(db, name, text, app.clock())
                    await audit.record(
                        db, app.clock(), reach.session(request).member.id, "audience.save", name
                    )
        except AudienceError as error:
            problems.append(Problem("filter", error.plain))
        if problems:
            return await show(request, key, text, form, problems, 422)
        builder.forget()
        return page.onward("/audiences", say("The audience is saved. Campaigns can use it."))

    async def show(
        request: Request, key: str, text: str, form: Form, problems: list[Problem], status: int = 200, *, part: bool = False
    ) -> Response:  # fmt: skip
        mine = reach.schools(request)
        text = narrowed(text, mine)
        who = [*conditions.of_text(text), *(each for each in conditions.read(form) if not each.complete)]
        async with app.database.read() as db:
            shown = await builder.shown(db, who, mine)
        try:
            counted, spoken, trouble = await counts(text, waits=request.method != "GET")
        except NotYet:
            return reach.counting(page, request)
        values: dict[str, Any] = {
            "key": key, "name": one(form, "name"), "base": f"/audiences/{key}" if key else "/audiences/new", "who": shown,
            "filter": text, "looked": {"sum": counted}, "spoken": spoken, "go": one(form, "go"),
            "typed": one(form, "filter") if problems else "", "problems": problems or ([Problem("filter", trouble)] if trouble else []),
        }  # fmt: skip
        if part:
            return HTMLResponse(page.part(request, "outreach/audience.html", "parts", **values))
        return page(request, "outreach/audience.html", status, section="campaigns", **values)

    async def counts(text: str, *, waits: bool) -> tuple[Sum, list[tuple[str, int]], str]:
        try:
            async with app.database.read() as db:
                known = await calendars.load(db, app.settings.timezone, app.settings.country)
                meant = await audience.resolve(db, text)
        except AudienceError as error:
            return Sum(0, [], 0), [], error.plain
        zone, channels = known.other.zone, list(app.channels or CHANNELS)
        among = and_(audience.everyone(), audience.condition(meant, app.clock(), zone=zone))
        found = await checks.counted(app, (meant, zone), among, channels, waits=waits, by_household=True)
        left = [(accountwords.reason(why), count) for why, count in found.reasons.most_common()]
        tags = sorted({tag for tag, _ in found.going}, key=lambda tag: -found.of(tag))
        spoken = [(tongues.name(tag), found.of(tag)) for tag in tags]
        return Sum(found.people, left, sum(found.going.values())), spoken, ""

    return routes


def _clauses(text: str) -> list[str]:
    try:
        return [clause(each) for each in conditions.of_text(text)]
    except AudienceError:
        return [text]
