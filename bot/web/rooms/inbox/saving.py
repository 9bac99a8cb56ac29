"""/inbox/saved: replies that are written once, with translations by people, and sent by anybody.

Whoever answers for all schools keeps them for everybody or for one school; staff of one school keep their own, and send those of
everybody without changing them.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request, Response
from langcodes import tag_is_valid

from survey_flows import phrases

from .... import audit
from ....app import App
from ....dialogue import saved
from ....dialogue.reaching import Refused
from ....outreach.calendars import attended
from ...page import Page
from ...tongue import say
from . import showing
from .forms import Wrong
from .who import member, reach, reader, readers


def router(app: App, page: Page) -> APIRouter:
    """Saved replies."""
    routes = APIRouter(prefix="/inbox/saved")

    @routes.get("")
    async def listed(request: Request) -> Response:
        return await shown(request)

    @routes.post("")
    async def add(request: Request) -> Response:
        """Keep a reply with a translation that a person has made; one of the same name and words gets one language more."""
        said = {name: str(value) for name, value in (await request.form()).items()}
        who, now = member(request), app.clock()
        wrong, schools = _problems(said), reach(request)
        if schools is not None and len(schools) == 1:
            said.setdefault("school", *schools)
        if schools is not None and said.get("school") not in schools:
            wrong.append(Wrong("school", say("Choose one of your own schools.")))
        if wrong:
            return await shown(request, said, wrong)
        name = saved.key_of(name_of(said["name"]), said.get("school"))
        try:
            await saved.add(
                app,
                name,
                said["text"],
                said["language"],
                {said["to"]: said["translation"].strip()},
                who.email,
            )
        except Refused as error:
            return await shown(request, said, [Wrong("name", say(str(error)))])
        async with app.database.begin() as db:
            await audit.record(db, now, who.id, "reply.save", name, language=said["to"])
        return page.onward("/inbox/saved", say("Saved. Anybody can send it now, without a machine."))

    async def own(request: Request, name: str, school: str) -> str:
        """The key of one that they may change. Raises 404: that there is such a one at another school is not told."""
        schools = reach(request)
        if schools is not None and school not in schools:
            raise HTTPException(404)
        return saved.key_of(name, school)

    @routes.post("/{name}/remove")
    async def remove(request: Request, name: str, school: str = "") -> Response:
        key = await own(request, name, school)
        if await saved.put_away(app, key):
            async with app.database.begin() as db:
                await audit.record(db, app.clock(), member(request).id, "reply.remove", key)
        told = say("Removed. What was sent with it stays sent.")
        return page.onward(
            "/inbox/saved", told, undo=f"/inbox/saved/{name}/back?{urlencode({'school': school})}"
        )

    @routes.post("/{name}/back")
    async def put_back(request: Request, name: str, school: str = "") -> Response:
        key = await own(request, name, school)
        if await saved.put_back(app, key):
            async with app.database.begin() as db:
                await audit.record(db, app.clock(), member(request).id, "reply.save", key)
        return page.onward("/inbox/saved", say("The saved reply is back."))

    async def shown(
        request: Request, said: dict[str, str] | None = None, errors: list[Wrong] | None = None
    ) -> Response:
        languages = sorted(
            ((tag, showing.language(tag)) for tag in phrases.LANGUAGES), key=lambda pair: pair[1]
        )
        mine = reach(request)
        found = [(one, translations(one), one.within(mine)) for one in await saved.listed(app, mine)]
        if mine is None:
            async with app.database.read() as db:
                schools = [("", say("All schools")), *((name, name) for name in await attended(db))]
        else:
            schools = [(name, name) for name in sorted(mine)]
        empty = {
            "name": "",
            "school": schools[0][0] if schools else "",
            "text": "",
            "language": reader(app),
            "to": "",
            "translation": "",
            "read": "",
        }
        return page(
            request,
            "inbox/saved.html",
            422 if errors else 200,
            section="inbox",
            saved=found,
            schools=schools,
            said=empty | (said or {}),
            errors=errors or [],
            targets=[("", say("Choose a language")), *languages],
            writes=[(tag, showing.language(tag)) for tag in readers(app)],
        )

    return routes


def translations(one: saved.Saved) -> list[tuple[str, str, str]]:
    """All of its languages: tag, what it is called, words."""
    return [
        (tag, showing.language(tag), words)
        for tag, words in ((one.language, one.text), *sorted(one.translations.items()))
    ]


def name_of(typed: str) -> str:
    """The name as it is kept.

    >>> name_of("Office hours!"), name_of("Horario de oficina (mañana)")
    ('office-hours', 'horario-de-oficina-manana')
    """
    plain = unicodedata.normalize("NFKD", typed).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64]


def _problems(said: dict[str, str]) -> list[Wrong]:
    found = []
    if not name_of(said.get("name", "")):
        found.append(Wrong("name", say("Give it a short name, like office hours.")))
    if not said.get("text", "").strip():
        found.append(Wrong("text", say("Write what it says.")))
    if not tag_is_valid(said.get("to", "") or "?"):
        found.append(Wrong("to", say("Choose the language of the translation.")))
    if not said.get("translation", "").strip():
        found.append(Wrong("translation", say("Write the translation that a person has made.")))
    if not said.get("read"):
        found.append(Wrong("read", say("Say that somebody who speaks this language has read it.")))
    return found
