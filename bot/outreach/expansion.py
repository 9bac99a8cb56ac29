"""Turns an audience into recipients: each person in exactly one state, in chunks, inside the database.

A chunk is so many households, in the order of their ids: the members of one are always decided together. Its rows and
the cursor behind it are one transaction, so a run that is expanded by two workers at once, or by one that dies, has
everybody once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    CursorResult,
    Subquery,
    and_,
    case,
    func,
    literal,
    null,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.database import by_keys
from ..store.tables import addresses, people, recipients, runs, shared_addresses
from .calendars import school_of

HOUSEHOLDS = 5000
"""Households in one transaction: some tenths of a second, so that a stop is heeded at once."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What every chunk of one run is made with.

    ``among`` is the condition on ``people``; ``occasion`` gives a recipient's occasion. ``due`` has for each step the
    moment for each school (None: every other). ``channels`` are those that may be used, the first choice first. Without a
    ``campaign_id`` nobody has had anything of it before.
    """

    run_id: UUID
    campaign_id: UUID | None
    among: ColumnElement[bool]
    occasion: ColumnElement[str]
    due: Sequence[Mapping[str | None, datetime]]
    channels: Sequence[str]
    by_household: bool


async def expand(db: AsyncConnection, spread: Spread, households: int = HOUSEHOLDS) -> int | None:
    """Decide the next chunk; returns how many people that were, None where nothing was to be done: the run is expanded
    to its end, or another worker has it right now. The caller owns the transaction."""
    mine = select(runs.c.cursor).where(runs.c.id == spread.run_id, runs.c.state == "expanding")
    run = (await db.execute(mine.with_for_update(skip_locked=True))).first()
    if run is None:
        return None
    after = run.cursor
    end = select(people.c.household_id).order_by(people.c.household_id).offset(households - 1).limit(1)
    upto = (await db.execute(end.where(people.c.household_id > after) if after else end)).scalar()
    span = [people.c.household_id > after] if after else []
    span += [people.c.household_id <= upto] if upto else []
    await by_keys(db)
    added = 0
    for step, due in enumerate(spread.due):
        rows = _insertion(db.dialect.name, spread, step, due, span)
        # Whoever has joined another household since theirs was decided is there already.
        done = await db.execute(rows.on_conflict_do_nothing(index_elements=list(recipients.primary_key)))
        added = await _rows(db, done) if step == 0 else added
    values: dict[str, Any] = {"expanded": runs.c.expanded + added}
    values |= {"cursor": upto} if upto else {"state": "sending", "expected": runs.c.expanded + added}
    await db.execute(update(runs).where(runs.c.id == spread.run_id).values(values))
    return added


async def _rows(db: AsyncConnection, done: CursorResult[Any]) -> int:
    """How many rows were inserted. Python's SQLite counts none for a statement that begins with WITH."""
    if db.dialect.name == "sqlite":
        return int((await db.execute(text("SELECT changes()"))).scalar_one())
    return done.rowcount


def _insertion(
    dialect: str,
    spread: Spread,
    step: int,
    due: Mapping[str | None, datetime],
    span: Sequence[ColumnElement[bool]],
) -> postgresql.Insert | sqlite.Insert:
    found = decided(spread, step, span, schools=len(due) > 1)
    going = found.c.reason.is_(None)
    moment = case(
        *(
            (found.c.school == school, literal(at, recipients.c.due_at.type))
            for school, at in due.items()
            if school is not None
        ),
        else_=literal(due[None], recipients.c.due_at.type),
    ) if len(due) > 1 else literal(due[None], recipients.c.due_at.type)  # fmt: skip
    rows = select(
        literal(spread.run_id, recipients.c.run_id.type),
        literal(step, recipients.c.step.type),
        found.c.id,
        literal(spread.campaign_id, recipients.c.campaign_id.type),
        found.c.occasion,
        case((going, found.c.address_id), else_=null()),
        case((going, found.c.channel), else_=null()),
        case((going, literal("waiting")), else_=literal("skipped")),
        found.c.reason,
        case((going, moment), else_=null()),
    ).where(true())  # without it SQLite would read ON CONFLICT as the ON of a join
    names = [
        "run_id",
        "step",
        "person_id",
        "campaign_id",
        "occasion",
        "address_id",
        "channel",
        "state",
        "reason",
    ]
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(recipients).from_select([*names, "due_at"], rows)


