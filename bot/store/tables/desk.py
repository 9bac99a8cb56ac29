"""What staff do beside talking: what they note, write and take on, and what is remembered of it."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from ..types import Instant, Json
from .base import metadata

audit = Table(
    "audit",  # who did what, when; never a person's words, name or number
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("staff_id", Uuid),  # null: a command on the server
    Column("did", String(60), nullable=False),  # "campaign.approve"
    Column("about", String(200), nullable=False, server_default=""),  # a key or an id
    Column("detail", Json),
    Index("audit_at", "at", "id"),
)

threads = Table(
    "threads",  # who answers whom, and until when a conversation may rest
    metadata,
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("assigned_to", Uuid, ForeignKey("staff.id"), index=True),
    Column("snoozed_at", Instant),  # what they write after this ends the rest
    Column("snoozed_until", Instant),
    Column("changed_at", Instant, nullable=False),
)

notes = Table(
    "notes",  # what staff tell each other about somebody; it is never sent
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False, index=True),
    Column("staff_id", Uuid, ForeignKey("staff.id")),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("removed_at", Instant),
)

survey_drafts = Table(
    "survey_drafts",  # a survey that somebody is writing: the text of its file
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("text", Text, nullable=False),
    # The text before the last change, which Undo brings back; null: it was only just begun.
    Column("before", Text),
    Column("base", String(64)),  # the published version that it began from
    Column("by", Uuid, ForeignKey("staff.id")),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("key"),
)

erasures = Table(
    "erasures",  # that somebody was erased, and how much went; nothing of who it was
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("staff_id", Uuid),
    Column("counts", Json, nullable=False),  # {"messages": 12, …}
)

erased_addresses = Table(
    "erased_addresses",  # numbers that asked us to stop before they were erased: a keyed digest, so that no list brings them back
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)

uploads = Table(
    "uploads",  # a file that somebody is about to bring in: theirs alone, sealed, and gone once it is in or a day old
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),  # people, absences
    Column("name", String(200), nullable=False),  # of the file
    Column("content", LargeBinary, nullable=False),
    Column("choices", Json, nullable=False),  # which column holds what, and all else that was chosen
    # chosen → looking → looked → entering → entered; failed from looking and entering
    Column("state", String(20), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("report", Json),  # what it would come to, or came to: counts and lines, nobody's words
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
