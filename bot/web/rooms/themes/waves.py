"""The waves of a survey: rounds that are compared. Added and removed here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response

from .... import audit, waves
from ....app import App
from ....at_hand import NotYet
from ....waves import NoWave, Wave
from ...page import Page
from ...tongue import say
from .looking import title_of


@dataclass(frozen=True, slots=True)
class Row:
    """A wave, and how many were heard in it as far as that is at hand."""

    wave: Wave
    heard: int | None


@dataclass(frozen=True, slots=True)
class Wrong:
    field: str
    text: str


def router(app: App, page: Page) -> APIRouter:
    """The addresses of waves."""
    routes = APIRouter()

    def everywhere(request: Request) -> None:
        """Waves are of a whole survey: they ask for an organizer of all schools."""
        if request.state.session.grants.reach("organizer") is not None:
            raise HTTPException(403)

    async def shown(
        request: Request,
        survey: str,
        errors: list[Wrong],
        name: str = "",
        begins: str = "",
        status: int = 200,
    ) -> Response:
        title = await title_of(app, survey)
        async with app.database.read() as db:
            every = await waves.of_survey(db, survey)
            outside = await waves.outside(db, survey)
        rows = []
        for wave in every:
            try:
                seen = await app.at_hand.find(survey, wave.name)
                rows.append(Row(wave, seen.summary.answered if seen.summary else 0))
            except NotYet:
                rows.append(Row(wave, None))
        return page(
            request,
            "themes/waves.html",
            status,
            section="findings",
            title=title,
            survey=survey,
            rows=rows,
            outside=outside,
            errors=errors,
            name=name,
            begins=begins,
            changeable=request.state.session.grants.reach("organizer") is None,
        )

    @routes.get("/findings/{survey}/waves")
    async def every(request: Request, survey: str) -> Response:
        return await shown(request, survey, [])

    @routes.post("/findings/{survey}/waves")
    async def add(request: Request, survey: str) -> Response:
        everywhere(request)
        await title_of(app, survey)
        form = await request.form()
        name, begins = str(form.get("name", "")).strip(), str(form.get("begins", "")).strip()
        errors = [] if name else [Wrong("name", say("Say what the wave is called, such as Fall 2026."))]
        try:
            day = date.fromisoformat(begins)
        except ValueError:
            errors.append(Wrong("begins", say("Choose its first day.")))
        if not errors:
            moment = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(app.settings.timezone))
            try:
                async with app.database.begin() as db:
                    await waves.add(db, survey, name, moment)
                    by = request.state.session.member.id
                    await audit.record(db, app.clock(), by, "wave.add", survey)
            except NoWave as error:
                errors = [Wrong("begins" if "moment" in str(error) else "name", str(error))]
        if errors:
            return await shown(request, survey, errors, name, begins, 422)
        return page.onward(request.url.path, said=say("Added. Its numbers are counted now."))

    @routes.post("/findings/{survey}/waves/remove")
    async def remove(request: Request, survey: str) -> Response:
        everywhere(request)
        name = str((await request.form()).get("name", ""))
        try:
            async with app.database.begin() as db:
                await waves.remove(db, survey, name)
                await audit.record(db, app.clock(), request.state.session.member.id, "wave.remove", survey)
        except NoWave:
            raise HTTPException(404) from None
        said = say("Removed. Nothing is lost: its replies belong to the wave before, or to none.")
        return page.onward(request.url.path.removesuffix("/remove"), said=said)

    return routes
