"""Where everybody of a campaign has ended, as a page shows it. Pure, but for the people of one state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import Row, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from ....outreach.accounting import STATES, Group, Report, in_state
from ....outreach.calendars import school_of
from ....store.tables import messages, people, recipients, runs
from ... import accountwords
from ...view import tongues
from .failures import failure
from .reach import Schools

PAGE = 50
GROUPS: tuple[Group, ...] = get_args(Group)
SENT = ("read", "delivered", "sent", "uncertain", "held")
"""States of whoever's message has left us, or may have."""
ORDER = (recipients.c.run_id, recipients.c.step, recipients.c.person_id)


@dataclass(frozen=True, slots=True)
class Line:
    """One state: how many, their share, what happens next, and the reasons in it."""

    state: str
    said: str
    people: int
    share: str
    next: str
    reasons: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Section:
    """One of the four groups, with its sum."""

    said: str
    people: int
    share: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the bar, in percent of it."""

    kind: str
    said: str
    people: int
    at: float
    wide: float


@dataclass(frozen=True, slots=True)
class Account:
    """The whole account. ``off`` is by how many the lines miss the total: 0, or something is wrong, and it is said."""

    total: int
    sent: int
    to_send: int
    percent: str
    replied: int
    sections: Sequence[Section]
    pieces: Sequence[Piece]
    tongues: Sequence[tuple[str, int, int]]
    off: int


def account(found: Report) -> Account:
    """The account of a report."""
    sections = []
    for group in GROUPS:
        mine = [line for line in found.lines if line.group == group]
        if not mine:
            continue
        count = sum(line.people for line in mine)
        lines = [
            Line(line.state, accountwords.reason(line.state), line.people, share(line.people, found.total),
                 accountwords.onward(line.state), _reasons(line.reasons))
            for line in mine
        ]  # fmt: skip
        sections.append(Section(accountwords.group(group), count, share(count, found.total), lines))
    by = {line.state: line.people for line in found.lines}
    group_of = {group: sum(n for state, n in by.items() if STATES[state].group == group) for group in GROUPS}
    to_send = found.total - group_of["not sent, on purpose"]
    sent = sum(by.get(state, 0) for state in SENT) + by.get("failed", 0)
    return Account(
        found.total, sent, to_send, share(sent, to_send), found.replied, sections,
        _pieces(by, group_of, to_send), _tongues(found),
        found.total - sum(section.people for section in sections),
    )  # fmt: skip


def _reasons(found: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(failure(why), count) for why, count in sorted(found.items(), key=lambda one: -one[1])]


def share(count: int, total: int) -> str:
    """A share as people read it: "57%", "<1%".

    >>> share(1, 300), share(0, 300), share(57, 100), share(0, 0)
    ('<1%', '0%', '57%', '–')
    """
    if not total:
        return "–"
    percent = 100 * count / total
    return "<1%" if 0 < percent < 0.5 else f"{percent:.0f}%"


def _pieces(by: Mapping[str, int], group_of: Mapping[Group, int], total: int) -> list[Piece]:
    sent = sum(by.get(state, 0) for state in ("sent", "uncertain", "held"))
    counts = [("reached", accountwords.reason("delivered"), group_of["reached"]), ("sent", accountwords.reason("sent"), sent),
              ("failed", accountwords.group("failed"), group_of["failed"]),
              ("waiting", accountwords.reason("waiting"), group_of["on the way"] - sent)]  # fmt: skip
    pieces, at = [], 0.0
    for kind, said, count in counts:
        wide = 100 * count / total if total else 0.0
        pieces.append(Piece(kind, said, count, round(at, 2), round(wide, 2)))
        at += wide
    return [piece for piece in pieces if piece.people]


def _tongues(found: Report) -> list[tuple[str, int, int]]:
    rows = [
        (
            tongues.name(tag),
            counts.get("reached", 0) + counts.get("on the way", 0) + counts.get("failed", 0),
            sum(counts.values()),
        )
        for tag, counts in found.by_language.items()
    ]
    return sorted(rows, key=lambda row: (-row[2], row[0]))


async def people_in(
    db: AsyncConnection, campaign_id: UUID, state: str, mine: Schools, after: tuple[UUID, int, UUID] | None,
    limit: int, *, stopped: bool,
) -> Sequence[Row[Any]]:  # fmt: skip
    """At most so many of the people who are counted in this state, of the reader's schools, behind a place in the list."""
    school = school_of()
    wanted = (
        select(
            *ORDER, people.c.name, people.c.language, school.label("school"), recipients.c.channel,
            recipients.c.due_at, messages.c.reason.label("why"), messages.c.sent_at,
        )
        .join(people, people.c.id == recipients.c.person_id)
        .outerjoin(messages, messages.c.id == recipients.c.message_id)
        .where(
            recipients.c.run_id.in_(select(runs.c.id).where(runs.c.campaign_id == campaign_id)),
            in_state(state, stopped=stopped),
        )
        .order_by(*ORDER)
        .limit(limit)
    )  # fmt: skip
    if mine is not None:
        wanted = wanted.where(school.in_(sorted(mine)))
    if after is not None:
        place = tuple_(*(literal(value, column.type) for value, column in zip(after, ORDER, strict=True)))
        wanted = wanted.where(tuple_(*ORDER) > place)
    return (await db.execute(wanted)).all()
