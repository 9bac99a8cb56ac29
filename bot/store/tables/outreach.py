"""Reaching out: audiences, campaigns, and what became of everybody."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from ..types import Instant, Json
from .base import metadata

audiences = Table(
    "audiences",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("text", Text, nullable=False),  # the filter as it was written
    Column("changed_at", Instant, nullable=False),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),  # the campaign's file as it was written
    # draft → (awaiting → ) scheduled ⇄ paused → finished; stopped from any: outreach/control.py moves it
    Column("state", String(20), nullable=False),
    Column("reason", String(200)),  # why it is paused or stopped
    Column("next_at", Instant),  # when its next run begins; null where none is to come
    Column("next_occasion", String(40)),  # which it is: its wall time, "once", what triggered it
    Column("written_by", String(320)),
    Column("approved_by", String(320)),
    Column("approved_digest", String(64)),  # of the text that was approved: an edit takes the approval away
    Column("approved_size", Integer),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("campaigns_due", "next_at",
          sqlite_where=text("next_at IS NOT NULL"), postgresql_where=text("next_at IS NOT NULL")),
)  # fmt: skip

campaign_log = Table(
    "campaign_log",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", Uuid, ForeignKey("campaigns.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column(
        "event", String(40), nullable=False
    ),  # written, scheduled, approved, begun, paused, resumed, stopped …
    Column("by", String(320)),
    Column("detail", String(400)),
)

runs = Table(
    "runs",  # each time that a campaign goes out
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("campaign_id", Uuid, ForeignKey("campaigns.id"), nullable=False),
    Column("occasion", String(40), nullable=False),  # once, the moment of a recurring one, a day, a file
    Column("text", Text, nullable=False),  # the campaign as it was when this run began
    Column("audience", Text, nullable=False),  # its filter, where the campaign names a saved one
    Column("state", String(20), nullable=False),  # expanding → sending → done | stopped
    Column("begins_at", Instant, nullable=False),
    Column("expected", Integer, nullable=False),  # people in the audience when it began
    Column("expanded", Integer, nullable=False),  # of them, those who are among the recipients by now
    Column("staged", Integer, nullable=False),  # recipients that have had a message queued, over all steps
    Column("cursor", Uuid),  # the household up to which it has been expanded
    Column("health", Json),  # what the last look for rising failures saw
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    UniqueConstraint("campaign_id", "occasion"),
    Index("runs_active", "id",
          sqlite_where=text("state IN ('expanding', 'sending')"),
          postgresql_where=text("state IN ('expanding', 'sending')")),
)  # fmt: skip

recipients = Table(
    "recipients",
    metadata,
    Column("run_id", Uuid, ForeignKey("runs.id"), primary_key=True),
    Column("step", SmallInteger, primary_key=True),
    Column("person_id", Uuid, ForeignKey("people.id"), primary_key=True),
    Column("campaign_id", Uuid, nullable=False),
    Column("occasion", String(40), nullable=False),  # the run's, or the date of the person's that it is about
    # Where it goes: only of those to whom something is to go, so that the key below holds.
    Column("address_id", Uuid, ForeignKey("addresses.id")),
    Column("channel", String(20)),
    Column("state", String(20), nullable=False),  # waiting → queued | skipped; what then happens is the message's state
    Column("reason", String(40)),  # why skipped: outreach/accounting.py has them all
    Column("variant", String(20)),
    Column("due_at", Instant),
    Column("message_id", Uuid),
    # Nobody gets one step of a campaign twice on one occasion, whatever the code does.
    UniqueConstraint("campaign_id", "step", "occasion", "address_id"),
    Index("recipients_of_message", "message_id",
          sqlite_where=text("message_id IS NOT NULL"), postgresql_where=text("message_id IS NOT NULL")),
    Index("recipients_waiting", "run_id", "channel", "due_at", "person_id",
          sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
)  # fmt: skip

senders = Table(
    "senders",  # a token bucket for each sender: all workers share its rate
    metadata,
    Column("name", String(20), primary_key=True),
    Column("tokens", Float, nullable=False),
    Column("at", Instant, nullable=False),
)
