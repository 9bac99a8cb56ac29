"""The replies behind a theme: for organizers and coders, each with its English, its themes, and what the coder went by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, urlencode
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from markupsafe import Markup, escape

from .... import waves
from ....app import App
from ....at_hand import NotYet
from ....exporting.making import questions
from ....store.spans import Span
from ....verbatims import Found, Given, Reply, Schools, Wanted, find, marks
from ....verbatims import schools as told_schools
from ....waves import NoWave
from ...page import Page, marked
from ...tongue import say
from ...view import tongues
from ...view.figures import percent
from ...view.quoted import origin
from ...view.themes import called
from .looking import title_of

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """One reply as the page shows it."""

    reply: Reply
    words: Markup
    language: str
    english_by: str
    question: str
    themes: tuple[tuple[Given, str], ...]


def router(app: App, page: Page) -> APIRouter:
    """The addresses of replies."""
    routes = APIRouter()

    @routes.get("/replies/{survey}")
    async def replies(
        request: Request,
        survey: str,
        theme: str = "",
        language: str = "",
        school: str = "",
        q: str = "",
        wave: str = "",
        before: UUID | None = None,
    ) -> Response:
        title = await title_of(app, survey)
        here = str(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
        reach = request.state.session.grants.reach("organizer", "coder")
        if reach is not None:
            school = school or (next(iter(reach)) if len(reach) == 1 else "")
            if school and school not in reach:
                raise HTTPException(404)
        wanted = Wanted(survey, theme, language, school, " ".join(q.split())[:LONGEST])
        try:
            seen = await app.glance(survey, "named", wave or None)
        except NoWave:
            raise HTTPException(404) from None
        except NotYet:
            return page(request, "themes/counting.html", section="findings", title=title, href=here)
        if seen is None:
            return page(request, "nobody-asked.html", section="findings", title=title)
        at = seen.summary.release.at if seen.summary.release else None
        async with app.database.read() as db:
            book = await app.books.of_survey(db, survey)
            picked = waves.pick(await waves.of_survey(db, survey), wave or None, app.clock())
            asked = await questions(db, app.shelf, survey)
        if theme and theme not in book:
            raise HTTPException(404)
        languages = tuple(seen.summary.tongues)
        allowed: Schools | None = None
        waiting = False
        if at is not None:
            moment = at
            try:
                allowed = cast(
                    Schools,
                    await app.at_hand.work(
                        ("schools", survey, seen.wave, moment),
                        lambda: told_schools(app, survey, picked, seen.summary, moment),
                        # Whoever asks for no school waits for none.
                        waits=bool(school or reach is not None),
                    ),
                )
            except NotYet:
                waiting = True
        told = tuple(one for one in (allowed.told if allowed else ()) if reach is None or one in reach)
        if (school or reach is not None) and waiting:
            return page(request, "themes/counting.html", section="findings", title=title, href=here)
        found = Found((), None)
        if at is not None and (reach is None or school) and (not school or school in told):
            begins, ends = (picked.begins, picked.ends) if picked else (None, None)
            found = await find(app, wanted, languages, Span(begins, ends, at), book, allowed, before)
        finding = (
            next((one for one in seen.summary.themes if one.theme == book.top(theme)), None)
            if theme
            else None
        )

        def href(**changes: str) -> str:
            query = {
                "theme": theme,
                "language": language,
                "school": school,
                "q": wanted.words,
                "wave": wave,
            } | changes
            chosen = urlencode({name: value for name, value in query.items() if value})
            return f"/replies/{quote(survey, safe='')}" + (f"?{chosen}" if chosen else "")

        return page(
            request,
            "themes/replies.html",
            section="findings",
            title=title,
            survey=survey,
            wanted=wanted,
            wave=wave,
            theme=called(book[theme].label) if theme else "",
            finding=finding,
            heard=seen.summary.heard,
            minimum=seen.summary.minimum,
            themes=[
                (one.id, called(one.label) if one.parent is None else f"– {called(one.label)}")
                for one in book
            ],
            tongues=[(tag, tongues.name(tag)) for tag in languages],
            schools=told,
            narrowed=reach is not None,
            hidden_school=bool(school) and school not in told,
            pick_school=reach is not None and not school,
            replies=[_shown(reply, asked, theme) for reply in found.replies],
            onward=href(before=str(found.onward)) if found.onward else "",
            first=href() if before else "",
            plain=f"/replies/{quote(survey, safe='')}",
            workbench=f"/coding/{quote(survey, safe='')}",
        )

    return routes


def _shown(reply: Reply, asked: dict[str, str], theme: str) -> Shown:
    # Evidence is marked of the theme that is looked at; of all, where none is.
    mine = [
        one for one in reply.themes if not theme or one.theme == theme or one.theme.startswith(f"{theme}.")
    ]
    cues = [cue for one in mine for cue in one.cues]
    return Shown(
        reply,
        _marked(marks(reply.words, cues)),
        tongues.name(reply.language),
        origin(reply.english_by) if reply.english_by else "",
        asked.get(reply.question, reply.question),
        tuple((one, _how(one)) for one in reply.themes),
    )


def _marked(pieces: Sequence[tuple[str, bool]]) -> Markup:
    return Markup("").join(
        Markup("<mark>%s</mark>") % escape(text) if cue else marked(text) for text, cue in pieces
    )


def _how(one: Given) -> str:
    """Who or what gave a theme, and how sure."""
    if one.chance is None:
        return say("decided by {name}").format(name=one.by)
    return say("coder {version}, {chance} sure").format(version=one.by, chance=percent(one.chance))
