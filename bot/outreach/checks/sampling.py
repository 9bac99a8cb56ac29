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

from sqlalchemy import CTE, ColumnElement, String, func, literal, null, select, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from ...store.database import by_keys
from ...store.readers import readers
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
    """Everybody of an audience, decided as when a campaign begins: counted, and the first of each language picked."""
    spread = Spread(UUID(int=0), None, among, literal("", String(40)), (), channels, by_household)
    found = decided(spread, 0)
    alike = (found.c.language, found.c.channel, found.c.reason)
    some = select(found.c.id, *alike, _place(found)).where(found.c.reason.is_(None)).subquery("some")
    # One statement for both: each look at everybody costs as much as the deciding.
    nobody = type_coerce(null(), found.c.id.type).label("id")
    counted = select(nobody, *alike, func.count().label("total")).group_by(*alike)
    picked = select(some.c.id, some.c.language, some.c.channel, some.c.reason, some.c.place).where(
        some.c.place <= EACH
    )
    await by_keys(db)
    reasons, going = Counter[str](), Counter[tuple[str, str]]()
    held: defaultdict[str, list[tuple[int, UUID, str]]] = defaultdict(list)
    for row in await db.execute(union_all(counted, picked)):
        if row.id is not None:
            held[row.language].append((row.total, row.id, row.channel))
        elif row.reason is None:
            going[row.language, row.channel] += row.total
        else:
            reasons[row.reason] += row.total
    some_of = {
        tongue: [(id_, channel) for _, id_, channel in sorted(held[tongue])] for tongue in sorted(held)
    }
    return Foreseen(reasons.total() + going.total(), reasons, going, some_of)


def _place(found: CTE) -> ColumnElement[int]:
    """Which of those who speak a language somebody is, in the order of households: the first are always the same."""
    order = (found.c.household_id, found.c.id)
    return func.row_number().over(partition_by=found.c.language, order_by=order).label("place")


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
