"""The first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....at_hand import NotYet
from ....dialogue.listing import Wanted, listed
from ....outreach.campaign_file import loads
from ....roles import Grants
from ....store import lately
from ....store.lately import Coming, Sending
from ... import times
from ...page import Page
from ..outreach.reach import keys_seen
from . import setup
from .running import DAYS, Round, running
from .tasks import Waiting, tasks

SOON = timedelta(days=14)
MOST = 200
"""So many campaigns are looked through for those of somebody's schools."""


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
            coming, sends = await _campaigns(db, grants, now + SOON)
            theirs = Wanted(reach=grants.reach("staff"))
            waiting, _ = (
                await listed(db, theirs, order="longest", limit=1) if badges.get("inbox") else ([], None)
            )
            counts = badges | {
                "duties": await lately.duties_open(db, grants.reach("organizer", "staff")),
                "statements": await lately.statements_open(db),
            }
            key = await lately.newest_survey(db)
            guide = await setup.look(app, db) if grants.everywhere("admin") else None
        titled = [(one, loads(one.text, one.key).title) for one in coming]
        return {
            "tasks": tasks(Waiting(counts, waiting[0].since if waiting else None, titled), grants, now),
            "coming": upcoming(titled),
            "sending": going(sends),
            "round": await this_round(key, now, live=grants.schools is None) if key else None,
            "counting": key is not None,
            "guide": guide if guide and not guide.begun else None,
            "when": times.whole(now),
        }

    async def counted(key: str) -> tuple[tuple[int, int], list[tuple[datetime, int]]]:
        async with app.database.read() as db:
            since = app.clock() - timedelta(days=DAYS)
            return await lately.asked_and_replied(db, key), await lately.first_replies(db, key, since)

    async def this_round(key: str, now: datetime, *, live: bool) -> Round | None:
        """The round, counted just now for whoever has a role at all schools. Others see what is published, in the same steps as
        on the page of findings: by what they know of their own school, a live count would tell them of the others."""
        async with app.database.read() as db:
            latest = await app.shelf.latest(db, key)
        if latest is None:
            return None
        try:
            numbers, replies = (await app.at_hand.last(("home", key), lambda: counted(key))).value
        except NotYet:
            return None
        try:
            found = (await app.at_hand.find(key)).summary
        except NotYet:
            found = None
        if not live:
            if found is None or not found.asked:
                return None
            numbers, replies = (found.asked, found.answered), []
        survey = latest[1]
        question = next((one.texts[None][survey.source] for one in survey.questions if one.in_words), "")
        return running(
            key, survey.title[survey.source], question, survey.source, numbers, replies, found, now
        )

    @routes.get("/")
    async def today(request: Request) -> Response:
        return page(request, "home/today.html", section="home", **await shown(request))


async def _campaigns(
    db: AsyncConnection, grants: Grants, until: datetime
) -> tuple[list[Coming], list[Sending]]:
    """What comes and what goes out just now, of the campaigns that this person may see."""
    if not grants.may("organizer", "staff"):
        return [], []
    mine = grants.reach("organizer", "staff")
    if mine is None:
        return await lately.coming(db, until), await lately.sending(db)
    coming, sends = await lately.coming(db, until, MOST), await lately.sending(db, MOST)
    keys = {one.key for one in coming} | {one.key for one in sends}
    kept = await keys_seen(db, keys, mine)
    return [one for one in coming if one.key in kept], [one for one in sends if one.key in kept]


def upcoming(titled: Sequence[tuple[Coming, str]]) -> list[Going]:
    """What goes out soon, or waits for somebody."""
    return [Going(f"/campaigns/{one.key}", title, one.next_at, one.state) for one, title in titled][:6]


def going(sends: Sequence[Sending]) -> list[Goes]:
    """What goes out just now."""
    return [
        Goes(f"/campaigns/{one.key}", loads(one.text, one.key).title, one.staged, one.expected)
        for one in sends
    ]
