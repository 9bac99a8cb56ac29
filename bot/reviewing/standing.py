"""How far the reading of a survey's replies has come, and on which of them readers differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App
from ..store import draws, readings
from ..store import standing as rows
from ..store.readings import Schools
from .figures import names_of

FEW = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """Of so many replies ``coded`` by machine, so many are ``decided`` by people, ``by_lot`` of them such as stand for the
    others. ``once``: how many of those that two are to read were read by one so far; ``differing``: on how many readers
    differ; ``outgrown``: how many have grown since they were read. ``languages``: (decided, all) of each; ``readers``: how
    many each has read, by name."""

    survey: str
    coded: int
    decided: int
    by_lot: int
    once: int
    differing: int
    outgrown: int
    languages: Mapping[str, tuple[int, int]]
    readers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A reply that people have read differently: ``readings`` by name."""

    answer: UUID
    text: str
    language: str
    readings: Mapping[str, tuple[str, ...]]


async def status(app: App, db: AsyncConnection, survey: str) -> Standing:
    """How one survey stands."""
    languages = {row.language or "und": (row.decided, row.all) for row in await rows.languages(db, survey)}
    readers = {row.coder: row.read for row in await rows.readers(db, survey)}
    names = await names_of(db, readers)
    counts = await rows.counts(db, survey)
    waiting = await draws.to_read(db, survey, "", app.clock(), most=None)
    return Standing(
        survey,
        coded=sum(of for _, of in languages.values()),
        decided=sum(done for done, _ in languages.values()),
        by_lot=counts.by_lot,
        once=sum(row.read > 0 for row in waiting),
        differing=len(await _differing(db, survey)),
        outgrown=counts.outgrown,
        languages=languages,
        readers={names[coder]: read for coder, read in readers.items()},
    )


async def differences(db: AsyncConnection, survey: str, schools: readings.Schools = None) -> list[Difference]:
    """The replies from these schools on which readers differ and have not agreed, oldest first; identical ones once."""
    apart = await _differing(db, survey, schools)
    names = await names_of(db, {coder for read in apart.values() for coder in read})
    said = {row.id: row for row in await rows.words(db, apart)}
    return [
        Difference(
            answer,
            said[answer].heard,
            said[answer].language or said[answer].declared,
            {names[coder]: tuple(sorted(themes)) for coder, themes in read.items()},
        )
        for answer, read in apart.items()
    ]


async def _differing(
    db: AsyncConnection, survey: str, schools: readings.Schools = None
) -> dict[UUID, dict[str, frozenset[str]]]:
    read = await read_by(db, await rows.read_twice(db, survey, schools))
    return {answer: by for answer, by in read.items() if len(set(by.values())) > 1}


async def read_by(db: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, dict[str, frozenset[str]]]:
    """What each single reader made of these answers: {answer: {reader: themes}}."""
    given = await readings.themes(db, ids)
    found: dict[UUID, dict[str, frozenset[str]]] = {}
    for one in await readings.of(db, ids):
        if one.purpose in readings.READ:
            themes = frozenset(coding.theme for coding in given.get((one.answer_id, one.coder), ()))
            found.setdefault(one.answer_id, {})[one.coder] = themes
    return found


async def unread(db: AsyncConnection, reach: Schools) -> int:
    """How many replies wait for a person to read them, of these schools (None: of all): for the menu. It counts no further
    than 10,000, and than 1,000 for some schools, of which it looks up person by person."""
    most = rows.MOST if reach is None else FEW
    return min(await rows.unread(db, schools=reach, most=most), most)
