"""The channels: how each does, and what to do where one does not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response

from .... import doctor
from ....app import App
from ....doctor import Finding
from ....settings import Settings
from ....store import health
from ....store.health import Health
from ...page import Page
from ...tongue import say

LATE = timedelta(minutes=15)
"""What could have gone for longer than this is not being sent by anybody."""
MANY, SHARE = 5, 0.2
"""From so many failures on, and so large a share of what was tried, something is wrong with more than single numbers."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "sms": ("twilio_account_sid", "twilio_auth_token", "twilio_from"),
    "telegram": ("telegram_token",),
}
"""What each channel of families needs to be set up; the console is for trying out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One channel on the page. ``state`` is good, warn, danger or off; ``missing`` are the variables that are not set."""

    key: str
    name: str
    state: str
    verdict: str
    health: Health | None
    missing: tuple[str, ...]
    webhooks: tuple[tuple[str, str], ...]
    polled: bool
    limit: float


def names() -> dict[str, str]:
    """What the channels are called."""
    return {"sms": say("Text messages (Twilio)"), "telegram": say("Telegram")}


def missing(settings: Settings, key: str) -> tuple[str, ...]:
    """The variables that a channel still needs."""
    needed = NEEDED.get(key, ())
    if key == "telegram" and not settings.telegram_polling:
        needed = (*needed, "telegram_secret")  # without it the webhook is shut
    return tuple(f"OPENLINE_{name.upper()}" for name in needed if not _is_set(settings, name))


def _is_set(settings: Settings, name: str) -> bool:
    value = getattr(settings, name)
    return bool(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


def verdict(found: Health, now: datetime) -> tuple[str, str]:
    """How a channel that is set up does: its state, and one sentence."""
    if found.rests:
        return "danger", say(
            "The provider takes nothing from us just now. What waits is safe and goes later."
        )
    if found.oldest is not None and now - found.oldest > LATE:
        return "danger", say("Messages wait, and nobody sends them. Is a worker running?")
    tried = found.sent + found.failed
    if found.failed >= MANY and found.failed > SHARE * tried:
        return "warn", say("Many messages of the last day could not be sent.")
    if found.sent_at is None and found.heard_at is None:
        return "good", say("Set up. Nothing has been sent or received in the last 30 days.")
    return "good", say("Works.")


def shown(
    settings: Settings, made: Mapping[str, object], found: Mapping[str, Health], now: datetime
) -> list[Shown]:
    """Every channel: those that run, then those that could be set up."""
    told = names()
    rows = []
    for key in dict.fromkeys([*made, *NEEDED]):
        lacking, health_ = missing(settings, key), found.get(key)
        begun = any(_is_set(settings, name) for name in NEEDED.get(key, ()))
        if health_ is not None and not begun:
            lacking = ()  # a double of the channel, handed to the service as it is: nothing has to be set
        if health_ is not None:
            state, words = verdict(health_, now)
            if lacking and state == "good":
                state, words = "warn", say("Set up in part.")
        elif not lacking:
            state, words = "warn", say("Set, and not in use yet: Openline has to be started anew.")
        elif begun:
            state, words = "danger", say("Set up in part.")
        else:
            state, words = "off", say("Not set up.")
        paths = {
            "sms": ((say("Messages"), "/in/sms#rc=2&rp=5xx,ct,rt"), (say("Receipts"), "/in/sms/status")),
            "telegram": ((say("Messages"), "/in/telegram"),),
        }.get(key, ())
        rows.append(
            Shown(
                key,
                told.get(key, key.capitalize()),
                state,
                words,
                health_,
                lacking,
                tuple((label, f"{settings.public_url}{path}") for label, path in paths),
                key == "telegram" and settings.telegram_polling,
                float(getattr(settings, f"{key}_rate", 0)),
            )
        )
    return rows


async def looked(app: App) -> list[Shown]:
    """Every channel, as it does just now."""
    now = app.clock()
    async with app.database.read() as db:
        found = await health.look(db, list(app.channels), now)
    return shown(app.settings, app.channels, {each.channel: each for each in found}, now)


async def examined(app: App) -> list[Finding]:
    """What looking the whole set-up over finds. In a thread and on connections of its own: a model may have to be loaded."""
    return await asyncio.to_thread(asyncio.run, doctor.examine(app.settings, clock=app.clock))


def router(app: App, page: Page) -> APIRouter:
    """/settings/channels, /settings/check"""
    routes = APIRouter()

    @routes.get("/settings/channels")
    async def show(request: Request) -> Response:
        return page(
            request,
            "settings/channels.html",
            section="settings",
            tab="channels",
            channels=await looked(app),
            most=health.MOST,
        )

    @routes.post("/settings/check")
    async def check(request: Request) -> Response:
        findings = await examined(app)
        order = {"bad": 0, "note": 1, "good": 2}
        return page(
            request,
            "settings/check.html",
            section="settings",
            tab="channels",
            findings=sorted(findings, key=lambda each: order[each.state]),
            wrong=sum(each.state == "bad" for each in findings),
        )

    return routes
