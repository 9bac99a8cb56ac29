"""The list of surveys with their findings, the findings of one, and all quotes of a theme."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response

from ....app import App
from ....at_hand import NotYet
from ....duties import parse
from ....store import statements
from ....store.coders import Coders
from ... import view as pages
from ...needs import Needs
from ...page import Page
from ...view import chosen, tongues
from ...view.quoted import of_all
from ...view.themes import called, in_words
from . import crossings, stating
from .looking import crossed, every_wave, glance, look_of, title_of, worded

AT_ONCE = 20
"""Quotes on one page."""


def router(app: App, page: Page) -> APIRouter:
    """The addresses of the findings."""
    routes = APIRouter()
    needs: Needs = app

    @routes.get("/findings")
    async def surveys(request: Request) -> Response:
        cards = []
        for survey in await needs.surveys():
            try:
                seen = await needs.glance(survey.key)
            except NotYet:
                cards.append(pages.counting(survey.key, survey.title))
                continue
            shown, at = (in_words(seen.summary), seen.at) if seen else (None, None)
            cards.append(pages.card(survey.key, survey.title, shown, at))
        return page(request, "surveys.html", section="findings", cards=cards)

    @routes.get("/findings/{survey}")
    async def findings(request: Request, survey: str) -> Response:
        title, look = await title_of(needs, survey), look_of(request, survey)
        try:
            seen = await glance(needs, look)
        except NotYet:
            return _counting(page, request, title, look.href())
        if seen is None:
            return page(request, "nobody-asked.html", section="findings", title=title, survey=survey)
        waiting, cells = False, None
        try:
            cells = await crossed(needs, look, seen.summary)
        except NotYet:
            if len(look.groups) > 1:
                return _counting(page, request, title, look.href())
            waiting = True
        zone = ZoneInfo(needs.settings.timezone)
        told = frozenset(parse(needs.settings.duty_roles))
        waves = [(name, in_words(found)) for name, found in await every_wave(needs, seen)]
        seen, cells = worded(seen), in_words(cells) if cells else None
        shown = pages.findings(look, title, seen, zone, told, cells, waves)
        if shown is None:
            raise HTTPException(404)
        async with needs.database.read() as db:
            drafted = await statements.of_survey(db, survey)
        return page(
            request,
            "findings.html",
            section="findings",
            f=shown,
            coders=seen.coders or Coders((), people=False),
            items=chosen.address(survey),
            crossing=crossings.crossing(look, seen.summary, cells, shown.theme),
            crossing_waits=waiting,
            statement=stating.of_theme(drafted, shown.theme),
        )

    @routes.get("/findings/{survey}/quotes")
    async def quotes(request: Request, survey: str, part: int = 1) -> Response:
        title, look = await title_of(needs, survey), look_of(request, survey)
        try:
            seen = await glance(needs, look)
        except NotYet:
            return _counting(page, request, title, look.href("quotes"))
        theme = next((one for one in (seen.summary.themes if seen else ()) if one.theme == look.theme), None)
        if theme is None or part < 1:
            raise HTTPException(404)
        spoken = dict(look.groups).get("language", "")
        every = [quote for quote in theme.quotes if not spoken or quote.language == spoken]
        first = (part - 1) * AT_ONCE
        return page(
            request,
            "themes/quotes.html",
            section="findings",
            title=title,
            look=look,
            theme=called(theme.label),
            quotes=[of_all(quote) for quote in every[first : first + AT_ONCE]],
            tongues={quote.language: tongues.name(quote.language) for quote in theme.quotes},
            spoken=spoken,
            total=len(every),
            part=part,
            parts=-(-len(every) // AT_ONCE),
        )

    return routes


def _counting(page: Page, request: Request, title: str, href: str) -> Response:
    """What is said while numbers are being counted for the first time."""
    return page(request, "themes/counting.html", section="findings", title=title, href=href)
