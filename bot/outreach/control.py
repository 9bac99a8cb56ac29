"""What people may do with a campaign: write, schedule, approve, pause, resume, stop, try it on themselves.

draft → scheduled → finished          (a small one)
draft → awaiting → scheduled          (above a size that is a setting: a second person approves)
scheduled ⇄ paused                    (by a person, or by itself when too much fails)
any of them → stopped
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

import survey_flows
from survey_flows import Survey
from survey_flows.told import lines, told

from ..app import App
from ..store.tables import campaigns, runs
from . import audience, checks, reasons
from . import calendars as calendars_
from .beginning import among, count, needs_approval, start
from .calendars import Calendars
from .campaign import Campaign
from .campaign_file import loads
from .ending import ACTIVE
from .ending import pause as pause_
from .journal import audited, did
from .occasions import Next, next_of
from .putting_back import put_back
from .standing import Refused, RunStanding, Standing, find, listed, row_of, standing, standing_of
from .trying import test

__all__ = ["Blocked", "Refused", "RunStanding", "Standing", "approve", "find", "listed", "pause", "resume", "schedule", "send_back",
           "standing", "stop", "test", "trigger", "write"]  # fmt: skip

FINAL = ("finished", "stopped")


class Blocked(Refused):
    """It is not sent so: ``findings`` are all that blocks it."""

    def __init__(self, key: str, findings: tuple[checks.Finding, ...]) -> None:
        indented = "  {finding}"
        below = (told(indented, finding=str(one)) for one in findings)
        super().__init__(lines((told("{key} cannot go out so:", key=key), *below)))
        self.findings = findings


async def write(app: App, text: str, by: str | None) -> Standing:
    """Enter a campaign, or another wording of one that has not begun. Raises CampaignError and Refused."""
    campaign, now = loads(text, "the campaign"), app.clock()
    async with app.database.begin() as db:
        row = await row_of(db, campaign.key, lock=True, missing=True)
        if row is None:
            row_id = app.new_id()
            await db.execute(
                insert(campaigns).values(
                    id=row_id, key=campaign.key, text=text, state="draft", written_by=by,
                    created_at=now, changed_at=now,
                )
            )  # fmt: skip
        else:
            row_id = row.id
            if row.text == text and row.state not in FINAL:
                return await standing_of(db, row)
            await _may_edit(db, row)
            await db.execute(
                update(campaigns)
                .where(campaigns.c.id == row.id)
                .values(
                    text=text, state="draft", written_by=by, reason=None, next_at=None, next_occasion=None,
                    changed_at=now,
                )
            )  # fmt: skip
        await did(db, (row_id, campaign.key), "written", now, app.new_id, by)
    return await standing(app, campaign.key)


async def schedule(app: App, key: str, by: str | None, *, ask: bool = False) -> Standing:
    """Let it go out when its time comes; above the setting's size, or where ``ask`` is said, a second person has to approve it.

    Raises LookupError, and Refused with all that blocks it.
    """
    now = app.clock()
    async with app.database.read() as db:
        row = await row_of(db, key)
        calendars = await _calendars(app, db)
    if row.state != "draft":
        if row.state in ("scheduled", "awaiting"):
            return await standing(app, key)
        raise Refused(_how(key, row.state))
    campaign = loads(row.text, key)
    checked = await checks.look(app, campaign, now)
    if checked.blocks:
        raise Blocked(key, checked.blocks)
    following = next_of(campaign, calendars, now)
    if (following is None and campaign.when.kind != "trigger") or _past(campaign, following, now):
        raise Refused(told("{key} has no time that is still to come. Mend `when` in its file.", key=key))
    async with app.database.begin() as db:
        row = await row_of(db, key, lock=True)
        for survey in _surveys(campaign):
            if await app.shelf.latest(db, survey.key) is not None:
                continue  # what staff have published under that name, with their approvals, stays what is asked
            await app.shelf.publish(db, survey, now, app.new_id)
        meant = await audience.resolve(db, campaign.audience)
        size = await _size(db, meant, calendars, now)
        digest = campaign.meant(meant.text)
        waits = needs_approval(row, digest, size, app.settings.approve_above)
        waits = waits or (ask and row.approved_digest != digest)
        why = reasons.made(reasons.LARGE, n=size) if waits else None
        await _set(
            db, row.id, now, state="awaiting" if waits else "scheduled", reason=why,
            next_at=following.at if following else None,
            next_occasion=following.occasion if following else None,
        )  # fmt: skip
        await did(db, (row.id, key), "scheduled", now, app.new_id, by, why, people=size)
        await app.database.rouse(db)
    return await standing(app, key)


async def approve(app: App, key: str, by: str) -> Standing:
    """A second person has read it. Raises Refused for whoever wrote it, and where there is nothing to approve."""
    now = app.clock()
    async with app.database.begin() as db:
        row = await row_of(db, key, lock=True)
        if row.state == "scheduled" and row.approved_by == by:
            return await standing_of(db, row)
        if row.state != "awaiting":
            raise Refused(
                told("{key} is {state}: there is nothing to approve.", key=key, state=_state(row.state))
            )
        if row.written_by is not None and row.written_by.casefold() == by.casefold():
            raise Refused(told("{key} was written by you. Have somebody else read and approve it.", key=key))
        campaign, calendars = loads(row.text, key), await _calendars(app, db)
        meant = await audience.resolve(db, campaign.audience)
        size = await _size(db, meant, calendars, now)
        if campaign.when.kind == "at" and row.next_at is not None and row.next_at + campaign.try_for <= now:
            raise Refused(
                told("{key} was to go out at a time that is over. Mend `when` in its file.", key=key)
            )
        await _set(
            db, row.id, now, **_at_once(row, campaign, now), state="scheduled", reason=None,
            approved_by=by, approved_digest=campaign.meant(meant.text), approved_size=size,
        )  # fmt: skip
        await did(db, (row.id, key), "approved", now, app.new_id, by, f"{size} people", people=size)
        await app.database.rouse(db)
    return await standing(app, key)


async def send_back(app: App, key: str, by: str, why: str) -> Standing:
    """A second person has read it, and it is not to go out so: it is a draft again, with what they said of it.

    Raises LookupError, and Refused where nothing waits for approval.
    """
    now = app.clock()
    async with app.database.begin() as db:
        row = await row_of(db, key, lock=True)
        if row.state != "awaiting":
            raise Refused(
                told("{key} is {state}: there is nothing to approve.", key=key, state=_state(row.state))
            )
        said = " ".join(why.split())[:200] or None
        await _set(db, row.id, now, state="draft", reason=said, next_at=None, next_occasion=None)
        await did(db, (row.id, key), "returned", now, app.new_id, by, said)
    return await standing(app, key)


async def pause(app: App, key: str, by: str | None, reason: str = "") -> Standing:
    """Hold it: nothing more of it goes out until it is resumed. Raises LookupError and Refused."""
    now = app.clock()
    async with app.database.begin() as db:
        row = await row_of(db, key, lock=True)
        if row.state not in ("scheduled", "paused"):
            raise Refused(
                told("{key} is {state}: there is nothing to pause.", key=key, state=_state(row.state))
            )
        if row.state == "scheduled":
            await audited(db, key, "paused", now, by)
        await pause_(db, row.id, reason or reasons.made(reasons.BY_A_PERSON), now, app.new_id, by)
    return await standing(app, key)


async def resume(app: App, key: str, by: str | None) -> Standing:
    """Go on with what was paused. Raises LookupError and Refused."""
    now = app.clock()
    async with app.database.begin() as db:
        row = await row_of(db, key, lock=True)
        if row.state not in ("paused", "scheduled"):
            raise Refused(
                told(
                    "{key} is {state}: only what is paused can be resumed.", key=key, state=_state(row.state)
                )
            )
        if row.state == "paused":
            when = _at_once(row, loads(row.text, key), now)
            await _set(db, row.id, now, **when, state="scheduled", reason=None)
            await did(db, (row.id, key), "resumed", now, app.new_id, by)
            await app.database.rouse(db)
    return await standing(app, key)


async def stop(app: App, key: str, by: str | None) -> Standing:
    """End it for good: nothing more of it goes out, and whoever still waited is counted as cancelled."""
    now = app.clock()
    async with app.database.begin() as db:
        row = await row_of(db, key, lock=True)
        if row.state == "finished":
            raise Refused(told("{key} has finished: there is nothing to stop.", key=key))
        if row.state != "stopped":
            await _set(db, row.id, now, state="stopped", reason=None, next_at=None, next_occasion=None)
            await put_back(db, now, campaign_id=row.id)
            await did(db, (row.id, key), "stopped", now, app.new_id, by)
            await app.database.rouse(db)
    return await standing(app, key)


async def trigger(app: App, key: str, by: str | None, occasion: str) -> Standing:
    """Begin a run of a campaign that waits to be told. The same ``occasion`` again is the same run.

    Raises LookupError and Refused.
    """
    now = app.clock()
    if not occasion.strip() or len(occasion) > 40:
        raise Refused(
            told("An occasion is a word of 40 letters at most, such as the day it is about: 2026-10-15.")
        )
    async with app.database.begin() as db:
        row = await row_of(db, key, lock=True)
        campaign = loads(row.text, key)
        if campaign.when.kind != "trigger":
            raise Refused(
                told("{key} goes out by itself. Only a campaign with `when: trigger` is begun so.", key=key)
            )
        if row.state != "scheduled":
            raise Refused(_how(key, row.state))
        filter_ = (await audience.resolve(db, campaign.audience)).text
        calendars = await _calendars(app, db)
        size = await count(db, among(campaign, filter_, occasion, now, calendars).holds)
        if needs_approval(row, campaign.meant(filter_), size, app.settings.approve_above):
            await _set(db, row.id, now, state="awaiting", reason=reasons.made(reasons.HELD, n=size))
        else:
            which = Next(occasion.strip(), now)
            await audited(db, key, "triggered", now, by, people=size)
            await start(db, row.id, campaign, filter_, size, which, now, app.new_id)
            await app.database.rouse(db)
    return await standing(app, key)


async def _may_edit(db: AsyncConnection, row: Row[*tuple[Any, ...]]) -> None:
    theirs = (await db.execute(select(runs.c.id, runs.c.state).where(runs.c.campaign_id == row.id))).all()
    active = (await db.execute(select(runs.c.id).where(runs.c.campaign_id == row.id, ACTIVE))).first()
    if active is not None:
        raise Refused(
            told("{key} is going out just now. Stop it, or wait until this run is done.", key=row.key)
        )
    if theirs and loads(row.text, row.key).when.kind in ("now", "at"):
        raise Refused(told("{key} has gone out. Give the new one a name of its own.", key=row.key))


async def _calendars(app: App, db: AsyncConnection) -> Calendars:
    return await calendars_.load(db, app.settings.timezone, app.settings.country)


async def _size(db: AsyncConnection, meant: audience.Expression, calendars: Calendars, now: datetime) -> int:
    """How many people its audience has now; of one that goes by people's dates, all whose date may come."""
    holds = audience.condition(meant, now, zone=calendars.other.zone)
    return await count(db, audience.everyone() & holds)


