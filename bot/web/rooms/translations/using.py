"""A language is put into use in one document: what will happen is shown first."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from survey_flows import SurveyError

from ....app import App
from ....outreach.campaign import CampaignError
from ....outreach.standing import Refused
from ....texts import using
from ....texts.deciding import found_of
from ....texts.document import Unusable
from ....texts.standing import Text
from ....texts.stored import Stored
from ....translation import gate
from ... import tongue
from ...page import Page
from . import showing
from .at_hand import desk, me


def router(app: App, page: Page) -> APIRouter:
    """/translations/{language}/use?document=…"""
    routes = APIRouter()

    @routes.get("/translations/{language}/use")
    async def ask(request: Request, language: str, document: str) -> Response:
        return await _asked(app, page, request, language, document)

    @routes.post("/translations/{language}/use")
    async def use(request: Request, language: str) -> Response:
        async with request.form() as form:
            document = str(form.get("document", ""))
        async with app.database.read() as db:
            here = await desk(app, db, language)
        stored = here.document(document)
        try:
            await using.use(app, stored, language, here.of(stored), me(request))
        except (Unusable, Refused, SurveyError, CampaignError) as error:
            return await _asked(app, page, request, language, document, str(error))
        return page.onward(f"/translations/{language}?show=approved", _done(stored, language))

    return routes


async def _asked(
    app: App, page: Page, request: Request, language: str, document: str, error: str = ""
) -> Response:
    async with app.database.read() as db:
        here = await desk(app, db, language)
    stored = here.document(document)
    texts = here.of(stored)
    found = found_of([one for one in texts if one.text])
    doubts = [(one, found.get(one.context, ())) for one in texts if found.get(one.context)]
    return page(
        request,
        "translations/using.html",
        422 if error else 200,
        section="translations",
        errors=[{"field": "use", "text": error}] if error else [],
        language=language,
        stored=stored,
        standing=using.standing(stored, language, texts),
        changed=[one for one in texts if one.waits and stored_text(one) != one.text],
        doubts=[row for row in doubts if any(one.severity != "note" for one in row[1])],
        blocks=gate.blocks,
        stored_text=stored_text,
        showing=showing,
    )


def stored_text(text: Text) -> str:
    """What stands in the document now."""
    return text.unit.texts.get(text.language, "")


def _done(stored: Stored, language: str) -> str:
    values = {"language": showing.name(language)}
    if stored.kind == "phrases":
        return tongue.say("Openline says its own phrases in %(language)s from now on.") % values
    if stored.kind == "campaign":
        return tongue.say("%(language)s is in the campaign. Schedule it again, so that it goes out.") % values
    if stored.kind == "draft":
        return tongue.say("%(language)s is approved in the survey that is being written.") % values
    return tongue.say("A new version of the survey is published, with %(language)s.") % values
