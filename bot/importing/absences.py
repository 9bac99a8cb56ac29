"""Reads which children were absent or late, on which day: each once, however often it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from survey_flows.told import told

from ..app import App
from ..spreadsheets import BadRow, Row, Table, blank
from ..store.tables import absences, students
from .dates import Order, order_of, read_day
from .guessing import STUDENT
from .layout import words
from .report import Progress, Report, chunks
from .respondents import folded

AT_ONCE = 2_000
KINDS = {
    "absent": "absent a abs absence unexcused excused unexcused absence excused absence u e ua ea ausente ausencia "
    "falta faltas injustificada justificada 1 true yes si",
    "late": "late tardy t l tard tardanza tarde retardo retraso lateness",
}
"""What attendance codes and words mean; anything else has to be made plain first."""
KIND = {word: kind for kind, said in KINDS.items() for word in said.split()} | {
    "unexcused absence": "absent",
    "excused absence": "absent",
    "tardy unexcused": "late",
    "tardy excused": "late",
}
PRESENT = frozenset(["present", "p", "presente", "0", "false", "no"])
"""An export of a whole day's attendance has these too: no absence."""
DAY = frozenset(["date", "day", "fecha", "dia"])
WHAT = frozenset(
    ["kind", "code", "status", "type", "attendance", "absence", "tipo", "estado", "asistencia", "codigo"]
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what. Without ``kind`` everybody was absent."""

    student: str | None = None
    day: str | None = None
    kind: str | None = None


def guess(headings: Sequence[str]) -> Columns:
    """The likely columns of an attendance export.

    >>> guess(["Student ID", "Student Name", "Absence Date", "Attendance Code"])
    Columns(student='Student ID', day='Absence Date', kind='Attendance Code')
    """
    found: dict[str, str] = {}
    for heading in headings:
        said = set(words(heading))
        if said & DAY and not said & {"birth", "nacimiento"}:
            found.setdefault("day", heading)
        elif said & WHAT and not said & STUDENT:
            found.setdefault("kind", heading)
        elif said & {"id", "number", "no", "num", "sourcedid", "matricula", "numero"} and (
            said & (STUDENT | {"matricula", "sourcedid"}) or said <= {"id", "number", "user", "local"}
        ):
            found.setdefault("student", heading)
    if "student" not in found:
        plain = [heading for heading in headings if set(words(heading)) <= STUDENT and words(heading)]
        found |= {"student": plain[0]} if plain else {}
    return Columns(**found)


async def take(
    app: App, table: Table, columns: Columns, order: str | None, progress: Progress, *, dry: bool = False
) -> Report:
    """Enter every absence of a child the store knows; others are named by line.

    A row that was entered before, or stands twice in the file, is counted as known. Raises dates.UncertainDates.
    """
    report = Report(table.file, bad=list(table.bad))
    known_order: Order | None = order  # type: ignore[assignment]
    known_order = known_order or order_of(row.values.get(columns.day or "", "") for row in table.rows)
    today = app.clock().astimezone(app.desk.zone).date()
    before: set[tuple[str, date, str]] = set()
    for chunk in chunks(table.rows, AT_ONCE):
        async with app.database.begin() as db:
            known = await _students(db, [_cell(row, columns.student) for row in chunk])
            rows = _rows(chunk, columns, known_order, today, known, before, report, app.clock())
            there = await _there(db, rows)
            new = [row for row in rows if (row["student_id"], row["day"], row["kind"]) not in there]
            report.known += len(rows) - len(new)
            report.taken += len(new)
            if new and not dry:
                upsert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
                await db.execute(upsert(absences).on_conflict_do_nothing(), new)
        progress(len(chunk))
    report.bad.sort(key=lambda bad: bad.line)
    report.facts = [f"{report.taken} absences are new."]
    return report


def _rows(
    chunk: Sequence[Row],
    columns: Columns,
    order: Order | None,
    today: date,
    known: Mapping[str, UUID],
    before: set[tuple[str, date, str]],
    report: Report,
    now: datetime,
) -> list[dict[str, Any]]:
    rows = []
    for row in chunk:
        who, written = _cell(row, columns.student), _cell(row, columns.day)
        said = _cell(row, columns.kind)
        if not (who or written or said) or (columns.kind and folded(said) in PRESENT):
            report.empty += 1
            continue
        day, kind = read_day(written, order), KIND.get(folded(said)) if columns.kind and said else "absent"
        if problem := _problem(who, day, kind, known, today):
            report.bad.append(BadRow(row.line, problem))
            continue
        assert day is not None
        assert kind is not None
        if (who, day, kind) in before:
            report.known += 1
            continue
        before.add((who, day, kind))
        rows.append({"student_id": known[who], "day": day, "kind": kind, "created_at": now})
    return rows


def _problem(
    who: str, day: date | None, kind: str | None, known: Mapping[str, UUID], today: date
) -> str | None:
    if not who:
        return told("no student id")
    if who not in known:
        return told("no child with this id; bring them in with openline import people")
    if day is None:
        return told("the day is no date; write it as 2026-10-14")
    if day > today:
        return told("the day is yet to come; check the year, and --date-order")
    if kind is None:
        return told("neither absent nor late; write one of the two, or leave the line out")
    return None


def _cell(row: Row, column: str | None) -> str:
    value = row.values.get(column, "") if column else ""
    return "" if blank(value) else " ".join(value.split())


async def _students(db: AsyncConnection, ids: Sequence[str]) -> dict[str, UUID]:
    wanted = select(students.c.external_id, students.c.id).where(students.c.external_id.in_(set(ids)))
    return {row.external_id: row.id for row in await db.execute(wanted)}


async def _there(db: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> set[tuple[UUID, date, str]]:
    if not rows:
        return set()
    found = select(absences.c.student_id, absences.c.day, absences.c.kind).where(
        absences.c.student_id.in_({row["student_id"] for row in rows}),
        absences.c.day.in_({row["day"] for row in rows}),
    )
    return {(row.student_id, row.day, row.kind) for row in await db.execute(found)}
