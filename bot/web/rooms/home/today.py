"""The first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from ....app import App
from ....at_hand import NotYet
from ....dialogue.listing import listed
from ....outreach.campaign_file import loads
from ....roles import Grants
from ....store import lately
from ....store.lately import Coming, Sending
from ... import times
from ...page import Page
from . import setup
from .running import DAYS, Round, running
from .tasks import Waiting, tasks

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Going:
    """A campaign in a list: where it is, what it is called, when it goes."""

    href: str
    title: str
    when: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Goes:
    """A campaign that goes out just now: how many of how many."""

    href: str
    title: str
    staged: int
    expected: int


def add(routes: APIRouter, app: App, page: Page) -> None:
    """The route of the first page."""

    async def shown(request: Request) -> dict[str, Any]:
        now = app.clock()
        grants: Grants = request.state.session.grants
        badges = request.scope["state"].get("badges", {})
        async with app.database.read() as db:
            coming = await lately.coming(db, now + SOON) if grants.may("organizer", "staff") else []
            sends = await lately.sending(db) if grants.may("organizer", "staff") else []
            waiting, _ = await listed(db, order="longest", limit=1) if badges.get("inbox") else ([], None)
            counts = badges | {
                "duties": await lately.duties_open(db),
                "statements": await lately.statements_open(db),
            }
            key = await lately.newest_survey(db)
            guide = await setup.look(app, db) if grants.everywhere("admin") else None
        titled = [(one, loads(one.text, one.key).title) for one in coming]
        return {
            "tasks": tasks(Waiting(counts, waiting[0].since if waiting else None, titled), grants, now),
            "coming": upcoming(titled),
            "sending": going(sends),
            "round": await this_round(key, now) if key else None,
            "guide": guide if guide and not guide.begun else None,
            "when": times.whole(now),
        }

    async def this_round(key: str, now: datetime) -> Round | None:
        async with app.database.read() as db:
            latest = await app.shelf.latest(db, key)
            if latest is None:
                return None
            counted = await lately.asked_and_replied(db, key)
            replies = await lately.first_replies(db, key, now - timedelta(days=DAYS))
        survey = latest[1]
        try:
            found = (await app.at_hand.find(key)).summary
        except NotYet:
            found = None
        question = next((one.texts[None][survey.source] for one in survey.questions if one.in_words), "")
        return running(key, survey.title[survey.source], question, counted, replies, found, now)

    @routes.get("/")
    async def today(request: Request) -> Response:
        return page(request, "home/today.html", section="home", **await shown(request))


def upcoming(titled: Sequence[tuple[Coming, str]]) -> list[Going]:
    """What goes out soon, or waits for somebody."""
    return [Going(f"/campaigns/{one.key}", title, one.next_at, one.state) for one, title in titled][:6]


def going(sends: Sequence[Sending]) -> list[Goes]:
    """What goes out just now."""
    return [
        Goes(f"/campaigns/{one.key}", loads(one.text, one.key).title, one.staged, one.expected)
        for one in sends
    ]