def _surveys(campaign: Campaign) -> list[Survey]:
    """The surveys of its steps that come with Openline: where nobody has published another, they are what goes out."""
    keys = {step.survey for step in campaign.steps if step.survey in survey_flows.LIBRARY}
    return [survey_flows.library(str(key)) for key in sorted(map(str, keys))]


def _past(campaign: Campaign, following: Any, now: datetime) -> bool:
    """Its one time is over, and nobody would get it any more."""
    return campaign.when.kind == "at" and following is not None and following.at + campaign.try_for <= now


def _at_once(row: Row[*tuple[Any, ...]], campaign: Campaign, now: datetime) -> dict[str, datetime]:
    """What goes out now and has not begun counts its time from now, however long it was held."""
    return {"next_at": now} if campaign.when.kind == "now" and row.next_at is not None else {}


STATES = {
    str(one): one
    for one in (
        told("draft"), told("awaiting"), told("scheduled"), told("paused"), told("finished"), told("stopped"),
    )
}  # fmt: skip
CURES = {
    "draft": told("Schedule it first."),
    "awaiting": told("A second person has to approve it first."),
    "paused": told("Resume it, or stop it."),
    "stopped": told("Give the new one a name of its own."),
    "finished": told("Give the new one a name of its own."),
}


def _state(state: str) -> str:
    """How it stands, to be read."""
    return STATES.get(state, state)


def _how(key: str, state: str) -> str:
    """How it stands, and what to do about it."""
    return told("{key} is {state}. {cure}", key=key, state=_state(state), cure=CURES.get(state, ""))


async def _set(db: AsyncConnection, campaign_id: Any, now: datetime, **what: Any) -> None:
    await db.execute(update(campaigns).where(campaigns.c.id == campaign_id).values(changed_at=now, **what))
