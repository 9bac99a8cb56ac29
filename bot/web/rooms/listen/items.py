"""The form of one item, and that of the first and the last message: words side by side, choices, conditions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from survey_flows import SurveyError
from survey_flows.lint.messages import messages

from ....app import App
from ....writing import changes, checked, drafts
from ....writing.outline import TEXTS, Item, Outline
from ....writing.sheet import At
from ...page import Page, wants_part
from ...tongue import say
from . import forms, showing, topform
from .editor import chosen, place, written
from .forms import ItemForm
from .held import Held, changed, held, keep, undo, writes

SECTION = "surveys"
ADDED = ("question", "note", "group")


def router(app: App, page: Page) -> APIRouter:
    """Their pages."""
    routes = APIRouter()

    def show(
        request: Request, found: Held, form: ItemForm, at: At | None, status: int = 200, **more: Any
    ) -> Response:
        seen = found.looked.outline
        values = _values(found, seen, form, at) | more
        if wants_part(request):
            return Response(
                page.part(request, "listen/item.html", "form", **values), 200, media_type="text/html"
            )
        return page(request, "listen/item.html", status, section=SECTION, **values)

    @routes.get("/surveys/{key}/edit/item/{where}")
    async def item(request: Request, key: str, where: str, beside: str = "", also: str = "") -> Response:
        writes(request)
        async with app.database.read() as db:
            found = await held(app, db, key)
        seen = found.looked.outline
        known = seen.find(place(where))
        if known is None:
            raise HTTPException(404)
        tags = showing.columns(seen, beside, also)
        form = forms.with_room(forms.of_item(known, seen, tags, found.stamp))
        return show(request, found, form, known.at, query=chosen(beside, also))

    @routes.post("/surveys/{key}/edit/item/{where}")
    async def saved(request: Request, key: str, where: str) -> Response:
        by = writes(request)
        async with request.form() as given:
            act, query = str(given.get("act", "save")), _query(str(given.get("query", "")))
            async with app.database.begin() as db:
                found = await held(app, db, key)
                seen = found.looked.outline
                name = str(given.get("name", ""))
                known = seen.find(place(where))
                if known is None or (name and known.key != name):
                    known = seen.named(name) if name else None  # it stands elsewhere by now
                if known is None:
                    return page.onward(
                        f"{found.address}/edit{query}", said=say("Somebody else has removed this meanwhile.")
                    )
                form = forms.sent(given, known.what)
                if act != "save":
                    return show(
                        request, found, forms.with_room(forms.rearranged(form, act)), known.at, query=query
                    )
                if errors := forms.problems(form, seen.source):
                    return show(request, found, form, known.at, 422, errors=errors, query=query)
                now = forms.token(known.digest)
                if form.stamp != found.stamp and form.was != now:
                    theirs = forms.of_item(known, seen, form.tags, found.stamp)
                    mine = replace(form, stamp=found.stamp, was=now)
                    return show(request, found, mine, known.at, 409, theirs=theirs, query=query)
                return await kept(
                    db,
                    found,
                    by,
                    query,
                    lambda sheet: changes.write_item(sheet, known.at, forms.filled(form)),
                )

    async def kept(db: Any, found: Held, by: Any, query: str, change: Any, said: str = "") -> Response:
        try:
            draft = await keep(app, db, found, changed(found.text, change), by)
        except drafts.Clash:
            text = say(
                "Somebody else saved at the same moment. Nothing of yours was saved: send the form again."
            )
            return page.onward(f"{found.address}/edit{query}", said=text)
        return page.onward(f"{found.address}/edit{query}", said=said or say("Saved."), undo=undo(draft))

    @routes.get("/surveys/{key}/edit/new")
    async def new(
        request: Request,
        key: str,
        at: str = "",
        what: str = "question",
        kind: str = "open",
        beside: str = "",
        also: str = "",
    ) -> Response:
        writes(request)
        async with app.database.read() as db:
            found = await held(app, db, key)
        seen = found.looked.outline
        kind = kind if kind in showing.kinds() else "open"
        form = forms.empty(
            what if what in ADDED else "question",
            kind,
            seen,
            showing.columns(seen, beside, also),
            found.stamp,
        )
        return show(request, found, form, None, query=chosen(beside, also), where=written(_new(at, seen)))

    @routes.post("/surveys/{key}/edit/new")
    async def added(request: Request, key: str) -> Response:
        by = writes(request)
        async with request.form() as given:
            act, query = str(given.get("act", "save")), _query(str(given.get("query", "")))
            what = str(given.get("what", "question"))
            async with app.database.begin() as db:
                found = await held(app, db, key)
                seen = found.looked.outline
                at = _new(str(given.get("where", "")), seen)
                form = forms.sent(given, what if what in ADDED else "question")
                if act != "save":
                    form = forms.with_room(forms.rearranged(form, act))
                    return show(request, found, form, None, query=query, where=written(at))
                if errors := forms.problems(form, seen.source):
                    return show(
                        request, found, form, None, 422, errors=errors, query=query, where=written(at)
                    )
                # An item more cannot overwrite anything: no matter what somebody else has changed meanwhile.
                return await kept(
                    db,
                    found,
                    by,
                    query,
                    lambda sheet: changes.add_item(sheet, at, forms.filled(form)),
                    say("Added."),
                )

    @routes.get("/surveys/{key}/edit/top")
    async def top(request: Request, key: str, beside: str = "", also: str = "") -> Response:
        writes(request)
        async with app.database.read() as db:
            found = await held(app, db, key)
        seen = found.looked.outline
        form = topform.of(seen, showing.columns(seen, beside, also), found.stamp)
        return page(
            request, "listen/top.html", section=SECTION, **_top(found, form, query=chosen(beside, also))
        )

    @routes.post("/surveys/{key}/edit/top")
    async def topped(request: Request, key: str) -> Response:
        by = writes(request)
        async with request.form() as given:
            form, query = topform.sent(given), _query(str(given.get("query", "")))
        async with app.database.begin() as db:
            found = await held(app, db, key)
            seen = found.looked.outline
            if errors := topform.problems(form, seen.source):
                return page(
                    request,
                    "listen/top.html",
                    422,
                    section=SECTION,
                    **_top(found, form, errors=errors, query=query),
                )
            now = topform.of(seen, form.tags, found.stamp)
            if form.stamp != found.stamp and form.was != now.was:
                mine = replace(form, stamp=found.stamp, was=now.was)
                return page(
                    request,
                    "listen/top.html",
                    409,
                    section=SECTION,
                    **_top(found, mine, theirs=now, query=query),
                )
            return await kept(
                db, found, by, query,
                lambda sheet: changes.write_head(sheet, form.texts, form.about, form.keywords, anonymous=form.anonymous),
            )  # fmt: skip

    return routes


def _query(sent: str) -> str:
    return sent if sent.startswith("?") and "\n" not in sent else ""


def _new(asked: str, seen: Outline) -> At:
    """Where a new item is put: the place that was asked for, else behind the last."""
    return place(asked) if asked else (len(seen.items),)


def _top(found: Held, form: topform.TopForm, **more: Any) -> dict[str, Any]:
    values = {
        "h": found,
        "form": form,
        "source": found.looked.outline.source,
        "named": showing.named,
        "audiences": [("", say("Nobody in particular")), *showing.audiences().items()],
        "sensitivities": list(showing.sensitivities().items()),
        "findings": found.looked.of(()),
        "errors": [],
        "theirs": None,
    }
    return values | more


def _values(found: Held, seen: Outline, form: ItemForm, at: At | None) -> dict[str, Any]:
    """What the form of an item shows beside itself: the questions before it, and the message as it would go out."""
    here = at or (len(seen.items),)
    known = seen.find(here) if at else None
    closed = [
        (
            item,
            seen.number(item),
            showing.answers_of(item, seen, seen.source),
            showing.words(item.main, seen.source, seen.source),
        )
        for item in seen.before(here)
        if item.kind in ("one", "scale", "many", "yesno", "number", "range")
        and (item.choices or not item.list_name)
    ]
    said, findings = preview(found, seen, form, at)
    return {
        "h": found,
        "seen": seen,
        "form": form,
        "at": at,
        "where": written(here),
        "item": known,
        "number": seen.number(known) if known else None,
        "main": TEXTS.get(form.what, ""),
        "source": seen.source,
        "named": showing.named,
        "kinds": list(showing.kinds().items()),
        "title": showing.kind_of(known) if known else showing.whats()[form.what],
        "closed": closed,
        "who": showing.condition(known, seen, seen.source) if known else (),
        "dear": showing.dear,
        "messages": said,
        "findings": findings,
        "errors": [],
        "theirs": None,
        "query": "",
    }


def preview(
    found: Held, seen: Outline, form: ItemForm, at: At | None
) -> tuple[list[Any], tuple[checked.Finding, ...]]:
    """The message as it would go out in the languages of the form, and what is found in it: of the form as it stands."""
    if form.what != "question" or not form.texts.get("text", {}).get(seen.source, "").strip():
        return [], found.looked.of(at) if at else ()
    try:
        text = changed(
            found.text,
            lambda sheet: (
                changes.write_item(sheet, at, forms.filled(form))
                if at
                else changes.add_item(sheet, (len(seen.items),), forms.filled(form))
            ),
        )
        shown = checked.look(text)
    except (SurveyError, LookupError, ValueError):
        return [], ()
    known: Item | None = shown.outline.find(at) if at else shown.outline.items[-1]
    if known is None:
        return [], ()
    tags = form.tags
    said = (
        [one for one in messages(shown.survey) if one.question == known.key and one.language in tags]
        if shown.survey
        else []
    )
    return sorted(said, key=lambda one: tags.index(one.language)), shown.of(known.at)
