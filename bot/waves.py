"""Waves: rounds of one survey that are compared. An answer belongs to the last wave that had begun when it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.told import told

from .store import waves as store
from .store.spans import Span

LONGEST = 100


class NoWave(LookupError):  # noqa: N818
    """There is no such wave, or it cannot be. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Wave:
    """One round: it lasts until the next ``begins``. ``ends`` is None for the last."""

    survey: str
    name: str
    begins: datetime
    ends: datetime | None

    @property
    def span(self) -> Span:
        return Span(self.begins, self.ends)


async def of_survey(db: AsyncConnection, survey: str) -> list[Wave]:
    """The waves of a survey, the earliest first; none where all its answers are one round."""
    rows = await store.listed(db, survey)
    return [
        Wave(row.survey, row.name, row.begins_at, after.begins_at if after else None)
        for row, after in pairwise([*rows, None])
        if row is not None
    ]


def pick(found: Sequence[Wave], name: str | None, now: datetime) -> Wave | None:
    """The wave of this name; without one the newest that has begun. None where the survey has no waves. Raises NoWave."""
    if name is None:
        begun = [wave for wave in found if wave.begins <= now]
        return begun[-1] if begun else next(iter(found), None)
    for wave in found:
        if wave.name == name:
            return wave
    names = ", ".join(wave.name for wave in found)
    raise NoWave(
        told("There is no wave {name}. There are: {names}.", name=name, names=names)
        if names
        else told("There are no waves, so none is {name}.", name=name)
    )


async def add(db: AsyncConnection, survey: str, name: str, begins: datetime) -> None:
    """Enter a wave. Raises NoWave where its name or its beginning is taken, or the name cannot be one."""
    if not name.strip() or len(name) > LONGEST or not name.isprintable():
        raise NoWave(told("A wave needs a name of 1 to {most} letters, like 'Fall 2026'.", most=LONGEST))
    for wave in await of_survey(db, survey):
        if wave.name == name:
            what = told("There is a wave {name} already. Remove it first, or take another name.", name=name)
            raise NoWave(what)
        if wave.begins == begins:
            what = told(
                "{name} begins at that moment. Each wave begins at a moment of its own.", name=wave.name
            )
            raise NoWave(what)
    await store.add(db, survey, name, begins)


async def remove(db: AsyncConnection, survey: str, name: str) -> None:
    """Take a wave away: its answers then belong to the wave before. Raises NoWave where there is none."""
    if not await store.remove(db, survey, name):
        raise _missing(name, await of_survey(db, survey))


async def outside(db: AsyncConnection, survey: str) -> int:
    """How many people answered before the first wave began: they are in none."""
    found = await of_survey(db, survey)
    return await store.replied(db, survey, Span(ends=found[0].begins)) if found else 0


def _missing(name: str, found: Sequence[Wave]) -> NoWave:
    there_are = f"There are: {', '.join(wave.name for wave in found)}." if found else "It has none."
    return NoWave(f"The survey has no wave {name}. {there_are}")
