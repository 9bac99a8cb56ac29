"""Where everyone of a campaign's audience has ended: each person, at each step, in exactly one counted state.

A recipient that waits or was skipped says so itself; of one whose message was queued the message tells, so nothing is
kept twice and the two cannot come apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import campaigns, messages, people, recipients, runs
from .campaign import CampaignError
from .campaign_file import loads

Group = Literal["reached", "on the way", "failed", "not sent, on purpose"]


@dataclass(frozen=True, slots=True)
class State:
    """A counted state: what it is called, which of the four groups it belongs to, and what happens next."""

    group: Group
    next: str


STATES: Mapping[str, State] = {
    "read": State("reached", "Nothing more in this round"),
    "delivered": State("reached", "Nothing more in this round"),
    "sent": State("on the way", "The provider has it; a receipt may follow"),
    "waiting": State("on the way", "Sent in order, in open hours"),
    "queued": State("on the way", "Goes out in a moment"),
    "sending": State("on the way", "Being handed to the provider"),
    "uncertain": State("on the way", "A send was cut short; the provider is asked"),
    "held": State("on the way", "It may have been sent and nobody can say: see `openline doctor`"),
    "failed": State("failed", "See the reasons; correct the number, or use another way"),
    "opted out": State("not sent, on purpose", "Left alone"),
    "no address": State("not sent, on purpose", "Ask the school office for a number"),
    "no consent": State("not sent, on purpose", "On no list that allows it"),
    "unreachable": State("not sent, on purpose", "Ask the school office for a new number"),
    "same household": State("not sent, on purpose", "Another of the household is written to"),
    "same number": State("not sent, on purpose", "One message to a phone"),
    "held out": State("not sent, on purpose", "By lot, for comparison"),
    "cap": State("not sent, on purpose", "They had enough messages from us for now"),
    "hours ran out": State("not sent, on purpose", "No open hour was left; send again if it still matters"),
    "replied": State("not sent, on purpose", "They had answered an earlier step"),
    "being looked after": State(
        "not sent, on purpose", "A message of theirs spoke of danger: see `openline alerts`"
    ),
    "asked before": State("not sent, on purpose", "They have had this survey"),
    "in a survey": State("not sent, on purpose", "In the middle of another survey"),
    "not translated": State("not sent, on purpose", "Have their language approved"),
    "words missing": State("not sent, on purpose", "Fill in what the message says of them"),
    "no child meant": State("not sent, on purpose", "None of their children is meant any more"),
    "erased": State("not sent, on purpose", "They were erased at their wish; what became of it is not kept"),
    "cancelled": State("not sent, on purpose", "The campaign was stopped"),
}
"""Every state, in the order in which a report shows them."""

CANCELLED = {
    "stopped": "opted out",
    "suppressed": "unreachable",
    "dead": "unreachable",
    "removed": "no consent",
    "changed": "unreachable",  # the list has another number for them now
    "overtaken": "in a survey",
}
"""What a queued message's cancellation means for its recipient; any other: the campaign was stopped."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a report. ``reasons`` splits the failed by what the provider said."""

    state: str
    people: int
    share: float
    reasons: Mapping[str, int]

    @property
    def group(self) -> Group:
        """One of the four groups of states."""
        return STATES[self.state].group

    @property
    def next(self) -> str:
        """What happens next with those in it."""
        return STATES[self.state].next


@dataclass(frozen=True, slots=True)
class Report:
    """A campaign's recipients, counted. ``total`` is the sum of the lines: for each step the audience.

    ``by_language`` has for each language how many are in each group. ``replied`` counts those who have written to us
    since their message: they are in the lines as well.
    """

    key: str
    occasion: str | None
    steps: int
    lines: tuple[Line, ...]
    by_language: Mapping[str, Mapping[Group, int]]
    by_variant: Mapping[str, Mapping[Group, int]]
    replied: int
    total: int

    def to_json(self) -> dict[str, Any]:
        """For other programs."""
        lines = [
            {"state": line.state, "group": line.group, "people": line.people, "share": round(line.share, 4),
             "next": line.next, "reasons": dict(line.reasons)}
            for line in self.lines
        ]  # fmt: skip
        return {
            "campaign": self.key, "occasion": self.occasion, "steps": self.steps, "total": self.total,
            "replied": self.replied, "states": lines,
            "by_language": {name: dict(counts) for name, counts in self.by_language.items()},
            "by_variant": {name: dict(counts) for name, counts in self.by_variant.items()},
        }  # fmt: skip


def counted(state: str, reason: str | None, message: str | None, why: str | None, *, stopped: bool) -> str:
    """The one state in which a recipient is counted: from its own state and reason, and its message's.

    >>> counted("queued", None, "delivered", None, stopped=False), counted("skipped", "cap", None, None, stopped=False)
    ('delivered', 'cap')
    >>> counted("waiting", None, None, None, stopped=True)
    'cancelled'
    """
    if state == "skipped":
        return reason if reason is not None and reason in STATES else "cancelled"
    if state == "waiting" or message is None:
        return "cancelled" if stopped else "waiting"
    if message == "cancelled":
        return CANCELLED.get(why or "", "cancelled")
    return message


