"""Every table. Rows are the queue: a message that is to be sent is a row that is due.

States of a message, and who moves it:

    in    heard
    out   queued → sending → sent → delivered → read          (outbox, then the provider's receipts)
                 ↘ failed                                      (surely not delivered)
                 ↘ uncertain → queued | sent | held            (a send cut short: reconciled, never blindly repeated)
          queued → cancelled                                   (the person said STOP, or cannot be reached)
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from .types import Instant, Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

OPEN = "('queued', 'sending', 'uncertain')"
"""States in which a message may still go out; a later one to the same address waits for it."""
WAITING = "('asked', 'started')"
"""Dispositions in which a conversation waits for an answer (survey_flows.dispositions.OPEN)."""

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
    Column("created_at", Instant, nullable=False),
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
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("channel", "address"),
    Index("addresses_suppressed", "id",
          sqlite_where=text("suppressed IS NOT NULL"), postgresql_where=text("suppressed IS NOT NULL")),
)  # fmt: skip

consents = Table(
    "consents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("address_id", Uuid, ForeignKey("addresses.id"), nullable=False, index=True),
    Column("event", String(20), nullable=False),  # granted, stopped, restarted
    Column("source", String(200), nullable=False),  # "list:…", "message", "provider"
    Column("message_id", Uuid),
    Column("at", Instant, nullable=False),
)

surveys = Table(
    "surveys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("text", Text, nullable=False),  # the YAML as it was: a version never changes
    Column(
        "anonymous", Boolean, nullable=False, server_default=false()
    ),  # answers are cut from people at the end
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("key", "version"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, ForeignKey("surveys.id"), nullable=False, index=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False, index=True),
    Column("address_id", Uuid, ForeignKey("addresses.id"), index=True),
    Column("state", String(20), nullable=False),  # a disposition: survey_flows/dispositions.py has them all
    Column("place", Json),
    Column("started_at", Instant, nullable=False),
    Column("heard_at", Instant),
    # When somebody who has not finished is reminded next, or given up; null where there is nothing to wait for.
    Column("due_at", Instant),
    Column("reminders", SmallInteger, nullable=False, server_default="0"),
    Index("one_open_conversation", "address_id", unique=True,
          sqlite_where=text(f"state IN {WAITING}"), postgresql_where=text(f"state IN {WAITING}")),
    Index("conversations_due", "due_at",
          sqlite_where=text("due_at IS NOT NULL"), postgresql_where=text("due_at IS NOT NULL")),
)  # fmt: skip

keywords = Table(
    "keywords",
    metadata,
    Column("keyword", String(40), primary_key=True),  # folded: "bus"
    Column("survey_id", Uuid, ForeignKey("surveys.id"), nullable=False),
    Column("created_at", Instant, nullable=False),
)

quota_fills = Table(
    "quota_fills",
    metadata,
    Column("conversation_id", Uuid, ForeignKey("conversations.id"), primary_key=True),
    Column("survey", String(64), nullable=False),  # the key: a quota holds over all versions
    Column("quota", String(64), primary_key=True),
    Index("quota_fills_counted", "survey", "quota"),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("direction", String(3), nullable=False),  # in, out
    Column("channel", String(20), nullable=False),
    Column("address_id", Uuid, ForeignKey("addresses.id"), nullable=False),
    Column("address", String(200), nullable=False),  # where it really went to or came from
    Column("conversation_id", Uuid, ForeignKey("conversations.id")),
    Column("answers_to", Uuid),  # the message heard that this one replies to
    Column("purpose", String(20), nullable=False),  # heard, ask, reply, reminder, farewell, alert
    Column("text", Text, nullable=False),
    Column("language", String(35)),
    Column("options", Json),  # [[payload, label]] drawn as buttons
    Column("media", Json),  # [[url, type]] that came with it
    Column("provider_id", String(200)),
    Column("state", String(20), nullable=False),
    Column("priority", SmallInteger, nullable=False),  # 0 reply, 5 bulk
    Column("due_at", Instant),
    Column("worker", Uuid),
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("code", String(40)),
    Column("reason", String(200)),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("direction", "channel", "provider_id"),
    Index("messages_of_conversation", "conversation_id"),
    Index("messages_of_address", "address_id"),
    Index("messages_due", "channel", "priority", "due_at", "id",
          sqlite_where=text("state = 'queued'"), postgresql_where=text("state = 'queued'")),
    Index("messages_open", "address_id", "id",
          sqlite_where=text(f"state IN {OPEN}"), postgresql_where=text(f"state IN {OPEN}")),
    Index("messages_under_way", "channel", "state",
          sqlite_where=text("state IN ('sending', 'uncertain')"),
          postgresql_where=text("state IN ('sending', 'uncertain')")),
)  # fmt: skip

answers = Table(
    "answers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("survey_id", Uuid, ForeignKey("surveys.id"), nullable=False, index=True),
    Column("conversation_id", Uuid, ForeignKey("conversations.id"), nullable=False, index=True),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False, index=True),
    Column("message_id", Uuid, ForeignKey("messages.id")),  # null for imported answers
    Column("question", String(64), nullable=False),
    Column("turn", String(40)),  # which time round the repeated groups about it: "2" or "2,1"
    Column("kind", String(20), nullable=False),
    Column("value", Json),
    Column("heard", Text, nullable=False),  # the person's own words, kept for ever
    Column("understood", Boolean, nullable=False),
    Column("missing", String(20)),  # skipped, dont_know: the person passed over the question
    Column("declared", String(35), nullable=False),  # the person's language when it was said
    Column("created_at", Instant, nullable=False),
    # Due for coding when this has passed; a coder that takes it moves it ahead (its lease), and clears it when done.
    Column("code_at", Instant),
    Column("translate_at", Instant),
    Column("language", String(35)),  # as identified from the words
    Column("language_score", Float),
    Column("coder", String(80)),
    Column("sentiment", String(10)),
    Column("sentiment_score", Float),
    Column("polarity", Float),  # TextBlob, of the English text: a second opinion
    Index("answers_to_code", "code_at",
          sqlite_where=text("code_at IS NOT NULL"), postgresql_where=text("code_at IS NOT NULL")),
    Index("answers_to_translate", "translate_at",
          sqlite_where=text("translate_at IS NOT NULL"), postgresql_where=text("translate_at IS NOT NULL")),
)  # fmt: skip

alerts = Table(
    "alerts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", Uuid, ForeignKey("messages.id"), nullable=False),
    Column("person_id", Uuid, ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),  # self_harm, harm, violence; person: wants to talk to somebody
    Column("state", String(20), nullable=False),  # new → seen → closed
    Column("told", SmallInteger, nullable=False),  # how many of those on call have been told
    Column("tell_at", Instant),  # when the next of them is told, unless somebody has seen it
    Column("seen_by", String(200)),
    Column("seen_at", Instant),
    Column("outcome", String(20)),  # helped, false_alarm
    Column("closed_at", Instant),
    Column("created_at", Instant, nullable=False),
    Index("alerts_to_tell", "tell_at",
          sqlite_where=text("tell_at IS NOT NULL"), postgresql_where=text("tell_at IS NOT NULL")),
)  # fmt: skip

codings = Table(
    "codings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("answer_id", Uuid, ForeignKey("answers.id"), nullable=False),
    Column("theme", String(80), nullable=False),
    Column("probability", Float, nullable=False),
    Column("coder", String(80), nullable=False),  # version of the machine coder, or staff:<id>
    Column("evidence", Json, nullable=False),  # {"cues": […], "nearest": "…"}
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("answer_id", "theme", "coder"),
)

translations = Table(
    "translations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("digest", String(64), nullable=False),  # SHA-256 of the source text
    Column("source", String(35), nullable=False),
    Column("target", String(35), nullable=False),
    Column("text", Text, nullable=False),
    Column("origin", String(80), nullable=False),  # person, machine:<engine>
    Column("approved_at", Instant),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("digest", "source", "target"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(320), nullable=False, unique=True),  # lower case
    Column("name", String(200), nullable=False),
    Column("password_hash", String(300)),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

signin_links = Table(
    "signin_links",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)
