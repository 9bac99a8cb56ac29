"""Everything that is looked at before a campaign is sent, language by language, with the real people and their words."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_

from survey_flows.told import listed, told

from ...app import App
from ...store.readers import Known, readers
from .. import audience, calendars
from ..audience import AudienceError
from ..calendars import Calendars
from ..campaign import Campaign
from ..days import told_day
from ..lots import HOLDOUT, lot
from . import dates, people, surveys, timing, translations, wording
from .counting import Tally, Writer, tallied
from .finding import SEVERITIES, Finding, Severity
from .report import Checked
from .sampling import Foreseen, foreseen, sampled

__all__ = ["Checked", "Finding", "Foreseen", "Severity", "counted", "look", "read_by"]


async def look(
    app: App,
    campaign: Campaign,
    now: datetime,
    *,
    progress: Callable[[int], None] | None = None,
    quick: bool = False,
    waits: bool = True,
) -> Checked:
    """Look a campaign over, as it would go out now. Nothing is written.

    Everybody in the audience is rendered and counted; ``progress`` hears how many so far. ``quick``: everybody is counted,
    and the texts are made for some people of each language only (``sampling``), for a page that shows it while it is written;
    unless it ``waits``, it raises at_hand.NotYet where counting takes long.
    """
    channels = list(campaign.channels or app.channels)
    found = [*_channels(app, channels), *wording.texts(campaign, app.settings.organization)]
    found += translations.stale(campaign)
    tally, wanted = Tally(), None
    some: Foreseen | None = None
    async with app.database.read() as db:
        known = await calendars.load(db, app.settings.timezone, app.settings.country)
        found += await dates.known(db, campaign, known)
        published = await surveys.published(db, app.shelf, campaign)
        try:
            wanted = await audience.resolve(db, campaign.audience)
            warned = await audience.check(db, wanted)
        except AudienceError as error:
            cure = told("Mend 'audience:' in the file.")
            found.append(Finding("block", "audience", str(error), cure))
            wanted = None
    if wanted is not None:
        writer = Writer(
            campaign, app.desk, surveys.usable(campaign, published), now, _day(campaign, known, now)
        )
        zone = known.other.zone
        among = and_(audience.everyone(), audience.condition(wanted, now, zone=zone))
        meant = audience.children(wanted, now, zone=zone)
        if quick:  # whoever waits for a count holds no connection that others need for theirs
            together = campaign.per == "household"
            some = await counted(app, (wanted, zone), among, channels, waits=waits, by_household=together)
        async with app.database.read() as db:
            if some is not None:
                tally = await sampled(db, writer, some, meant)
            else:
                tally = await tallied(db, writer, among, meant, channels, progress)
        found += [Finding("warn", "audience", one, "") for one in warned]
        found += people.people(campaign, tally)
    tongues = len({language for (_, _, language), row in tally.rows.items() if row.people})
    on_call = bool(app.settings.on_call)
    found += surveys.surveys(campaign, published, tally.respondents, tongues, on_call=on_call)
    found += _hours(app, campaign, tally, known, now)
    found = sorted(dict.fromkeys(found), key=lambda one: (SEVERITIES.index(one.severity), one.step or 0))
    return Checked(campaign.key, campaign.title, now, tuple(found), tally, app.settings.part_price, some)


async def counted(
    app: App, wanted: Hashable, among: ColumnElement[bool], channels: Sequence[str],
    *, waits: bool, by_household: bool,
) -> Foreseen:  # fmt: skip
    """Everybody of an audience (``wanted`` names it, ``among`` is its condition), as it was counted lately, or is now. Unless
    it ``waits``, it raises at_hand.NotYet where that takes long, and goes on beside the page."""

    async def count() -> Foreseen:
        async with app.database.read() as db:
            return await foreseen(db, among, channels, by_household=by_household)

    return await app.lately.foreseen((wanted, tuple(channels), by_household), count, waits=waits)


async def read_by(
    app: App, campaign: Campaign, now: datetime, person: UUID, channel: str
) -> tuple[Known, list[tuple[int, str, str]]] | None:
    """What one person of the audience would read, with the languages that wait for approval taken as approved: the person
    with the children it is about, and each step (from 0) with its language and text. None for somebody not on the list."""
    open_ = replace(campaign, drafted=frozenset(), stale=frozenset(), lacking=frozenset())
    async with app.database.read() as db:
        known = await calendars.load(db, app.settings.timezone, app.settings.country)
        published = await surveys.published(db, app.shelf, campaign)
        try:
            meant = audience.children(
                await audience.resolve(db, campaign.audience), now, zone=known.other.zone
            )
        except AudienceError:
            return None
        one = (await readers(db, [person], meant)).get(person)
    if one is None:
        return None
    writer = Writer(open_, app.desk, surveys.usable(open_, published), now, _day(campaign, known, now))
    tally, drawn = Tally(), lot(campaign, one.person.household_id)
    writer.write(tally, one, "" if drawn == HOLDOUT else drawn, channel, one.school)
    texts = [(step, tag, row.samples[0]) for (step, _, tag), row in tally.rows.items() if row.samples]
    return one, sorted(texts)


def _channels(app: App, channels: list[str]) -> list[Finding]:
    absent = [one for one in channels if one not in app.channels]
    if not channels or absent:
        what = told("Not set up: {channels}.", channels=listed(absent) or told("any channel"))
        return [Finding("block", "channels", what, told("`openline doctor` tells what is missing."))]
    return []


def _day(campaign: Campaign, known: Calendars, now: datetime) -> date:
    """The date that the next message is about, by the clock of most schools."""
    today = timing.begins(campaign, known.other, now).astimezone(known.other.zone).date()
    return dates.next_of(campaign, known, today) or today


def _hours(app: App, campaign: Campaign, tally: Tally, known: Calendars, now: datetime) -> list[Finding]:
    rates = {"sms": app.settings.sms_rate, "telegram": app.settings.telegram_rate}
    return [
        finding
        for one in timing.timings(campaign, tally.load, known, rates, now)
        for finding in timing.fits(one, known.other, told_day, now)
    ]
