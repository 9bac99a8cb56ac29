"""/inbox/{person}/messages/{message}/wrong: a translation of a family's words is corrected, or said to be wrong."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response

from .... import audit
from ....app import App
from ....dialogue import notes
from ....dialogue.reaching import Refused
from ....dialogue.threads import Bubble, thread
from ... import times
from ...page import Page
from ...tongue import say
from . import showing
from .asking import asked
from .forms import Wrong
from .who import known, member, reader

LONGEST = 4000


def router(app: App, page: Page) -> APIRouter:
    """Who may translate here corrects it, for everybody who reads these words; who may not leaves a note."""
    routes = APIRouter(prefix="/inbox/{person}/messages/{message}")

    @routes.get("/wrong")
    async def look(request: Request, person: UUID, message: UUID) -> Response:
        return shown(request, person, await found(request, person, message))

    @routes.post("/wrong")
    async def correct(request: Request, person: UUID, message: UUID) -> Response:
        bubble = await found(request, person, message)
        said, now, who = await request.form(), app.clock(), member(request)
        back = asked(request.query_params).of(person)
        text = str(said.get("text", "")).strip()
        if not text or len(text) > LONGEST:
            problem = say("Write how it should read, in at most {n} characters.").format(n=LONGEST)
            return shown(request, person, bubble, Wrong("text", problem), text)
        if corrects(request):
            assert bubble.translation is not None  # found has looked
            if not await app.memory.correct(bubble.translation, text, who.email):
                raise HTTPException(404)
            async with app.database.begin() as db:
                await audit.record(db, now, who.id, "translation.correct", bubble.translation)
            return page.onward(back, say("Your translation stands there now, in the place of the machine’s."))
        told = say("The translation of the message of {day}, {time} may be wrong: {text}").format(
            day=times.day(bubble.at, now), time=times.clock(bubble.at), text=text
        )
        try:
            async with app.database.begin() as db:
                await notes.write(db, person, told, who.id, now, app.new_id)
        except Refused as error:
            return shown(request, person, bubble, Wrong("text", say(str(error))), text)
        return page.onward(back, say("Noted. Somebody who translates can correct it."))

    async def found(request: Request, person: UUID, message: UUID) -> Bubble:
        """The message, with a translation that can be corrected."""
        async with app.database.read() as db:
            await known(db, request, person)
            # A message is the newest of those up to it.
            one = await thread(db, person, reader(app), before=UUID(int=message.int + 1), most=1)
        bubble = next((each for each in one.bubbles if each.id == message), None)
        if bubble is None or bubble.direction != "in" or bubble.translation is None:
            raise HTTPException(404)
        return bubble

    def shown(
        request: Request, person: UUID, bubble: Bubble, error: Wrong | None = None, text: str | None = None
    ) -> Response:
        return page(
            request,
            "inbox/wrong.html",
            422 if error else 200,
            section="inbox",
            errors=[error] if error else [],
            back=asked(request.query_params).of(person),
            query=asked(request.query_params).query,
            said=bubble,
            language=showing.language(bubble.language),
            other_language=showing.language(bubble.other_language),
            corrects=corrects(request),
            text=text if text is not None else ((bubble.other or "") if corrects(request) else ""),
        )

    return routes


def corrects(request: Request) -> bool:
    """Whether whoever asks may correct what the memory holds: it stands for everybody who says the same."""
    return bool(request.state.session.grants.everywhere("translator"))
