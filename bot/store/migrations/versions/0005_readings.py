"""what people made of answers, codebooks of one's own, coders that learn, waves and states of the numbers, duties"""

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant, Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


VIEWS = (
    # For programs that read the database (Tableau, Power BI, Metabase): they see these and no table. What is hidden in
    # the findings is hidden in ``figures``. "of" is quoted, for some programs take it for a word of SQL's.
    """
    CREATE VIEW openline_findings AS
    SELECT survey, wave, measure, theme, label, dimension, value, dimension2, value2,
           count, "of", share, low, high, hidden, at AS as_of
    FROM figures WHERE measure IN ('theme', 'subtheme', 'apart')
    """,
    """
    CREATE VIEW openline_response AS
    SELECT survey, wave, dimension, value, "of" AS asked, count AS answered, share AS rate, high AS at_most,
           hidden, at AS as_of
    FROM figures WHERE measure = 'response'
    """,
    """
    CREATE VIEW openline_change AS
    SELECT survey, wave, before_wave, measure, theme, label, dimension, value, dimension2, value2,
           share_before, share, share - share_before AS change, as_of
    FROM (
        SELECT figures.survey, figures.wave, measure, theme, label, dimension, value, dimension2, value2, share,
               LAG(figures.wave) OVER line AS before_wave, LAG(share) OVER line AS share_before, at AS as_of
        FROM figures JOIN waves ON waves.survey = figures.survey AND waves.name = figures.wave
        WHERE measure IN ('theme', 'subtheme', 'apart')
        WINDOW line AS (
            PARTITION BY figures.survey, measure, theme, dimension, value, dimension2, value2
            ORDER BY waves.begins_at
        )
    ) AS told
    WHERE before_wave IS NOT NULL
    """,
)


def upgrade() -> None:
    op.create_table(
        "codebook_uses",
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("codebook", sa.String(length=64), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("survey", name=op.f("pk_codebook_uses")),
    )
    op.create_table(
        "codebooks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(length=320), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebooks")),
        sa.UniqueConstraint("key", "version", name=op.f("uq_codebooks_key_version")),
    )
    op.create_table(
        "coders",
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("codebook", sa.String(length=64), nullable=False),
        sa.Column("codebook_version", sa.String(length=64), nullable=False),
        sa.Column("seen_until", Instant(), nullable=False),
        sa.Column("confirmed", sa.Integer(), nullable=False),
        sa.Column("quality", Json, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_coders")),
    )
    op.create_index("coders_of_codebook", "coders", ["codebook", "created_at"], unique=False)
    op.create_table(
        "proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("codebook", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("words", Json, nullable=False),
        sa.Column("members", Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=True),
        sa.Column("by", sa.String(length=320), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_index("proposals_of_survey", "proposals", ["survey", "state"], unique=False)
    op.create_table(
        "releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("wave", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("heard", sa.Integer(), nullable=False),
        sa.Column("shown", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("survey", "wave", "number", name=op.f("uq_releases_survey_wave_number")),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=320), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
    )
    op.create_index("statements_of_survey", "statements", ["survey"], unique=False)
    op.create_table(
        "waves",
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("begins_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("survey", "name", name=op.f("pk_waves")),
    )
    op.create_table(
        "draws",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("drawn", sa.String(length=20), nullable=False),
        sa.Column("wanted", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_draws_answer_id")),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_draws")),
    )
    op.create_table(
        "duties",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        sa.Column("seen_by", sa.String(length=200), nullable=True),
        sa.Column("seen_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_duties_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("answer_id", "theme", name=op.f("uq_duties_answer_id_theme")),
    )
    op.create_index(
        "duties_open",
        "duties",
        ["role", "id"],
        unique=False,
        sqlite_where=sa.text("state <> 'closed'"),
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "holds",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.String(length=80), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_holds_answer_id")),
        sa.PrimaryKeyConstraint("answer_id", "staff", name=op.f("pk_holds")),
    )
    op.create_table(
        "readings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("coder", sa.String(length=80), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("drawn", sa.String(length=20), nullable=False),
        sa.Column("copied", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("codebook", sa.String(length=64), nullable=False),
        sa.Column("codebook_version", sa.String(length=64), nullable=False),
        sa.Column("machine", sa.String(length=80), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_readings_answer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("answer_id", "coder", name=op.f("uq_readings_answer_id_coder")),
    )
    op.create_index("readings_changed", "readings", ["codebook", "changed_at"], unique=False)
    op.add_column("answers", sa.Column("decided", sa.String(length=80), nullable=True))
    op.add_column("answers", sa.Column("chances", sa.LargeBinary(), nullable=True))
    op.add_column("answers", sa.Column("held", sa.LargeBinary(), nullable=True))
    op.add_column("answers", sa.Column("doubt", sa.Float(), nullable=True))
    op.create_index(
        "answers_in_doubt",
        "answers",
        ["survey_id", "language", "doubt"],
        unique=False,
        sqlite_where=sa.text("decided IS NULL AND doubt IS NOT NULL"),
        postgresql_where=sa.text("decided IS NULL AND doubt IS NOT NULL"),
    )
    op.create_table(
        "figures",
        sa.Column("survey", sa.String(length=64), nullable=False),
        sa.Column("wave", sa.String(length=100), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("theme", sa.String(length=80), nullable=False),
        sa.Column("dimension", sa.String(length=80), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("dimension2", sa.String(length=80), nullable=False),
        sa.Column("value2", sa.String(length=200), nullable=False),
        sa.Column("label", sa.String(length=300), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("of", sa.Integer(), nullable=True),
        sa.Column("share", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint(
            "survey",
            "wave",
            "measure",
            "theme",
            "dimension",
            "value",
            "dimension2",
            "value2",
            name=op.f("pk_figures"),
        ),
    )
    for view in VIEWS:
        op.execute(view)
