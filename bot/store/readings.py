"""What people made of answers: their readings, the themes they gave, and whose reading counts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Row,
    String,
    and_,
    cast,
    delete,
    func,
    insert,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import answers, codings, draws, holds, people, readings, surveys

Schools = Collection[str] | None
"""Whose families' replies somebody may see; None: everybody's."""

AT_ONCE = 500
READ = ("review", "double", "import")
"""Purposes of readings by single readers that stand. Of a ``stale`` one the answer has grown since; ``agreed`` is of two."""
SAME = "same"
"""How a reading was drawn that came with one of an identical answer."""
LOT = "lot"


def of_survey(key: str, schools: Schools = None) -> ColumnElement[bool]:
    """Answers to any version of this survey, by families of these schools."""
    answered = answers.c.survey_id.in_(select(surveys.c.id).where(surveys.c.key == key))
    return answered if schools is None else and_(answered, of_schools(schools))


def of_schools(schools: Collection[str]) -> ColumnElement[bool]:
    """Answers by people of these schools: looked up one by one."""
    return (
        select(people.c.id).where(people.c.id == answers.c.person_id, people.c.school.in_(schools)).exists()
    )


def coded(key: str, schools: Schools = None) -> ColumnElement[bool]:
    """Answers to this survey that a coder has read as they are now."""
    return and_(of_survey(key, schools), answers.c.coder.is_not(None))


async def settle(db: AsyncConnection, ids: Collection[UUID]) -> None:
    """Set whose reading of these answers counts: what two agreed on; else the newest review; else the earliest of those
    that were read twice; else the earliest that was coded elsewhere; else nobody's."""
    counts: dict[UUID, str | None] = dict.fromkeys(ids)
    for reading in sorted(await of(db, ids), key=_weight):
        counts[reading.answer_id] = reading.coder  # the weightiest comes last
    by_coder: dict[str | None, list[UUID]] = {}
    for answer, coder in counts.items():
        by_coder.setdefault(coder, []).append(answer)
    for coder, some in by_coder.items():
        for start in range(0, len(some), AT_ONCE):
            which = answers.c.id.in_(some[start : start + AT_ONCE])
            await db.execute(update(answers).where(which).values(decided=coder))


def _weight(reading: Row[Any]) -> tuple[int, float, int]:
    # Those of anonymous answers have lost their moments; their ids keep the order.
    at, id_ = reading.changed_at.timestamp(), reading.id.int
    newest, earliest = (at, id_), (-at, -id_)
    order = {
        "import": (0, *earliest),
        "double": (1, *earliest),
        "review": (2, *newest),
        "agreed": (3, *newest),
    }
    return order[reading.purpose]


async def of(db: AsyncConnection, ids: Collection[UUID], *, stale: bool = False) -> list[Row[Any]]:
    """The readings of these answers that stand (``stale``: and those that do not), oldest first."""
    found: list[Row[Any]] = []
    for some in parts(ids):
        wanted = select(readings).where(readings.c.answer_id.in_(some))
        found += await db.execute(wanted if stale else wanted.where(readings.c.purpose != "stale"))
    return sorted(found, key=lambda row: (row.created_at, row.id))


async def themes(db: AsyncConnection, ids: Collection[UUID]) -> dict[tuple[UUID, str], list[Row[Any]]]:
    """Every coding of these answers, the most probable first: {(answer, coder): codings}."""
    found: dict[tuple[UUID, str], list[Row[Any]]] = {}
    for some in parts(ids):
        wanted = select(codings).where(codings.c.answer_id.in_(some))
        for row in await db.execute(wanted.order_by(codings.c.probability.desc(), codings.c.theme)):
            found.setdefault((row.answer_id, row.coder), []).append(row)
    return found


async def put(db: AsyncConnection, rows: Sequence[dict[str, Any]], given: Sequence[dict[str, Any]]) -> None:
    """Enter readings with their codings, in place of what the same coders had made of the same answers; then settle()."""
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    changes = ("purpose", "drawn", "copied", "codebook", "codebook_version", "machine", "note", "changed_at")
    for start in range(0, len(rows), AT_ONCE):
        row = upsert(readings).values(list(rows[start : start + AT_ONCE]))
        new = {name: row.excluded[name] for name in changes}
        await db.execute(row.on_conflict_do_update(index_elements=["answer_id", "coder"], set_=new))
    await _drop_codings(db, rows)
    for start in range(0, len(given), AT_ONCE):
        await db.execute(insert(codings), list(given[start : start + AT_ONCE]))
    await settle(db, {row["answer_id"] for row in rows})


async def withdraw(db: AsyncConnection, ids: Collection[UUID], coder: str) -> int:
    """Take back what this coder made of these answers; then settle(). Returns how many readings are gone."""
    gone = 0
    await _drop_codings(db, [{"answer_id": id_, "coder": coder} for id_ in ids])
    for some in parts(ids):
        which = readings.c.answer_id.in_(some), readings.c.coder == coder
        gone += (await db.execute(delete(readings).where(*which))).rowcount
    await settle(db, ids)
    return gone


