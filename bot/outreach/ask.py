"""Asks people a survey: every person ends in exactly one counted state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows import Survey

from ..app import App
from ..listening import speaks
from ..store.inbound import Correspondent
from ..store.tables import addresses, conversations, messages, people
from . import calendars
from .among import Among, check, meant
from .first_message import asked, first
from .hours import opening

CHUNK = 500
NOBODY_LEFT_OUT: Among = {}
RESPONDENTS = {"families": "family", "students": "student", "staff": "staff"}
"""Who an audience is, as people on the list are called."""


async def ask(
    app: App,
    survey: Survey,
    channels: Iterable[str],
    given: Mapping[str, str] | None = None,
    among: Among = NOBODY_LEFT_OUT,
    *,
    at_any_hour: bool = False,
) -> Counter[str]:
    """Put the first message of this survey to everyone on these channels into the queue, or to those ``among`` them.

    ``given`` fills the survey's own fields ({change}). Raises LookupError for one that is missing, and for a filter
    that nobody meets. Whoever is not among those meant is not touched and not counted.

    Returns how many people are ``queued``, and why the others are not: ``asked before`` (this survey, or in the middle
    of another), ``stopped``, ``no consent`` (they wrote to us, and no list or START allows us to ask), ``no address``.
    Running it again asks only those who are new, or who could not be reached before. Nothing goes out outside the hours
    of a person's school, unless ``at_any_hour``.
    """
    channels, given = list(channels), given or {}
    async with app.database.read() as db:
        known = await calendars.load(db, app.settings.timezone, app.settings.country)
    hours = None if at_any_hour else known
    missing = [name for name in survey.fields if not given.get(name, "").strip()]
    if missing:
        raise LookupError(", ".join(missing))
    async with app.database.begin() as db:
        survey_id = await app.shelf.publish(db, survey, app.clock(), app.new_id)
        everyone = list(_meant(await _everyone(db, channels), among))
    counted: Counter[str] = Counter()
    for start in range(0, len(everyone), CHUNK):
        chunk = everyone[start : start + CHUNK]
        async with app.database.begin() as db:
            # A STOP or a START that comes in now waits for us, and we for it: what is read here still holds below.
            theirs = select(addresses.c.id).where(addresses.c.person_id.in_(chunk)).order_by(addresses.c.id)
            await db.execute(theirs.with_for_update())
            persons = list((await _everyone(db, channels, chunk)).values())
            counted += await _ask(db, app, survey_id, survey, persons, given, hours)
            await app.database.rouse(db)
    return counted


async def _everyone(
    db: AsyncConnection, channels: Sequence[str], among: Sequence[UUID] | None = None
) -> dict[UUID, list[Row[*tuple[Any, ...]]]]:
    """Every person (or these) with the addresses they have, oldest first."""
    wanted = (
        select(
            people.c.id,
            people.c.language,
            people.c.respondent,
            people.c.school,
            calendars.school_of().label("calendar"),
            people.c.groups,
            addresses.c.id.label("address_id"),
            addresses.c.channel,
            addresses.c.address,
            addresses.c.suppressed,
            addresses.c.consented.label("allowed"),
        )
        .outerjoin(addresses, addresses.c.person_id == people.c.id)
        .where((addresses.c.channel.in_(channels)) | (addresses.c.id.is_(None)))
        .where(people.c.external_id.is_(None) | people.c.external_id.not_like("answers:%"))
        .where(people.c.removed_at.is_(None))
        .order_by(people.c.id, addresses.c.id)
    )
    grouped: dict[UUID, list[Row[*tuple[Any, ...]]]] = {}
    for row in await db.execute(wanted.where(people.c.id.in_(among)) if among is not None else wanted):
        grouped.setdefault(row.id, []).append(row)
    return grouped


def _meant(
    everyone: dict[UUID, list[Row[*tuple[Any, ...]]]], among: Among
) -> dict[UUID, list[Row[*tuple[Any, ...]]]]:
    check((rows[0] for rows in everyone.values()), among)
    return {id_: rows for id_, rows in everyone.items() if meant(rows[0], among)}


async def _ask(
    db: AsyncConnection,
    app: App,
    survey_id: UUID,
    survey: Survey,
    persons: list[list[Row[*tuple[Any, ...]]]],
    given: Mapping[str, str],
    hours: calendars.Calendars | None,
) -> Counter[str]:
    done, unreached, busy = await asked(db, survey.key, [rows[0].id for rows in persons])
    counted: Counter[str] = Counter()
    begun, queued = [], []
    for rows in persons:
        row = next((row for row in rows if row.address_id and not row.suppressed and row.allowed), None)
        if rows[0].id in done or any(row.address_id in busy for row in rows):
            counted["asked before"] += 1
        elif row is not None:
            who = Correspondent(
                row.address_id, row.id, row.channel, row.address, None, row.language, row.respondent, row.school,
                groups=row.groups,
            )  # fmt: skip
            conversation, message = first(app.desk, survey_id, survey, who, given, app.clock())
            begun.append(conversation)
            span = opening(hours.of(row.calendar), None, app.clock()) if hours else None
            queued.append(
                message | ({"due_at": span[0], "expires_at": span[1]} if span else {"expires_at": None})
            )
            counted["queued"] += 1
        elif any(row.address_id and not row.suppressed for row in rows):
            counted["no consent"] += (
                1  # nobody meant them to be asked: they are not counted among those who were
            )
        else:
            why = "stopped" if any(row.suppressed == "stopped" for row in rows) else "no address"
            if rows[0].id not in unreached:  # it has been said before
                begun.append(_unreached(app, survey_id, rows[0].id, why))
            counted[why] += 1
    if begun:
        await db.execute(insert(conversations), begun)
    if queued:
        await db.execute(insert(messages), queued)
    return counted


def _unreached(app: App, survey_id: UUID, person_id: UUID, why: str) -> dict[str, Any]:
    """Nobody is left out silently: a person we cannot ask has a conversation that says so."""
    return {
        "id": app.new_id(),
        "survey_id": survey_id,
        "person_id": person_id,
        "address_id": None,
        "state": "refused" if why == "stopped" else "unreachable",
        "place": None,
        "started_at": app.clock(),
        "heard_at": None,
        "due_at": None,
    }


@dataclass(frozen=True, slots=True)
class Outlook:
    """Who would be asked or counted: by what they are, by language; and those who are not of the survey's audience."""

    respondents: Counter[str]
    languages: Counter[str]
    strangers: Counter[str]


