"""A file on its way in: kept sealed for whoever sent it, read, looked over and entered beside the pages, then dropped.

chosen → looking → looked → entering → entered       (failed from looking and entering; chosen again at any time)
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.told import told

from .. import audit
from ..app import App
from ..spreadsheets import Table, TableError, open_table
from ..store.tables import uploads
from . import absences, mapping, people
from .dates import UncertainDates
from .layout import LayoutError
from .removal import Doubtful
from .report import Report
from .wording import kept

log = structlog.get_logger(__name__)

Kind = Literal["people", "absences"]
KEPT = timedelta(days=1)
SILENT = timedelta(seconds=30)
"""Work that has not been heard of for so long was cut short: its process has ended."""
NONCE = 12
UNDER_WAY = ("looking", "entering")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file that is kept. ``choices``: mapping (YAML), sheet, list, whole, anyway; columns of absences."""

    id: UUID
    kind: Kind
    name: str
    choices: Mapping[str, Any]
    state: str
    done: int
    total: int
    report: Mapping[str, Any] | None
    created_at: datetime
    changed_at: datetime

    def cut_short(self, now: datetime) -> bool:
        """Whether it is under way, and nobody works on it any more."""
        return self.state in UNDER_WAY and now - self.changed_at > SILENT


class Uploads:
    """The files of all members of staff; ``find`` and the rest give each only their own."""

    def __init__(self, app: App) -> None:
        self._app = app
        secret = app.settings.secret_key.get_secret_value()
        self._key = hashlib.sha256(b"openline uploads:" + secret.encode()).digest()
        self._work: set[asyncio.Task[None]] = set()

    async def keep(self, kind: Kind, name: str, content: bytes, by: UUID) -> UUID:
        """Keep a file; returns its id. Raises TableError where it is no table."""
        await asyncio.to_thread(_open, name, content, None)
        id_, now = uuid4(), self._app.clock()
        async with self._app.database.begin() as db:
            await forget_old(db, now)
            await db.execute(
                insert(uploads).values(
                    id=id_, staff_id=by, kind=kind, name=name[:200], content=self._seal(id_, content), choices={},
                    state="chosen", done=0, total=0, created_at=now, changed_at=now,
                )
            )  # fmt: skip
        return id_

    async def find(self, id_: UUID, by: UUID) -> Upload:
        """One of their own files. Raises LookupError, also where it is somebody else's, or a day old."""
        columns = [column for column in uploads.c if column.name not in ("content", "staff_id")]
        mine = uploads.c.id == id_, uploads.c.staff_id == by, uploads.c.created_at > self._app.clock() - KEPT
        async with self._app.database.read() as db:
            row = (await db.execute(select(*columns).where(*mine))).mappings().first()
        if row is None:
            raise LookupError("There is no such file, or it was kept for a day and has gone.")
        return Upload(**row)

    async def mine(self, by: UUID) -> list[Upload]:
        """Those that they have begun with and not finished."""
        columns = [column for column in uploads.c if column.name not in ("content", "staff_id")]
        since = self._app.clock() - KEPT
        theirs = uploads.c.staff_id == by, uploads.c.created_at > since, uploads.c.state != "entered"
        async with self._app.database.read() as db:
            rows = await db.execute(select(*columns).where(*theirs).order_by(uploads.c.created_at.desc()))
            return [Upload(**row) for row in rows.mappings()]

    async def table(self, upload: Upload, sheet: str | None = None) -> Table:
        """The file, read. Raises TableError."""
        async with self._app.database.read() as db:
            sealed = (
                await db.execute(select(uploads.c.content).where(uploads.c.id == upload.id))
            ).scalar_one()
        content = self._unseal(upload, sealed)
        return await asyncio.to_thread(_open, upload.name, content, sheet or upload.choices.get("sheet"))

    async def choose(self, upload: Upload, choices: Mapping[str, Any]) -> None:
        """Write down what was chosen; what was looked over before counts no more."""
        values = {"choices": dict(choices), "state": "chosen", "report": None, "done": 0}
        await self._set(upload.id, **values)

    async def mean_it(self, upload: Upload) -> None:
        """Take the list for whole although so many are missing from it: somebody has looked and said so."""
        await self._set(upload.id, choices={**upload.choices, "anyway": True})

    async def drop(self, upload: Upload) -> None:
        """Forget it."""
        async with self._app.database.begin() as db:
            await db.execute(delete(uploads).where(uploads.c.id == upload.id))

    async def start(self, upload: Upload, *, dry: bool, by: UUID) -> None:
        """Begin to look it over (``dry``), or to enter it, beside the pages. A second time it changes nothing."""
        from_, to = (("chosen", "failed", "looked"), "looking") if dry else (("looked", "failed"), "entering")
        waits: ColumnElement[bool] = uploads.c.state.in_(from_)
        if upload.cut_short(self._app.clock()):
            waits = waits | uploads.c.state.in_(UNDER_WAY)
        async with self._app.database.begin() as db:
            begun = await db.execute(
                update(uploads)
                .where(uploads.c.id == upload.id, waits)
                .values(state=to, done=0, total=0, report=None, changed_at=self._app.clock())
            )
        if begun.rowcount:
            task = asyncio.create_task(self._run(upload, dry=dry, by=by))
            self._work.add(task)
            task.add_done_callback(self._work.discard)

    async def _run(self, upload: Upload, *, dry: bool, by: UUID) -> None:
        done = [0, 0]

        def read(number: int) -> None:
            done[0] += number

        async def heartbeat() -> None:
            while True:
                await asyncio.sleep(1)
                await self._set(upload.id, done=done[0], total=done[1])

        beating = asyncio.create_task(heartbeat())
        try:
            table = await self.table(upload)
            done[1] = table.total * (2 if upload.kind == "people" else 1)
            report = await self._take(upload, table, read, dry=dry)
            values: dict[str, Any] = {"state": "looked" if dry else "entered", "report": _kept(report)}
        except UncertainDates:
            values = {"state": "failed", "report": {"problem": "dates"}}
        except Doubtful:
            values = {"state": "failed", "report": {"problem": "doubtful"}}
        except (LayoutError, TableError) as error:
            values = {"state": "failed", "report": {"problem": "file", "said": kept(str(error))}}
        except Exception as error:  # its own words may be somebody's
            log.error("an import failed", error=type(error).__name__)
            values = {"state": "failed", "report": {"problem": "defect"}}
        finally:
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating
        if values["state"] == "entered":
            values["content"] = b""  # it is in: nobody needs the file any more
        async with self._app.database.begin() as db:
            now = self._app.clock()
            await db.execute(
                update(uploads).where(uploads.c.id == upload.id).values(changed_at=now, **values)
            )
            if values["state"] == "entered":
                counts = {what: values["report"][what] for what in ("taken", "changed", "known")}
                await audit.record(
                    db, now, by, f"{upload.kind}.import", upload.choices.get("list", ""), **counts
                )

    async def _take(self, upload: Upload, table: Table, read: Callable[[int], None], *, dry: bool) -> Report:
        choices = upload.choices
        if upload.kind == "absences":
            columns = absences.Columns(**choices["columns"])
            return await absences.take(self._app, table, columns, choices.get("date_order"), read, dry=dry)
        layout = mapping.loads(choices["mapping"], table)
        whole, anyway = bool(choices.get("whole")), bool(choices.get("anyway"))
        return await people.take(
            self._app,
            table,
            choices["list"],
            layout,
            reading=read,
            entering=read,
            dry=dry,
            whole=whole,
            anyway=anyway,
        )

    async def _set(self, id_: UUID, **values: Any) -> None:
        async with self._app.database.begin() as db:
            changed = values | {"changed_at": self._app.clock()}
            await db.execute(update(uploads).where(uploads.c.id == id_).values(**changed))

    def _seal(self, id_: UUID, content: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self._key).encrypt(nonce, content, id_.bytes)

    def _unseal(self, upload: Upload, sealed: bytes) -> bytes:
        try:
            return AESGCM(self._key).decrypt(sealed[:NONCE], sealed[NONCE:], upload.id.bytes)
        except (InvalidTag, ValueError):  # it is in already, or the key is another since
            problem = told("the file is not kept any more.")
            raise TableError(upload.name, problem, told("Choose it again.")) from None

    async def finished(self) -> None:
        """Wait for all that is under way in this process."""
        await asyncio.gather(*self._work)


async def forget_old(db: AsyncConnection, now: datetime) -> None:
    """Files are kept for a day."""
    await db.execute(delete(uploads).where(uploads.c.created_at < now - KEPT))


def _kept(report: Report) -> dict[str, Any]:
    """A report as it is kept: counts and lines, nobody's words."""
    return {
        "rows": report.rows,
        "taken": report.taken,
        "changed": report.changed,
        "known": report.known,
        "empty": report.empty,
        "bad": [[bad.line, kept(bad.problem)] for bad in report.bad],
        "sums": dict(report.sums),
    }


def _open(name: str, content: bytes, sheet: str | None) -> Table:
    with tempfile.TemporaryDirectory(prefix="openline-") as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return open_table(path, sheet=sheet)
