"""How a survey begins: one of the library, a form from elsewhere, or a first question of one's own."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData, UploadFile

import survey_flows
from survey_flows import Survey, phrases
from survey_flows.folding import fold

from ....app import App
from ....writing import beginning, drafts
from ....writing.beginning import Unusable
from ...page import Page
from ...tongue import current, say
from .held import may_write, writes
from .purposes import GRADES, PURPOSES
from .showing import audiences, kinds, named

SECTION = "surveys"
FIRST_KINDS = ("open", "yesno", "number")
"""Kinds of a first question that need nothing else."""


@cache
def shipped() -> tuple[Survey, ...]:
    """The surveys that come with Openline. Reading them takes some tenths of a second, once."""
    return tuple(survey_flows.library(key) for key in survey_flows.LIBRARY)


def router(app: App, page: Page) -> APIRouter:
    """Their pages."""
    routes = APIRouter()

    async def known(db: AsyncConnection) -> set[str]:
        return {*await app.shelf.keys(db), *(draft.key for draft in await drafts.every(db))}

    @routes.get("/surveys/library")
    async def library(request: Request, q: str = "", whom: str = "") -> Response:
        found = await asyncio.to_thread(shipped)
        cards = [_card(survey) for survey in found if _fits(survey, q, whom)]
        async with app.database.read() as db:
            here = await known(db)
        values: dict[str, Any] = {
            "q": q,
            "whom": whom,
            "audiences": audiences(),
            "of": len(found),
        }
        return page(
            request,
            "listen/library.html",
            section=SECTION,
            cards=cards,
            write=may_write(request),
            known=here,
            **values,
        )

    @routes.post("/surveys/library/{key}")
    async def use(request: Request, key: str) -> Response:
        by = writes(request)
        try:
            text = beginning.from_library(key)
        except LookupError:
            raise HTTPException(404) from None
        async with app.database.begin() as db:
            if key in await known(db):
                return page.onward(f"/surveys/{quote(key)}", said=say("This survey is here already."))
            await drafts.begin(db, key, text, None, by, app.clock(), app.new_id)
        return page.onward(f"/surveys/{quote(key)}/edit", said=say("The survey is yours to change now."))

    @routes.get("/surveys/import")
    async def bring(request: Request) -> Response:
        writes(request)
        return page(request, "listen/import.html", section=SECTION, **_bringing())

    @routes.post("/surveys/import")
    async def brought(request: Request) -> Response:
        by = writes(request)
        async with request.form() as form:
            file, language = form.get("file"), str(form.get("tongue", "")) or None
            data = await file.read() if isinstance(file, UploadFile) else b""
            name = file.filename or "" if isinstance(file, UploadFile) else ""
            replace = form.get("replace") == "yes"
        if not data:
            error = {"field": "file", "text": say("Choose a file first.")}
            return page(request, "listen/import.html", 422, section=SECTION, **_bringing(errors=[error]))
        try:
            key, text, findings = await asyncio.to_thread(beginning.from_file, name, data, language)
        except Unusable as error:
            told = {
                "field": "file",
                "text": say("The file has to be mended first. What to mend stands below."),
            }
            return page(
                request,
                "listen/import.html",
                422,
                section=SECTION,
                **_bringing(errors=[told], rows=error.rows, name=name),
            )
        async with app.database.begin() as db:
            there = await drafts.find(db, key)
            if there is not None and not replace:
                told = {
                    "field": "replace",
                    "text": say("There is a draft of this survey already. Tick the box to replace it."),
                }
                return page(
                    request,
                    "listen/import.html",
                    422,
                    section=SECTION,
                    **_bringing(errors=[told], there=key, name=name),
                )
            latest = await app.shelf.latest(db, key)
            if there is not None:
                await drafts.save(db, there, text, by, app.clock())
            else:
                base = latest[1].version if latest else None
                await drafts.begin(db, key, text, base, by, app.clock(), app.new_id)
        if findings:
            return page(
                request, "listen/imported.html", section=SECTION, key=key, name=name, findings=findings
            )
        return page.onward(f"/surveys/{quote(key)}/edit", said=say("The form is a draft now."))

    @routes.get("/surveys/new")
    async def new(request: Request) -> Response:
        writes(request)
        return page(request, "listen/new.html", section=SECTION, **_writing({}))

    @routes.post("/surveys/new")
    async def begun(request: Request) -> Response:
        by = writes(request)
        async with request.form() as form:
            given = _given(form)
        if errors := _wrong(given):
            return page(request, "listen/new.html", 422, section=SECTION, **_writing(given, errors))
        async with app.database.begin() as db:
            key = beginning.key_for(given["title"], sorted(await known(db)))
            text = beginning.written(
                key,
                given["title"],
                given["intro"],
                given["question"],
                given["kind"],
                given["source"],
                given["tongues"],
            )
            await drafts.begin(db, key, text, None, by, app.clock(), app.new_id)
        return page.onward(
            f"/surveys/{quote(key)}/edit",
            said=say("The draft is here. Nobody gets it before it is published."),
        )

    return routes


def _card(survey: Survey) -> dict[str, Any]:
    shown = survey.speaks(current())
    return {
        "key": survey.key,
        "title": survey.title[shown],
        "lang": shown,
        "purpose": _said(survey.about.purpose),
        "whom": survey.about.audience,
        "grades": _said(survey.about.grades),
        "sensitivity": survey.about.sensitivity,
        "languages": [named(tag) for tag in survey.languages],
        "asks": [question.wording(shown, None) for question in survey.questions],
        "count": len(survey.questions),
    }


def _said(words: str) -> str:
    """Words of the library's own in the language of the page."""
    return say(words) if words in PURPOSES | GRADES else words


