"""An audience counted as a campaign would decide it, with some of its people to read the messages of.

Everybody is counted by the database, in the words of ``expansion``. The texts are made for some people of each language
only, and what they come to is scaled up: a page that is being written cannot wait for a million texts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, case, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ...store.readers import readers
from ...store.tables import addresses, people
from ..audience import past
from ..expansion import Spread, decided
from ..lots import HOLDOUT, lot
from .counting import Row, Tally, Writer

EACH = 25
"""People of each language whose texts are made."""

Picked = Mapping[str, Sequence[tuple[UUID, str]]]
"""For each language some people who would get something, in the order of households, and by which channel."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """``reasons`` and ``going`` add up to ``people``; ``going`` is by language and channel."""

    people: int
    reasons: Counter[str]
    going: Mapping[tuple[str, str], int]
    picked: Picked

    def of(self, language: str) -> int:
        """How many of those who would get something speak this language."""
        return sum(count for (tongue, _), count in self.going.items() if tongue == language)


async def foreseen(
    db: AsyncConnection, among: ColumnElement[bool], channels: Sequence[str], *, by_household: bool
) -> Foreseen:  # fmt: skip
    """Everybody of an audience, decided as when a campaign begins."""
    nothing = UUID(int=0)
    spread = Spread(nothing, nothing, among, literal("", String(40)), (), channels, by_household)
    found = decided(spread, 0)
    counted = (
        select(people.c.language, found.c.channel, found.c.reason, func.count().label("total"))
        .join(people, people.c.id == found.c.id)
        .group_by(people.c.language, found.c.channel, found.c.reason)
    )
    reasons, going = Counter[str](), Counter[tuple[str, str]]()
    for row in await db.execute(counted):
        if row.reason is None:
            going[row.language, row.channel] += row.total
        else:
            reasons[row.reason] += row.total
    picked = {
        tongue: await _some(db, among, channels, tongue) for tongue in sorted({one for one, _ in going})
    }
    return Foreseen(reasons.total() + going.total(), reasons, going, picked)


async def _some(
    db: AsyncConnection, among: ColumnElement[bool], channels: Sequence[str], language: str
) -> list[tuple[UUID, str]]:
    """Some people of one language who can be reached, and by which channel: the first that are found, always the same."""
    own = addresses.alias("own")
    order = case({name: place for place, name in enumerate(channels)}, value=own.c.channel)
    usable = (own.c.channel.in_(channels), own.c.suppressed.is_(None), own.c.consented)
    first = select(own.c.channel).where(own.c.person_id == people.c.id, *usable).order_by(order).limit(1)
    way = first.correlate(people).scalar_subquery()
    wanted = (
        select(people.c.id, way.label("channel"))
        .where(people.c.language == language, among, past.reachable(channels))
        .order_by(people.c.household_id, people.c.id)
        .limit(EACH)
    )
    return [(row.id, row.channel or channels[0]) for row in await db.execute(wanted)]


async def sampled(
    db: AsyncConnection, writer: Writer, found: Foreseen, children: ColumnElement[bool] | None
) -> Tally:
    """The whole audience as ``counting.tallied`` gives it, with the texts' figures scaled up from those picked."""
    whole = Tally(people=found.people, reasons=Counter(found.reasons))
    known = await readers(db, [id_ for held in found.picked.values() for id_, _ in held], children)
    load: defaultdict[tuple[str, str | None], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for tongue, held in found.picked.items():
        if not held:
            continue
        part = Tally()
        for id_, channel in held:
            one = known.get(id_)
            variant = lot(writer.campaign, one.person.household_id) if one else ""
            if one is None or variant == HOLDOUT:
                part.reasons["no child meant" if one is None else "held out"] += 1
                continue
            part.going += 1
            part.respondents[one.person.respondent] += 1
            writer.write(part, one, variant, channel, one.school)
        _add(whole, part, found.of(tongue), len(held), load)
    whole.load = {where: (round(count), round(sends)) for where, (count, sends) in load.items()}
    return whole


def _add(whole: Tally, part: Tally, total: int, looked: int, load: Mapping[Any, list[float]]) -> None:
    """Put the people of one language, ``total`` of them, to the whole: those looked at stand for all."""
    times = total / looked
    left = Counter({reason: round(count * times) for reason, count in part.reasons.items()})
    whole.going += total - left.total()
    whole.reasons.update(left)
    whole.respondents.update({who: max(1, round(count * times)) for who, count in part.respondents.items()})
    for where, (count, sends) in part.load.items():
        load[where][0] += count * times
        load[where][1] += sends * times
    for key, row in part.rows.items():
        _row(whole.rows[key], row, times)


def _row(held: Row, row: Row, times: float) -> None:
    held.channels.update({name: round(count * times) for name, count in row.channels.items()})
    held.source.update({name: round(count * times) for name, count in row.source.items()})
    held.missing.update({name: round(count * times) for name, count in row.missing.items()})
    held.waiting += round(row.waiting * times)
    held.skipped += round(row.skipped * times)
    held.parts += round(row.parts * times)
    held.samples = [*held.samples, *row.samples][:3]
    held.longest = max(held.longest, row.longest, key=len)
    if row.most and (
        held.most is None or (row.most.parts, row.most.units) > (held.most.parts, held.most.units)
    ):
        held.most = row.most