async def _drop_codings(db: AsyncConnection, rows: Iterable[dict[str, Any]]) -> None:
    by_coder: dict[str, list[UUID]] = {}
    for row in rows:
        by_coder.setdefault(row["coder"], []).append(row["answer_id"])
    for coder, ids in by_coder.items():
        for some in parts(ids):
            await db.execute(delete(codings).where(codings.c.answer_id.in_(some), codings.c.coder == coder))


async def outgrown(db: AsyncConnection, ids: Collection[UUID]) -> None:
    """The words of these answers have changed: what people made of them no longer counts, and they are to be read again."""
    for some in parts(ids):
        await db.execute(update(readings).where(readings.c.answer_id.in_(some)).values(purpose="stale"))
        await db.execute(update(answers).where(answers.c.id.in_(some)).values(decided=null()))


async def answer(db: AsyncConnection, id_: UUID) -> Row[Any] | None:
    """One answer."""
    return (await db.execute(select(answers).where(answers.c.id == id_))).one_or_none()


async def ending(db: AsyncConnection, digits: str) -> list[UUID]:
    """The answers whose ids end so."""
    # SQLite keeps ids as bare digits, PostgreSQL shows them with hyphens.
    own = func.replace(cast(answers.c.id, String), "-", "")
    wanted = select(answers.c.id).where(own.endswith(digits, autoescape=True)).limit(20)
    return list((await db.execute(wanted)).scalars())


async def newest(db: AsyncConnection, coders: Collection[str]) -> Row[Any] | None:
    """What one of these read last; of identical answers the one that they saw."""
    mine = readings.c.coder.in_(coders), readings.c.purpose != "stale", ~readings.c.copied
    last = select(readings).where(*mine).order_by(readings.c.changed_at.desc(), readings.c.id.desc()).limit(1)
    return (await db.execute(last)).one_or_none()


async def lock(db: AsyncConnection, ids: Collection[UUID], *, skip: bool = False) -> list[Row[Any]]:
    """These answers, locked in the order in which coders lock theirs; ``skip``: without those that somebody has locked."""
    found: list[Row[Any]] = []
    for some in parts(sorted(ids)):
        wanted = select(answers).where(answers.c.id.in_(some)).order_by(answers.c.id)
        found += await db.execute(wanted.with_for_update(skip_locked=skip, key_share=skip))
    return found


async def alike(db: AsyncConnection, survey: str, heard: str, language: str | None) -> list[Row[Any]]:
    """The answers to this survey in exactly these words, in this language."""
    found: list[Row[Any]] = []
    found += await db.execute(
        select(answers.c.id, answers.c.survey_id, answers.c.question)
        .where(of_survey(survey), answers.c.heard == heard, answers.c.language.is_not_distinct_from(language))
        .order_by(answers.c.id)
    )
    return found


async def read_alike(db: AsyncConnection, survey: str, said: Collection[str]) -> list[Row[Any]]:
    """Answers to this survey that people have read and that are in one of these words exactly."""
    found: list[Row[Any]] = []
    for some in parts(set(said)):
        found += await db.execute(
            select(answers.c.id, answers.c.survey_id, answers.c.question, answers.c.heard, answers.c.language)
            .where(answers.c.id.in_(select(readings.c.answer_id)), of_survey(survey))
            .where(answers.c.decided.is_not(None), answers.c.heard.in_(some))
            .order_by(answers.c.id)
        )
    return found


async def move(db: AsyncConnection, answer: UUID, new: UUID, day: datetime) -> None:
    """An anonymous answer has a new id: what was made of it goes with it, under ids that tell no time, in the same order, as
    if made on that ``day``. Whoever had it drawn or before them has it no more."""
    order = (
        select(table.c.id).where(table.c.answer_id == answer).order_by(table.c.id)
        for table in (readings, codings)
    )
    for table, ids in zip((readings, codings), order, strict=True):
        found = list((await db.execute(ids)).scalars())
        moved = {"answer_id": new, "created_at": day} | ({"changed_at": day} if table is readings else {})
        for fresh, old in zip(sorted(uuid4() for _ in found), found, strict=True):
            await db.execute(update(table).where(table.c.id == old).values(id=fresh, **moved))
    for table in (draws, holds):
        await db.execute(delete(table).where(table.c.answer_id == answer))


async def by_lot(db: AsyncConnection, ids: Collection[UUID]) -> None:
    """The lot has come to these answers after they had been read: what was found in them stands for others now."""
    for some in parts(ids):
        await db.execute(update(readings).where(readings.c.answer_id.in_(some)).values(drawn=LOT))


def parts(ids: Iterable[Any]) -> Iterable[list[Any]]:
    """So many at a time as a statement takes."""
    every = list(ids)
    return (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))
