"""How many are in an audience, and what would reach them: counted in the database, for a million people in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import Subquery, case, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from ...store.database import by_keys
from ...store.tables import addresses, people, shared_addresses
from .condition import condition, everyone
from .expression import Expression

WHY = ("opted out", "unreachable", "no consent", "no address")
"""Why somebody cannot be reached, as a campaign's report says it; of several addresses the first channel's reason."""
_STEP = len(WHY)


@dataclass(frozen=True, slots=True)
class Counts:
    """An audience in numbers. ``channels`` (the first of those wanted that each can be reached on) and ``without``
    (why the others cannot be) add up to ``people``; so do ``languages`` and ``respondents``."""

    people: int
    households: int
    languages: Mapping[str, int]
    respondents: Mapping[str, int]
    channels: Mapping[str, int]
    without: Mapping[str, int]

    @property
    def reached(self) -> int:
        """How many there is a way to."""
        return sum(self.channels.values())


async def counts(
    db: AsyncConnection, expression: Expression, channels: Sequence[str], now: datetime, *, zone: tzinfo
) -> Counts:
    """Count an audience, with the channels that may be used, the first choice first."""
    who = (everyone(), condition(expression, now, zone=zone))
    way = _ways(channels)
    reach = func.coalesce(way.c.rank, _NO_ADDRESS)
    # A household's people are counted at its first one, so that everything is counted in one go.
    first = func.row_number().over(partition_by=people.c.household_id)
    each = (
        select(people.c.language, people.c.respondent, reach.label("reach"), first.label("first"))
        .select_from(people.outerjoin(way, way.c.person_id == people.c.id))
        .where(*who)
        .subquery("each_person")
    )
    wanted = select(
        each.c.language,
        each.c.respondent,
        each.c.reach,
        func.count().label("persons"),
        func.sum(case((each.c.first == 1, 1), else_=0)).label("households"),
    ).group_by(each.c.language, each.c.respondent, each.c.reach)
    languages, respondents, reached, without = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    households = 0
    await by_keys(db, joins=True)
    for row in await db.execute(wanted):
        households += row.households
        languages[row.language] += row.persons
        respondents[row.respondent] += row.persons
        if row.reach < 0:
            reached[channels[row.reach + len(channels)]] += row.persons
        else:
            without[WHY[row.reach % _STEP]] += row.persons
    return Counts(
        people=sum(languages.values()),
        households=households,
        languages=dict(languages.most_common()),
        respondents=dict(respondents.most_common()),
        channels={name: reached[name] for name in channels if reached[name]},
        without={why: without[why] for why in WHY if without[why]},
    )


_NO_ADDRESS = WHY.index("no address")


def _ways(channels: Sequence[str]) -> Subquery:
    """For each person with an address the best of them as one number: below 0 a channel that may be used, by the order
    of ``channels``; from 0 the place of a channel and the reason why it may not."""
    columns = (addresses.c.channel, addresses.c.suppressed, addresses.c.consented)
    own = select(addresses.c.person_id, *columns).where(addresses.c.channel.in_(channels))
    shared = (
        select(shared_addresses.c.person_id, *columns)
        .join(addresses, addresses.c.id == shared_addresses.c.address_id)
        .where(addresses.c.channel.in_(channels))
    )
    every = union_all(own, shared).subquery("every_address")
    place = case({name: at for at, name in enumerate(channels)}, value=every.c.channel, else_=len(channels))
    rank = case(
        (every.c.suppressed == "stopped", place * _STEP),
        (every.c.suppressed.is_not(None), place * _STEP + 1),
        (every.c.consented, place - len(channels)),
        else_=place * _STEP + 2,
    )
    return select(every.c.person_id, func.min(rank).label("rank")).group_by(every.c.person_id).subquery("way")
