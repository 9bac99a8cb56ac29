"""/alerts: messages that need a person now. No page shows their words but the one that somebody opens on purpose."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from .... import alerts, audit
from ....app import App
from ....dialogue.people import head
from ....dialogue.understood import understood
from ...page import Page
from ...tongue import say
from . import showing
from .asking import ids
from .forms import Wrong
from .lists import alert_heading
from .who import member, reach, reader

PAGE = 50
LONGEST = 2000


def router(app: App, page: Page) -> APIRouter:
    """The alerts, one of them, and what is done about it. All of it is remembered with who did it."""
    routes = APIRouter(prefix="/alerts")

    @routes.get("")
    async def listed(request: Request, closed: str = "", before: str = "") -> Response:
        async with app.database.read() as db:
            found = await alerts.listed(
                db, closed=bool(closed), reach=reach(request), before=ids(before), limit=PAGE + 1
            )
        rows = [(row, alert_heading(row.kind), showing.language(row.language)) for row in found[:PAGE]]
        danger = [each for each in rows if each[0].kind != "person"]
        return page(
            request,
            "inbox/alerts.html",
            section="inbox",
            danger=danger,
            calls=[each for each in rows if each[0].kind == "person"],
            closed=bool(closed),
            onward=found[PAGE - 1].id if len(found) > PAGE else None,
            open_danger=sum(each[0].state != "closed" for each in danger),
            on_call=len(alerts.parse(app.settings.on_call)),
        )

    @routes.get("/{alert}")
    async def look(request: Request, alert: UUID) -> Response:
        """Who is told, and since when; none of the words."""
        async with app.database.read() as db:
            values = await facts(db, request, alert)
        return page(request, "inbox/alert.html", section="inbox", opened=None, errors=[], **values)

    @routes.get("/{alert}/words")
    async def words(request: Request, alert: UUID) -> Response:
        return await opened(request, alert)

    @routes.post("/{alert}/see")
    async def see(request: Request, alert: UUID) -> Response:
        """ "I am on it": nobody else is told any more."""
        who, now = member(request), app.clock()
        async with app.database.begin() as db:
            await there(db, request, alert)
            if await alerts.see(db, alert, who.name, now):
                await audit.record(db, now, who.id, "alert.see", alert)
                told = say("You are on it. Nobody else is told any more.")
            else:
                told = say("Somebody is on it already.")
        return page.onward(f"/alerts/{alert}/words", told)

    @routes.post("/{alert}/close")
    async def close(request: Request, alert: UUID) -> Response:
        """Record what came of it."""
        said, who, now = await request.form(), member(request), app.clock()
        outcome, note = said.get("outcome"), str(said.get("note", "")).strip()
        errors = []
        if outcome not in ("helped", "false_alarm"):
            errors.append(Wrong("outcome", say("Choose what came of it.")))
        if len(note) > LONGEST:
            errors.append(Wrong("note", say("Write at most {n} characters.").format(n=LONGEST)))
        if errors or outcome not in ("helped", "false_alarm"):
            return await opened(request, alert, errors, str(outcome or ""), note)
        async with app.database.begin() as db:
            await there(db, request, alert)
            became = await alerts.conclude(
                db, app.shelf, app.desk, alert, "helped" if outcome == "helped" else "false_alarm", who.name, now, note or None
            )  # fmt: skip
            if became != "closed already":
                await audit.record(db, now, who.id, "alert.close", alert, outcome=outcome)
            if became == "asked again":
                await app.database.rouse(db)
        told = {
            "helped": say("Recorded. Nothing more is asked of them until they write."),
            "asked again": say("Recorded. The question that had been waiting is asked again."),
            "nothing to ask": say("Recorded. There is no question to ask again."),
            "closed already": say("A colleague had recorded an outcome already."),
        }[became]
        return page.onward("/alerts", told)

    async def opened(
        request: Request, alert: UUID, errors: list[Wrong] | None = None, outcome: str = "", note: str = ""
    ) -> Response:
        """With the words. That somebody reads them is remembered."""
        async with app.database.begin() as db:
            values = await facts(db, request, alert)
            if not errors:
                await audit.record(db, app.clock(), member(request).id, "alert.open", alert)
            whole = await alerts.words(db, alert)
            who = await head(db, whole.person_id, number=True)
            known = await understood(db, [(whole.text, None)], reader(app)) if whole.text else {}
        return page(
            request,
            "inbox/alert.html",
            422 if errors else 200,
            section="inbox",
            opened=whole,
            who=who,
            name=showing.called(who.name, who.respondent),
            other=known.get(whole.text),
            reader=reader(app),
            media=[showing.kind_of(type_) for _, type_ in whole.media or ()],
            errors=errors or [],
            outcome=outcome,
            note=note,
            **values,
        )

    async def facts(db: AsyncConnection, request: Request, alert: UUID) -> dict[str, Any]:
        row = await there(db, request, alert)
        on_call = alerts.parse(app.settings.on_call)
        told = await alerts.told(db, on_call, row.told, more=row.tell_at is not None)
        return {
            "alert": row,
            "heading": alert_heading(row.kind),
            "language": showing.language(row.language),
            "answered": await alerts.answered(db, alert),
            "on_call": told,
            "wait": int(alerts.WAIT.total_seconds() // 60),
        }

    async def there(db: AsyncConnection, request: Request, alert: UUID) -> Row[Any]:
        row = await alerts.in_reach(db, alert, reach(request))
        if row is None:
            raise HTTPException(404)
        return row

    return routes