def decided(
    spread: Spread, step: int, span: Sequence[ColumnElement[bool]] = (), *, schools: bool = False
) -> CTE:
    """Each person of an audience (of one ``span`` of households), their language, the address that is meant, and the
    ``reason`` why nothing goes there, if any. The school is looked up where schools differ in their moments."""
    school = school_of() if schools else null()
    known = (people.c.id, people.c.household_id, people.c.language)
    person = (
        select(*known, school.label("school"), spread.occasion.label("occasion"))
        .where(*span, spread.among)
        .cte("person")
    )
    return _decided(_reach(person, spread.channels), spread, step)


def _reach(person: CTE, channels: Sequence[str]) -> Subquery:
    """Each person with the one address that would be used: one that may be, by the order of channels, the oldest.

    An address on a channel that is not used here counts as none. Nothing is joined twice, and by keys alone: whatever
    the database thinks of the sizes, the work is some look-ups a person.
    """
    own = select(person, *_address()).outerjoin(addresses, addresses.c.person_id == person.c.id)
    shared = (
        select(person, *_address())
        .join(shared_addresses, shared_addresses.c.person_id == person.c.id)
        .join(addresses, addresses.c.id == shared_addresses.c.address_id)
    )
    ways = union_all(own, shared).subquery("ways")
    here = ways.c.channel.in_(channels)
    rank = case(
        {name: place for place, name in enumerate(channels)}, value=ways.c.channel, else_=len(channels)
    )
    order = (case((here, _usable(ways)), else_=-1).desc(), rank, ways.c.address_id)
    place = func.row_number().over(partition_by=ways.c.id, order_by=order).label("place")
    known = [case((here, ways.c[name]), else_=null()).label(name) for name in ADDRESS]
    return select(*(ways.c[column.key] for column in person.c), *known, place).subquery("reach")


ADDRESS = ("address_id", "channel", "suppressed", "consented")


def _address() -> list[ColumnElement[Any]]:
    columns = (addresses.c.id, addresses.c.channel, addresses.c.suppressed, addresses.c.consented)
    return [column.label(name) for column, name in zip(columns, ADDRESS, strict=True)]


def _usable(of: Any) -> ColumnElement[int]:
    """1 where something may go there."""
    return case((and_(of.c.address_id.is_not(None), of.c.suppressed.is_(None), of.c.consented), 1), else_=0)


def _decided(reach: Subquery, spread: Spread, step: int) -> CTE:
    """Each person with the address that is meant, and the reason where nothing goes there."""
    best = (
        select(*(column for column in reach.c if column.key != "place")).where(reach.c.place == 1).cte("best")
    )
    usable = _usable(best)
    homes = select(
        best,
        usable.label("usable"),
        func.row_number()
        .over(partition_by=best.c.household_id, order_by=(usable.desc(), best.c.id))
        .label("of_household"),
    ).subquery("homes")
    twice = homes.c.of_household > 1 if spread.by_household else literal(False)
    # Whoever is passed over for their household takes nobody's number. Households in the order of the chunks, so that
    # it does not matter how large those are; checks/reach.py goes by the same order.
    turn = (homes.c.usable.desc(), case((twice, 1), else_=0), homes.c.household_id, homes.c.id)
    ranked = select(
        homes,
        twice.label("twice"),
        func.row_number().over(partition_by=homes.c.address_id, order_by=turn).label("of_address"),
    ).subquery("ranked")
    earlier = (
        select(recipients.c.person_id)
        .where(
            recipients.c.campaign_id == spread.campaign_id,
            recipients.c.step == step,
            recipients.c.occasion == ranked.c.occasion,
            recipients.c.address_id == ranked.c.address_id,
        )
        .exists()
    )
    taken = [ranked.c.of_address > 1, *([earlier] if spread.campaign_id else [])]
    reason = case(
        (ranked.c.address_id.is_(None), "no address"),
        (ranked.c.suppressed == "stopped", "opted out"),
        (ranked.c.suppressed.is_not(None), "unreachable"),
        (ranked.c.usable == 0, "no consent"),
        (ranked.c.twice, "same household"),
        (or_(*taken), "same number"),
        else_=null(),
    )
    # Said once, and reckoned once: PostgreSQL would copy the reason into every column that looks at it.
    return (
        select(ranked, reason.label("reason"))
        .cte("decided")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
