"""What is said: surveys, conversations, messages, answers, and what must not wait."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from ..types import Instant, Json
from .base import OPEN, WAITING, metadata

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
    Column("purpose", String(20), nullable=False),  # heard, ask, outreach, reply, reminder, farewell, alert, test, staff
    Column("campaign_id", Uuid),
    Column("text", Text, nullable=False),
    Column("language", String(35)),  # of what was heard: as identified from the words, null until somebody has looked
    Column("original", Text),  # what staff wrote, where the text is a translation of it
    Column("original_language", String(35)),
    Column("translated_by", String(80)),  # person, machine:<engine>
    Column("confidence", Float),  # 0 to 1: how sure it is that the translation means the same
    Column("written_by", String(200)),  # the member of staff who wrote it
    Column("options", Json),  # [[payload, label]] drawn as buttons
    Column("media", Json),  # [[url, type]] that came with it
    Column("provider_id", String(200)),
    Column("state", String(20), nullable=False),
    Column("priority", SmallInteger, nullable=False),  # 0 reply, 5 bulk
    Column("due_at", Instant),
    Column("expires_at", Instant),  # a campaign's message goes out before this or not at all (hours, end of the run)
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
    # Heard, and nobody has looked which language it is in. (The direction stands in it for SQLite's planner, which would
    # otherwise take the index that begins with it.)
    Index("messages_unread", "direction", "id",
          sqlite_where=text("direction = 'in' AND language IS NULL"),
          postgresql_where=text("direction = 'in' AND language IS NULL")),
    Index("messages_talk", "id",
          sqlite_where=text("state IN ('waiting', 'answered')"),
          postgresql_where=text("state IN ('waiting', 'answered')")),
    Index("messages_waiting", "id",
          sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    Index("messages_failed", "campaign_id",
          sqlite_where=text("state = 'failed' AND campaign_id IS NOT NULL"),
          postgresql_where=text("state = 'failed' AND campaign_id IS NOT NULL")),
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
    Column("language", String(35)),  # as identified from the words
    Column("language_score", Float),  # how sure that is, 0 to 1
    Column("coder", String(80)),  # version of the machine coder that has read it
    Column("decided", String(80)),  # whose reading counts instead of the machine's: readings.coder; null: nobody's yet
    # How probable each code of the coder's codebook is, as float16, in the codebook's order; and the same by a coder
    # that had not learned from this answer, where people have read it.
    Column("chances", LargeBinary),
    Column("held", LargeBinary),
    Column("doubt", Float),  # how much a person's reading would teach: the order of the review queue
    Column("sentiment", String(10)),
    Column("sentiment_score", Float),
    Column("polarity", Float),  # TextBlob, of words that are English; of others: translations.polarity
    Index("answers_to_code", "code_at",
          sqlite_where=text("code_at IS NOT NULL"), postgresql_where=text("code_at IS NOT NULL")),
    Index("answers_in_doubt", "survey_id", "language", "doubt",
          sqlite_where=text("decided IS NULL AND doubt IS NOT NULL"),
          postgresql_where=text("decided IS NULL AND doubt IS NOT NULL")),
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
    Column("note", Text),  # what was done, in the words of who closed it
    Column("closed_at", Instant),
    Column("created_at", Instant, nullable=False),
    Index("alerts_to_tell", "tell_at",
          sqlite_where=text("tell_at IS NOT NULL"), postgresql_where=text("tell_at IS NOT NULL")),
)  # fmt: skip
