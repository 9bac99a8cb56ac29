"""The editor: the items of a survey with their languages side by side, moving and removing them, and the file itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import langcodes
from fastapi import APIRouter, HTTPException, Request, Response

from survey_flows import SurveyError, phrases
from survey_flows.told import told

from .... import audit
from ....app import App
from ....translation.documents import write
from ....writing import changes, checked, drafts
from ....writing.outline import Item, Outline, outline
from ....writing.sheet import At, Sheet
from ...page import Page
from ...tongue import say
from . import showing
from .held import Held, changed, held, keep, may_write, undo, writes

SECTION = "surveys"


def place(written: str) -> At:
    """Where an item stands, from an address ("2", "3-1"). Raises a page that is not there (404)."""
    parts = written.split("-")
    if not all(part.isdecimal() and len(part) < 5 for part in parts):
        raise HTTPException(404)
    return tuple(map(int, parts))


def written(at: At) -> str:
    """As it stands in an address."""
    return "-".join(map(str, at))


def chosen(beside: str, also: str) -> str:
    """The languages of the editor, for an address."""
    query = {name: tag for name, tag in (("beside", beside), ("also", also)) if tag}
    return f"?{urlencode(query)}" if query else ""


def router(app: App, page: Page) -> APIRouter:
    """Its pages."""
    routes = APIRouter()

    @routes.get("/surveys/{key}/edit")
    async def edit(request: Request, key: str, beside: str = "", also: str = "") -> Response:
        async with app.database.read() as db:
            found = await held(app, db, key)
        try:
            shown = found.looked
        except SurveyError:
            return page.onward(f"{found.address}/edit/file")
        seen = shown.outline
        tags = showing.columns(seen, beside, also)
        values: dict[str, Any] = {
            "h": found,
            "seen": seen,
            "tags": tags,
            "rows": [_row(item, seen, shown, tags) for item in seen.walked()],
            "head": [
                (name, {tag: seen.head[name].get(tag, "") for tag in tags})
                for name in ("title", "intro", "thanks")
            ],
            "top": shown.of(()),
            "whole": shown.of(None),
            "checked": shown,
            "tongues": showing.tongues(seen, shown.survey),
            "query": chosen(beside, also),
            "named": showing.named,
            "beside": tags[1] if len(tags) > 1 else "",
            "also": tags[2] if len(tags) > 2 else "",
            "more": _addable(seen),
            "whats": [(what, showing.whats()[what]) for what in ("question", "note", "group")],
        }
        return page(
            request,
            "listen/edit.html",
            section=SECTION,
            write=may_write(request),
            here_tab="edit",
            errors=[],
            **values,
        )

    async def change(request: Request, key: str, how: Any, said: str) -> Response:
        """A change made by one button. Where somebody was quicker, nothing is done, and the page says so."""
        by = writes(request)
        async with request.form() as form:
            stamp, at = str(form.get("stamp", "")), place(str(form.get("at", "")))
            query = str(form.get("query", ""))
        back = f"/surveys/{quote(key)}/edit{query if query.startswith('?') else ''}"
        async with app.database.begin() as db:
            found = await held(app, db, key)
            try:
                if stamp != found.stamp:
                    raise drafts.Clash
                kept = await keep(app, db, found, changed(found.text, lambda sheet: how(sheet, at)), by)
            except drafts.Clash:
                return page.onward(
                    back,
                    said=say(
                        "Somebody else has changed the draft. This is how it is now; nothing of yours was done."
                    ),
                )
            except LookupError:
                raise HTTPException(404) from None
        return page.onward(back, said=said, undo=undo(kept))

    @routes.post("/surveys/{key}/edit/up")
    async def up(request: Request, key: str) -> Response:
        return await change(request, key, lambda sheet, at: changes.move(sheet, at, -1), say("Moved up."))

    @routes.post("/surveys/{key}/edit/down")
    async def down(request: Request, key: str) -> Response:
        return await change(request, key, lambda sheet, at: changes.move(sheet, at, 1), say("Moved down."))

    @routes.post("/surveys/{key}/edit/remove")
    async def remove(request: Request, key: str) -> Response:
        return await change(request, key, changes.remove, say("Removed."))

    @routes.post("/surveys/{key}/edit/undo")
    async def take_back(request: Request, key: str, of: str = "") -> Response:
        by = writes(request)
        async with app.database.begin() as db:
            draft = await drafts.find(db, key)
            if draft is None:
                raise HTTPException(404)
            back = f"/surveys/{quote(key)}/edit"
            try:
                if draft.stamp != of:
                    raise drafts.Clash
                await drafts.undo(db, draft, by, app.clock())
            except drafts.Clash:
                return page.onward(
                    back, said=say("The draft has been changed again since, so nothing was undone.")
                )
            kept = await drafts.find(db, key)
        return page.onward(back, said=say("Undone."), undo=undo(kept) if kept else "")

    @routes.post("/surveys/{key}/edit/discard")
    async def discard(request: Request, key: str) -> Response:
        by = writes(request)
        async with request.form() as form:
            stamp = str(form.get("stamp", ""))
        async with app.database.begin() as db:
            found = await held(app, db, key)
            if found.draft is None or found.draft.stamp != stamp:
                return page.onward(
                    f"{found.address}/edit",
                    said=say("Somebody else has changed the draft. It is still here."),
                )
            await drafts.drop(db, found.draft)
            await audit.record(db, app.clock(), by, "survey.discard", key)
        return page.onward(found.address if found.published else "/surveys", said=say("The draft is gone."))

    @routes.post("/surveys/{key}/edit/language")
    async def language(request: Request, key: str) -> Response:
        by = writes(request)
        async with request.form() as form:
            tag, title = str(form.get("tongue", "")), " ".join(str(form.get("title", "")).split())
            own = str(form.get("other", "")).strip()
        tag = own or tag
        async with app.database.begin() as db:
            found = await held(app, db, key)
            good = langcodes.tag_is_valid(tag) if tag else False
            tag = langcodes.standardize_tag(tag) if good else tag
            seen = found.looked.outline
            if not good or not title or tag in seen.languages:
                said = say("Choose a language that is not here yet, and write the title in it.")
                return page.onward(f"{found.address}/edit#languages", said=said)
            try:
                text = write(found.text, {(f"survey:{key}/title", tag): title})
            except (ValueError, LookupError):
                said = say("This language cannot be added by itself. Add it in the file.")
                return page.onward(f"{found.address}/edit/file", said=said)
            kept = await keep(app, db, found, text, by)
        said = say("{language} is here. Until its words are written, families get the source.").format(
            language=showing.named(tag)
        )
        return page.onward(f"{found.address}/edit{chosen(tag, '')}", said=said, undo=undo(kept))

    @routes.get("/surveys/{key}/edit/file")
    async def file(request: Request, key: str) -> Response:
        async with app.database.read() as db:
            found = await held(app, db, key)
        return page(
            request, "listen/file.html", section=SECTION, write=may_write(request), **_file(found, found.text)
        )

    @routes.post("/surveys/{key}/edit/file")
    async def filed(request: Request, key: str) -> Response:
        by = writes(request)
        async with request.form() as form:
            text, stamp = str(form.get("text", "")).replace("\r\n", "\n"), str(form.get("stamp", ""))
        text = text if text.endswith("\n") else f"{text}\n"
        async with app.database.begin() as db:
            found = await held(app, db, key)
            errors = _not_a_file(text, key)
            if errors:
                return page(
                    request,
                    "listen/file.html",
                    422,
                    section=SECTION,
                    write=True,
                    **_file(found, text, errors),
                )
            if stamp != found.stamp and text != found.text:
                return page(
                    request,
                    "listen/file.html",
                    409,
                    section=SECTION,
                    write=True,
                    **_file(found, text, theirs=found.text),
                )
            try:
                kept = await keep(app, db, found, text, by)
            except drafts.Clash:
                return page(
                    request,
                    "listen/file.html",
                    409,
                    section=SECTION,
                    write=True,
                    **_file(found, text, theirs=found.text),
                )
        return page.onward(f"{found.address}/edit", said=say("Saved."), undo=undo(kept))

    return routes


def _row(item: Item, seen: Outline, shown: checked.Checked, tags: tuple[str, ...]) -> dict[str, Any]:
    last = len(item.at) > 1
    return {
        "item": item,
        "place": written(item.at),
        "number": seen.number(item),
        "kind": showing.kind_of(item),
        "inside": last,
        "who": showing.condition(item, seen, seen.source),
        "findings": shown.of(item.at),
        "variants": [name for name in seen.variants if name in item.texts],
    }


def _addable(seen: Outline) -> list[tuple[str, str]]:
    there = {tag.split("-")[0] for tag in seen.languages}
    return sorted(
        ((t, showing.named(t)) for t in phrases.LANGUAGES if t.split("-")[0] not in there), key=lambda p: p[1]
    )


def _file(
    found: Held, text: str, errors: list[dict[str, str]] | None = None, theirs: str = ""
) -> dict[str, Any]:
    try:
        findings = checked.look(text).findings
    except SurveyError as error:
        findings = tuple(checked.unreadable(error))
    return {
        "h": found,
        "text": text,
        "theirs": theirs,
        "errors": errors or [],
        "findings": findings,
        "lines": min(max(text.count("\n") + 2, 16), 40),
        "here_tab": "file",
    }


def _not_a_file(text: str, key: str) -> list[dict[str, str]]:
    """What keeps a text from being kept at all. Anything else may be wrong with a draft for a while."""
    try:
        sheet = Sheet(text)
    except SurveyError as error:
        return [
            {
                "field": "text",
                "text": told(
                    "Line {line}: {problem} {cure}", line=one.line, problem=one.problem, cure=one.cure
                ),
            }
            for one in (error, *error.others)
        ]
    named = outline(sheet).key
    if named != key:
        return [
            {
                "field": "text",
                "text": say("“survey:” has to stay {key}: answers are kept under it.").format(key=key),
            }
        ]
    return []
