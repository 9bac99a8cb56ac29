"""/inbox/{person}/draft and /send: a reply is put into the family's language, read, and sent."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import FormData

from ....app import App
from ....dialogue import saved, sending
from ....dialogue.at_once import send_written
from ....dialogue.drafting import Draft, draft
from ....dialogue.drafts import How
from ....dialogue.reaching import Refused
from ...page import Page, wants_part
from ...tongue import say
from .asking import asked, ids
from .forms import Form, Wrong, preview
from .views import Views
from .who import known, member, reach, readers


def router(app: App, page: Page) -> APIRouter:
    """Writing to a family."""
    routes = APIRouter(prefix="/inbox")
    views = Views(app, page)

    @routes.get("/{person}/draft")
    @routes.get("/{person}/send")
    async def back(request: Request, person: UUID) -> Response:
        # Where somebody comes again to the address of a form that they have sent.
        return RedirectResponse(asked(request.query_params).of(person), 303)

    @routes.post("/{person}/draft")
    async def translate(request: Request, person: UUID) -> Response:
        """Show what the family will read. A saved reply that was chosen comes in the place of what is empty."""
        async with app.database.read() as db:
            await known(db, request, person)
        said = await request.form()
        text, language = _text(said), _language(app, said)
        if said.get("insert") and (name := str(said.get("saved", ""))):
            try:
                kept = await saved.get(app, name, reach(request))
            except LookupError:
                return await shown(request, person, _form(app, said), say("This saved reply is gone."))
            text, language = (
                "\n".join(filter(None, (text, kept.text))),
                kept.language if not text else language,
            )
        try:
            made = await draft(app, person, text, member(request).email, language)
        except Refused as error:
            return await shown(request, person, Form(text, language, _once(app, said)), say(str(error)))
        return await read(request, person, text, language, made)

    @routes.post("/{person}/send")
    async def send(request: Request, person: UUID) -> Response:
        """Send what was read; words that need no translation, or shall have none, go without a preview."""
        async with app.database.read() as db:
            await known(db, request, person)
        said, who = await request.form(), member(request)
        text, language = _text(said), _language(app, said)
        how: How = "as written" if said.get("how") == "as written" else "translated"
        digest = str(said.get("digest", ""))
        try:
            if digest and "\n".join(text.split()) != "\n".join(str(said.get("read", "")).split()):
                made = await draft(app, person, text, who.email, language)
                note = say("You changed the text after it was translated. Read it again, then send it.")
                return await read(request, person, text, language, made, note)
            soon = bool(said.get("at_once"))
            if digest:
                sent = await sending.send(app, person, digest, who.email, how, now_please=soon, member=who.id)
            else:
                once = _once(app, said)
                sent = await send_written(
                    app, person, text, who.email, language, once, now_please=soon, member=who.id
                )
        except Refused as error:
            return await shown(request, person, _form(app, said), say(str(error)))
        except LookupError:
            gone = say("This draft is more than a day old. Translate it again, then send it.")
            return await shown(request, person, _form(app, said), gone)
        told = say("Your reply had been sent already.") if sent.before else say("Your reply is on its way.")
        if not sent.before and sent.due is not None and sent.due > app.clock():
            told = say("Your reply goes out when the school’s hours begin.")
        if sent.aside and not sent.before:
            told += " " + say(
                "The survey’s question waits until you have both been quiet for a day, or you mark it done."
            )
        return page.onward(asked(request.query_params).of(person), told)

    async def read(
        request: Request, person: UUID, text: str, language: str, made: Draft, note: str = ""
    ) -> Response:
        shows = Form(text, language, app.new_id(), preview(made, app.clock()))
        return (
            await shown(request, person, shows, note) if note else await answer(request, person, shows, 200)
        )

    async def shown(request: Request, person: UUID, form: Form, problem: str) -> Response:
        errors = (Wrong("text", problem),)
        return await answer(
            request, person, Form(form.text, form.language, form.once, form.preview, errors), 422
        )

    async def answer(request: Request, person: UUID, form: Form, status: int) -> Response:
        if not wants_part(request):
            return await views.page(request, person, form, status)
        values = await views.reply(request, await views.talk(request, person), form)
        values["query"] = asked(request.query_params).query
        part = page.part(request, "inbox/answer.html", "answer", errors=form.errors, **values)
        return HTMLResponse(part, status)

    return routes


def _text(said: FormData) -> str:
    text = said.get("text", "")
    return text.replace("\r\n", "\n") if isinstance(text, str) else ""


def _language(app: App, said: FormData) -> str:
    language = said.get("language", "en")
    if language not in readers(app):
        raise HTTPException(422)
    return str(language)


def _once(app: App, said: FormData) -> UUID:
    return ids(str(said.get("once", ""))) or app.new_id()


def _form(app: App, said: FormData) -> Form:
    return Form(_text(said), _language(app, said), _once(app, said))
