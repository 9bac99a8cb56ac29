"""The surveys of this place, and one of them: its versions, its languages, its files."""

from __future__ import annotations

import asyncio
from typing import Any, Literal, get_args

from fastapi import APIRouter, HTTPException, Request, Response

from survey_flows import SurveyError
from survey_flows.drawing import draw
from survey_flows.xlsform import FormError, write_xform, write_xlsform

from ....app import App
from ....store import keywords
from ....writing import checked, drafts, versions
from ... import downloads
from ...page import Page
from ...tongue import say
from ...view import chosen
from ...view.addresses import address
from . import showing
from .held import Held, held, may_write, sees_counts

SECTION = "surveys"
File = Literal["yaml", "xlsx", "xml", "svg"]
TYPES: dict[str, str] = {
    "yaml": "application/yaml; charset=utf-8",
    "xlsx": downloads.TYPES["xlsx"],
    "xml": "application/xml; charset=utf-8",
    "svg": "image/svg+xml; charset=utf-8",
}


def router(app: App, page: Page) -> APIRouter:
    """Their pages."""
    routes = APIRouter()

    async def cards() -> list[dict[str, Any]]:
        async with app.database.read() as db:
            written = {draft.key: draft for draft in await drafts.every(db)}
            counted, found = await versions.counts(db), []
            for key, last in (await versions.newest(db)).items():
                survey = await app.shelf.get(db, last.id)
                found.append(
                    _card(Held(key, None, survey, last.id), written.pop(key, None), last, counted.get(key))
                )
            new = [_card(Held(key, draft, None, None), draft, None, None) for key, draft in written.items()]
        return [*new, *sorted(found, key=lambda card: card["published"].created_at, reverse=True)]

    @routes.get("/surveys")
    async def surveys(request: Request) -> Response:
        made = await cards()
        values: dict[str, Any] = {
            "new": [c for c in made if not c["published"]],
            "published": [c for c in made if c["published"]],
        }
        return page(
            request,
            "listen/surveys.html",
            section=SECTION,
            write=may_write(request),
            live=sees_counts(request),
            **values,
        )

    @routes.get("/surveys/download/{kind}")
    async def listing(request: Request, kind: downloads.Kind) -> Response:
        live = sees_counts(request)
        headings = [
            say("Survey"),
            say("Name in addresses"),
            say("Published"),
            say("Languages"),
            *([say("Asked"), say("Answered")] if live else []),
        ]
        rows = [
            (c["title"], c["key"], c["published"].created_at if c["published"] else None,
             ", ".join(t.name for t in c["tongues"]),
             *((c["counts"].asked if c["counts"] else 0, c["counts"].answered if c["counts"] else 0) if live else ()))
            for c in await cards()
        ]  # fmt: skip
        return downloads.table("surveys", headings, rows, kind)

    @routes.get("/surveys/{key}")
    async def one(request: Request, key: str) -> Response:
        async with app.database.read() as db:
            found = await held(app, db, key)
            every = await versions.of(db, key)
            holders = {word for word, holder in (await keywords.holders(db)).items() if holder == key}
        shown = found.looked
        about = shown.outline.about
        values: dict[str, Any] = {
            "tongues": showing.tongues(shown.outline, shown.survey),
            "versions": every,
            "live": sees_counts(request),
            "words": sorted(word.upper() for word in holders),
            "about": about,
            "whom": showing.audiences().get(about.get("audience", ""), ""),
            "risk": showing.sensitivities().get(about.get("sensitivity", ""), ""),
            "questions": [
                (shown.outline.number(item), item, showing.kind_of(item))
                for item in shown.outline.walked()
                if item.what == "question"
            ],
            "findings": address(key),
            "items": chosen.address(key),
            "errors": len(shown.errors),
        }
        return page(request, "listen/survey.html", section=SECTION, h=found, write=may_write(request), here_tab="overview",
                    seen=shown.outline, **values)  # fmt: skip

    @routes.get("/surveys/{key}/file/{kind}")
    async def file(key: str, kind: str, version: str = "", language: str = "") -> Response:
        if kind not in get_args(File):
            raise HTTPException(404)
        async with app.database.read() as db:
            found = await held(app, db, key)
            text = await versions.text(db, key, version) if version else found.text
        if text is None:
            raise HTTPException(404)
        try:
            data = await asyncio.to_thread(_written, text, kind, language)
        except (FormError, ValueError, SurveyError):
            raise HTTPException(404) from None
        headers = {"Content-Disposition": f'attachment; filename="{key}.{kind}"'}
        return Response(data, media_type=TYPES[kind], headers=headers)

    return routes


def _card(
    found: Held, draft: drafts.Draft | None, last: versions.Version | None, counts: versions.Counts | None
) -> dict[str, Any]:
    looked = checked.look(draft.text) if draft else None
    seen, survey = checked.seen(found.text), found.published or (looked.survey if looked else None)
    return {
        "key": found.key,
        "title": found.title,
        "lang": seen.source,
        "tongues": showing.tongues(seen, survey),
        "published": last,
        "draft": draft,
        "counts": counts,
        "questions": sum(item.what == "question" for item in seen.walked()),
        "whom": showing.audiences().get(seen.about.get("audience", ""), ""),
        "errors": len(looked.errors) if looked else 0,
        "findings": address(found.key),
        "items": chosen.address(found.key),
    }


def _written(text: str, kind: str, language: str) -> bytes:
    """A survey as a file. Raises SurveyError where it is none yet, FormError where no form can hold it."""
    if kind == "yaml":
        return text.encode()
    survey = checked.read(text)
    if kind == "svg":
        return draw(survey, language if language in survey.languages else None, say).encode()
    return write_xlsform(survey) if kind == "xlsx" else write_xform(survey).encode()
