"""What answers mean: themes by machines and people, codebooks, coders that learn."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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
    false,
)

from ..types import Instant, Json
from .base import metadata

codings = Table(
    "codings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("answer_id", Uuid, ForeignKey("answers.id"), nullable=False),
    Column("theme", String(80), nullable=False),
    Column("probability", Float, nullable=False),
    Column(
        "coder", String(80), nullable=False
    ),  # version of the machine coder, or whose reading: readings.coder
    Column(
        "evidence", Json, nullable=False
    ),  # {"cues": […], "nearest": "…", "confirmed": [answer ids], "was": theme}
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("answer_id", "theme", "coder"),
    Index("codings_of_theme", "theme", "answer_id"),
)

readings = Table(
    "readings",  # what people made of answers; the themes they gave are codings with the same coder
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("answer_id", Uuid, ForeignKey("answers.id"), nullable=False),
    # staff:<id>; agreed:<staff id>, of two who differed; file:<name>/<user>, coded in another program
    Column("coder", String(80), nullable=False),
    # review, double (blind), agreed, import; stale: of words or themes that are others by now, and counts no more
    Column("purpose", String(20), nullable=False),
    # how the answer came to be read: lot, doubt, chosen; same: an identical one was
    Column("drawn", String(20), nullable=False),
    # entered because it was made of an identical answer, which stays so when the lot comes to this one
    Column("copied", Boolean, nullable=False, server_default=false()),
    Column("codebook", String(64), nullable=False),
    Column("codebook_version", String(64), nullable=False),
    Column("machine", String(80)),  # the coder whose suggestions were in view; null: none were
    Column("note", Text),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("answer_id", "coder"),
    Index("readings_changed", "codebook", "changed_at"),
)

draws = Table(
    "draws",  # answers that are to be read by people, and those that were drawn and have been
    metadata,
    Column("answer_id", Uuid, ForeignKey("answers.id"), primary_key=True),
    Column("drawn", String(20), nullable=False),  # lot, doubt, chosen (by somebody)
    Column(
        "wanted", SmallInteger, nullable=False
    ),  # how many people are to read it, each without seeing the other's
    Column("created_at", Instant, nullable=False),
)

holds = Table(
    "holds",  # who is reading what just now, so that two do not read the same
    metadata,
    Column("answer_id", Uuid, ForeignKey("answers.id"), primary_key=True),
    Column(
        "staff", String(80), primary_key=True
    ),  # staff:<id>; passed:staff:<id>, who does not want it before then
    Column("until", Instant, nullable=False),
)

codebooks = Table(
    "codebooks",  # those imported here; the one that comes with Openline is not in it until it is changed
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("title", String(300), nullable=False),
    Column("digest", String(12), nullable=False),  # of what a coder learns from it
    Column("text", Text, nullable=False),  # as YAML, in one file: a version never changes
    Column("added_by", String(320)),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("key", "version"),
)

codebook_uses = Table(
    "codebook_uses",  # what a survey's answers are coded with, where that is not the usual one
    metadata,
    Column("survey", String(64), primary_key=True),
    Column("codebook", String(64), nullable=False),
    Column("changed_at", Instant, nullable=False),
)

coders = Table(
    "coders",  # machine coders that learned from people: what each had seen, and how good it was
    metadata,
    Column("version", String(80), primary_key=True),
    Column("codebook", String(64), nullable=False),
    Column("codebook_version", String(64), nullable=False),
    Column("seen_until", Instant, nullable=False),  # it learned from readings that were changed before this
    Column("confirmed", Integer, nullable=False),  # how many had been read then
    Column("quality", Json, nullable=False),  # of replies it had not seen: by theme, how often it was right
    Column("created_at", Instant, nullable=False),
    Index("coders_of_codebook", "codebook", "created_at"),
)

proposals = Table(
    "proposals",  # themes that replies speak of and the codebook does not have
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("survey", String(64), nullable=False),
    Column("codebook", String(64), nullable=False),
    Column("label", String(200), nullable=False),
    Column("words", Json, nullable=False),  # {language: [distinctive words]}
    Column("members", Json, nullable=False),  # [answer ids], the most typical first
    Column("state", String(20), nullable=False),  # open → accepted | dismissed
    Column("theme", String(80)),  # what it became
    Column("by", String(320)),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("proposals_of_survey", "survey", "state"),
)
