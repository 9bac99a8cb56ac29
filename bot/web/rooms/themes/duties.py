"""Replies that may mean a legal duty: each seen and closed by somebody, with what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy import Row
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncConnection

from .... import audit
from ....app import App
from ....dialogue.understood import understood
from ....duties import parse
from ....exporting.making import questions
from ....store import duties as store
from ... import tongue
from ...downloads import Kind, table
from ...page import Page
from ...tongue import say
from ...view import tongues
from ...view.quoted import origin
from ...view.themes import called

AT_ONCE = 50
LONGEST = 2000


def router(app: App, page: Page) -> APIRouter:
    """The addresses of duties."""
    routes = APIRouter()

    def reach(request: Request) -> frozenset[str] | None:
        schools: frozenset[str] | None = request.state.session.grants.reach("organizer", "staff")
        return schools

    async def labels(db: AsyncConnection, rows: Sequence[Row[Any]]) -> dict[tuple[str, str], str]:
        found = {}
        for survey in {row.survey for row in rows}:
            book = await app.books.of_survey(db, survey)
            for row in rows:
                if row.survey == survey:
                    found[survey, row.theme] = (
                        called(book[row.theme].label) if row.theme in book else row.theme
                    )
        return found

    async def within(request: Request, db: AsyncConnection, id_: UUID) -> Row[Any]:
        """One that is within this person's reach. 404 for others."""
        try:
            found = await store.words(db, id_)
        except NoResultFound:
            raise HTTPException(404) from None
        schools = reach(request)
        if schools is not None and found.school not in schools:
            raise HTTPException(404)
        return found

    async def shown(
        request: Request,
        db: AsyncConnection,
        found: Row[Any],
        errors: Sequence[Mapping[str, str]] = (),
        note: str | None = None,
    ) -> Response:
        """One duty; after something to mend with the note that was typed."""
        speaks, language = tongue.SOURCE, found.said_in or found.language or "en"
        named = await labels(db, [found])
        asked = await questions(db, app.shelf, found.survey)
        made = (await understood(db, [(found.heard, language)], speaks)).get(found.heard)
        return page(
            request,
            "themes/duty.html",
            422 if errors else 200,
            section="findings",
            d=found,
            label=named[found.survey, found.theme],
            language=tongues.name(found.language) if found.language else "",
            said_in=language,
            made=made,
            made_by=origin(made.origin) if made else "",
            speaks=speaks,
            asked=asked.get(found.question, found.question),
            state=_said(found),
            note=note if note is not None else found.note or "",
            errors=errors,
        )

    @routes.get("/duties")
    async def every(request: Request, role: str = "", closed: bool = False, part: int = 1) -> Response:
        skip = max(part - 1, 0) * AT_ONCE
        async with app.database.read() as db:
            rows = await store.listed(
                db, role=role or None, closed=closed, schools=reach(request), limit=AT_ONCE + 1, skip=skip
            )
            named = await labels(db, rows)
        contacts = parse(app.settings.duty_roles)
        roles = sorted({row.role for row in rows[:AT_ONCE]})
        return page(
            request,
            "themes/duties.html",
            section="findings",
            by_role=[(name, [row for row in rows[:AT_ONCE] if row.role == name]) for name in roles],
            untold=[name for name in roles if name.lower() not in contacts],
            labels=named,
            tongues={row.language: tongues.name(row.language) for row in rows if row.language},
            said=_said,
            role=role,
            closed=closed,
            part=part,
            more=len(rows) > AT_ONCE,
        )

    @routes.get("/duties/download")
    async def download(request: Request, kind: str = "csv", closed: bool = True) -> Response:
        as_: Kind = "xlsx" if kind == "xlsx" else "csv"
        async with app.database.read() as db:
            rows = await store.listed(db, closed=closed, schools=reach(request), limit=10_000)
            named = await labels(db, rows)
        headings = (
            say("Role"), say("Theme"), say("Survey"), say("School"), say("Language"), say("Since"), say("State"),
            say("Looked after by"), say("Closed"),
        )  # fmt: skip
        cells = [
            (row.role, named[row.survey, row.theme], row.survey, row.school, row.language, row.created_at, _said(row),
             row.seen_by, row.closed_at)
            for row in rows
        ]  # fmt: skip
        return table("legal-duties", headings, cells, as_)

    @routes.get("/duties/{id_}")
    async def one(request: Request, id_: UUID) -> Response:
        async with app.database.read() as db:
            return await shown(request, db, await within(request, db, id_))

    @routes.post("/duties/{id_}/see")
    async def see(request: Request, id_: UUID) -> Response:
        member = request.state.session.member
        async with app.database.begin() as db:
            await within(request, db, id_)
            if not await store.see(db, id_, member.name, app.clock()):
                return page.onward(f"/duties/{id_}", said=say("A colleague has it already."))
            await audit.record(db, app.clock(), member.id, "duty.see", id_)
        return page.onward(f"/duties/{id_}", said=say("It is with you now."), undo=f"/duties/{id_}/reopen")

    @routes.post("/duties/{id_}/close")
    async def close(request: Request, id_: UUID) -> Response:
        form, member = await request.form(), request.state.session.member
        outcome, words = str(form.get("outcome", "")), str(form.get("note", "")).strip()[:LONGEST]
        async with app.database.begin() as db:
            found = await within(request, db, id_)
            if outcome not in ("acted", "no_duty"):
                errors = [{"field": "outcome", "text": say("Say what came of it.")}]
                return await shown(request, db, found, errors, words)
            if not await store.close(db, id_, outcome, member.name, app.clock()):
                if not words or words == found.note:
                    return page.onward(f"/duties/{id_}", said=say("It is closed already."))
                text = say(
                    "A colleague has closed it meanwhile, so your note was not saved. Open it again to add it."
                )
                return await shown(request, db, found, [{"field": "stands", "text": text}], words)
            await store.note(db, id_, words)
            await audit.record(db, app.clock(), member.id, "duty.close", id_, outcome=outcome)
        return page.onward("/duties", said=say("Closed."), undo=f"/duties/{id_}/reopen")

    @routes.post("/duties/{id_}/reopen")
    async def reopen(request: Request, id_: UUID) -> Response:
        async with app.database.begin() as db:
            await within(request, db, id_)
            if await store.reopen(db, id_):
                await audit.record(db, app.clock(), request.state.session.member.id, "duty.reopen", id_)
        return page.onward(f"/duties/{id_}", said=say("Taken back."))

    return routes


def _said(row: Row[Any]) -> str:
    """How one stands, in words."""
    if row.state == "new":
        return say("Nobody has looked yet")
    if row.state == "seen":
        return say("With {name}").format(name=row.seen_by)
    if row.seen_by is None:
        return say("Closed: people decided that the reply does not say this")
    if row.outcome == "acted":
        return say("Closed: something was done")
    return say("Closed: the reply means no duty")
