"""People, page by page: found by a name or by the end of a number, narrowed to the schools of whoever looks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..dialogue.within import Reach, within
from ..joining_people import given
from ..store import searching
from ..store.samples import START
from ..store.tables import addresses, guardianships, list_entries, people, shared_addresses, students

State = Literal["reachable", "stopped", "no number", "no consent", "off"]
STATES: tuple[State, ...] = get_args(State)
"""Can be reached; asked us to stop; has no number that can be used; on no list that allows us to begin; on no list."""
PAGE = 50
MOST = 10_000
"""Nobody counts further than this for a page."""
DIGITS = 4
"""So many of a number's last digits are shown, and searched for at least."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to list. ``text`` is a name, or the last digits of a number; ``kind`` family, student or staff."""

    text: str = ""
    kind: str = ""
    language: str = ""
    school: str = ""
    list: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One number: by its last digits. ``state`` is open, stopped, dead, no consent or sample."""

    id: UUID
    channel: str
    ending: str
    state: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One person of the list. ``children`` are their names, or None of whom none is known."""

    id: UUID
    name: str | None
    kind: str
    language: str
    school: str | None
    external_id: str | None
    state: State | Literal["sample"]
    ways: tuple[Way, ...]
    children: tuple[str | None, ...]


async def listed(
    db: AsyncConnection, wanted: Wanted, reach: Reach, after: UUID | None = None, limit: int = PAGE
) -> tuple[list[Line], UUID | None]:
    """At most ``limit`` people behind ``after``, the newest first, and where the next page begins (None at the end)."""
    query = _query(db, wanted, reach, people).order_by(people.c.id.desc()).limit(limit + 1)
    if after is not None:
        query = query.where(people.c.id < after)
    rows = (await db.execute(query)).all()
    shown = rows[:limit]
    return await lines(db, shown), shown[-1].id if len(rows) > limit else None


async def counted(db: AsyncConnection, wanted: Wanted, reach: Reach, most: int = MOST) -> int:
    """How many there are; ``most`` + 1 where there are more than ``most``."""
    some = _query(db, wanted, reach, people.c.id).limit(most + 1).subquery()
    return int((await db.execute(select(func.count()).select_from(some))).scalar_one())


async def lines(db: AsyncConnection, rows: Sequence[Any]) -> list[Line]:
    """What the list says of these rows of ``people``."""
    ids = [row.id for row in rows]
    ways, kids = await _ways(db, ids), await _children(db, ids)
    return [
        Line(
            id=row.id,
            name=row.name,
            kind=row.respondent,
            language=row.language,
            school=row.school,
            external_id=given(row.external_id),
            state=_state(row, ways[row.id]),
            ways=tuple(ways[row.id]),
            children=tuple(kids[row.id]),
        )
        for row in rows
    ]


async def choices(db: AsyncConnection, reach: Reach) -> tuple[list[str], list[str], list[str]]:
    """The schools, languages and lists there are, for the filters."""
    here = _real()
    schools = await _distinct(db, people.c.school, here)
    kids = await _distinct(db, students.c.school, students.c.removed_at.is_(None))
    known = sorted({*schools, *kids})
    languages = await _distinct(db, people.c.language, here)
    lists = await _distinct(db, list_entries.c.list)
    return [one for one in known if reach is None or one in reach], languages, lists


def mask(address: str) -> str:
    """The end of a number, by which whoever has it knows it again.

    >>> mask("+15035550123"), mask("77")
    ('0123', '77')
    """
    return address[-DIGITS:]


def _query(db: AsyncConnection, wanted: Wanted, reach: Reach, what: Any) -> Select[Any]:
    where: list[ColumnElement[bool]] = [_real(), within(reach)]
    for column, value in ((people.c.respondent, wanted.kind), (people.c.language, wanted.language)):
        if value:
            where.append(column == value)
    if wanted.school:
        where.append(within(frozenset({wanted.school})))
    if wanted.list:
        on = list_entries.c.list == wanted.list, list_entries.c.person_id == people.c.id
        where.append(exists().where(*on))
    if wanted.state in STATES:
        where.append(_in_state(wanted.state))
    if wanted.text.strip():
        where.append(_named(db, wanted.text))
    return select(what).where(*where)


