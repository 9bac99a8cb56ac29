"""What is drawn for people to read, by lot or because it would teach most, and who holds what just now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Row, Select, String, and_, case, cast, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from .readings import AT_ONCE, LOT, READ, Schools, coded, of, of_schools, of_survey, parts
from .tables import answers, draws, holds, readings, surveys

DOUBT, CHOSEN = "doubt", "chosen"


def _by_lot() -> tuple[ColumnElement[str], ...]:
    """The order of the lot: the last digits of ids, which nobody chose. It draws people, with all that they said: shares are
    of people, and of somebody half of whose replies were read nothing is known."""
    return tuple(
        func.substr(func.replace(cast(id_, String), "-", ""), 25)
        for id_ in (answers.c.person_id, answers.c.id)
    )


def _is(answer: Column[UUID], *so: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether this answer is so: looked up one by one, for of the answers that are drawn there are few."""
    return select(answers.c.id).where(answers.c.id == answer, *so).exists()


async def next_by_lot(db: AsyncConnection, survey: str, most: int) -> list[Row[Any]]:
    """The next answers in the order of the lot, whether or not somebody has read them for another reason."""
    drawn = select(draws.c.answer_id).where(draws.c.answer_id == answers.c.id, draws.c.drawn == LOT).exists()
    wanted = _queued().where(coded(survey), ~drawn).order_by(*_by_lot()).limit(most)
    return list(await db.execute(_staying(wanted)))


async def in_doubt(db: AsyncConnection, survey: str, each: int, schools: Schools = None) -> list[Row[Any]]:
    """Answers that nobody has read or drawn: of each language those in which most is in doubt."""
    near = () if schools is None else (of_schools(schools),)
    drawn = select(draws.c.answer_id).where(draws.c.answer_id == answers.c.id).exists()
    best: dict[str, list[Row[Any]]] = {}
    for version in (await db.execute(select(surveys.c.id).where(surveys.c.key == survey))).scalars().all():
        open_ = answers.c.survey_id == version, answers.c.decided.is_(None), answers.c.doubt.is_not(None)
        for language in await _languages(db, *open_):
            wanted = _queued().where(
                *open_, answers.c.language == language, answers.c.coder.is_not(None), ~drawn, *near
            )
            first = _staying(wanted.order_by(answers.c.doubt.desc()).limit(each))
            best.setdefault(language, []).extend(await db.execute(first))
    return [row for some in best.values() for row in sorted(some, key=lambda row: -row.doubt)[:each]]


async def _languages(db: AsyncConnection, *where: ColumnElement[bool]) -> list[str]:
    """The languages of these answers: each looked up in the index after the one before, for of answers there are many."""
    found: list[str] = []
    after = answers.c.language.is_not(None)
    while True:
        wanted = select(answers.c.language).where(*where, after).order_by(answers.c.language).limit(1)
        language = (await db.execute(wanted)).scalar()
        if language is None:
            return found
        found.append(language)
        after = answers.c.language > language


def _staying(wanted: Select[Any]) -> Select[Any]:
    """Answers that are drawn stay until they are entered: those that are just being cut from people have other ids then."""
    return wanted.with_for_update(read=True, key_share=True, skip_locked=True)


def _queued() -> Select[Any]:
    return select(
        answers.c.id, answers.c.survey_id, answers.c.question, answers.c.heard, answers.c.language, answers.c.declared,
        answers.c.coder, answers.c.decided, answers.c.doubt,
    )  # fmt: skip


async def read_lately(db: AsyncConnection, survey: str, most: int) -> list[Row[Any]]:
    """The answers that were read last, each once, the newest at the end."""
    last = (
        select(readings.c.answer_id, func.max(readings.c.changed_at).label("at"))
        .where(~readings.c.copied, readings.c.purpose.in_(READ))
        .group_by(readings.c.answer_id)
        .subquery()
    )
    wanted = _queued().join(last, last.c.answer_id == answers.c.id).where(of_survey(survey))
    return list((await db.execute(wanted.order_by(last.c.at.desc(), answers.c.id).limit(most))).all())[::-1]


async def draw(db: AsyncConnection, rows: Sequence[dict[str, Any]]) -> None:
    """Enter these draws. One that is there stays in its place; it is by lot if either is, and as many are
    to read it as either wants."""
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), AT_ONCE):
        row = upsert(draws).values(list(rows[start : start + AT_ONCE]))
        more = func.greatest if db.dialect.name == "postgresql" else func.max
        drawn = case(
            (row.excluded.drawn == LOT, LOT),
            (draws.c.drawn == DOUBT, row.excluded.drawn),
            else_=draws.c.drawn,
        )
        set_ = {"wanted": more(draws.c.wanted, row.excluded.wanted), "drawn": drawn}
        await db.execute(row.on_conflict_do_update(index_elements=["answer_id"], set_=set_))


