"""What there is to choose from when an audience is put together: schools, languages, attributes, lists, surveys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....outreach import audience
from ....outreach.audience.checking import telling
from ....outreach.audience.fields import attribute, field_named
from ....outreach.audience.sources import attributes, values
from ....store.tables import TRIAL, campaigns, list_entries, surveys
from .reach import Schools

FRESH = timedelta(minutes=2)
"""So long what was looked up is good enough: lists come in once a day."""
SHOWN = 24
"""Of more values than these the words are typed, not ticked."""


@dataclass(slots=True)
class Known:
    """What was looked up, and when: ``values`` by field, the most frequent first."""

    at: datetime
    values: dict[str, list[str]] = field(default_factory=dict)
    attributes: list[str] = field(default_factory=list)
    calls: dict[str, list[str]] = field(default_factory=dict)


class Choices:
    """Looks up what there is, and keeps it for two minutes: each look-up reads all people through."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._known: Known | None = None

    async def known(self, db: AsyncConnection, wanted: Sequence[str] = ()) -> Known:
        """What there is; ``wanted`` are the attributes whose values are needed."""
        now = self._app.clock()
        held = self._known
        if held is None or not timedelta() <= now - held.at < FRESH:
            held = self._known = await _looked_up(db, now)
        held.calls = await _calls(db)  # cheap, and a list that came in just now is what somebody looks for
        for name in wanted:
            if name and name not in held.values and name in held.attributes:
                found = await values(db, attribute(name))
                few = len(found) <= SHOWN and not telling(found)
                held.values[name] = sorted(found, key=_order) if few else []
        return held

    def forget(self) -> None:
        """Something has been saved: look it up anew."""
        self._known = None


async def _looked_up(db: AsyncConnection, now: datetime) -> Known:
    made = Known(now)
    for name in ("school", "language", "respondent"):
        found = await values(db, field_named(name))
        made.values[name] = [one for one, _ in found.most_common()] if name != "school" else sorted(found)
    made.attributes = await attributes(db)
    return made


async def _calls(db: AsyncConnection) -> dict[str, list[str]]:
    ours = select(surveys.c.key).where(~surveys.c.key.startswith(TRIAL)).distinct().order_by(surveys.c.key)
    asked = list((await db.execute(ours)).scalars())
    lists = select(list_entries.c.list).distinct().order_by(list_entries.c.list)
    return {
        "answered": asked,
        "finished": asked,
        "asked": asked,
        "on_list": list((await db.execute(lists)).scalars()),
        "audience": list(await audience.listed(db)),
        "received": list((await db.execute(select(campaigns.c.key).order_by(campaigns.c.key))).scalars()),
    }


def narrowed(known: Known, mine: Schools, seen: Mapping[str, list[str]] | None = None) -> Known:
    """What somebody of some schools may choose from: of the schools theirs only, and what ``seen`` gives instead."""
    if mine is None:
        return known
    there = {one.casefold() for one in mine}
    theirs = [one for one in known.values["school"] if one.casefold() in there] or sorted(mine)
    return Known(
        known.at, known.values | {"school": theirs}, known.attributes, known.calls | dict(seen or {})
    )


def _order(one: str) -> tuple[bool, float, str]:
    try:
        return False, float(one), one
    except ValueError:
        return True, 0.0, one
