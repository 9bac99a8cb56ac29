"""serve, work, migrate, doctor: the running service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import structlog
import typer
import uvicorn

from channels.telegram import Telegram

from ..app import App, opened
from ..doctor import examine
from ..settings import Settings
from ..signals import finish, until_stopped
from ..store.database import connect
from ..store.migrate import migrate as upgrade
from ..warming import warm
from ..web.app import create
from ..work import work as work_on
from .root import Problem, app, console, run, settings

log = structlog.get_logger(__name__)


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    work: Annotated[
        bool | None,
        typer.Option(help="Also send and code in this process. Default: yes on SQLite, no on PostgreSQL."),
    ] = None,
) -> None:
    """Serve the pages and the providers' webhooks."""
    given = settings()
    also = given.database_url.startswith("sqlite") if work is None else work
    run(_serve(given, host, port, also), quiet=False)


@app.command("work")
def work_command() -> None:
    """Send what is queued and code what has come in. Run as many of these as you like on PostgreSQL."""
    run(_work(settings()), quiet=False)


@app.command()
def migrate() -> None:
    """Bring the database to the newest shape. Safe to run again."""

    async def go(given: Settings) -> tuple[str | None, str | None]:
        database = connect(given.database_url)
        try:
            return await upgrade(database)
        except OSError as error:
            raise Problem(
                f"The database cannot be reached ({type(error).__name__}). Is OPENLINE_DATABASE_URL right?"
            ) from None
        finally:
            await database.close()

    before, after = run(go(settings()))
    typer.echo(f"The database is at {after}" + ("." if before == after else f" (was {before or 'empty'})."))


@app.command()
def doctor() -> None:
    """Look over the whole set-up and say what is missing, without sending anything to anyone."""
    findings = run(examine(settings()))
    for found in findings:
        mark = {"good": "[green]ok[/]  ", "note": "[yellow]note[/]", "bad": "[red]bad[/] "}[found.state]
        console.print(
            f"{mark} {found.what}" + (f"\n     {found.cure}" if found.cure else ""),
            highlight=False,
            soft_wrap=True,
        )
    if any(found.state == "bad" for found in findings):
        raise typer.Exit(1)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are ours: what is being sent has to be recorded before the process ends."""
        yield


async def _serve(given: Settings, host: str, port: int, also: bool) -> None:
    async with opened(given) as service:
        web = create(service)
        server = _Server(
            uvicorn.Config(
                web,
                host,
                port,
                log_config=None,
                access_log=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=10,
            )
        )
        await _register(service)
        warming = asyncio.create_task(asyncio.to_thread(warm, *web.state.warm))
        serving = asyncio.create_task(server.serve())
        working = asyncio.create_task(work_on(service)) if also else None
        await until_stopped(
            [serving, working] if working else [serving],
            lambda: console.print(f"Openline is at http://{host}:{port}", highlight=False),
        )
        server.should_exit = True
        await asyncio.gather(serving, warming)
        if working is not None:
            await finish(working)


async def _register(service: App) -> None:
    """Tell Telegram where its messages go; the telephone company is told in Twilio's own console."""
    telegram = service.channels.get("telegram")
    given = service.settings
    if not isinstance(telegram, Telegram) or given.telegram_polling:
        return
    if not given.public_url.startswith("https://"):
        log.warning("no webhook for telegram", why="it needs https; or set OPENLINE_TELEGRAM_POLLING=true")
        return
    try:
        await telegram.register_webhook(given.public_url)
    except Exception as error:
        log.error("telegram webhook not registered", error=type(error).__name__)


async def _work(given: Settings) -> None:
    async with opened(given) as service:
        working = asyncio.create_task(work_on(service))
        await until_stopped([working], lambda: console.print("Openline is working. Ctrl-C stops it."))
        await finish(working)
