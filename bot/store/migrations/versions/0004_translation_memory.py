"""the translation memory, what waits to be translated, staff's own words behind a translated message"""

from hashlib import sha256
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from bot.store.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("translations") as batch:
        context = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")
        batch.add_column(sa.Column("context", context, server_default="said", nullable=False))
        batch.add_column(sa.Column("source_text", sa.Text(), nullable=True))
        batch.alter_column("text", existing_type=sa.Text(), nullable=True)
        batch.alter_column("origin", existing_type=sa.String(length=80), nullable=True)
        batch.add_column(sa.Column("state", sa.String(length=20), server_default="draft", nullable=False))
        batch.add_column(sa.Column("confidence", sa.Float(), nullable=True))
        batch.add_column(sa.Column("polarity", sa.Float(), nullable=True))
        batch.add_column(sa.Column("due_at", Instant(), nullable=True))
        batch.add_column(sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False))
        batch.add_column(sa.Column("approved_by", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("changed_at", Instant(), nullable=True))
        batch.drop_constraint(op.f("uq_translations_digest_source_target"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_translations_digest_source_target_context"), ["digest", "source", "target", "context"]
        )
    op.create_index(
        "translations_due",
        "translations",
        ["due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("translations_of_context", "translations", ["context", "target"])
    _waiting_answers()
    op.drop_index("answers_to_translate", table_name="answers")
    op.drop_column("answers", "translate_at")

    op.add_column("addresses", sa.Column("since", Instant(), nullable=True))
    for column, kind in (
        ("original", sa.Text()),
        ("original_language", sa.String(length=35)),
        ("translated_by", sa.String(length=80)),
        ("confidence", sa.Float()),
        ("written_by", sa.String(length=200)),
    ):
        op.add_column("messages", sa.Column(column, kind, nullable=True))
    for name, columns, which in (
        ("messages_unread", ["direction", "id"], "direction = 'in' AND language IS NULL"),
        ("messages_talk", ["id"], "state IN ('waiting', 'answered')"),
        ("messages_waiting", ["id"], "state = 'waiting'"),
    ):
        op.create_index(
            name, "messages", columns, sqlite_where=sa.text(which), postgresql_where=sa.text(which)
        )


def _waiting_answers() -> None:
    """What waited for its English in the answers' table waits in the memory, once for each text."""
    db = op.get_bind()
    answers = sa.table(
        "answers", sa.column("heard"), sa.column("language"), sa.column("translate_at", Instant())
    )
    translations = sa.table(
        "translations", sa.column("id", sa.Uuid()), sa.column("digest"), sa.column("source"), sa.column("target"),
        sa.column("context"), sa.column("source_text"), sa.column("state"), sa.column("due_at", Instant()),
        sa.column("created_at", Instant()),
    )  # fmt: skip
    known = {
        (row.digest, row.source)
        for row in db.execute(
            sa.select(translations.c.digest, translations.c.source).where(translations.c.target == "en")
        )
    }
    waiting = sa.select(answers.c.heard, answers.c.language, answers.c.translate_at).where(
        answers.c.translate_at.is_not(None), answers.c.language.is_not(None)
    )
    rows = {}
    for heard, language, due in db.execute(waiting):
        key = sha256(heard.encode()).hexdigest(), language
        if key not in known:
            rows[key] = {
                "id": uuid4(), "digest": key[0], "source": language, "target": "en", "context": "said",
                "source_text": heard, "state": "wanted", "due_at": due, "created_at": due,
            }  # fmt: skip
    if rows:
        op.bulk_insert(translations, list(rows.values()))
