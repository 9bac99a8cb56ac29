"""What is known of one person, without their words, names or numbers: whether, where and why something reaches them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from ...store.tables import addresses, guardianships, people, shared_addresses, students
from .roll import external


class Child(BaseModel):
    """A child that a person looks after."""

    external_id: str = Field(examples=["S-40881"])
    school: str | None = Field(examples=["Lincoln"])
    relation: str | None = Field(examples=["mother"])


class Address(BaseModel):
    """One way to reach a person, without the number."""

    channel: str = Field(examples=["sms"])
    state: str = Field(
        description="open; stopped (they said STOP); dead (cannot be reached); no consent (no list allows it).",
        examples=["open"],
    )
    shared: bool = Field(description="Whether it is another person's, through whom they are reached.")


class Person(BaseModel):
    """One person on the lists."""

    id: str = Field(description="Our id.", examples=["0199e0f4-7d5e-7c1a-9a52-0c7a6f1d2e3b"])
    external_id: str = Field(examples=["G-20114"])
    respondent: str = Field(description="family, student or staff.", examples=["family"])
    language: str = Field(examples=["es"])
    school: str | None = Field(examples=["Lincoln"])
    household: int = Field(description="How many people are in their household, with them.", examples=[2])
    children: list[Child]
    addresses: list[Address]
    since: AwareDatetime
    removed_at: AwareDatetime | None = Field(description="Since when no list has them any more.")


async def find(db: AsyncConnection, external_id: str) -> Person:
    """The person whom another system calls so. Raises LookupError."""
    row = (await db.execute(select(people).where(people.c.external_id == external_id))).first()
    if row is None or external(row.external_id) is None:
        raise LookupError(
            "Nobody on the lists has this id. It is the one of your own system, as in the file."
        )
    household = select(people.c.id).where(
        people.c.household_id == row.household_id, people.c.removed_at.is_(None)
    )
    return Person(
        id=str(row.id),
        external_id=row.external_id,
        respondent=row.respondent,
        language=row.language,
        school=row.school,
        household=len({*(await db.execute(household)).scalars(), row.id}),
        children=await _children(db, row.id),
        addresses=await _addresses(db, row.id),
        since=row.created_at,
        removed_at=row.removed_at,
    )


async def _children(db: AsyncConnection, person: UUID) -> list[Child]:
    found = await db.execute(
        select(students.c.external_id, students.c.school, guardianships.c.relation)
        .join(guardianships, guardianships.c.student_id == students.c.id)
        .where(guardianships.c.person_id == person, students.c.removed_at.is_(None))
        .order_by(students.c.external_id)
    )
    return [Child(external_id=id_, school=school, relation=relation) for id_, school, relation in found]


async def _addresses(db: AsyncConnection, person: UUID) -> list[Address]:
    through = select(shared_addresses.c.address_id).where(shared_addresses.c.person_id == person)
    own = select(addresses.c.id).where(addresses.c.person_id == person)
    found = await db.execute(
        select(addresses.c.channel, addresses.c.suppressed, addresses.c.consented, addresses.c.person_id)
        .where(addresses.c.id.in_(union(own, through)))
        .order_by(addresses.c.id)
    )
    return [Address(channel=row.channel, state=_state(row), shared=row.person_id != person) for row in found]


def _state(row: Any) -> str:
    return str(row.suppressed or ("open" if row.consented else "no consent"))
