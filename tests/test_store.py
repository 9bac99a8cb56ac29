"""The store: one shape on both engines, ids that sort by time, transactions that hold or do not."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot import ids
from bot.store import searching
from bot.store.database import connect, normal_url, ready
from bot.store.migrate import migrate, newest, revision
from bot.store.tables import metadata, people

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)


def person(id_: UUID, **changed: object) -> dict[str, object]:
    row = {
        "id": id_,
        "respondent": "family",
        "language": "ht",
        "language_by": "import",
        "groups": {"bus": "12"},
        "created_at": NOW,
    }
    return row | changed


async def test_the_migrations_make_exactly_the_tables_that_the_code_describes(database):
    options = {"compare_type": True, "include_name": lambda name, *_: not searching.is_part(name)}
    async with database.begin() as db:
        differences = await db.run_sync(
            lambda c: compare_metadata(MigrationContext.configure(c, opts=options), metadata)
        )

    assert differences == []


async def test_migrating_again_changes_nothing(database):
    before, after = await migrate(database)

    assert before == after == newest() == await revision(database)


async def test_an_empty_database_is_not_ready(tmp_path):
    database = connect(f"sqlite:///{tmp_path / 'new.db'}")

    assert not await ready(database)
    assert await revision(database) is None

    await database.close()


async def test_rows_come_back_as_they_were_written(database, new_id):
    moment = datetime(2026, 10, 14, 11, 30, tzinfo=timezone(timedelta(hours=-4)))
    id_ = new_id()

    async with database.begin() as db:
        await db.execute(insert(people).values(**person(id_, created_at=moment)))
    async with database.read() as db:
        row = (await db.execute(select(people))).one()

    assert (row.id, row.groups, row.created_at) == (id_, {"bus": "12"}, moment)
    assert row.created_at.utcoffset() == timedelta(0)


async def test_a_moment_without_a_zone_is_refused(database, new_id):
    with pytest.raises(Exception, match="time zone"):
        async with database.begin() as db:
            await db.execute(insert(people).values(**person(new_id(), created_at=datetime(2026, 1, 1))))


async def test_a_transaction_that_raises_leaves_nothing(database, new_id):
    with pytest.raises(RuntimeError):
        async with database.begin() as db:
            await db.execute(insert(people).values(**person(new_id())))
            raise RuntimeError
    async with database.read() as db:
        rows = (await db.execute(select(people))).all()

    assert rows == []


async def test_the_same_person_of_another_system_is_entered_once(database, new_id):
    async with database.begin() as db:
        await db.execute(insert(people).values(**person(new_id(), external_id="sis:1")))

    with pytest.raises(IntegrityError):
        async with database.begin() as db:
            await db.execute(insert(people).values(**person(new_id(), external_id="sis:1")))


async def test_rows_made_one_after_another_sort_in_that_order(database, new_id):
    made = [new_id() for _ in range(200)]

    async with database.begin() as db:
        await db.execute(insert(people), [person(id_) for id_ in reversed(made)])
    async with database.read() as db:
        found = list((await db.execute(select(people.c.id).order_by(people.c.id))).scalars())

    assert found == made


@given(st.lists(st.integers(min_value=0, max_value=2**62), min_size=2, max_size=50))
def test_ids_never_go_back_even_when_the_clock_does(moments):
    ticks = iter(moments)
    new_id = ids.maker(lambda: next(ticks), lambda bits: 2**bits - 1)

    made = [new_id() for _ in moments]

    assert made == sorted(set(made))
    assert all(id_.version == 7 and id_.variant == "specified in RFC 4122" for id_ in made)


def test_addresses_of_databases_are_read_as_people_write_them():
    assert normal_url("sqlite:///x.db").drivername == "sqlite+aiosqlite"
    assert normal_url("postgresql://a@h/d").drivername == "postgresql+asyncpg"
    assert str(normal_url("postgresql://h/d?sslmode=require")) == "postgresql+asyncpg://h/d?ssl=require"
    with pytest.raises(ValueError, match="mysql is not supported"):
        normal_url("mysql://h/d")


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_commit_elsewhere_wakes_whoever_waits(url, database):
    other = connect(url)
    await database.wake.listen()

    with database.wake.waiter() as woken:
        async with other.begin() as db:
            await other.rouse(db)
        async with asyncio.timeout(5):
            await woken.wait()

    assert woken.is_set()
    await other.close()
