"""Publishing: what changes, who is asked in which language, which keywords start it; then a version that never changes."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import Survey, SurveyError

from .... import audit, publishing
from ....app import App
from ....outreach.cautions import cautions
from ....speech import drafts_of
from ....writing import checked, drafts, versions
from ....writing.comparing import changes
from ....writing.outline import outline
from ....writing.sheet import Sheet
from ...page import Page
from ...tongue import say
from . import showing
from .held import Held, held, writes

SECTION = "surveys"


def router(app: App, page: Page) -> APIRouter:
    """Its pages."""
    routes = APIRouter()

    async def show(
        request: Request,
        db: AsyncConnection,
        found: Held,
        status: int = 200,
        errors: list[dict[str, str]] | None = None,
    ) -> Response:
        looked = found.looked
        survey = looked.survey
        others = await publishing.others_with(db, survey) if survey else {}
        before = outline(Sheet(found.published.text)) if found.published else None
        values = {
            "h": found,
            "checked": looked,
            "seen": looked.outline,
            "places": {item.at: item for item in looked.outline.walked()},
            "survey": survey,
            "changes": changes(before, looked.outline) if before else None,
            "kind_of": showing.kind_of,
            "named": showing.named,
            "tongues": [
                (one, _gets(one, survey, found, app)) for one in showing.tongues(looked.outline, survey)
            ],
            "unapproved": sorted(drafts_of(survey)) if survey else [],
            "others": others,
            "cautions": cautions(survey, students=_students(survey), on_call=bool(app.settings.on_call))
            if survey
            else [],
            "errors": errors or [],
        }
        return page(request, "listen/publish.html", status, section=SECTION, here_tab="edit", **values)

    @routes.get("/surveys/{key}/publish")
    async def look(request: Request, key: str) -> Response:
        writes(request)
        async with app.database.read() as db:
            found = await held(app, db, key)
            if found.draft is None:
                return page.onward(found.address, said=say("There is nothing new to publish."))
            try:
                return await show(request, db, found)
            except SurveyError:
                return page.onward(f"{found.address}/edit/file")

    @routes.post("/surveys/{key}/publish")
    async def publish(request: Request, key: str) -> Response:
        by = writes(request)
        async with request.form() as form:
            stamp, take = str(form.get("stamp", "")), form.get("take") == "yes"
        async with app.database.begin() as db:
            found = await held(app, db, key)
            if found.draft is None:
                return page.onward(found.address, said=say("There is nothing new to publish."))
            if found.draft.stamp != stamp:
                text = say("Somebody else has changed the draft. Look at it once more, then publish it.")
                return await show(request, db, found, 409, [{"field": "publish", "text": text}])
            looked = found.looked
            if looked.survey is None or looked.errors:
                text = say("It cannot be published yet: what is red has to be mended first.")
                return await show(request, db, found, 422, [{"field": "wrong", "text": text}])
            survey = await _anew(db, looked.survey, found)
            try:
                done = await publishing.publish(db, app.shelf, survey, app.clock(), app.new_id, take=take)
            except publishing.Taken:
                text = say("Some keywords start another survey. Tick the box to have them start this one.")
                return await show(request, db, found, 422, [{"field": "take", "text": text}])
            except publishing.Unpublishable as error:
                return await show(request, db, found, 422, [{"field": "publish", "text": str(error)}])
            await drafts.drop(db, found.draft)
            await audit.record(
                db,
                app.clock(),
                by,
                "survey.publish",
                key,
                version=survey.version,
                taken=len(done.taken),
                lost=len(done.lost),
            )
        return page.onward(
            found.address, said=say("Published. Whoever is asked from now on gets this version.")
        )

    return routes


async def _anew(db: AsyncConnection, survey: Survey, found: Held) -> Survey:
    """The survey as a new version: a text that was published before, and changed since, gets an empty line at its end, since
    the newest version is the one that is asked."""
    text = survey.text
    newest = found.published.version if found.published else None
    while survey.version != newest and await versions.text(db, survey.key, survey.version) is not None:
        text += "\n"
        survey = checked.read(text)
    return survey


def _students(survey: Survey) -> bool:
    return (
        survey.about.audience in ("students", "everyone")
        or "student" in survey.variants
        or bool(survey.keywords)
    )


def _gets(one: showing.Tongue, survey: Survey | None, found: Held, app: App) -> dict[str, Any]:
    """In which language families who speak this one are asked."""
    source = showing.named(found.looked.outline.source)
    if survey is None or one.state == "source":
        return {"own": True, "told": say("Asked in {language}").format(language=one.name)}
    if one.tag not in drafts_of(survey):
        return {"own": True, "told": say("Asked in {language}").format(language=one.name)}
    if app.settings.allow_drafts:
        return {
            "own": True,
            "told": say("Asked in {language}, though nobody has approved it: drafts are allowed here").format(
                language=one.name
            ),
        }
    return {
        "own": False,
        "told": say("Asked in {source} until a person approves {language}").format(
            source=source, language=one.name
        ),
    }
