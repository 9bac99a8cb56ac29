"""Every table. Rows are the queue: a message that is to be sent is a row that is due.

States of a message, and who moves it:

    in    heard, or waiting → answered                          (by a person: bot/dialogue)
    out   draft → queued                                        (a translated reply that staff have confirmed)
          queued → sending → sent → delivered → read          (outbox, then the provider's receipts)
                 ↘ failed                                      (surely not delivered)
                 ↘ uncertain → queued | sent | held            (a send cut short: reconciled, never blindly repeated)
          queued → cancelled                                   (the person said STOP, or cannot be reached)

A campaign's message that has not gone out when its hours end, or when the campaign is paused, is taken out of the queue
again (its row goes), and its recipient waits as before.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
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
    Index("answers_in_doubt", "doubt",
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
    Column(
        "coder", String(80), nullable=False
    ),  # version of the machine coder, or whose reading: readings.coder
    Column("evidence", Json, nullable=False),  # {"cues": […], "nearest": "…", "confirmed": [answer ids]}
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("answer_id", "theme", "coder"),
)

readings = Table(
    "readings",  # what people made of answers; the themes they gave are codings with the same coder
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("answer_id", Uuid, ForeignKey("answers.id"), nullable=False),
    # staff:<id>; agreed:<staff id>, of two who differed; file:<name>/<user>, coded in another program
    Column("coder", String(80), nullable=False),
    Column("purpose", String(20), nullable=False),  # review, double (blind), agreed, import
    Column("drawn", String(20), nullable=False),  # how the answer came to be read: lot, doubt, chosen
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
    "draws",  # answers that are to be read by people: by lot, for double coding, or put there by somebody
    metadata,
    Column("answer_id", Uuid, ForeignKey("answers.id"), primary_key=True),
    Column("drawn", String(20), nullable=False),  # lot, chosen
    Column(
        "wanted", SmallInteger, nullable=False
    ),  # how many people are to read it, each without seeing the other's
    Column("created_at", Instant, nullable=False),
)

holds = Table(
    "holds",  # who is reading what just now, so that two do not read the same
    metadata,
    Column("answer_id", Uuid, ForeignKey("answers.id"), primary_key=True),
    Column("staff", String(80), primary_key=True),
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
    Column("confirmed", Integer, nullable=False),
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

schools = Table(
    "schools",
    metadata,
    Column("name", String(200), primary_key=True),  # as people.school has it; "" is every other school
    Column(
        "calendar", Json, nullable=False
    ),  # time zone, hours, closed days, dates: outreach/calendars.py reads it
    Column("changed_at", Instant, nullable=False),
)

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

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff_id", Uuid, ForeignKey("staff.id"), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),  # ["campaigns:read", …]
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)
