"""Writing a campaign: one page of four parts, the same for a new one and for one that has not begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Row, select

from ....app import App
from ....at_hand import NotYet
from ....outreach import calendars, checks, control
from ....outreach.ask import RESPONDENTS
from ....outreach.campaign import Campaign, CampaignError
from ....outreach.campaign_file import LIBRARY, loads, starter
from ....outreach.checks import surveys
from ....outreach.control import Blocked, Refused
from ....outreach.public_holidays import public_holidays
from ....store.tables import campaigns, runs
from ...page import Page, wants_part
from ...tongue import say
from ...view import tongues
from . import composing, looking, reach, words
from .building import Builder
from .choices import Choices
from .conditions import Condition
from .drafting import ASK, Drafted, Form, Problem, asking, blank, entered, key_of, moved, one, opened, renamed

OPEN = ("draft", "awaiting", "scheduled", "paused")
"""States in which a campaign may still be written anew."""


STATES = ("source", "approved", "draft", "stale", "missing")


async def answers(request: Request) -> dict[str, list[str]]:
    """All that a form brings, by name."""
    found: dict[str, list[str]] = {}
    async with request.form() as form:
        for name, given in form.multi_items():
            if isinstance(given, str):
                found.setdefault(name, []).append(given)
    return found


async def editable(app: App, row: Row[Any]) -> bool:
    """Whether it may still be changed: it is not going out, and has not gone out for good."""
    if row.state not in OPEN:
        return False
    async with app.database.read() as db:
        theirs = (await db.execute(select(runs.c.state).where(runs.c.campaign_id == row.id))).scalars().all()
    if any(state in ("expanding", "sending") for state in theirs):
        return False
    return not (theirs and loads(row.text, row.key).when.kind in ("now", "at"))


def router(app: App, page: Page, choices: Choices) -> APIRouter:
    """The pages on which campaigns are written."""
    routes = APIRouter()
    writing = Writing(app, page, choices)

    @routes.get("/campaigns/new")
    async def new(request: Request, like: str = "", again: str = "") -> Response:
        base = await writing.base(request, like, again)
        return await writing.show(
            request, None, opened(base, reach.schools(request)), {}, like=like, again=again
        )

    @routes.post("/campaigns/new")
    async def created(request: Request) -> Response:
        form = await answers(request)
        base = await writing.base(request, one(form, "like"), one(form, "again"))
        return await writing.take(request, None, base, form)

    @routes.post("/campaigns/new/look")
    async def look_new(request: Request) -> Response:
        form = await answers(request)
        base = await writing.base(request, one(form, "like"), one(form, "again"))
        return await writing.look(request, None, base, form)

    @routes.get("/campaigns/{key}/edit")
    async def edit(request: Request, key: str) -> Response:
        row = await writing.row(request, key)
        if not await editable(app, row):
            return page.onward(
                f"/campaigns/{key}", say("This campaign has gone out and can no longer be changed.")
            )
        return await writing.show(request, row, opened(row.text, reach.schools(request)), {})

    @routes.post("/campaigns/{key}/edit")
    async def edited(request: Request, key: str) -> Response:
        row = await writing.row(request, key)
        return await writing.take(request, row, row.text, await answers(request))

    @routes.post("/campaigns/{key}/look")
    async def look(request: Request, key: str) -> Response:
        row = await writing.row(request, key)
        return await writing.look(request, row, row.text, await answers(request))

    return routes


class Writing:
    """Shows the page, and takes what it sends."""

    def __init__(self, app: App, page: Page, choices: Choices) -> None:
        self._app, self._page = app, page
        self._builder = Builder(app, choices)

    async def row(self, request: Request, key: str) -> Row[Any]:
        async with self._app.database.read() as db:
            return await reach.found(db, key, reach.schools(request))

    async def base(self, request: Request, like: str, again: str) -> str:
        """The file that a new campaign begins with: one of the library's, one that asks a survey (``ask:<key>``), an earlier
        one, or nearly nothing."""
        if again:
            return (await self.row(request, again)).text  # type: ignore[no-any-return]
        if like and not like.startswith(ASK):
            if like not in LIBRARY:
                raise HTTPException(404)
            return starter(like)
        async with self._app.database.read() as db:
            known = await calendars.load(db, self._app.settings.timezone, self._app.settings.country)
            asked = await self._app.shelf.latest(db, like.removeprefix(ASK)) if like else None
        if like and asked is None:
            raise HTTPException(404)
        tomorrow = self._app.clock().astimezone(known.other.zone).date() + timedelta(days=1)
        ahead = (tomorrow + timedelta(days=n) for n in range(14))
        day = next((day for day in ahead if day.weekday() < 5 and known.other.open_on(day)), tomorrow)
        at = datetime.combine(day, datetime.min.time().replace(hour=16, minute=30))
        if asked is None:
            return blank(at)
        return asking(asked[1], RESPONDENTS.get(asked[1].about.audience, "family"), at)

    async def take(self, request: Request, row: Row[Any] | None, base: str, form: Form) -> Response:
        """What was sent: looked at again, kept as a draft, or on its way."""
        go = one(form, "go", "look")
        form = moved(form)
        drafted = entered(base, form, reach.schools(request))
        if go not in ("save", "send", "test"):
            return await self.show(request, row, drafted, form)
        problems = [*drafted.problems, *_unfinished(drafted.who)]
        if row is not None and one(form, "changed") != row.changed_at.isoformat():
            problems.insert(
                0, Problem("title", say("Somebody else has saved this campaign meanwhile. Open it again."))
            )
        if problems or drafted.campaign is None:
            return await self.show(request, row, drafted, form, problems, 422)
        by = reach.session(request).member.email
        text = drafted.text if row is not None else await self._keyed(drafted)
        try:
            stands = await control.write(self._app, text, by)
            self._builder.forget()
            if go == "test":
                return self._page.onward(f"/campaigns/{stands.key}/test")
            if go == "save":
                return self._page.onward(
                    f"/campaigns/{stands.key}/edit", say("The draft is saved. Nothing is sent.")
                )
            return await self._sent(request, stands.key, drafted.campaign)
        except (Refused, CampaignError) as error:
            if row is None:
                async with self._app.database.read() as db:
                    row = await reach.found(db, loads(text, "campaign").key, reach.schools(request))
            else:
                row = await self.row(request, row.key)
            wrong = [Problem("check", each) for each in _each(error)[:8]]
            return await self.show(request, row, opened(row.text, reach.schools(request)), {}, wrong, 422)

    async def _sent(self, request: Request, key: str, campaign: Campaign) -> Response:
        session = reach.session(request)
        async with self._app.database.read() as db:
            meant = await reach.meaning(db, campaign.text)
        ask = not reach.may_decide(session.grants, meant)
        stands = await control.schedule(self._app, key, session.member.email, ask=ask)
        if stands.state == "awaiting":
            return self._page.onward(
                f"/campaigns/{key}", say("Asked for approval. Nothing is sent until then.")
            )
        return self._page.onward(f"/campaigns/{key}", say("The campaign is scheduled."))

    async def _keyed(self, drafted: Drafted) -> str:
        async with self._app.database.read() as db:
            taken = (await db.execute(select(campaigns.c.key))).scalars().all()
        title = drafted.campaign.title if drafted.campaign else ""
        return renamed(drafted.text, key_of(title, taken))

    async def look(self, request: Request, row: Row[Any] | None, base: str, form: Form) -> Response:
        """The parts of the page that follow what is being written."""
        form = moved(form)
        drafted = entered(base, form, reach.schools(request))
        shown = await self._shown(request, row, drafted, form, list(drafted.problems))
        if not wants_part(request):
            return await self.show(request, row, drafted, form)
        return HTMLResponse(self._page.part(request, "outreach/compose.html", "parts", **shown))

    async def show(
        self, request: Request, row: Row[Any] | None, drafted: Drafted, form: Form,
        problems: Sequence[Problem] = (), status: int = 200, like: str = "", again: str = "",
    ) -> Response:  # fmt: skip
        """The whole page."""
        found = list(problems) or list(drafted.problems)
        try:
            shown = await self._shown(request, row, drafted, form, found)
        except NotYet:
            return reach.counting(self._page, request)
        shown |= {
            "like": one(form, "like", like),
            "again": one(form, "again", again),
            "failed": status == 422,
        }
        if status != 422:  # looking is no attempt to send: what is still missing is not held against anybody
            shown["problems"] = [each for each in found if each.field == "filter"]
        return self._page(request, "outreach/compose.html", status, section="campaigns", **shown)

    async def _shown(
        self, request: Request, row: Row[Any] | None, drafted: Drafted, form: Form, problems: list[Problem]
    ) -> dict[str, Any]:
        app, now, session = self._app, self._app.clock(), reach.session(request)
        mine = reach.schools(request)
        campaign = (
            drafted.campaign or loads(row.text if row else drafted.text, "campaign")
            if row
            else drafted.campaign
        )
        if campaign is None:
            campaign = opened(await self.base(request, one(form, "like"), one(form, "again")), mine).campaign
        assert campaign is not None
        waits = request.method != "GET"  # what somebody has written is not put off
        found = await checks.look(app, campaign, now, quick=True, waits=waits)
        async with app.database.read() as db:
            known = await calendars.load(db, app.settings.timezone, app.settings.country)
            published = await surveys.published(db, app.shelf, campaign)
            meant = await reach.meaning(db, campaign.text)
            who = await self._builder.shown(db, drafted.who, mine)
            approvers = await reach.approvers(db, meant, session.member.email)
        tabs = composing.tabs(drafted, campaign, found, form, published)
        tag = one(form, "lang", campaign.source)
        tag = tag if tag in {tab.tag for tab in tabs} else campaign.source
        nth = int(one(form, "nth", "0")) if one(form, "nth", "0").isdigit() else 0
        nth += one(form, "go") == "next"
        names = reach.sees_people(session.grants, meant)
        seen = await composing.seen(app, campaign, found, tag, nth, names=names, published=published)
        calendar = known.of(_school(drafted.who))
        lasts = timedelta(
            seconds=sum(sends for _, sends in found.tally.load.values()) / (app.settings.sms_rate or 1e9)
        )
        whole = looking.looked(found, campaign)
        at = campaign.when.at if campaign.when.kind == "at" else None
        day = (at or now.astimezone(calendar.zone)).date()
        bar = composing.hours_bar(
            campaign, calendar, at, lasts, now, public_holidays(calendar.holidays, day.year).get(day, "")
        )
        text = next((area.value for tab in tabs if tab.tag == tag for area in tab.areas), "")
        return {
            "row": row, "base": f"/campaigns/{row.key}" if row else "/campaigns/new",
            "title": one(form, "title", campaign.title if row or "title" in form else _title(campaign, row)),
            "campaign": campaign, "tabs": tabs, "tag": tag, "seen": seen, "nth": nth, "names": names,
            "size": looking.size(found, tag), "tongue": tongues.name(tag), "source": tongues.name(campaign.source),
            "verdicts": looking.checks(found, tag, text) if drafted.campaign else [], "looked": whole,
            "unread": [] if drafted.campaign else problems, "who": who, "filter": campaign.audience,
            "typed": one(form, "filter") if any(each.field == "filter" for each in problems) else "",
            "when": composing.when(campaign, form, now, known), "bar": bar, "lasts": lasts,
            "zone": calendar.timezone, "dates": _dates(known), "problems": problems,
            "asks": not reach.may_decide(session.grants, meant) or whole.sum.going > app.settings.approve_above,
            "approvers": approvers, "untranslated": one(form, "untranslated", campaign.untranslated),
            "waiting": sum(line.waiting for line in whole.lines), "like": one(form, "like"), "again": one(form, "again"),
            "go": one(form, "go"), "dollars": words.dollars, "said_when": words.when(campaign),
            "minutes": words.lasting(lasts), "states": {name: words.language_state(name) for name in STATES},
        }  # fmt: skip


def _title(campaign: Campaign, row: Row[Any] | None) -> str:
    return "" if campaign.key == "new-campaign" and row is None else campaign.title


def _school(who: Sequence[Condition]) -> str | None:
    """The one school that an audience is of; None for several, or any."""
    for one_ in who:
        if one_.kind == "school" and not one_.opposite and len(one_.values) == 1:
            return one_.values[0]
    return None


def _dates(known: calendars.Calendars) -> list[str]:
    every = [known.other, *known.named.values()]
    return sorted({name for each in every for name in each.dates})


def _unfinished(who: Sequence[Condition]) -> list[Problem]:
    text = say("Finish this condition, or take it away.")
    return [Problem(f"who.{number}", text) for number, each in enumerate(who) if not each.complete]


def _each(error: Exception) -> list[str]:
    """What is wrong, one thing after the other."""
    if isinstance(error, Blocked):
        return [say("The campaign cannot go out like this:"), *map(words.found, error.findings)]
    return list(error.complaints) if isinstance(error, CampaignError) else [str(error)]
