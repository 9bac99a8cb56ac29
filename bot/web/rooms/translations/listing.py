"""One language: its documents, and its texts in a list that can be narrowed, paged, and approved from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from .... import audit
from ....app import App
from ....texts import deciding, using
from ....texts.drafting import engine, under_way
from ....texts.overview import can_be_sent
from ....texts.standing import Text
from ....translation import gate
from ... import tongue
from ...page import Page
from . import showing
from .at_hand import Desk, desk, me

A_PAGE = 50
SHOWN = ("waiting", "missing", "stale", "approved", "all")
OF = ("survey", "campaign", "phrases", "saved")


def router(app: App, page: Page) -> APIRouter:
    """/translations/{language} and what is done from there with several texts at once."""
    routes = APIRouter()

    @routes.get("/translations/{language}")
    async def listing(request: Request, language: str) -> Response:
        return await _listed(app, page, request, language)

    @routes.get("/translations/{language}/read")
    async def read(language: str, document: str = "") -> Response:
        """To the first text that waits."""
        async with app.database.read() as db:
            here = await desk(app, db, language)
        found = showing.following(here.texts, document=document)
        after = f"?{urlencode({'document': document})}" if document else ""
        to = f"/translations/{language}/{found.context}{after}" if found else f"/translations/{language}"
        return RedirectResponse(to, 303)

    @routes.post("/translations/{language}/approve")
    async def approve(request: Request, language: str) -> Response:
        async with request.form() as form:
            tickets = {str(one) for one in form.getlist("text")}
            back = str(form.get("back", ""))
        async with app.database.read() as db:
            here = await desk(app, db, language)
        meant = [one for one in here.texts if one.waiting and showing.ticket(one) in tickets]
        good = [one for one in meant if not _blocked(here, one.context)]
        if not good:
            error = {"field": "texts", "text": _nothing(bool(tickets))}
            return await _listed(app, page, request, language, status=422, errors=[error])
        moment = app.clock()
        n = await deciding.approve(app, good, me(request).name, moment)
        async with app.database.begin() as db:
            await audit.record(db, moment, me(request).id, "translation.approve", language, texts=n)
        left = len(tickets) - n
        said = tongue.say_n("%(n)s text is approved.", "%(n)s texts are approved.", n) % {"n": n}
        if left:
            more = tongue.say_n(
                "%(n)s was left out: it was changed meanwhile, or cannot be sent so.",
                "%(n)s were left out: they were changed meanwhile, or cannot be sent so.",
                left,
            )
            said = f"{said} {more % {'n': left}}"
        undo = f"/translations/{language}/undo?{urlencode({'at': moment.isoformat()})}"
        return page.onward(f"/translations/{language}?{_query(back)}", said, undo)

    @routes.post("/translations/{language}/undo")
    async def undo(request: Request, language: str, at: datetime) -> Response:
        """What this reader approved at one moment is a draft again."""
        async with app.database.read() as db:
            here = await desk(app, db, language)
        mine = [
            one
            for one in here.texts
            if one.state == "approved" and one.at == at and one.by == me(request).name
        ]
        for one in mine:
            await deciding.undo(app, one)
        async with app.database.begin() as db:
            await audit.record(db, app.clock(), me(request).id, "translation.undo", language, texts=len(mine))
        said = tongue.say_n(
            "%(n)s text waits for a reader again.", "%(n)s texts wait for a reader again.", len(mine)
        )
        if len(mine) == 1:
            return page.onward(f"/translations/{language}/{mine[0].context}", said % {"n": 1})
        return page.onward(f"/translations/{language}", said % {"n": len(mine)})

    return routes


async def _listed(
    app: App,
    page: Page,
    request: Request,
    language: str,
    *,
    status: int = 200,
    errors: list[dict[str, str]] | None = None,
) -> Response:
    asked = request.query_params
    async with app.database.read() as db:
        here = await desk(app, db, language)
    show = asked.get("show", "") if asked.get("show", "") in SHOWN else ""
    of = asked.get("of", "") if asked.get("of", "") in OF else ""
    document, q = asked.get("document", ""), asked.get("q", "").strip()[:100]
    counted = {name: len(showing.chosen(here.texts, name, of, document, q)) for name in SHOWN}
    show = show or next((name for name in ("waiting", "missing", "approved") if counted[name]), "waiting")
    found = showing.chosen(here.texts, show, of, document, q)
    number = int(asked["page"]) if asked.get("page", "").isdecimal() else 1
    pages = max(-(-len(found) // A_PAGE), 1)
    number = min(max(number, 1), pages)
    rows = _rows(here, found[(number - 1) * A_PAGE : number * A_PAGE])
    kept = {"show": show, "of": of, "document": document, "q": q}
    documents = [
        (one, using.standing(one, language, here.of(one), looked=False), can_be_sent(one, language))
        for one in here.stored
    ]
    return page(
        request,
        "translations/listing.html",
        status,
        section="translations",
        errors=errors or [],
        language=language,
        rows=rows,
        show=show, of=of, document=document, q=q, counted=counted, total=len(found),
        page_number=number, pages=pages, every="all" in asked,
        address=lambda **other: f"/translations/{language}?{_kept(kept | other)}",
        back=_kept(kept),
        documents=[row for row in documents if row[1].step != "nothing"],
        waiting=sum(one.waiting for one in here.texts),
        missing=sum(one.state == "missing" for one in here.texts),
        drafting=under_way(app, language),
        engine=engine(app) is not None,
        drafts_go_out=app.settings.allow_drafts,
        showing=showing,
    )  # fmt: skip


def _rows(here: Desk, found: list[Text]) -> list[showing.Row]:
    documents = {one.stored.name: one.stored for one in found}
    looked = {name: deciding.found_of(here.of(stored)) for name, stored in documents.items()}
    return [
        showing.Row(
            one, looked[one.stored.name].get(one.context, ()), *showing.neighbours(here.texts, one), showing.ticket(one)
        )
        for one in found
    ]  # fmt: skip


def _blocked(here: Desk, context: str) -> bool:
    text = here.text(context)
    return gate.blocks(deciding.look(text, text.text, here.of(text.stored)))


def _nothing(some: bool) -> str:
    if some:
        return tongue.say(
            "None of these can be approved so. They were changed meanwhile, or cannot be sent as they are."
        )
    return tongue.say("Choose at least one text to approve.")


def _kept(values: Mapping[str, object]) -> str:
    return urlencode({name: value for name, value in values.items() if value})


def _query(given: str) -> str:
    """What a form brought back of an address: nothing that could lead elsewhere."""
    return given if given.isprintable() and not set(given) & set("\r\n#\\ ") else ""