async def drawn(db: AsyncConnection, answer: UUID) -> Row[Any] | None:
    """How this answer was drawn."""
    return (await db.execute(select(draws).where(draws.c.answer_id == answer))).one_or_none()


async def of_lot(db: AsyncConnection, ids: Collection[UUID]) -> set[UUID]:
    """Those of these answers that the lot has reached."""
    found: set[UUID] = set()
    for some in parts(ids):
        wanted = select(draws.c.answer_id).where(draws.c.answer_id.in_(some), draws.c.drawn == LOT)
        found |= set((await db.execute(wanted)).scalars())
    return found


async def to_read(
    db: AsyncConnection,
    survey: str,
    coder: str,
    now: datetime,
    *,
    most: int | None = 200,
    schools: Schools = None,
) -> list[Row[Any]]:
    """What is drawn and still to be read, and what this reader may read: not what they have read, passed over, or what
    others hold. ``read``: by how many. In the order in which it was drawn."""
    of_answer = readings.c.answer_id == draws.c.answer_id, readings.c.purpose.in_(READ)
    read = select(func.count()).where(*of_answer).scalar_subquery()
    mine = select(readings.c.id).where(*of_answer, readings.c.coder == coder).exists()
    held = holds.c.answer_id == draws.c.answer_id, holds.c.until > now
    others = holds.c.staff.like("staff:%"), holds.c.staff != coder
    busy = select(func.count()).where(*held, *others).scalar_subquery()
    passed = select(holds.c.until).where(*held, holds.c.staff == passing(coder)).exists()
    wanted = (
        select(draws.c.answer_id, draws.c.drawn, draws.c.wanted, read.label("read"))
        .where(
            _is(
                draws.c.answer_id,
                coded(survey, schools),
                or_(draws.c.wanted > 1, answers.c.decided.is_(None)),
            )
        )
        .where(read + busy < draws.c.wanted, ~mine, ~passed)
        .order_by(draws.c.created_at, draws.c.answer_id)
    )
    found: list[Row[Any]] = []
    found += await db.execute(wanted.limit(most) if most else wanted)
    return found


def passing(coder: str) -> str:
    """Under whose name stands that a reader has passed an answer over."""
    return f"passed:{coder}"


async def turn(db: AsyncConnection, survey: str, coder: str) -> int:
    """How many answers this reader has read."""
    mine = readings.c.coder == coder, ~readings.c.copied, readings.c.purpose.in_(READ)
    wanted = (
        select(func.count()).select_from(readings).where(*mine, _is(readings.c.answer_id, of_survey(survey)))
    )
    return int((await db.execute(wanted)).scalar_one())


async def free(db: AsyncConnection, answer: UUID, coder: str, wanted: int, now: datetime) -> bool:
    """Lock this answer; whether it may still be read by this reader. False where somebody else is just taking it."""
    mine = select(answers.c.id).where(answers.c.id == answer, answers.c.coder.is_not(None))
    # Whoever is drawing answers just now keeps nobody from reading them.
    if (await db.execute(mine.with_for_update(skip_locked=True, key_share=True))).first() is None:
        return False
    # Looked at anew, under the lock: whoever held it a moment ago has committed by now.
    busy = select(holds.c.staff).where(
        holds.c.answer_id == answer,
        holds.c.until > now,
        holds.c.staff != coder,
        holds.c.staff.like("staff:%"),
    )
    taken = set((await db.execute(busy)).scalars())
    taken |= {reading.coder for reading in await of(db, [answer]) if reading.purpose in READ}
    return coder not in taken and len(taken) < wanted


async def hold(db: AsyncConnection, answer: UUID, staff: str, until: datetime) -> None:
    """This reader has it until then."""
    upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
    row = upsert(holds).values(answer_id=answer, staff=staff, until=until)
    await db.execute(row.on_conflict_do_update(index_elements=["answer_id", "staff"], set_={"until": until}))


async def release(db: AsyncConnection, coder: str, now: datetime, answer: UUID | None = None) -> None:
    """This reader holds it no more (without ``answer``: nothing), and what anybody's time has run out for is free."""
    mine = holds.c.staff == coder
    await db.execute(delete(holds).where(and_(mine, holds.c.answer_id == answer) if answer else mine))
    await db.execute(delete(holds).where(holds.c.until <= now))


async def held(
    db: AsyncConnection, survey: str, coder: str, now: datetime, schools: Schools = None
) -> UUID | None:
    """What this reader is reading just now."""
    rows = await db.execute(
        select(holds.c.answer_id)
        .where(_is(holds.c.answer_id, coded(survey, schools)), holds.c.staff == coder, holds.c.until > now)
        .order_by(holds.c.until.desc())
        .limit(1)
    )
    return rows.scalar()