async def outlook(
    app: App, survey: Survey, channels: Iterable[str], among: Among = NOBODY_LEFT_OUT
) -> Outlook:
    """Look over those meant, before anything is queued. Raises LookupError for a filter that nobody meets."""
    async with app.database.read() as db:
        everyone = _meant(await _everyone(db, list(channels)), among)
    counted = [
        rows[0]
        for rows in everyone.values()
        if any(row.allowed for row in rows) or not any(row.address_id and not row.suppressed for row in rows)
    ]
    respondents = Counter(row.respondent for row in counted)
    audience = RESPONDENTS.get(survey.about.audience)
    strangers = {
        who: count
        for who, count in respondents.items()
        if audience and who not in (audience, *survey.variants)
    }
    return Outlook(respondents, Counter(row.language for row in counted), Counter(strangers))


async def unapproved(
    app: App, survey: Survey, channels: Iterable[str], among: Among = NOBODY_LEFT_OUT
) -> Counter[str]:
    """How many people would be asked in the source language because nobody has approved theirs; by their language."""
    async with app.database.read() as db:
        everyone = _meant(await _everyone(db, list(channels)), among)
    missing: Counter[str] = Counter()
    for rows in everyone.values():
        row = rows[0]
        who = Correspondent(row.id, row.id, "", "", None, row.language, row.respondent, row.school)
        said = speaks(app.desk, survey, who)
        if said == survey.source and row.language.split("-")[0] != survey.source:
            missing[row.language] += 1
    return missing
