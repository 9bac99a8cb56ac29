"""Who there is: people, their children, how they are reached, what they consented to."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from ..types import Instant, Json
from .base import metadata

people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    # What another system calls this person, or "import:<file>:<line>": the same row twice is one person.
    Column("external_id", String(200), unique=True),
    Column("respondent", String(20), nullable=False),  # family, student, staff
    Column("language", String(35), nullable=False),  # BCP 47
    Column("language_by", String(20), nullable=False),  # import, person, guess
    Column("school", String(200)),
    Column("groups", Json, nullable=False),  # {dimension: value} for subgroups
    Column("name", String(200)),  # as a message speaks to them
    # Whoever belongs to nobody else's household is one of their own.
    Column("household_id", Uuid, default=lambda row: row.get_current_parameters()["id"]),
    Column("removed_at", Instant),  # no list has them any more: they are in no audience
    Column("created_at", Instant, nullable=False),
    Index("people_by_household", "household_id", "id"),
)

students = Table(
    "students",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("external_id", String(200), nullable=False, unique=True),
    Column("name", String(200)),  # the given name, as a message calls them
    Column("school", String(200)),
    Column("attributes", Json, nullable=False),  # {name: value}: grade, bus route …
    Column("removed_at", Instant),
    Column("created_at", Instant, nullable=False),
)

guardianships = Table(
    "guardianships",
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("student_id", Uuid, ForeignKey("students.id"), primary_key=True, index=True),
    Column("relation", String(40)),
)

absences = Table(
    "absences",
    metadata,
    Column("student_id", Uuid, ForeignKey("students.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", String(20), primary_key=True),  # absent, late
    Column("created_at", Instant, nullable=False),
    Index("absences_of_day", "day"),
)

list_entries = Table(
    "list_entries",
    metadata,
    Column("list", String(200), primary_key=True),  # the name of a contact list
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True, index=True),
    Column("seen_at", Instant, nullable=False),  # when the list last had them
)

addresses = Table(
    "addresses",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("address", String(200), nullable=False),
    # What the consent ledger and the receipts add up to, kept here so that a claim can see it: stopped, dead or null.
    Column("suppressed", String(20)),
    # Whether the ledger allows us to begin: granted or restarted, and not removed since. A STOP is ``suppressed``.
    Column("consented", Boolean, nullable=False, server_default=false()),
    Column("next_at", Instant),  # nothing goes to this chat before: some channels limit each chat
    Column("since", Instant),  # since when it is this person's: messages from before were somebody else's; null: always
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("channel", "address"),
    Index("addresses_suppressed", "id",
          sqlite_where=text("suppressed IS NOT NULL"), postgresql_where=text("suppressed IS NOT NULL")),
)  # fmt: skip

shared_addresses = Table(
    "shared_addresses",  # people who have no number of their own and are reached through another's
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("address_id", Uuid, ForeignKey("addresses.id"), primary_key=True, index=True),
)

consents = Table(
    "consents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("address_id", Uuid, ForeignKey("addresses.id"), nullable=False, index=True),
    Column("event", String(20), nullable=False),  # granted, stopped, restarted, removed
    Column("source", String(200), nullable=False),  # "list:…", "message", "provider"
    Column("message_id", Uuid),
    Column("at", Instant, nullable=False),
    Index("consents_stopped", "at",
          sqlite_where=text("event = 'stopped'"), postgresql_where=text("event = 'stopped'")),
)  # fmt: skip

schools = Table(
    "schools",
    metadata,
    Column("name", String(200), primary_key=True),  # as people.school has it; "" is every other school
    Column(
        "calendar", Json, nullable=False
    ),  # time zone, hours, closed days, dates: outreach/calendars.py reads it
    Column("changed_at", Instant, nullable=False),
)
