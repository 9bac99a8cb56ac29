"""roles of staff, two-step sign-in, single sign-on, notes and hand-over of conversations, drafts of surveys, what was done"""

from datetime import UTC, datetime
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from bot.store import searching
from bot.store.types import Instant, Json

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("did", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=200), server_default="", nullable=False),
        sa.Column("detail", Json, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("audit_at", "audit", ["at", "id"], unique=False)

    op.create_table(
        "erased_addresses",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_erased_addresses")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("counts", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notes_person_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_notes_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_person_id"), "notes", ["person_id"], unique=False)

    op.create_table(
        "staff_identities",
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_identities_staff_id")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_staff_identities")),
    )
    op.create_index(op.f("ix_staff_identities_staff_id"), "staff_identities", ["staff_id"], unique=False)

    op.create_table(
        "staff_roles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("school", sa.String(length=200), nullable=True),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_roles_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_roles")),
    )
    op.create_index(op.f("ix_staff_roles_staff_id"), "staff_roles", ["staff_id"], unique=False)

    op.create_table(
        "survey_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("base", sa.String(length=64), nullable=True),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["staff.id"], name=op.f("fk_survey_drafts_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_drafts")),
        sa.UniqueConstraint("key", name=op.f("uq_survey_drafts_key")),
    )
    op.create_table(
        "summaries",
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("wave", sa.String(length=100), nullable=False),
        sa.Column("mark", sa.String(length=400), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=True),
        sa.Column("beside", Json, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("took", sa.Float(), nullable=False),
        sa.Column("wanted_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("survey", "wave", name=op.f("pk_summaries")),
    )
    op.create_table(
        "terms",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("say", sa.String(length=200), nullable=False),
        sa.Column("forms", Json, nullable=False),
        sa.Column("avoid", Json, nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", "language", name=op.f("pk_terms")),
    )
    op.create_table(
        "threads",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=True),
        sa.Column("snoozed_at", Instant(), nullable=True),
        sa.Column("snoozed_until", Instant(), nullable=True),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["staff.id"], name=op.f("fk_threads_assigned_to")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_threads_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_threads")),
    )
    op.create_index(op.f("ix_threads_assigned_to"), "threads", ["assigned_to"], unique=False)

    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("choices", Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("report", Json, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_uploads_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_staff_id"), "uploads", ["staff_id"], unique=False)

    for statement in searching.made(op.get_bind().dialect.name):
        op.execute(statement)

    op.add_column("alerts", sa.Column("note", sa.Text(), nullable=True))
    op.add_column("duties", sa.Column("note", sa.Text(), nullable=True))
    op.create_index("codings_of_theme", "codings", ["theme", "answer_id"], unique=False)

    op.add_column("staff", sa.Column("timezone", sa.String(length=64), nullable=True))
    op.add_column("staff", sa.Column("appearance", sa.String(length=10), nullable=True))
    op.add_column("staff", sa.Column("totp_secret", sa.String(length=300), nullable=True))
    op.add_column("staff", sa.Column("totp_step", sa.Integer(), nullable=True))
    op.add_column("staff", sa.Column("recovery", Json, nullable=True))
    op.add_column("staff_sessions", sa.Column("browser", sa.String(length=40), nullable=True))

    # Whoever had an account could read the findings of every survey: that is what they keep. Admins are made by
    # ``openline user role``.
    roles = sa.table(
        "staff_roles",
        sa.column("id", sa.Uuid()),
        sa.column("staff_id", sa.Uuid()),
        sa.column("role"),
        sa.column("given_at", Instant()),
    )
    ids = [
        member.id
        for member in op.get_bind().execute(sa.select(sa.table("staff", sa.column("id", sa.Uuid()))))
    ]
    now = datetime.now(UTC)
    if ids:
        op.bulk_insert(
            roles,
            [{"id": uuid4(), "staff_id": member, "role": "organizer", "given_at": now} for member in ids],
        )
