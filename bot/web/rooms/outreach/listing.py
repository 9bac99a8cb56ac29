"""The list of campaigns: what runs, what waits for somebody, what comes, what is being written, what has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import Row, Select, select

from ....app import App
from ....outreach.campaign import CampaignError
from ....outreach.campaign_file import LIBRARY, loads, starter
from ....store.tables import campaigns, runs
from ...page import Page
from ...tongue import say
from ...view import tongues
from . import reach, words

PAGE = 50
MOST = 400
"""Campaigns that have not ended: more than these are not looked through for one page."""
ENDED = ("finished", "stopped")


@dataclass(frozen=True, slots=True)
class Item:
    """One campaign in the list, and what is to be done with it next."""

    key: str
    title: str
    state: str
    said: str
    when: str
    next_at: datetime | None
    reason: str
    by: str
    sent: int
    expected: int
    action: str
    href: str


@dataclass(frozen=True, slots=True)
class Part:
    """One heading of the list."""

    key: str
    title: str
    items: Sequence[Item]


def item(row: Row[Any], run: Row[Any] | None, names: dict[str, str], email: str) -> Item:
    """A row of the list."""
    try:
        campaign = loads(row.text, row.key)
        title, when = campaign.title, words.when(campaign)
    except CampaignError:
        title, when = row.key, ""
    going = row.state == "scheduled" and run is not None and run.state in ("expanding", "sending")
    state = "sending" if going else row.state
    mine = (row.written_by or "").casefold() == email.casefold()
    action, to = {
        "draft": (say("Go on writing"), "/edit"),
        "awaiting": (say("See it") if mine else say("Read and approve"), ""),
        "scheduled": (say("See it"), ""),
        "sending": (say("Watch the sending"), ""),
        "paused": (say("Go on or stop"), ""),
    }.get(state, (say("See the account"), ""))
    return Item(
        row.key, title, state, words.state(state), when, row.next_at,
        words.kept(row.reason or "") if state in ("paused", "draft") else "", names.get(row.written_by or "", ""),
        run.staged if run else 0, run.expected if run else 0, action, f"/campaigns/{row.key}{to}",
    )  # fmt: skip


def router(app: App, page: Page) -> APIRouter:
    """The list, and the patterns to start from."""
    routes = APIRouter()

    @routes.get("/campaigns")
    async def listed(request: Request) -> Response:
        mine, session = reach.schools(request), reach.session(request)
        asked = request.query_params.get("page", "1")
        at = max(1, min(int(asked), 10_000)) if asked.isdecimal() else 1
        async with app.database.read() as db:
            open_ = (
                await db.execute(
                    select(campaigns)
                    .where(campaigns.c.state.not_in(ENDED))
                    .order_by(campaigns.c.id.desc())
                    .limit(MOST)
                )
            ).all()
            ended = (
                await db.execute(
                    select(campaigns).where(campaigns.c.state.in_(ENDED)).order_by(campaigns.c.changed_at.desc())
                    .offset((at - 1) * PAGE).limit(PAGE + 1)
                )
            ).all()  # fmt: skip
            kept = await reach.seen(db, [*open_, *ended], mine)
            rows = [row for row in [*open_, *ended[:PAGE]] if row.id in kept]
            ids = [row.id for row in rows]
            theirs = {row.campaign_id: row for row in await db.execute(_newest(ids))}
            names = dict(await reach.names(db, (row.written_by for row in rows)))
        items = [item(row, theirs.get(row.id), names, session.member.email) for row in rows]
        return page(
            request, "outreach/campaigns.html", section="campaigns", parts=_parts(items), page_now=at,
            more=len(ended) > PAGE, empty=not items,
        )  # fmt: skip

    @routes.get("/campaigns/library")
    async def library(request: Request) -> Response:
        patterns = [loads(starter(kind), kind) for kind in LIBRARY]
        shown = [
            {"key": kind, "title": one.title, "when": words.when(one), "about": about(kind),
             "languages": words.beside(tongues.name(tag) for tag in one.languages),
             "text": next((step.said("").get("en", "") for step in one.steps if step.texts), "")}
            for kind, one in zip(LIBRARY, patterns, strict=True)
        ]  # fmt: skip
        return page(request, "outreach/library.html", section="campaigns", patterns=shown)

    return routes


def _newest(ids: Sequence[UUID]) -> Select[Any]:
    """The last run of each of these campaigns."""
    later = runs.alias("later")
    after = (
        select(later.c.id).where(later.c.campaign_id == runs.c.campaign_id, later.c.id > runs.c.id).exists()
    )
    return select(runs).where(runs.c.campaign_id.in_(ids), ~after)


def _parts(items: Sequence[Item]) -> list[Part]:
    heads = {
        "sending": say("Sending now"),
        "paused": say("Paused"),
        "awaiting": say("Waits for approval"),
        "scheduled": say("Scheduled"),
        "draft": say("Drafts"),
        "ended": say("Ended"),
    }
    found = []
    for key, title in heads.items():
        mine = [one for one in items if (one.state in ENDED if key == "ended" else one.state == key)]
        if key == "scheduled":
            mine.sort(key=lambda one: (one.next_at is None, one.next_at))
        if mine:
            found.append(Part(key, title, mine))
    return found


def about(kind: str) -> str:
    """What a pattern of the library is for."""
    return {
        "check-in": say(
            "One friendly question, and two days later a short survey for those who have not replied."
        ),
        "good-news": say("One sentence of good news from a teacher, with the next step in it."),
        "missed-you": say("The day after an absence: we missed you, and one line of real help. Never blame."),
        "on-time-thanks": say("Thanks for a week at school, with one idea that families can use."),
        "term-begins": say("A week before term: which day it begins, and what to do now."),
        "you-said-we-did": say(
            "What families told you, and what has changed since. Sent to those who answered."
        ),
    }.get(kind, "")