def _fits(survey: Survey, q: str, whom: str) -> bool:
    if whom and survey.about.audience not in (whom, "everyone"):
        return False
    held = " ".join(
        (survey.key, *survey.title.values(), survey.about.purpose, _said(survey.about.purpose), survey.notes,
         *(text for question in survey.questions for text in question.texts[None].values()))
    )  # fmt: skip
    return all(word in fold(held) for word in fold(q).split())


def _tongues() -> list[tuple[str, str]]:
    return sorted(((tag, named(tag)) for tag in phrases.LANGUAGES), key=lambda pair: pair[1])


def _bringing(**more: Any) -> dict[str, Any]:
    return {
        "errors": [],
        "rows": (),
        "there": "",
        "name": "",
        "tongues": [("", say("As the form says")), *_tongues()],
    } | more


def _writing(given: dict[str, Any], errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    first = say("{school} asks … so that we can help. Reply STOP to end.")
    begun = {"title": "", "intro": first, "question": "", "kind": "open", "source": "en", "tongues": []}
    all_kinds = kinds()
    return {
        "errors": errors or [],
        "given": begun | given,
        "tongues": _tongues(),
        "kinds": [(kind, all_kinds[kind]) for kind in FIRST_KINDS],
    }


def _given(form: FormData) -> dict[str, Any]:
    texts = {
        name: str(form.get(name, "")).replace("\r\n", "\n").strip()
        for name in ("title", "intro", "question", "kind", "source")
    }
    return {**texts, "tongues": [str(tag) for tag in form.getlist("tongues") if tag in phrases.LANGUAGES]}


def _wrong(given: dict[str, Any]) -> list[dict[str, str]]:
    told = []
    if not given["title"]:
        told.append({"field": "title", "text": say("Write a title.")})
    if "{school}" not in given["intro"] or "STOP" not in given["intro"]:
        told.append(
            {"field": "intro", "text": say("The first message needs {school} and “Reply STOP to end”.")}
        )
    if "…" in given["intro"]:
        told.append(
            {
                "field": "intro",
                "text": say("Say in the first message what you ask about, in place of the dots."),
            }
        )
    if not given["question"]:
        told.append({"field": "question", "text": say("Write the first question.")})
    if given["kind"] not in FIRST_KINDS:
        told.append({"field": "kind", "text": say("Choose how people answer.")})
    if given["source"] not in phrases.LANGUAGES:
        told.append({"field": "source", "text": say("Choose the language you write in.")})
    return told