def in_state(state: str, *, stopped: bool) -> ColumnElement[bool]:
    """Whether a joined row of ``recipients`` and ``messages`` (or none) is counted in this state: ``counted`` as a condition."""
    skipped, waits = recipients.c.state == "skipped", recipients.c.state == "waiting"
    none = messages.c.id.is_(None)
    sent = and_(~skipped, ~waits, messages.c.id.is_not(None))
    if state == "waiting":
        return false() if stopped else and_(~skipped, or_(waits, none))
    why = [reason for reason, meant in CANCELLED.items() if meant == state]
    taken = and_(sent, messages.c.state == "cancelled", messages.c.reason.in_(why))
    if state != "cancelled":
        return or_(and_(skipped, recipients.c.reason == state), taken, and_(sent, messages.c.state == state))
    other = or_(messages.c.reason.is_(None), messages.c.reason.not_in(list(CANCELLED)))
    unknown = or_(recipients.c.reason.is_(None), recipients.c.reason.not_in(list(STATES)))
    ended = [and_(~skipped, or_(waits, none))] if stopped else []
    return or_(
        and_(skipped, or_(unknown, recipients.c.reason == "cancelled")),
        and_(sent, messages.c.state == "cancelled", other),
        *ended,
    )


async def report(db: AsyncConnection, campaign_id: UUID, run_id: UUID | None = None) -> Report:
    """Count the recipients of a campaign, or of one of its runs. Whoever a stop kept from being looked at counts too."""
    where = [recipients.c.campaign_id == campaign_id]
    mine = select(runs).where(runs.c.campaign_id == campaign_id)
    if run_id is not None:
        where.append(recipients.c.run_id == run_id)
        mine = mine.where(runs.c.id == run_id)
    else:  # by the runs, so that the index of the primary key is used
        where.append(recipients.c.run_id.in_(select(runs.c.id).where(runs.c.campaign_id == campaign_id)))
    the_runs = (await db.execute(mine)).all()
    campaign = (
        await db.execute(select(campaigns.c.key, campaigns.c.state).where(campaigns.c.id == campaign_id))
    ).one()
    stopped = campaign.state == "stopped"
    lines: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = {}
    languages: dict[str, Counter[Group]] = {}
    variants: dict[str, Counter[Group]] = {}
    for row in await db.execute(_grouped(where)):
        state = counted(row.state, row.reason, row.message, row.why, stopped=stopped)
        lines[state] += row.total
        languages.setdefault(row.language, Counter())[STATES[state].group] += row.total
        if row.variant:
            variants.setdefault(row.variant, Counter())[STATES[state].group] += row.total
        if state == "failed":
            reasons.setdefault(state, Counter())[row.why or "not known"] += row.total
    unseen = sum(
        max(0, run.expected - run.expanded) * _steps(run.text)
        for run in the_runs
        if run.state in ("expanding", "stopped")
    )
    lines["cancelled" if stopped else "waiting"] += unseen
    total = lines.total()
    return Report(
        campaign.key,
        the_runs[0].occasion if len(the_runs) == 1 else None,
        max(_steps(run.text) for run in the_runs) if the_runs else 1,
        tuple(
            Line(state, lines[state], lines[state] / total, reasons.get(state, {}))
            for state in STATES
            if lines[state]
        ),
        languages,
        variants,
        await _replied(db, where),
        total,
    )


def _steps(text: str) -> int:
    try:
        return len(loads(text, "campaign").steps)
    except CampaignError:  # of an earlier version
        return 1


def _grouped(where: list[Any]) -> Select[Any]:
    """Counts by all that decides a state. The failed are told apart by reason; of the others the words do not matter."""
    return (
        select(
            recipients.c.state,
            recipients.c.reason,
            recipients.c.variant,
            messages.c.state.label("message"),
            messages.c.reason.label("why"),
            people.c.language,
            func.count().label("total"),
        )
        .join(people, people.c.id == recipients.c.person_id)
        .outerjoin(messages, messages.c.id == recipients.c.message_id)
        .where(*where)
        .group_by(
            recipients.c.state, recipients.c.reason, recipients.c.variant, messages.c.state, messages.c.reason,
            people.c.language,
        )
    )  # fmt: skip


async def _replied(db: AsyncConnection, where: list[Any]) -> int:
    heard = messages.alias("heard")
    wanted = (
        select(func.count(recipients.c.person_id.distinct()))
        .join(
            heard,
            and_(
                heard.c.address_id == recipients.c.address_id,
                heard.c.direction == "in",
                heard.c.id > recipients.c.message_id,
            ),
        )
        .where(*where, recipients.c.message_id.is_not(None))
    )
    return int((await db.execute(wanted)).scalar_one())
