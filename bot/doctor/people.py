"""Whether somebody is there for what people write: on call, alerts that wait, reminders that are late, the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.told import told, told_n

from ..alerts import parse
from ..duties import parse as duty_contacts
from ..settings import Settings
from ..shelf import Shelf
from ..store import duties
from ..store.database import connect
from ..store.tables import addresses, alerts, conversations
from .finding import Finding

LATE = timedelta(hours=1)
"""A worker looks every ten seconds: what has been due for longer has nobody to look after it."""


async def look(settings: Settings, now: datetime) -> list[Finding]:
    """The findings about people; those that need the store are left out where it cannot be read."""
    database = connect(settings.database_url)
    try:
        async with database.read() as db:
            return [
                _on_call(settings, await _grave(db)),
                *await _deaf(db, settings),
                *await _alerts(db),
                *await _duties(db, settings),
                *await _late(db, now),
                _timezone(settings),
            ]
    except (DBAPIError, OSError):
        return [_on_call(settings, []), _timezone(settings)]
    finally:
        await database.close()


async def _grave(db: AsyncConnection) -> list[str]:
    """The published surveys that may bring reports of harm."""
    shelf = Shelf()
    found = [await shelf.latest(db, key) for key in await shelf.keys(db)]
    return [one[1].key for one in found if one and one[1].about.sensitivity == "S2"]


def _on_call(settings: Settings, grave: list[str]) -> Finding:
    given = parse(settings.on_call)
    has = {
        "sms": bool(settings.twilio_account_sid),
        "telegram": bool(settings.telegram_token.get_secret_value()),
    }
    if not given:
        cure = told(
            "Set OPENLINE_ON_CALL, as sms:+15551230001 (docs/safety.md), or nobody is told of a message about danger."
        )
        if grave:
            what = told("nobody is on call, and harm may be reported in {surveys}", surveys=", ".join(grave))
            return Finding("bad", what, cure)
        return Finding("bad" if any(has.values()) else "note", told("nobody is on call"), cure)
    deaf = sorted({channel for channel, _ in given if not has.get(channel)})
    if deaf:
        return Finding(
            "bad",
            told("on call by {channels}, which is not set up: they are not told", channels=", ".join(deaf)),
            told("Set the channel up (docs/channels.md), or change OPENLINE_ON_CALL."),
        )
    if len(given) == 1:
        return Finding(
            "note",
            told("one person is on call"),
            told("Name a second one in OPENLINE_ON_CALL, for when the first is away."),
        )
    return Finding("good", told_n("{n} person is on call", "{n} people are on call", len(given)))


async def _deaf(db: AsyncConnection, settings: Settings) -> list[Finding]:
    """Those on call to whom nothing may or can be sent."""
    rows = await db.execute(
        select(addresses.c.channel, addresses.c.address).where(addresses.c.suppressed.is_not(None))
    )
    count = len({(row.channel, row.address) for row in rows} & set(parse(settings.on_call)))
    if not count:
        return []
    return [
        Finding(
            "bad",
            told("on call, but they have sent STOP or cannot be reached: {n}", n=count),
            told("They are not told of alerts. Have them send START, or change OPENLINE_ON_CALL."),
        )
    ]


async def _alerts(db: AsyncConnection) -> list[Finding]:
    rows = await db.execute(
        select(alerts.c.kind, func.count()).where(alerts.c.state == "new").group_by(alerts.c.kind)
    )
    unseen = {kind: int(count) for kind, count in rows}
    wish, danger = unseen.pop("person", 0), sum(unseen.values())
    cure = told("Look now: openline alerts")
    found = []
    if danger:
        found.append(Finding("bad", told("messages about danger that nobody has seen: {n}", n=danger), cure))
    if wish:
        what = told("people who would like to talk to somebody, not seen yet: {n}", n=wish)
        found.append(Finding("note", what, cure))
    return found or [Finding("good", told("no alert waits to be seen"))]


async def _duties(db: AsyncConnection, settings: Settings) -> list[Finding]:
    """Replies that may mean a legal duty and that no role is told of, or has looked at."""
    contacts = duty_contacts(settings.duty_roles)
    waiting = await duties.waiting(db)
    untold = [row.role for row in waiting if row.role.lower() not in contacts]
    found = []
    if untold:
        found.append(
            Finding(
                "note",
                told(
                    "replies may mean a legal duty, and nobody is named for: {roles}", roles=", ".join(untold)
                ),
                told("Name somebody in OPENLINE_DUTY_ROLES (docs/running.md), or look now: openline duties"),
            )
        )
    unseen = sum(row.unseen for row in waiting)
    if unseen:
        found.append(
            Finding(
                "note",
                told("replies that may mean a legal duty, not seen yet: {n}", n=unseen),
                told("Look now: openline duties"),
            )
        )
    return found


async def _late(db: AsyncConnection, now: datetime) -> list[Finding]:
    due = select(func.count()).select_from(conversations)
    late = (await db.execute(due.where(conversations.c.due_at < now - LATE))).scalar_one()
    if not late:
        return []
    return [
        Finding(
            "note",
            told("conversations whose reminder or end is late: {n}", n=late),
            told("No worker is running. Start one: openline work, or openline serve on SQLite."),
        )
    ]


def _timezone(settings: Settings) -> Finding:
    if "timezone" in settings.model_fields_set:
        return Finding("good", told("time zone {zone}", zone=settings.timezone))
    return Finding(
        "note",
        told("time zone {zone}, because nobody has set another", zone=settings.timezone),
        told("Set OPENLINE_TIMEZONE to the zone of the people: dates and times in answers are read by it."),
    )
