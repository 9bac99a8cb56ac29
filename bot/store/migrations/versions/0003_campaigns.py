"""campaigns: households, students, calendars, audiences, runs, recipients, tokens"""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audiences",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_audiences")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("next_at", Instant(), nullable=True),
        sa.Column("next_occasion", sa.String(length=40), nullable=True),
        sa.Column("written_by", sa.String(length=320), nullable=True),
        sa.Column("approved_by", sa.String(length=320), nullable=True),
        sa.Column("approved_digest", sa.String(length=64), nullable=True),
        sa.Column("approved_size", sa.Integer(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("key", name=op.f("uq_campaigns_key")),
    )
    op.create_index(
        "campaigns_due",
        "campaigns",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )

    op.create_table(
        "schools",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("calendar", Json, nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schools")),
    )
    op.create_table(
        "senders",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_senders")),
    )
    op.create_table(
        "students",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("school", sa.String(length=200), nullable=True),
        sa.Column("attributes", Json, nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_students")),
        sa.UniqueConstraint("external_id", name=op.f("uq_students_external_id")),
    )
    op.create_table(
        "absences",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_absences_student_id")),
        sa.PrimaryKeyConstraint("student_id", "day", "kind", name=op.f("pk_absences")),
    )
    op.create_index("absences_of_day", "absences", ["day"], unique=False)

    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", Json, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_api_tokens_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_index(op.f("ix_api_tokens_staff_id"), "api_tokens", ["staff_id"], unique=False)

    op.create_table(
        "campaign_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=True),
        sa.Column("detail", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_log_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_log")),
    )
    op.create_index(op.f("ix_campaign_log_campaign_id"), "campaign_log", ["campaign_id"], unique=False)

    op.create_table(
        "guardianships",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_guardianships_person_id")),
        sa.ForeignKeyConstraint(["student_id"], ["students.id"], name=op.f("fk_guardianships_student_id")),
        sa.PrimaryKeyConstraint("person_id", "student_id", name=op.f("pk_guardianships")),
    )
    op.create_index(op.f("ix_guardianships_student_id"), "guardianships", ["student_id"], unique=False)

    op.create_table(
        "list_entries",
        sa.Column("list", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_list_entries_person_id")),
        sa.PrimaryKeyConstraint("list", "person_id", name=op.f("pk_list_entries")),
    )
    op.create_index(op.f("ix_list_entries_person_id"), "list_entries", ["person_id"], unique=False)

    op.create_table(
        "runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("begins_at", Instant(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("expanded", sa.Integer(), nullable=False),
        sa.Column("staged", sa.Integer(), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("health", Json, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_runs_campaign_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("campaign_id", "occasion", name=op.f("uq_runs_campaign_id_occasion")),
    )
    op.create_index(
        "runs_active",
        "runs",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state IN ('expanding', 'sending')"),
        postgresql_where=sa.text("state IN ('expanding', 'sending')"),
    )

    op.create_table(
        "recipients",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("variant", sa.String(length=20), nullable=True),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name=op.f("fk_recipients_address_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recipients_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_recipients_run_id")),
        sa.PrimaryKeyConstraint("run_id", "step", "person_id", name=op.f("pk_recipients")),
        sa.UniqueConstraint(
            "campaign_id",
            "step",
            "occasion",
            "address_id",
            name=op.f("uq_recipients_campaign_id_step_occasion_address_id"),
        ),
    )
    op.create_index(
        "recipients_of_message",
        "recipients",
        ["message_id"],
        sqlite_where=sa.text("message_id IS NOT NULL"),
        postgresql_where=sa.text("message_id IS NOT NULL"),
    )
    op.create_index(
        "recipients_waiting",
        "recipients",
        ["run_id", "channel", "due_at", "person_id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "shared_addresses",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("address_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["address_id"], ["addresses.id"], name=op.f("fk_shared_addresses_address_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_shared_addresses_person_id")),
        sa.PrimaryKeyConstraint("person_id", "address_id", name=op.f("pk_shared_addresses")),
    )
    op.create_index(op.f("ix_shared_addresses_address_id"), "shared_addresses", ["address_id"], unique=False)

    op.add_column(
        "addresses", sa.Column("consented", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("addresses", sa.Column("next_at", Instant(), nullable=True))

    op.create_index(
        "consents_stopped",
        "consents",
        ["at"],
        unique=False,
        sqlite_where=sa.text("event = 'stopped'"),
        postgresql_where=sa.text("event = 'stopped'"),
    )

    op.add_column("messages", sa.Column("campaign_id", sa.Uuid(), nullable=True))
    op.add_column("messages", sa.Column("expires_at", Instant(), nullable=True))
    op.create_index(
        "messages_failed",
        "messages",
        ["campaign_id"],
        unique=False,
        sqlite_where=sa.text("state = 'failed' AND campaign_id IS NOT NULL"),
        postgresql_where=sa.text("state = 'failed' AND campaign_id IS NOT NULL"),
    )

    op.add_column("people", sa.Column("name", sa.String(length=200), nullable=True))
    op.add_column("people", sa.Column("household_id", sa.Uuid(), nullable=True))
    op.add_column("people", sa.Column("removed_at", Instant(), nullable=True))
    op.execute("UPDATE people SET household_id = id")
    op.create_index("people_by_household", "people", ["household_id", "id"])
    # What the ledger says, where a claim and a campaign can see it. A STOP stands in addresses.suppressed.
    op.execute(
        "UPDATE addresses SET consented = true "
        "WHERE id IN (SELECT address_id FROM consents WHERE event IN ('granted', 'restarted'))"
    )
