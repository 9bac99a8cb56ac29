"""Who of an audience would get something, page by page: each person with an address, or the reason why not.

It decides as ``expansion`` does when the campaign begins, but writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from ...store.database import by_keys
from ...store.readers import one_of
from ...store.tables import addresses, people, shared_addresses
from ..calendars import school_of

PAGE = 500
"""People looked at between two looks at the store: some hundredths of a second, so that a server answers meanwhile."""


@dataclass(slots=True)
class Reached:
    """One page: whoever gets something, by the channel it goes over; and how many do not, by the reason."""

    channels: dict[UUID, str] = field(default_factory=dict)
    households: dict[UUID, UUID] = field(default_factory=dict)
    schools: dict[UUID, str | None] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    people: int = 0


async def pages(
    db: AsyncConnection, among: ColumnElement[bool], channels: Sequence[str], *, by_household: bool
) -> AsyncIterator[Reached]:
    """The audience, some thousands at a time, whole households together."""
    await by_keys(db)
    shared = set((await db.execute(select(shared_addresses.c.address_id).distinct())).scalars())
    taken: set[UUID] = set()  # of addresses that several people have, those that one of them gets it at
    after: UUID | None = None
    wanted = (
        select(people.c.id, people.c.household_id, school_of().label("school"))
        .where(among)
        .order_by(people.c.household_id, people.c.id)
        .limit(PAGE)
    )
    while True:
        page = wanted.where(people.c.household_id > after) if after else wanted
        rows: Sequence[Row[Any]] = (await db.execute(page)).all()
        if len(rows) == PAGE and rows[0].household_id != rows[-1].household_id:
            last = rows[-1].household_id  # perhaps cut in two: it comes with the next page
            rows = [row for row in rows if row.household_id != last]
        if not rows:
            return
        after = rows[-1].household_id
        ways = await _ways(db, [row.id for row in rows], channels)
        yield _decide(rows, ways, shared, taken, by_household=by_household)


async def _ways(db: AsyncConnection, ids: Sequence[UUID], channels: Sequence[str]) -> Mapping[UUID, Row[Any]]:
    """For each person the one address that would be used: one that may be, by the order of channels, the oldest."""
    columns = (
        addresses.c.id.label("address_id"),
        addresses.c.channel,
        addresses.c.suppressed,
        addresses.c.consented,
    )
    among = one_of(db, ids)
    own = select(addresses.c.person_id.label("of"), *columns).where(addresses.c.person_id.in_(among))
    shared = (
        select(shared_addresses.c.person_id, *columns)
        .join(addresses, addresses.c.id == shared_addresses.c.address_id)
        .where(shared_addresses.c.person_id.in_(among))
    )
    best: dict[UUID, Row[Any]] = {}
    order = {channel: place for place, channel in enumerate(channels)}

    def rank(row: Row[Any]) -> tuple[bool, int, str]:
        return not _usable(row), order[row.channel], row.address_id.hex

    # Channels are told apart here: asked for them, SQLite goes through all addresses of a channel.
    for row in await db.execute(union_all(own, shared)):
        if row.channel not in order:
            continue
        if row.of not in best or rank(row) < rank(best[row.of]):
            best[row.of] = row
    return best


def _usable(way: Row[Any]) -> bool:
    return way.suppressed is None and bool(way.consented)


def _decide(
    rows: Sequence[Row[Any]], ways: Mapping[UUID, Row[Any]], shared: set[UUID], taken: set[UUID],
    *, by_household: bool,
) -> Reached:  # fmt: skip
    reached, served = Reached(people=len(rows)), set[UUID]()
    for row in rows:
        way = ways.get(row.id)
        if way is None:
            reason = "no address"
        elif way.suppressed is not None:
            reason = "opted out" if way.suppressed == "stopped" else "unreachable"
        elif not way.consented:
            reason = "no consent"
        elif by_household and row.household_id in served:
            reason = "same household"
        elif way.address_id in taken:
            served.add(row.household_id)
            reason = "same number"
        else:
            served.add(row.household_id)
            if way.address_id in shared:
                taken.add(way.address_id)
            reached.channels[row.id] = way.channel
            reached.households[row.id] = row.household_id
            reached.schools[row.id] = row.school
            continue
        reached.reasons[reason] += 1
    return reached
