"""What a filter asks of a person beyond their own row: household, addresses, and what has been between us."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from ...store.tables import (
    addresses,
    answers,
    campaigns,
    conversations,
    guardianships,
    list_entries,
    messages,
    people,
    shared_addresses,
    students,
    surveys,
)

BEGUN = ("started", "partial", "complete", "screened", "imported", "cut")
"""Dispositions of whoever has answered something (``paused`` may be either)."""
FINISHED = ("complete", "screened", "cut")
"""Of whoever has nothing more to answer. An anonymous survey is cut when it has ended, and does not say how."""
NEVER_ASKED = ("unreachable", "imported")
GONE_OUT = ("sending", "uncertain", "held", "sent", "delivered", "read")
"""States of a message that has gone out, or may have."""


def reachable(channels: Sequence[str]) -> ColumnElement[bool]:
    """They have an address, their own or one they share, to which something may go; on one of these channels, if any."""
    own, shared, theirs = addresses.alias("own"), shared_addresses.alias("shared"), addresses.alias("theirs")

    def usable(address: Any) -> ColumnElement[bool]:
        on = [address.c.channel.in_(channels)] if channels else []
        return and_(address.c.suppressed.is_(None), address.c.consented, *on)

    return or_(
        select(own.c.id).where(own.c.person_id == people.c.id, usable(own)).correlate(people).exists(),
        select(theirs.c.id)
        .select_from(shared.join(theirs, theirs.c.id == shared.c.address_id))
        .where(shared.c.person_id == people.c.id, usable(theirs))
        .correlate(people)
        .exists(),
    )


def household_size() -> ColumnElement[int]:
    """How many on the list live there, themselves among them."""
    kin = people.alias("kin")
    return (
        select(func.count())
        .select_from(kin)
        .where(kin.c.household_id == people.c.household_id, kin.c.removed_at.is_(None))
        .correlate(people)
        .scalar_subquery()
    )


def number_of_children() -> ColumnElement[int]:
    """How many children on the list are theirs."""
    each, ward = students.alias("each_child"), guardianships.alias("each_ward")
    return (
        select(func.count())
        .select_from(ward.join(each, each.c.id == ward.c.student_id))
        .where(ward.c.person_id == people.c.id, each.c.removed_at.is_(None))
        .correlate(people)
        .scalar_subquery()
    )


def anniversaries(today: date) -> list[str]:
    """The days of the year that are kept today, as 10-15. Whoever was born on a leap day keeps it on 28 February."""
    kept = [today.strftime("%m-%d")]
    leap = today.year % 4 == 0 and (today.year % 100 != 0 or today.year % 400 == 0)
    return [*kept, "02-29"] if kept == ["02-28"] and not leap else kept


def _conversation(key: str, *where: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:
    one = conversations.alias("talk")
    return (
        select(one.c.id)
        .select_from(one.join(surveys, surveys.c.id == one.c.survey_id))
        .where(one.c.person_id == people.c.id, surveys.c.key == key, *(each(one) for each in where))
        .correlate(people)
        .exists()
    )


def _answered(key: str, now: datetime) -> ColumnElement[bool]:
    def begun(talk: Any) -> ColumnElement[bool]:
        said = select(answers.c.id).where(answers.c.conversation_id == talk.c.id).correlate(talk).exists()
        return or_(talk.c.state.in_(BEGUN), and_(talk.c.state == "paused", said))

    return _conversation(key, begun)


def _asked(key: str, now: datetime) -> ColumnElement[bool]:
    def was(talk: Any) -> ColumnElement[bool]:
        # Whoever had said STOP before is counted as a refusal without having been asked: there is no address.
        refused = and_(talk.c.state == "refused", talk.c.address_id.is_(None))
        return and_(talk.c.state.not_in(NEVER_ASKED), ~refused)

    return _conversation(key, was)


def _finished(key: str, now: datetime) -> ColumnElement[bool]:
    return _conversation(key, lambda talk: talk.c.state.in_(FINISHED))


def _replied_within(days: str, now: datetime) -> ColumnElement[bool]:
    own, heard = addresses.alias("own"), messages.alias("heard")
    return (
        select(heard.c.id)
        .select_from(own.join(heard, heard.c.address_id == own.c.id))
        .where(
            own.c.person_id == people.c.id,
            heard.c.direction == "in",
            heard.c.created_at >= now - timedelta(int(days)),
        )
        .correlate(people)
        .exists()
    )


def _received(key: str, now: datetime) -> ColumnElement[bool]:
    own, shared, went = addresses.alias("own"), shared_addresses.alias("shared"), messages.alias("went")
    campaign = select(campaigns.c.id).where(campaigns.c.key == key).correlate(None).scalar_subquery()

    def went_to(address_id: ColumnElement[Any]) -> ColumnElement[bool]:
        return and_(
            went.c.address_id == address_id, went.c.campaign_id == campaign, went.c.state.in_(GONE_OUT)
        )

    # By the address: there are few messages to each, and the recipients of a run are as many as the audience.
    return or_(
        select(went.c.id)
        .select_from(own.join(went, went_to(own.c.id)))
        .where(own.c.person_id == people.c.id)
        .correlate(people)
        .exists(),
        select(went.c.id)
        .select_from(shared.join(went, went_to(shared.c.address_id)))
        .where(shared.c.person_id == people.c.id)
        .correlate(people)
        .exists(),
    )


def _on_list(name: str, now: datetime) -> ColumnElement[bool]:
    entry = list_entries.alias("entry")
    return (
        select(entry.c.person_id)
        .where(entry.c.list == name, entry.c.person_id == people.c.id)
        .correlate(people)
        .exists()
    )


FUNCTIONS: Mapping[str, Callable[[str, datetime], ColumnElement[bool]]] = {
    "answered": _answered,
    "asked": _asked,
    "finished": _finished,
    "replied_within": _replied_within,
    "received": _received,
    "on_list": _on_list,
}
"""Each function of a filter, given its argument and the time."""
