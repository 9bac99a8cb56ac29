"""Figures in the database: what a release shows, and a role that can read that and nothing else."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import pytest
from export_world import AT, KEY, fill
from sqlalchemy import insert, select, text

from bot.app import opened
from bot.cli.root import Problem
from bot.exporting import figures, granting
from bot.settings import Settings
from bot.store.database import normal_url
from bot.store.tables import figures as table
from bot.store.tables import metadata, waves


async def summary(url, clock):
    async with opened(Settings(database_url=url, start_survey=""), clock=clock) as service:
        return await service.findings(KEY, pairs=[("school", "grade")])


async def test_the_figures_are_those_of_the_summary_and_hide_what_it_hides(database, url, clock):
    await fill(database, 200)
    found = await summary(url, clock)
    rows = figures.rows(found)

    everybody = {row["theme"]: row for row in rows if row["measure"] == "theme" and not row["dimension"]}
    assert {code: row["count"] for code, row in everybody.items()} == {
        finding.theme: finding.count for finding in found.themes
    }
    assert all(row["hidden"] == (row["count"] is None) for row in rows)
    assert not any(row["hidden"] and (row["share"] is not None or row["low"] is not None) for row in rows)
    assert all(row["count"] >= 10 for row in rows if row["count"] is not None)
    lincoln = {row["theme"]: row["share"] for row in rows if (row["dimension"], row["value"]) == ("school", "Lincoln")
               and row["measure"] != "response" and not row["dimension2"]}  # fmt: skip
    assert lincoln == dict(found.groups["school"]["Lincoln"].themes)
    assert any(row["dimension2"] for row in rows)
    (all_asked,) = (row for row in rows if row["measure"] == "response" and not row["dimension"])
    assert (all_asked["count"], all_asked["of"]) == (found.answered, found.asked)


async def test_a_new_release_takes_the_place_of_the_one_before(database, url, clock):
    await fill(database, 60)
    rows = figures.rows(await summary(url, clock))
    async with database.begin() as db:
        await figures.store(db, KEY, "", rows, AT)
        await figures.store(db, "other", "", rows[:1], AT)
        await figures.store(db, KEY, "", rows[:5], AT + timedelta(days=1))

    async with database.read() as db:
        stored = (await db.execute(select(table.c.survey, table.c.at))).all()
    assert sorted(row.survey for row in stored) == [KEY] * 5 + ["other"]
    assert {row.at for row in stored if row.survey == KEY} == {AT + timedelta(days=1)}


async def test_views_tell_findings_response_and_change_between_waves(database):
    def row(measure, share, **more):
        return {
            "measure": measure, "theme": "" if measure == "response" else "transport", "dimension": "", "value": "",
            "dimension2": "", "value2": "", "label": "Transport", "count": 20, "of": 40, "share": share, "low": 0.1,
            "high": 0.9, "hidden": share is None, **more,
        }  # fmt: skip

    async with database.begin() as db:
        for n, (wave, share) in enumerate((("fall", 0.5), ("winter", None), ("a spring", 0.25))):
            begins = AT + timedelta(days=100 * n)
            await db.execute(insert(waves).values(survey=KEY, name=wave, begins_at=begins))
            await figures.store(db, KEY, wave, [row("theme", share), row("response", 0.5)], begins)
        oak = row("theme", 0.75, dimension="school", value="Oak")
        await figures.store(db, KEY, "", [oak], AT)

    async with database.read() as db:
        told = (await db.execute(text("SELECT * FROM openline_findings ORDER BY wave"))).mappings().all()
        asked = (await db.execute(text("SELECT * FROM openline_response"))).mappings().all()
        changed = (await db.execute(text("SELECT * FROM openline_change ORDER BY as_of"))).mappings().all()
    assert [(one["wave"], one["share"], bool(one["hidden"])) for one in told] == [
        ("", 0.75, False), ("a spring", 0.25, False), ("fall", 0.5, False), ("winter", None, True),
    ]  # fmt: skip
    assert {(one["asked"], one["answered"], one["rate"]) for one in asked} == {(40, 20, 0.5)}
    assert [(one["wave"], one["before_wave"], one["change"]) for one in changed] == [
        ("winter", "fall", None), ("a spring", "winter", None),
    ]  # fmt: skip


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_sqlite_has_no_roles_and_says_what_to_do(typed):
    with pytest.raises(Problem, match="SQLite knows no roles"):
        await typed("export", "grant", "reader", "--run")


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
async def test_a_role_for_programs_sees_the_views_and_nothing_else(typed, database, url):
    async with database.begin() as db:
        await figures.store(db, KEY, "", [], AT)
        await db.execute(text("DROP ROLE IF EXISTS bi_reader"))
    with pytest.raises(Problem, match="There is no role bi_reader"):
        await typed("export", "grant", "bi_reader", "--run")
    async with database.begin() as db:
        await db.execute(text("CREATE ROLE bi_reader LOGIN"))

    printed = await typed("export", "grant", "bi_reader")
    done = await typed("export", "grant", "bi_reader", "--run")

    assert "GRANT SELECT ON openline_findings" in printed
    assert "and nothing else" in done
    address = normal_url(url).set(drivername="postgresql", username="bi_reader")
    connection = await asyncpg.connect(address.render_as_string(hide_password=False))
    try:
        for view in granting.VIEWS:
            await connection.fetch(f"SELECT * FROM {view}")
        for name in (*metadata.tables, "alembic_version"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.fetch(f"SELECT * FROM {name}")
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("DELETE FROM openline_findings")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (a int)")
    finally:
        await connection.close()

    async with database.begin() as db:
        await db.execute(text("GRANT SELECT (name) ON people TO bi_reader"))
    with pytest.raises(Problem, match="can read people already"):
        await typed("export", "grant", "bi_reader", "--run")
    async with database.begin() as db:
        await db.execute(text("DROP OWNED BY bi_reader"))
        await db.execute(text("DROP ROLE bi_reader"))


@pytest.mark.parametrize("name", ['x"; DROP TABLE people; --', "", "1st", "a b", "x" * 64])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(granting.CannotGrant, match="no name of a role"):
        granting.statements(name)
