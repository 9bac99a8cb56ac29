"""dispositions, reminders, alerts, keywords, quotas, answers that were passed over"""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

WAITING = "state IN ('asked', 'started')"
SINCE = {
    "open": "CASE WHEN id IN (SELECT conversation_id FROM answers) THEN 'started' ELSE 'asked' END",
    "done": "'complete'",
    "stopped": "CASE WHEN id IN (SELECT conversation_id FROM answers) THEN 'partial' ELSE 'refused' END",
}


def upgrade() -> None:
    op.add_column("surveys", sa.Column("anonymous", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("one_open_conversation", table_name="conversations")
    op.add_column("conversations", sa.Column("due_at", Instant(), nullable=True))
    op.add_column(
        "conversations", sa.Column("reminders", sa.SmallInteger(), server_default="0", nullable=False)
    )
    for state, become in SINCE.items():
        op.execute(f"UPDATE conversations SET state = {become} WHERE state = '{state}'")  # noqa: S608 - constants
    # Nobody told these people of reminders: they are given up in time, without a word.
    last = "coalesce(heard_at, started_at)"
    week = {
        "sqlite": f"strftime('%Y-%m-%d %H:%M:%f000', {last}, '+7 days')",
        "postgresql": f"{last} + interval '7 days'",
    }[op.get_bind().dialect.name]
    op.execute(f"UPDATE conversations SET due_at = {week} WHERE {WAITING}")  # noqa: S608 - constants
    op.create_index(
        "one_open_conversation",
        "conversations",
        ["address_id"],
        unique=True,
        sqlite_where=sa.text(WAITING),
        postgresql_where=sa.text(WAITING),
    )
    op.create_index(
        "conversations_due",
        "conversations",
        ["due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.add_column("answers", sa.Column("turn", sa.String(length=40), nullable=True))
    op.add_column("answers", sa.Column("missing", sa.String(length=20), nullable=True))
    op.create_table(
        "keywords",
        sa.Column("keyword", sa.String(length=40), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["surveys.id"], name=op.f("fk_keywords_survey_id")),
        sa.PrimaryKeyConstraint("keyword", name=op.f("pk_keywords")),
    )
    op.create_table(
        "quota_fills",
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("quota", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_quota_fills_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", "quota", name=op.f("pk_quota_fills")),
    )
    op.create_index("quota_fills_counted", "quota_fills", ["survey", "quota"])
    op.create_table(
        "alerts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("told", sa.SmallInteger(), nullable=False),
        sa.Column("tell_at", Instant(), nullable=True),
        sa.Column("seen_by", sa.String(length=200), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_alerts_message_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_alerts_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_person_id"), "alerts", ["person_id"])
    op.create_index(
        "alerts_to_tell",
        "alerts",
        ["tell_at"],
        sqlite_where=sa.text("tell_at IS NOT NULL"),
        postgresql_where=sa.text("tell_at IS NOT NULL"),
    )
