"""What came of it: waves, the states of the numbers that were shown, duties, problem statements."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from ..types import Instant, Json
from .base import metadata

waves = Table(
    "waves",  # rounds of one survey that are compared: an answer belongs to the last that had begun
    metadata,
    Column("survey", String(64), primary_key=True),
    Column("name", String(100), primary_key=True),
    Column("begins_at", Instant, nullable=False),
)

releases = Table(
    "releases",  # states of a survey's numbers that were shown: the next may not differ by a handful of people
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("survey", String(64), nullable=False),
    Column("wave", String(100), nullable=False),  # "" where the survey has none
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),  # answers given up to here are in it
    Column("heard", Integer, nullable=False),
    Column("shown", Json, nullable=False),  # which cells could be read (analysis.summary)
    UniqueConstraint("survey", "wave", "number"),
)

figures = Table(
    "figures",  # the numbers of the newest release, one row each, for programs that read the database; "" is everybody
    metadata,
    Column("survey", String(64), primary_key=True),
    Column("wave", String(100), primary_key=True),
    Column("measure", String(20), primary_key=True),  # theme, subtheme, apart, response
    Column("theme", String(80), primary_key=True),
    Column("dimension", String(80), primary_key=True),
    Column("value", String(200), primary_key=True),
    Column("dimension2", String(80), primary_key=True),
    Column("value2", String(200), primary_key=True),
    Column("label", String(300)),
    Column("count", Integer),
    Column("of", Integer),
    Column("share", Float),
    Column("low", Float),
    Column("high", Float),
    Column("hidden", Boolean, nullable=False),
    Column("at", Instant, nullable=False),  # of the release
)

summaries = Table(
    "summaries",  # the findings that pages show, as they were reckoned last: a new process need not reckon them first
    metadata,
    Column("survey", String(64), primary_key=True),
    Column("wave", String(100), primary_key=True),  # "" where the survey has none
    Column(
        "mark", String(400), nullable=False
    ),  # what they stand on: codebook, span, minimum; another is another summary
    Column("data", LargeBinary),  # JSON (analysis.keeping); null: nobody was asked
    Column("beside", Json, nullable=False),  # who coded the replies; how many people had been erased
    Column("at", Instant, nullable=False),  # when somebody looked last whether they are still so
    Column("took", Float, nullable=False),  # seconds that the look took
    Column("wanted_at", Instant, nullable=False),  # when a page showed them last, to some minutes
)

duties = Table(
    "duties",  # replies that may mean a legal duty, for the role that has to look at them
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("answer_id", Uuid, ForeignKey("answers.id"), nullable=False),
    Column("theme", String(80), nullable=False),
    Column("role", String(200), nullable=False),  # the codebook's flag
    Column("state", String(20), nullable=False),  # new → seen → closed
    Column("told_at", Instant),  # when the role was told; null: not yet, or nobody is named for it
    Column("seen_by", String(200)),
    Column("seen_at", Instant),
    Column("outcome", String(20)),  # acted, no_duty
    Column("closed_at", Instant),
    Column("note", Text),  # what was done, for colleagues
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("answer_id", "theme"),
    Index("duties_open", "role", "id",
          sqlite_where=text("state <> 'closed'"), postgresql_where=text("state <> 'closed'")),
)  # fmt: skip

statements = Table(
    "statements",  # problem statements: drafted from findings, edited by people
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("survey", String(64), nullable=False),
    Column("theme", String(80), nullable=False),
    Column("fields", Json, nullable=False),
    Column("state", String(20), nullable=False),  # draft → agreed | dropped
    Column("by", String(320)),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("statements_of_survey", "survey"),
)
