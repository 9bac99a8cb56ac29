"""One text: its source, its translation, what is found in it; approved, worded otherwise, a draft again, and on to the next."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from survey_flows.told import sentences

from .... import audit
from ....app import App
from ....texts import deciding
from ....texts.document import Unusable
from ....texts.drafting import engine
from ....texts.standing import Text
from ....translation import Failed, gate
from ....translation.gate import Finding
from ....translation.terms import TERMS
from ... import tongue
from ...page import Page, wants_part
from . import showing
from .at_hand import Desk, desk, me

PATIENCE = 20.0
"""Seconds that a translator may take while somebody waits for the page."""


def router(app: App, page: Page) -> APIRouter:
    """/translations/{language}/{context}: a context such as survey:getting-to-school/hard/ask."""
    routes = APIRouter()

    @routes.get("/translations/{language}/{context:path}")
    async def read(request: Request, language: str, context: str, back: bool = False) -> Response:
        async with app.database.read() as db:
            here = await desk(app, db, language)
        text = here.text(context)
        again = await _back(app, text) if back else ""
        return _shown(app, page, request, here, text, text.text, again=again)

    @routes.post("/translations/{language}/{context:path}")
    async def decide(request: Request, language: str, context: str) -> Response:
        async with request.form() as form:
            do, said = str(form.get("do", "approve")), str(form.get("said", ""))
            seen, document = str(form.get("seen", "")), str(form.get("document", ""))
        async with app.database.read() as db:
            here = await desk(app, db, language)
        text = here.text(context)
        said = said.replace("\r\n", "\n").strip()
        found = deciding.look(text, said, here.of(text.stored))
        if do == "look":
            if wants_part(request):
                return HTMLResponse(
                    page.part(
                        request,
                        "translations/reading.html",
                        "found",
                        found=found,
                        showing=showing,
                        looked=True,
                    )
                )
            return _shown(app, page, request, here, text, said, looked=True, document=document)
        if do == "back":
            await deciding.take_back(app, text)
            await _record(app, request, "translation.draft", text)
            return page.onward(_address(text, document), tongue.say("It waits for a reader again."))
        errors = []
        if seen != showing.seal(text):
            errors.append(
                tongue.say(
                    "Somebody has changed this text while you read it. Their words stand below yours: compare them, then approve."
                )
            )
        elif not said:
            errors.append(tongue.say("Write the translation."))
        elif do == "approve" and gate.blocks(found):
            errors += [sentences((one.what, one.cure)) for one in found if one.severity == "block"]
        if errors:
            return _shown(app, page, request, here, text, said, errors=errors, looked=True, document=document)
        try:
            await _entered(app, text, said, me(request).name, approved=do == "approve")
        except Unusable as error:
            return _shown(app, page, request, here, text, said, errors=[str(error)], document=document)
        if do != "approve":
            await _record(app, request, "translation.write", text)
            return page.onward(_address(text, document), tongue.say("Saved. It still waits for a reader."))
        await _record(app, request, "translation.approve", text)
        following = showing.following(here.texts, context, document)
        undo = f"/translations/{language}/undo-one?{urlencode({'context': context})}"
        if following is not None:
            return page.onward(
                _address(following, document), tongue.say("Approved. This is the next one."), undo
            )
        to = (
            f"/translations/{language}?{urlencode({'document': document})}"
            if document
            else f"/translations/{language}"
        )
        return page.onward(to, tongue.say("Approved. It was the last one that waited."), undo)

    return routes


def undoing(app: App, page: Page) -> APIRouter:
    """The way back from one decision: it stands before the addresses of single texts."""
    routes = APIRouter()

    @routes.post("/translations/{language}/undo-one")
    async def undo(request: Request, language: str, context: str) -> Response:
        async with app.database.read() as db:
            here = await desk(app, db, language)
        text = here.text(context)
        await deciding.undo(app, text)
        await _record(app, request, "translation.undo", text)
        return page.onward(_address(text, ""), tongue.say("It waits for a reader again."))

    return routes


async def _entered(app: App, text: Text, said: str, by: str, *, approved: bool) -> None:
    if approved and said == text.text:
        await deciding.approve(app, [text], by, app.clock())
    else:
        await deciding.word(app, text, said, by, approved=approved)


def _shown(
    app: App, page: Page, request: Request, here: Desk, text: Text, said: str, *, errors: list[str] | None = None,
    looked: bool = False, again: str = "", document: str | None = None,
) -> Response:  # fmt: skip
    found: tuple[Finding, ...] = deciding.look(text, said, here.of(text.stored)) if said else ()
    before, after = showing.neighbours(here.texts, text)
    document = request.query_params.get("document", "") if document is None else document
    terms = showing.terms_in(text)
    return page(
        request,
        "translations/reading.html",
        422 if errors else 200,
        section="translations",
        errors=[{"field": "said", "text": error} for error in errors or ()],
        language=here.language,
        text=text, said=said, found=found, looked=looked or bool(said), again=again,
        before=before, after=after,
        marked=showing.marked(text.unit.text, terms),
        terms=_terms(here.language, text),
        earlier=[row for row in here.known.earlier(text.unit, here.language) if row.text != said],
        left=sum(one.waiting and (not document or one.stored.name == document) for one in here.texts),
        next=showing.following(here.texts, text.context, document),
        document=document,
        engine=engine(app) is not None,
        changed=errors is not None and said != text.text and bool(text.text),
        showing=showing,
    )  # fmt: skip


def _terms(language: str, text: Text) -> list[tuple[str, str | None, str]]:
    """The words of the glossary in a text: as it has them, what to write, and what to know."""
    found = {one.key: one.said for one in showing.terms_in(text)}
    return [(said, TERMS.preferred(key, language), TERMS.note(key)) for key, said in found.items()]


async def _back(app: App, text: Text) -> str:
    """The translation in the source's language again, by a machine; "" where none can say it."""
    asked = engine(app)
    if asked is None or not text.text:
        return ""
    try:
        async with asyncio.timeout(PATIENCE):
            (done,) = await asked.translate([text.text], text.language, text.unit.source)
    except (Failed, TimeoutError):
        return ""
    return done.text if done else ""


async def _record(app: App, request: Request, did: str, text: Text) -> None:
    async with app.database.begin() as db:
        await audit.record(db, app.clock(), me(request).id, did, text.context, language=text.language)


def _address(text: Text, document: str) -> str:
    after = f"?{urlencode({'document': document})}" if document else ""
    return f"/translations/{text.language}/{text.context}{after}"
