"""The guide: what is set up, the survey to oneself, and made-up families to look around with."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from .... import audit, samples
from ....app import App
from ....importing import numbers
from ....outreach.standing import Refused
from ....outreach.to_oneself import ask_oneself
from ...page import Page
from ...tongue import current, say, say_n
from ...view import tongues
from . import setup

CHANNEL = "sms"


def add(routes: APIRouter, app: App, page: Page) -> None:
    """The routes of the guide."""

    async def shown(
        request: Request, status: int = 200, errors: list[dict[str, str]] | None = None, **form: str
    ) -> Response:
        async with app.database.read() as db:
            how_far = await setup.look(app, db)
            known = [await app.shelf.latest(db, key) for key in await app.shelf.keys(db)]
        published = [one[1] for one in known if one]
        spoken = sorted({language for survey in published for language in survey.languages})
        values: dict[str, Any] = {
            "setup": how_far,
            "errors": errors or [],
            "channels": CHANNEL in app.channels,
            "surveys": [(survey.key, survey.title[survey.source]) for survey in published],
            "languages_spoken": [(language, tongues.name(language)) for language in spoken],
            "form": {"survey": "", "language": current(), "number": ""} | form,
        }
        return page(request, "home/setup.html", status, section="home", **values)

    @routes.get("/setup")
    async def guide(request: Request) -> Response:
        return await shown(request)

    @routes.post("/setup/oneself")
    async def oneself(
        request: Request,
        survey: Annotated[str, Form()] = "",
        language: Annotated[str, Form()] = "",
        number: Annotated[str, Form()] = "",
    ) -> Response:
        form = {"survey": survey, "language": language, "number": number}

        async def wrong(at: str, text: str) -> Response:
            return await shown(request, 422, [{"field": at, "text": text}], **form)

        async with app.database.read() as db:
            latest = await app.shelf.latest(db, survey)
        if latest is None:
            return await wrong("survey", say("Choose a survey that is published."))
        if language not in latest[1].languages:
            return await wrong("language", say("Choose a language that this survey has."))
        found = numbers.read(number, app.settings.country).found
        if len(found) != 1:
            return await wrong(
                "number", say("Write one mobile number with its area code, like 617 555 0142.")
            )
        member = request.state.session.member
        try:
            await ask_oneself(app, latest[1], (CHANNEL, found[0].e164), language, str(member.id))
        except Refused as error:
            return await wrong("number", str(error))
        async with app.database.begin() as db:
            await audit.record(db, app.clock(), member.id, "survey.oneself", survey)
        return page.onward("/setup", say("It is on its way to your phone. Answer it as a family would."))

    @routes.post("/setup/samples")
    async def load(request: Request) -> Response:
        number = await samples.load(app)
        async with app.database.begin() as db:
            await audit.record(
                db, app.clock(), request.state.session.member.id, "samples.load", people=number
            )
        said = say_n("{n} made-up person is in.", "{n} made-up people are in.", number).format(n=number)
        return page.onward("/setup", said, undo="/setup/samples/remove")

    @routes.post("/setup/samples/remove")
    async def remove(request: Request) -> Response:
        number = await samples.remove(app)
        async with app.database.begin() as db:
            await audit.record(
                db, app.clock(), request.state.session.member.id, "samples.remove", people=number
            )
        said = say_n("{n} made-up person is gone.", "{n} made-up people are gone.", number).format(n=number)
        return page.onward("/setup", said)
