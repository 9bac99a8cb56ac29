"""The translation memory."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
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

translations = Table(
    "translations",  # the translation memory, and the queue of what a translator is still to be asked for
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("digest", String(64), nullable=False),  # SHA-256 of the source text
    Column("source", String(35), nullable=False),
    Column("target", String(35), nullable=False),
    # Where the text stands: "survey:getting-to-school/hard/ask"; "said" for people's own words.
    # It goes by code points, so that all contexts with one beginning stand together.
    Column("context", String(200).with_variant(String(200, collation="C"), "postgresql"), nullable=False,
           server_default="said"),
    Column("source_text", Text),  # of people's own words only until they are translated: the answer keeps them
    Column("text", Text),  # null: wanted, and not there yet
    Column("origin", String(80)),  # person, machine:<engine>
    Column("state", String(20), nullable=False, server_default="draft"),  # wanted → draft → approved
    Column("confidence", Float),  # 0 to 1: how sure it is that the meaning is the same
    Column("polarity", Float),  # TextBlob, of an English text: a second opinion beside the sentiment
    Column("due_at", Instant),  # when a translator is asked; one that asks moves it ahead, as its lease
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("approved_by", String(200)),
    Column("approved_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant),
    UniqueConstraint("digest", "source", "target", "context"),
    Index("translations_due", "due_at",
          sqlite_where=text("due_at IS NOT NULL"), postgresql_where=text("due_at IS NOT NULL")),
    Index("translations_of_context", "context", "target"),
)  # fmt: skip

terms = Table(
    "terms",  # the glossary's words that people here have added, or put in place of those that come with Openline
    metadata,
    Column("key", String(64), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("say", String(200), nullable=False),
    Column("forms", Json, nullable=False),  # what means the same
    Column("avoid", Json, nullable=False),  # what looks the same and does not
    Column("note", Text, nullable=False, server_default=""),
    Column("kept", Boolean, nullable=False),  # never translated: a name, as it stands
    Column("gone", Boolean, nullable=False),  # taken out here
    Column("by", String(200)),
    Column("changed_at", Instant, nullable=False),
)
