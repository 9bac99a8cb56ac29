"""Made-up families to look around with: they show findings, nothing goes out to them, and they go without a trace."""

from __future__ import annotations

from campaign_world import THANKS, district
from sqlalchemy import func, select
from test_erasing import everything

from bot import samples
from bot.store.tables import answers, duties, messages, people, translations


async def test_samples_are_there_once_and_go_without_a_trace(url, clock):
    async with district(url, clock) as here:
        await here.person(name="Rosa Real")
        before = await everything(here.app)

        assert await samples.load(here.app) == 40
        assert await samples.load(here.app) == 40
        async with here.app.database.read() as db:
            assert await samples.there(db)
            made_up = (
                await db.execute(select(people.c.name).where(people.c.external_id.startswith("sample:")))
            ).scalars()
            assert all(name.startswith("Sample") for name in made_up)
            assert (await db.execute(select(func.count()).select_from(answers))).scalar() > 60

        assert await samples.remove(here.app) == 40
        assert await samples.remove(here.app) == 0

        after = await everything(here.app)
        before.pop("surveys"), after.pop("surveys")
        assert after == before


async def test_nothing_goes_out_to_samples(url, clock):
    clock.now = clock.now.replace(hour=16)
    async with district(url, clock) as here:
        await here.person()
        await samples.load(here.app)
        await here.campaign(THANKS)
        await here.work()
        assert len(here.phone.sent) == 1
        assert await here.counts() == {"sent": 1}


async def test_samples_show_findings_and_alarm_nobody(sqlite_url, clock):
    async with district(sqlite_url, clock) as here:
        await samples.load(here.app)
        await here.app.coding.finish()
        found = await here.app.findings(samples.SURVEY)
        assert found is not None
        async with here.app.database.read() as db:
            assert (await db.execute(select(func.count()).select_from(duties))).scalar() == 0
            assert (await db.execute(select(func.count()).select_from(messages))).scalar() == 0
        await samples.remove(here.app)
        assert await here.app.findings(samples.SURVEY) is None
        async with here.app.database.read() as db:
            assert (await db.execute(select(func.count()).select_from(translations))).scalar() == 0


def test_the_commands_of_one_person_show_join_and_erase_them(tmp_path, monkeypatch, sqlite_url):
    import asyncio

    from sqlalchemy import insert
    from typer.testing import CliRunner

    from bot.app import opened
    from bot.cli import app as cli
    from bot.settings import Settings
    from bot.store.tables import addresses

    async def enter():
        made = Settings(database_url=sqlite_url, _env_file=None, start_survey="")
        async with opened(made) as app:
            ids = []
            async with app.database.begin() as db:
                for number in (1, 2):
                    id_, now = app.new_id(), app.clock()
                    row = {"id": id_, "respondent": "family", "language": "en", "language_by": "import", "groups": {},
                           "name": f"Ana {number}", "created_at": now}  # fmt: skip
                    await db.execute(insert(people).values(**row))
                    address = {"id": app.new_id(), "person_id": id_, "channel": "sms", "created_at": now}
                    await db.execute(insert(addresses).values(address=f"+1503555010{number}", **address))
                    ids.append(id_.hex[-8:])
            return ids

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENLINE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("OPENLINE_START_SURVEY", "")
    first, second = asyncio.run(enter())
    runner = CliRunner()
    shown = runner.invoke(cli, ["people", "show", first])
    assert "Ana 1" in shown.stdout, shown
    assert "…0101" in shown.stdout
    assert "+15035550101" in runner.invoke(cli, ["people", "show", first, "--numbers"]).stdout
    assert runner.invoke(cli, ["people", "merge", first, second, "--take", "shoe"]).exception
    done = runner.invoke(cli, ["people", "merge", first, second, "--take", "name", "--yes"])
    assert done.exit_code == 0, done
    assert "Ana 2" in runner.invoke(cli, ["people", "show", first]).stdout
    assert runner.invoke(cli, ["people", "erase", first], input="n\n").exception
    assert runner.invoke(cli, ["people", "erase", first, "--yes"]).exit_code == 0
    assert runner.invoke(cli, ["people", "show", first]).exception
