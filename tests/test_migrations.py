"""What an older store holds is still there, and means the same, after the newest migrations."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import inspect, select, text

from bot.store.database import connect
from bot.store.memory import digest
from bot.store.migrate import migrate, newest
from bot.store.tables import addresses, conversations, people, translations

WHEN = "2026-10-14 15:00:00"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def empty(request, tmp_path):
    """A store without any table."""
    if request.param == "sqlite":
        opened = connect(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        import asyncpg

        address = request.getfixturevalue("postgres")
        name = f"old_{tmp_path.name.lower().replace('-', '_')}"[:40]
        connection = await asyncpg.connect(address("postgres"))
        await connection.execute(f'CREATE DATABASE "{name}"')
        await connection.close()
        opened = connect(address(name))
    yield opened
    await opened.close()


def id_(number, engine):
    made = UUID(int=number)
    return made if engine == "postgresql" else made.hex


async def fill(db, engine):
    """Four conversations as the first version wrote them."""
    await db.execute(
        text("INSERT INTO surveys (id, key, version, text, created_at) VALUES (:id, 'bus', 'v1', 'x', :at)"),
        {"id": id_(1, engine), "at": moment(engine)},
    )
    for n, (state, answered) in enumerate(
        [
            ("open", False),
            ("open", True),
            ("done", True),
            ("stopped", False),
            ("stopped", True),
            ("imported", True),
        ],
        start=10,
    ):
        person, conversation = id_(n, engine), id_(n + 100, engine)
        await db.execute(
            text(
                "INSERT INTO people (id, respondent, language, language_by, groups, created_at) "
                "VALUES (:id, 'family', 'es', 'import', :groups, :at)"
            ),
            {"id": person, "groups": json.dumps({}), "at": moment(engine)},
        )
        await db.execute(
            text(
                "INSERT INTO conversations (id, survey_id, person_id, state, started_at) "
                "VALUES (:id, :survey, :person, :state, :at)"
            ),
            {
                "id": conversation,
                "survey": id_(1, engine),
                "person": person,
                "state": state,
                "at": moment(engine),
            },
        )
        if answered:
            await db.execute(
                text(
                    "INSERT INTO answers (id, survey_id, conversation_id, person_id, question, kind, heard, understood,"
                    " declared, created_at) VALUES (:id, :survey, :conversation, :person, 'hard', 'scale', 'sí', :yes,"
                    " 'es', :at)"
                ),
                {
                    "id": id_(n + 200, engine), "survey": id_(1, engine), "conversation": conversation,
                    "person": person, "yes": True, "at": moment(engine),
                },
            )  # fmt: skip


def moment(engine):
    return datetime(2026, 10, 14, 15, 0, tzinfo=UTC) if engine == "postgresql" else WHEN


async def test_conversations_of_the_first_version_get_their_dispositions(empty):
    await migrate(empty, "0001")
    async with empty.begin() as db:
        await fill(db, db.dialect.name)

    before, after = await migrate(empty)

    async with empty.read() as db:
        rows = await db.execute(text("SELECT state FROM conversations ORDER BY id"))
        states = [state for (state,) in rows]
        said = (
            await db.execute(text("SELECT count(*) FROM answers WHERE heard = 'sí' AND missing IS NULL"))
        ).scalar()
        due = list((await db.execute(select(conversations.c.due_at).order_by(conversations.c.id))).scalars())
        reminders = set((await db.execute(text("SELECT reminders FROM conversations"))).scalars())
    assert (before, after) == ("0001", newest())
    assert states == ["asked", "started", "complete", "refused", "partial", "imported"]
    assert said == 4
    assert due == [datetime(2026, 10, 21, 15, 0, tzinfo=UTC)] * 2 + [None] * 4
    assert reminders == {0}


async def test_what_the_ledger_said_before_campaigns_stands_with_each_address(empty):
    await migrate(empty, "0002")
    async with empty.begin() as db:
        engine = db.dialect.name
        for n, events in enumerate(
            (["granted"], [], ["stopped"], ["granted", "stopped", "restarted"]), start=1
        ):
            person, address = id_(n, engine), id_(n + 10, engine)
            await db.execute(
                text(
                    "INSERT INTO people (id, respondent, language, language_by, groups, created_at) "
                    "VALUES (:id, 'family', 'es', 'import', '{}', :at)"
                ),
                {"id": person, "at": moment(engine)},
            )
            await db.execute(
                text(
                    "INSERT INTO addresses (id, person_id, channel, address, created_at) "
                    "VALUES (:id, :person, 'sms', :number, :at)"
                ),
                {"id": address, "person": person, "number": f"+1503555010{n}", "at": moment(engine)},
            )
            for at, event in enumerate(events):
                await db.execute(
                    text(
                        "INSERT INTO consents (id, address_id, event, source, at) "
                        "VALUES (:id, :address, :event, 'list: test', :at)"
                    ),
                    {
                        "id": id_(100 * n + at, engine),
                        "address": address,
                        "event": event,
                        "at": moment(engine),
                    },
                )

    await migrate(empty)

    async with empty.read() as db:
        consented = list((await db.execute(select(addresses.c.consented).order_by(addresses.c.id))).scalars())
        households = (await db.execute(select(people.c.id, people.c.household_id))).all()
    assert consented == [True, False, False, True]
    assert len(households) == 4
    assert all(row.household_id == row.id for row in households)


async def test_answers_that_waited_for_their_english_wait_in_the_memory_once_for_each_text(empty):
    await migrate(empty, "0003")
    async with empty.begin() as db:
        engine = db.dialect.name
        await fill(db, engine)
        await db.execute(
            text(
                "INSERT INTO translations (id, digest, source, target, text, origin, created_at) "
                "VALUES (:id, :digest, 'es', 'en', 'the bus', 'person', :at)"
            ),
            {"id": id_(900, engine), "digest": digest("el bus"), "at": moment(engine)},
        )
        said = [("bis la", "ht"), ("bis la", "ht"), ("el bus", "es"), ("no sé", "es")]
        for n, (words, language) in enumerate(said):
            await db.execute(
                text(
                    "INSERT INTO answers (id, survey_id, conversation_id, person_id, question, kind, heard, understood,"
                    " declared, created_at, language, coder, translate_at) VALUES (:id, :survey, :conversation, :person,"
                    " 'why', 'open', :heard, :yes, 'es', :at, :language, 'c1', :at)"
                ),
                {
                    "id": id_(500 + n, engine), "survey": id_(1, engine), "conversation": id_(111, engine),
                    "person": id_(11, engine), "heard": words, "yes": True, "at": moment(engine), "language": language,
                },
            )  # fmt: skip

    await migrate(empty)

    async with empty.read() as db:
        kept = await db.execute(
            select(
                translations.c.source_text,
                translations.c.source,
                translations.c.text,
                translations.c.state,
                translations.c.context,
            ).order_by(translations.c.source, translations.c.digest)
        )
        assert sorted(map(tuple, kept), key=str) == [
            ("bis la", "ht", None, "wanted", "said"),
            ("no sé", "es", None, "wanted", "said"),
            (None, "es", "the bus", "draft", "said"),
        ]
        columns = await db.run_sync(lambda c: {one["name"] for one in inspect(c).get_columns("answers")})
    assert "translate_at" not in columns
