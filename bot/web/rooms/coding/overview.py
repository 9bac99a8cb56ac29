"""/coding: every survey with how far the reading of its replies has come, and how well readers agree."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from analysis.codebook import Codebook

from ....app import App
from ... import tongue
from ...page import Page
from . import doors
from .doors import Named
from .measured import AWHILE, Measured, told
from .progress import Progress, whole


@dataclass(frozen=True, slots=True)
class Card:
    """A survey on the page. ``sentence``: how well readers agree, and how far that can be relied on."""

    so_far: Progress
    sentence: str
    book: Codebook


def heading(cards: list[Card]) -> str:
    """What the page found, in a sentence."""
    left = sum(card.so_far.left for card in cards)
    if not left:
        return (
            tongue.say("Every reply has been read")
            if any(card.so_far.done for card in cards)
            else tongue.say("No reply waits to be read")
        )
    if any(card.so_far.many for card in cards):
        return tongue.say("More than {n} replies wait to be read").format(n=f"{left:,}")
    return tongue.say_n("{n} reply waits to be read", "{n} replies wait to be read", left).format(
        n=f"{left:,}"
    )


def router(app: App, page: Page, measured: Measured) -> APIRouter:
    """The list of surveys."""
    routes = APIRouter()

    @routes.get("/coding")
    async def overview(request: Request) -> Response:
        by = doors.reader(request)
        cards: list[Card] = []
        async with app.database.read() as db:
            for key in await app.shelf.keys(db):
                latest = await app.shelf.latest(db, key)
                if latest is None:
                    continue
                there = Named(key, latest[1].title[latest[1].source])
                so_far = await whole(app, db, there, by.schools)
                if not so_far.left and not so_far.done:
                    continue
                figures = await measured(app, db, key, by.schools, old=AWHILE)
                agreed = told(figures)
                sentence = " ".join(filter(None, (agreed.sentence, agreed.doubt)))
                cards.append(Card(so_far, sentence, figures.codebook))
        cards.sort(key=lambda card: (-card.so_far.left, card.so_far.survey.title))
        return page(request, "coding/overview.html", section="coding", surveys=cards, heading=heading(cards))

    return routes
