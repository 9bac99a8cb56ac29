"""One campaign: what will go, who approves it, how it goes, the account of everybody, and what can be done with it."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy import Row

from ....app import App
from ....at_hand import NotYet
from ....outreach import accounting, audience, calendars, checks, control, journal
from ....outreach.accounting import STATES
from ....outreach.audience import AudienceError
from ....outreach.campaign_file import loads
from ....outreach.control import Refused
from ....outreach.replies import replies
from ....outreach.standing import standing_of
from ....store.staff import Session
from ... import accountwords
from ...api import roll
from ...downloads import Kind, table
from ...live import stream
from ...page import Page
from ...times import clock
from ...tongue import say
from ...view import tongues
from . import account, looking, reach, words
from .building import clause
from .compose import answers, editable
from .conditions import of_text
from .drafting import one
from .failures import failure

REPLIES = 5
MOVES = ("approve", "return", "pause", "resume", "stop", "trigger")


def router(app: App, page: Page) -> APIRouter:
    """The page of one campaign."""
    routes = APIRouter()
    shows = Shows(app, page)

    @routes.get("/campaigns/{key}")
    async def shown(request: Request, key: str) -> Response:
        return await shows.page(request, await shows.row(request, key))

    @routes.get("/campaigns/{key}/live")
    async def live(request: Request, key: str) -> Response:
        row = await shows.row(request, key)
        cookie = "__Host-openline" if app.settings.public_url.startswith("https://") else "openline"

        async def part() -> str:
            return page.part(request, "outreach/campaign.html", "now", **await shows.now(request, row.key))

        return stream(app, request, part, token=request.cookies.get(cookie, ""), every=3.0)

    @routes.post("/campaigns/{key}/{move}")
    async def moved(request: Request, key: str, move: str) -> Response:
        row = await shows.row(request, key)
        if move not in MOVES:
            raise HTTPException(404)
        return await shows.move(request, row, move, await answers(request))

    @routes.get("/campaigns/{key}/report.{kind}")
    async def downloaded(request: Request, key: str, kind: Literal["csv", "xlsx"]) -> Response:
        row = await shows.row(request, key)
        async with app.database.read() as db:
            found = await accounting.report(db, row.id)
        rows = [
            (
                accountwords.group(line.group),
                accountwords.reason(line.state),
                line.people,
                round(line.share, 4),
                accountwords.onward(line.state),
            )
            for line in found.lines
        ]
        rows.append((say("All"), "", found.total, 1.0 if found.total else 0.0, ""))
        heads = [say("Group"), say("State"), say("People"), say("Share"), say("What happens next")]
        return table(f"{key}-account", heads, rows, kind)

    @routes.get("/campaigns/{key}/account")
    async def listed(request: Request, key: str, state: str = "failed", after: str = "") -> Response:
        row, mine = await shows.people(request, key, state)
        place = roll.read(after) if len(after) == 46 else None
        async with app.database.read() as db:
            stopped = row.state == "stopped"
            found = await account.people_in(db, row.id, state, mine, place, account.PAGE + 1, stopped=stopped)
        rows = found[: account.PAGE]
        last = rows[-1] if len(found) > account.PAGE else None
        onward = roll.written((last.run_id, last.step, last.person_id)) if last is not None else ""
        return page(
            request, "outreach/account.html", section="campaigns", row=row, title=loads(row.text, key).title,
            state=state, said=accountwords.reason(state), next=accountwords.onward(state), people=rows, onward=onward, first=not after,
            tongue=tongues.name, failure=failure,
        )  # fmt: skip

    @routes.get("/campaigns/{key}/account.{kind}")
    async def people(request: Request, key: str, kind: Kind, state: str = "failed") -> Response:
        row, mine = await shows.people(request, key, state)
        async with app.database.read() as db:
            found = await account.people_in(
                db, row.id, state, mine, None, 50_000, stopped=row.state == "stopped"
            )
        rows = [
            (
                one.name or "",
                one.school or "",
                tongues.name(one.language),
                say(failure(one.why or "")) if one.why else "",
                one.sent_at,
            )
            for one in found
        ]
        heads = [say("Name"), say("School"), say("Language"), say("Reason"), say("Sent")]
        return table(f"{key}-{state.replace(' ', '-')}", heads, rows, kind)

    return routes


class Shows:
    """Shows one campaign, and does what its buttons say."""

    def __init__(self, app: App, page: Page) -> None:
        self._app, self._page = app, page

    async def row(self, request: Request, key: str) -> Row[Any]:
        async with self._app.database.read() as db:
            return await reach.found(db, key, reach.schools(request))

    async def people(self, request: Request, key: str, state: str) -> tuple[Row[Any], reach.Schools]:
        """The campaign, and whose names the reader may see: 403 for those who may see nobody's."""
        mine = reach.session(request).grants.reach("staff")
        if mine is not None and not mine:
            raise HTTPException(403)
        if state not in STATES:
            raise HTTPException(404)
        return await self.row(request, key), mine

    async def now(self, request: Request, key: str) -> dict[str, Any]:
        """What changes by itself while a campaign goes out."""
        app = self._app
        async with app.database.read() as db:
            row = await reach.found(db, key, reach.schools(request))
            stands = await standing_of(db, row)
            found = await accounting.report(db, row.id)
            told = await journal.told(db, row.id)
            names = await reach.names(db, (one.by for one in told))
        shown = account.account(found)
        going = row.state == "scheduled" and any(run.state in ("expanding", "sending") for run in stands.runs)
        state = "sending" if going else row.state
        happened = [
            {"at": one.at, "said": words.event(one.event, names.get(one.by or "", one.by or "")),
             "detail": words.why(one.event, one.detail or "")}
            for one in reversed(told[-12:])
        ]  # fmt: skip
        grants = reach.session(request).grants
        return {
            "row": row, "state": state, "said": words.state(state), "account": shown, "runs": stands.runs,
            "happened": happened, "as_of": clock(app.clock()), "going": going, "dollars": words.dollars,
            "lists": grants.reach("staff") is None or bool(grants.reach("staff")), "reason": words.kept(row.reason or ""),
        }  # fmt: skip

    async def page(self, request: Request, row: Row[Any], problem: str = "", status: int = 200) -> Response:
        """The whole page: before anything has gone what will go, afterwards how it went."""
        app, session = self._app, reach.session(request)
        campaign = loads(row.text, row.key)
        shown = await self.now(request, row.key)
        async with app.database.read() as db:
            meant = await reach.meaning(db, row.text)
            approvers = await reach.approvers(db, meant, row.written_by)
            names = await reach.names(db, [row.written_by, row.approved_by])
            heard = await replies(db, row.id) if shown["runs"] else []
        mine = session.grants.reach("staff")
        theirs = [one for one in heard if mine is None or (one.school in mine)]
        author = (row.written_by or "").casefold() == session.member.email.casefold()
        before = not shown["runs"] or row.state == "awaiting"
        waits = request.method != "GET"
        try:
            found = await checks.look(app, campaign, app.clock(), quick=True, waits=waits) if before else None
        except NotYet:
            return reach.counting(self._page, request)
        shown |= {
            "campaign": campaign, "title": campaign.title, "when": words.when(campaign), "before": before,
            "looked": looking.looked(found, campaign) if found else None, "texts": self._texts(found),
            "who": self._who(campaign.audience), "author": author, "names": names, "approvers": approvers,
            "may_approve": row.state == "awaiting" and not author and reach.may_decide(session.grants, meant),
            "decides": reach.may_decide(session.grants, meant), "sees": reach.sees_people(session.grants, meant),
            "resumes": row.state == "paused" and await self._resumes(row, session, meant), "editable": await editable(app, row), "problem": problem,
            "replies": theirs[:REPLIES] if mine is None or mine else [], "heard": len(heard),
            "states": {name: words.language_state(name) for name in ("source", "approved", "draft", "stale", "missing")},
        }  # fmt: skip
        return self._page(request, "outreach/campaign.html", status, section="campaigns", **shown)

    def _texts(self, found: checks.Checked | None) -> list[dict[str, Any]]:
        """Every text that goes out, by step, wording and language, with one family's words in it."""
        every = found.tally.rows.items() if found else ()
        rows = sorted(every, key=lambda one: (*one[0][:2], -one[1].people - one[1].waiting))
        return [
            {"step": step + 1, "variant": variant.upper(), "tag": tag, "name": tongues.name(tag), "people": row.people,
             "waiting": row.waiting, "text": row.longest}
            for (step, variant, tag), row in rows
            if row.people or row.waiting
        ]  # fmt: skip

    def _who(self, text: str) -> list[str]:
        try:
            return [clause(each) for each in of_text(text)]
        except AudienceError:
            return [text]

    async def _resumes(self, row: Row[Any], session: Session, meant: audience.Expression | None) -> bool:
        """Whether they may let it go on: whoever may decide, and whoever has paused it."""
        if reach.may_decide(session.grants, meant):
            return True
        async with self._app.database.read() as db:
            told = await journal.told(db, row.id)
        last = next((one for one in reversed(told) if one.event == "paused"), None)
        return last is not None and (last.by or "").casefold() == session.member.email.casefold()

    async def move(self, request: Request, row: Row[Any], move: str, form: dict[str, list[str]]) -> Response:
        """Do it, and say so; what cannot be done is said on the page."""
        app, session = self._app, reach.session(request)
        by, key, here = session.member.email, row.key, f"/campaigns/{row.key}"
        async with app.database.read() as db:
            meant = await reach.meaning(db, row.text)
        # Whoever may decide may let it go out; everybody of this room may hold it, and take back that they did.
        if move in ("approve", "return", "trigger") and not reach.may_decide(session.grants, meant):
            raise HTTPException(403)
        if move == "resume" and not await self._resumes(row, session, meant):
            raise HTTPException(403)
        try:
            if move == "approve":
                if one(form, "changed") != row.changed_at.isoformat():
                    raise Refused(say("It was changed while you read it. Read it again."))
                await control.approve(app, key, by)
                return self._page.onward(here, say("You have approved it. It goes out when its time comes."))
            if move == "return":
                if not one(form, "why"):
                    raise Refused(say("Say what has to change, so that they can mend it."))
                await control.send_back(app, key, by, one(form, "why"))
                return self._page.onward(here, say("Sent back with your note. Nothing is sent."))
            if move == "pause":
                await control.pause(app, key, by, one(form, "why")[:200])
                return self._page.onward(
                    here, say("Paused. Nothing more goes out until somebody lets it go on."), f"{here}/resume"
                )
            if move == "resume":
                await control.resume(app, key, by)
                return self._page.onward(
                    here, say("It goes on. Nobody gets a message twice."), f"{here}/pause"
                )
            if move == "stop":
                await control.stop(app, key, by)
                return self._page.onward(here, say("Stopped for good. Whoever still waited gets nothing."))
            async with app.database.read() as db:
                known = await calendars.load(db, app.settings.timezone, app.settings.country)
            occasion = app.clock().astimezone(known.other.zone).strftime("%Y-%m-%dT%H:%M")
            await control.trigger(app, key, by, occasion)
            return self._page.onward(here, say("Sending begins."))
        except Refused as error:
            return await self.page(request, await self.row(request, key), str(error), 422)
