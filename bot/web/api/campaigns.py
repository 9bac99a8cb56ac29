"""Campaigns: written, looked over, sent, stopped, and every person accounted for."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Header, Query, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from ...app import App
from ...outreach import accounting, checks, control, journal
from ...outreach.campaign_file import loads
from . import document, roll
from .accounts import Checked, Event, Log, Recipients, Report
from .door import Bearer, needing
from .problems import documented
from .shapes import LINE, Campaigns, Key, Occasion, Standing, To, Why, WithFile

Round = Annotated[
    str | None,
    Query(max_length=40, pattern=LINE, description="Only the round of this occasion; default: all rounds."),
]
Repeat = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=40,
        pattern=r"^[\x21-\x7e]*$",
        description="Any name of yours for this request. All requests here may be repeated; for a trigger without "
        "an occasion it is the occasion.",
    ),
]
THERE = documented("not-found", "invalid")
BODY = documented("unreadable", "too-large")
MOVES = documented("not-found", "refused", "campaign", "audience", "invalid")


def router(app: App) -> APIRouter:
    """Everything under /campaigns."""
    routes = APIRouter(prefix="/campaigns", tags=["campaigns"])

    @routes.get("", summary="All campaigns")
    async def list_campaigns(by: Bearer = needing("campaigns:read")) -> Campaigns:
        return Campaigns(campaigns=[Standing.model_validate(each) for each in await control.listed(app)])

    @routes.put(
        "/{key}",
        summary="Write a campaign, or change one that has not begun",
        openapi_extra=document.BODY,
        responses=MOVES | BODY | documented("content-type"),
    )
    async def put_campaign(key: Key, request: Request, by: Bearer = needing("campaigns:write")) -> Standing:
        """An approval is for the text that was approved: a change takes it away."""
        text = await document.read(request, key)
        return Standing.model_validate(await control.write(app, text, by.email))

    @routes.get("/{key}", summary="How a campaign stands, and its file", responses=THERE)
    async def get_campaign(key: Key, by: Bearer = needing("campaigns:read")) -> WithFile:
        return WithFile.model_validate(await control.standing(app, key))

    @routes.get(
        "/{key}/check",
        summary="What the checks before sending find, with counts and costs by language",
        responses=THERE | documented("audience"),
    )
    async def check_campaign(key: Key, by: Bearer = needing("campaigns:read")) -> Checked:
        """Everyone in the audience is looked at: for a large one it takes a while. Nothing is written or sent."""
        campaign = loads((await control.standing(app, key)).text, key)
        checked = Checked.model_validate((await checks.look(app, campaign, app.clock())).to_json())
        return checked if "people:read" in by.scopes else checked.nameless()

    @routes.post("/{key}/schedule", summary="Check it, and send it when its time comes", responses=MOVES)
    async def schedule_campaign(
        key: Key, by: Bearer = needing("campaigns:send"), repeat: Repeat = None
    ) -> Standing:
        """A large audience makes it `awaiting`: a second person has to approve it."""
        return Standing.model_validate(await control.schedule(app, key, by.email))

    @routes.post("/{key}/approve", summary="Approve it, as another person than who wrote it", responses=MOVES)
    async def approve_campaign(
        key: Key, by: Bearer = needing("campaigns:send"), repeat: Repeat = None
    ) -> Standing:
        """The person is the one whose account the token was made for."""
        return Standing.model_validate(await control.approve(app, key, by.email))

    @routes.post("/{key}/pause", summary="Send nothing more for now", responses=MOVES | BODY)
    async def pause_campaign(
        key: Key,
        why: Annotated[Why | None, Body()] = None,
        by: Bearer = needing("campaigns:stop"),
        repeat: Repeat = None,
    ) -> Standing:
        reason = why.reason if why else ""
        return Standing.model_validate(await control.pause(app, key, by.email, reason))

    @routes.post("/{key}/resume", summary="Go on sending", responses=MOVES)
    async def resume_campaign(
        key: Key, by: Bearer = needing("campaigns:send"), repeat: Repeat = None
    ) -> Standing:
        return Standing.model_validate(await control.resume(app, key, by.email))

    @routes.post("/{key}/stop", summary="Send nothing more, ever", responses=MOVES)
    async def stop_campaign(
        key: Key, by: Bearer = needing("campaigns:stop"), repeat: Repeat = None
    ) -> Standing:
        """What has gone out has gone out. A second stop changes nothing."""
        return Standing.model_validate(await control.stop(app, key, by.email))

    @routes.post(
        "/{key}/test",
        summary="Send its texts to your own phone",
        status_code=204,
        responses=MOVES | BODY,
    )
    async def test_campaign(
        key: Key, to: To, by: Bearer = needing("campaigns:send"), repeat: Repeat = None
    ) -> None:
        """With made-up names, and counted nowhere. Each request sends every text once more."""
        await control.test(app, key, (to.channel, to.address), to.language, by.email)

    @routes.post(
        "/{key}/trigger", summary="Begin a round of a campaign that waits for it", responses=MOVES | BODY
    )
    async def trigger_campaign(
        key: Key,
        about: Annotated[Occasion | None, Body()] = None,
        by: Bearer = needing("campaigns:send"),
        repeat: Repeat = None,
    ) -> Standing:
        """It goes out once for each occasion: a second trigger of the same changes nothing."""
        occasion = (about.occasion if about else None) or repeat or f"{app.clock():%Y-%m-%dT%H:%M:%SZ}"
        return Standing.model_validate(await control.trigger(app, key, by.email, occasion))

    @routes.get("/{key}/report", summary="Where everyone has ended", responses=THERE)
    async def report_campaign(
        key: Key, occasion: Round = None, by: Bearer = needing("campaigns:read")
    ) -> Report:
        async with app.database.read() as db:
            campaign_id, run_id, _ = await _wanted(db, key, occasion)
            found = await accounting.report(db, campaign_id, run_id)
        return Report.model_validate(found.to_json())

    @routes.get("/{key}/recipients", summary="Who is among the recipients, page by page", responses=THERE)
    async def list_recipients(
        key: Key,
        occasion: Round = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
        after: Annotated[
            str | None, Query(pattern=roll.WRITTEN, description="The `next` of the page before.")
        ] = None,
        by: Bearer = needing("campaigns:read"),
    ) -> Recipients:
        """Nobody's words, name or number is in it."""
        place = roll.read(after) if after else None
        async with app.database.read() as db:
            campaign_id, run_id, stopped = await _wanted(db, key, occasion)
            found, onward = await roll.page(db, campaign_id, run_id, place, limit, stopped=stopped)
        return Recipients(recipients=found, next=roll.written(onward) if onward else None)

    @routes.get("/{key}/log", summary="What was done with it, the newest first", responses=THERE)
    async def log_campaign(
        key: Key,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
        by: Bearer = needing("campaigns:read"),
    ) -> Log:
        async with app.database.read() as db:
            campaign_id, _, _ = await _wanted(db, key, None)
            told = await journal.told(db, campaign_id)
        return Log(events=[Event.model_validate(each) for each in reversed(told[-limit:])])

    async def _wanted(db: AsyncConnection, key: str, occasion: str | None) -> tuple[UUID, UUID | None, bool]:
        """A campaign's id, that of its round, and whether it was stopped."""
        campaign_id = await control.find(db, key)
        run_id = await roll.run(db, campaign_id, occasion) if occasion is not None else None
        return campaign_id, run_id, await roll.stopped(db, campaign_id)

    return routes