def _named(db: AsyncConnection, text: str) -> ColumnElement[bool]:
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) >= 3 and not any(sign.isalpha() for sign in text):
        ending = addresses.c.address.endswith(digits, autoescape=True)
        shared = select(shared_addresses.c.person_id).join(
            addresses, addresses.c.id == shared_addresses.c.address_id
        )
        return or_(
            people.c.id.in_(select(addresses.c.person_id).where(ending)),
            people.c.id.in_(shared.where(ending)),
        )
    words = searching.terms(text)
    if not words:
        return people.c.external_id == text.strip()
    named = people.c.id.in_(searching.names(db.dialect.name, words))
    child = (
        select(guardianships.c.person_id)
        .join(students, students.c.id == guardianships.c.student_id)
        .where(students.c.external_id == text.strip())
    )
    return or_(named, people.c.external_id == text.strip(), people.c.id.in_(child))


def _real() -> ColumnElement[bool]:
    """No stand-ins: those of answers without a person, of somebody who was erased or joined with another."""
    ours = [people.c.external_id.startswith(start) for start in ("answers:", "erased:", "joined:")]
    return or_(people.c.external_id.is_(None), not_(or_(*ours)))


def _in_state(state: str) -> ColumnElement[bool]:
    def any_(*where: ColumnElement[bool]) -> ColumnElement[bool]:
        own = exists().where(addresses.c.person_id == people.c.id, *where)
        through = exists().where(
            shared_addresses.c.person_id == people.c.id,
            addresses.c.id == shared_addresses.c.address_id,
            *where,
        )
        return or_(own, through)

    alive, here = addresses.c.suppressed.is_(None), people.c.removed_at.is_(None)
    stopped = addresses.c.suppressed == "stopped"
    conditions: dict[str, ColumnElement[bool]] = {
        "off": people.c.removed_at.is_not(None),
        "stopped": and_(any_(stopped), not_(any_(alive))),
        "reachable": and_(here, any_(alive, addresses.c.consented)),
        "no number": and_(here, not_(any_(or_(alive, stopped)))),
        "no consent": and_(here, any_(alive), not_(any_(alive, addresses.c.consented))),
    }
    return conditions[state]


def _state(row: Any, ways: Collection[Way]) -> State | Literal["sample"]:
    if (row.external_id or "").startswith(START):
        return "sample"
    states = {way.state for way in ways}
    if "stopped" in states and not states & {"open", "no consent"}:
        return "stopped"
    if row.removed_at is not None:
        return "off"
    if "open" in states:
        return "reachable"
    return "no consent" if "no consent" in states else "no number"


async def _ways(db: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[Way]]:
    columns = (
        addresses.c.id,
        addresses.c.channel,
        addresses.c.address,
        addresses.c.suppressed,
        addresses.c.consented,
    )
    own = (
        select(addresses.c.person_id, *columns).where(addresses.c.person_id.in_(ids)).order_by(addresses.c.id)
    )
    through = (
        select(shared_addresses.c.person_id, *columns)
        .join(addresses, addresses.c.id == shared_addresses.c.address_id)
        .where(shared_addresses.c.person_id.in_(ids))
        .order_by(addresses.c.id)
    )
    found: dict[UUID, list[Way]] = defaultdict(list)
    for query, shared in ((own, False), (through, True)):
        for person, id_, channel, address, suppressed, consented in await db.execute(query):
            state = suppressed or ("open" if consented else "no consent")
            found[person].append(Way(id_, channel, mask(address), state, shared))
    return found


async def _children(db: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, list[str | None]]:
    rows = await db.execute(
        select(guardianships.c.person_id, students.c.name)
        .join(students, students.c.id == guardianships.c.student_id)
        .where(guardianships.c.person_id.in_(ids), students.c.removed_at.is_(None))
        .order_by(students.c.id)
    )
    found: dict[UUID, list[str | None]] = defaultdict(list)
    for person, name in rows:
        found[person].append(name)
    return found


async def _distinct(db: AsyncConnection, column: Any, *where: ColumnElement[bool]) -> list[str]:
    wanted = select(column).where(column.is_not(None), column != "", *where).distinct().order_by(column)
    return [str(value) for value in (await db.execute(wanted)).scalars()]
