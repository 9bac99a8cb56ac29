"""Queries: replies that may mean a legal duty, each once for its answer and theme."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, and_, case, delete, exists, func, null, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .readings import AT_ONCE, parts
from .tables import answers, codings, duties, messages, people, readings, surveys

DECIDED = and_(codings.c.answer_id == answers.c.id, codings.c.coder == answers.c.decided)
"""The themes that people gave an answer."""


async def add(db: AsyncConnection, rows: Sequence[dict[str, Any]]) -> int:
    """Enter these, leaving alone what is there; one that was withdrawn before anybody looked is open again. How many are new."""
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    entered = 0
    for start in range(0, len(rows), AT_ONCE):
        put = upsert(duties).values(list(rows[start : start + AT_ONCE]))
        put = put.on_conflict_do_update(
            index_elements=["answer_id", "theme"],
            set_={"state": "new", "outcome": null(), "closed_at": null(), "told_at": null()},
            where=and_(duties.c.state == "closed", duties.c.seen_by.is_(None)),
        )
        entered += len((await db.execute(put.returning(duties.c.id))).all())
    return entered


async def withdraw(db: AsyncConnection, now: datetime) -> int:
    """Take back what nobody has looked at, and of which people have decided that the theme is not there. How many.

    Only what was decided of this very reply takes it back: whoever read the same words of another family, perhaps of
    another school, knows nothing of this one.
    """
    stands = exists().where(DECIDED, codings.c.theme == duties.c.theme)
    read = exists().where(
        readings.c.answer_id == answers.c.id, readings.c.coder == answers.c.decided, ~readings.c.copied
    )
    gone = (
        select(duties.c.id)
        .join(answers, answers.c.id == duties.c.answer_id)
        .where(duties.c.state == "new", answers.c.decided.is_not(None), read, ~stands)
    )
    untold = await db.execute(delete(duties).where(duties.c.id.in_(gone), duties.c.told_at.is_(None)))
    # What a role was told of stays: that it was told today is how often it may be told.
    told = await db.execute(
        update(duties).where(duties.c.id.in_(gone)).values(state="closed", outcome="no_duty", closed_at=now)
    )
    return untold.rowcount + told.rowcount


async def read_since(db: AsyncConnection, since: datetime) -> Sequence[str]:
    """The codebooks by which people have read answers since then."""
    rows = await db.execute(select(readings.c.codebook).where(readings.c.changed_at >= since).distinct())
    return rows.scalars().all()


async def given_since(
    db: AsyncConnection, codebook: str, themes: Collection[str], since: datetime
) -> list[tuple[UUID, str]]:
    """The answers to which people have given one of these themes since then: (answer, theme)."""
    rows = await db.execute(
        select(answers.c.id, codings.c.theme)
        .join(readings, and_(readings.c.answer_id == answers.c.id, readings.c.coder == answers.c.decided))
        .join(codings, DECIDED)
        .where(
            readings.c.codebook == codebook,
            readings.c.changed_at >= since,
            codings.c.theme.in_(list(themes)),
        )
        .order_by(answers.c.id)
    )
    return [(row.id, row.theme) for row in rows]


async def counting(
    db: AsyncConnection, ids: Collection[UUID], themes: Collection[str]
) -> list[tuple[UUID, str]]:
    """Which of these themes count of these answers, whoever gave them: (answer, theme)."""
    given = and_(
        codings.c.answer_id == answers.c.id,
        codings.c.coder == func.coalesce(answers.c.decided, answers.c.coder),
    )
    found: list[tuple[UUID, str]] = []
    for some in parts(ids):
        wanted = select(answers.c.id, codings.c.theme).join(codings, given).where(answers.c.id.in_(some))
        rows = await db.execute(wanted.where(codings.c.theme.in_(list(themes))))
        found += [(row.id, row.theme) for row in rows]
    return found


async def untold(db: AsyncConnection, role: str) -> Sequence[UUID]:
    """What this role has not been told of, locked."""
    rows = await db.execute(
        select(duties.c.id)
        .where(duties.c.role == role, duties.c.state == "new", duties.c.told_at.is_(None))
        .order_by(duties.c.id)
        .with_for_update()
    )
    return rows.scalars().all()


async def told_since(db: AsyncConnection, role: str, since: datetime) -> bool:
    """Whether this role was told of anything after that moment."""
    rows = await db.execute(
        select(duties.c.id).where(duties.c.role == role, duties.c.told_at > since).limit(1)
    )
    return rows.first() is not None


async def told(db: AsyncConnection, ids: Sequence[UUID], now: datetime) -> None:
    """Note that the role was told of these."""
    for some in parts(ids):
        await db.execute(update(duties).where(duties.c.id.in_(some)).values(told_at=now))


async def listed(
    db: AsyncConnection,
    *,
    role: str | None = None,
    survey: str | None = None,
    closed: bool = False,
    schools: Collection[str] | None = None,
    limit: int | None = None,
    skip: int = 0,
) -> Sequence[Row[Any]]:
    """Those that are not closed (or all), newest first, with whom they are about and without anybody's words.

    ``schools``: only those of people at one of these.
    """
    wanted = (
        select(duties, surveys.c.key.label("survey"), people.c.language, people.c.school, people.c.respondent)
        .join(answers, answers.c.id == duties.c.answer_id)
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .join(people, people.c.id == answers.c.person_id)
        .order_by(duties.c.created_at.desc(), duties.c.id.desc())
    )
    if role is not None:
        wanted = wanted.where(func.lower(duties.c.role) == role.strip().lower())
    if survey is not None:
        wanted = wanted.where(surveys.c.key == survey)
    if schools is not None:
        wanted = wanted.where(people.c.school.in_(list(schools)))
    if limit is not None:
        wanted = wanted.limit(limit).offset(skip)
    return (await db.execute(wanted if closed else wanted.where(duties.c.state != "closed"))).all()


async def waiting(db: AsyncConnection) -> Sequence[Row[Any]]:
    """Every role for which something is open: ``role``, how many, and how many of them nobody has seen."""
    unseen = func.count().filter(duties.c.state == "new").label("unseen")
    rows = await db.execute(
        select(duties.c.role, func.count().label("open"), unseen)
        .where(duties.c.state != "closed")
        .group_by(duties.c.role)
        .order_by(duties.c.role)
    )
    return rows.all()


async def words(db: AsyncConnection, duty: UUID) -> Row[Any]:
    """One with the reply it is about, and who wrote it and from where, as far as that is kept."""
    wanted = (
        select(
            duties, answers.c.id.label("answer"), answers.c.heard, answers.c.language.label("said_in"), answers.c.question,
            surveys.c.key.label("survey"), people.c.language, people.c.school, people.c.respondent,
            people.c.external_id, people.c.groups, messages.c.channel, messages.c.address,
        )
        .join(answers, answers.c.id == duties.c.answer_id)
        .join(surveys, surveys.c.id == answers.c.survey_id)
        .join(people, people.c.id == answers.c.person_id)
        .outerjoin(messages, messages.c.id == answers.c.message_id)
        .where(duties.c.id == duty)
    )  # fmt: skip
    return (await db.execute(wanted)).one()


async def ids(db: AsyncConnection) -> Sequence[UUID]:
    """The id of every one."""
    return (await db.execute(select(duties.c.id))).scalars().all()


async def see(db: AsyncConnection, duty: UUID, by: str, now: datetime) -> bool:
    """Note that somebody looks after it. False where it is not new."""
    done = await db.execute(
        update(duties)
        .where(duties.c.id == duty, duties.c.state == "new")
        .values(state="seen", seen_by=by, seen_at=now)
    )
    return done.rowcount == 1


async def reopen(db: AsyncConnection, duty: UUID) -> bool:
    """Take back that it was seen or closed, one step: what is closed is with who had it, what is seen is new."""
    row = (await db.execute(select(duties.c.state, duties.c.seen_by).where(duties.c.id == duty))).one()
    if row.state == "closed":
        back = {"state": "seen" if row.seen_by else "new", "outcome": None, "closed_at": None}
    elif row.state == "seen":
        back = {"state": "new", "seen_by": None, "seen_at": None}
    else:
        return False
    await db.execute(update(duties).where(duties.c.id == duty).values(**back))
    return True


async def note(db: AsyncConnection, duty: UUID, text: str) -> None:
    """What was done, for colleagues."""
    await db.execute(update(duties).where(duties.c.id == duty).values(note=text or None))


async def close(db: AsyncConnection, duty: UUID, outcome: str, by: str, now: datetime) -> bool:
    """Close it as ``acted`` or ``no_duty``. False where it is closed already."""
    seen = {"seen_by": func.coalesce(duties.c.seen_by, by), "seen_at": func.coalesce(duties.c.seen_at, now)}
    done = await db.execute(
        update(duties)
        .where(duties.c.id == duty, duties.c.state != "closed")
        .values(state="closed", outcome=outcome, closed_at=now, **seen)
    )
    return done.rowcount == 1


async def move(db: AsyncConnection, answer: UUID, new: UUID, day: datetime) -> None:
    """An anonymous answer has a new id: its duties go with it, under ids that tell no time, with the ``day`` in place of the
    moments: a role may have been told seconds after the answer came."""
    moments = {name: case((duties.c[name].is_not(None), day)) for name in ("told_at", "seen_at", "closed_at")}
    rows: Iterable[UUID] = (
        (await db.execute(select(duties.c.id).where(duties.c.answer_id == answer))).scalars().all()
    )
    for duty in rows:
        await db.execute(
            update(duties)
            .where(duties.c.id == duty)
            .values(id=uuid4(), answer_id=new, created_at=day, **moments)
        )
