"""Reads a contact list: who may be asked, where, in which language, and on what ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import phonenumbers
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App
from ..spreadsheets import BadRow, Row, Table, blank
from ..store.tables import addresses, consents, people
from .report import Progress, Report, chunks, tag


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what, by the table's own column names."""

    phone: str
    language: str | None = None
    school: str | None = None
    groups: Sequence[str] = ()


async def take(
    app: App, table: Table, path: Path, columns: Columns, respondent: str, language: str, progress: Progress
) -> Report:
    """Enter everyone with a usable number, once; the file is kept as the source of each number's consent.

    A number that is already here is left as it is (a STOP stays a STOP). A row without a usable number is entered
    without one, so that it is counted among those who could not be asked.
    """
    report = Report(path.name, bad=list(table.bad))
    for chunk in chunks(table.rows):
        async with app.database.begin() as db:
            await _chunk(db, app, chunk, columns, respondent, language, report)
        progress(len(chunk))
    return report


async def _chunk(
    db: AsyncConnection,
    app: App,
    rows: Sequence[Row],
    columns: Columns,
    respondent: str,
    language: str,
    report: Report,
) -> None:
    now = app.clock()
    numbers = {row.line: e164(row.values.get(columns.phone, ""), app.settings.country) for row in rows}
    here = await db.execute(
        select(addresses.c.address).where(
            addresses.c.channel == "sms", addresses.c.address.in_([n for n in numbers.values() if n])
        )
    )
    known = set(here.scalars())
    persons: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    granted: list[dict[str, Any]] = []
    for row in rows:
        number = numbers[row.line]
        if all(blank(value) for value in row.values.values()):
            report.empty += 1
            continue
        if number is None:
            report.bad.append(BadRow(row.line, "no usable phone number; entered as somebody we cannot reach"))
        elif number in known:
            report.known += 1
            continue
        else:
            known.add(number)
            report.taken += 1
        person = {
            "id": app.new_id(),
            "external_id": f"people:{number}" if number else f"people:{path_mark(report.file, row)}",
            "respondent": respondent,
            "language": (tag(row.values.get(columns.language, "")) if columns.language else None) or language,
            "language_by": "import",
            "school": (row.values.get(columns.school, "").strip() or None) if columns.school else None,
            "groups": {name: row.values.get(name, "").strip() for name in columns.groups},
            "created_at": now,
        }
        persons.append(person)
        if number is not None:
            address = {
                "id": app.new_id(),
                "person_id": person["id"],
                "channel": "sms",
                "address": number,
                "created_at": now,
            }
            theirs.append(address)
            granted.append(
                {
                    "id": app.new_id(),
                    "address_id": address["id"],
                    "event": "granted",
                    "source": f"list: {report.file}",
                    "at": now,
                }
            )
    await _store(db, persons, theirs, granted)


async def _store(
    db: AsyncConnection,
    persons: list[dict[str, Any]],
    theirs: list[dict[str, Any]],
    granted: list[dict[str, Any]],
) -> None:
    here = await db.execute(
        select(people.c.external_id).where(people.c.external_id.in_([p["external_id"] for p in persons]))
    )
    known = set(here.scalars())
    persons = [p for p in persons if p["external_id"] not in known]
    ids = {p["id"] for p in persons}
    theirs = [a for a in theirs if a["person_id"] in ids]
    kept = {a["id"] for a in theirs}
    for table, rows in (
        (people, persons),
        (addresses, theirs),
        (consents, [g for g in granted if g["address_id"] in kept]),
    ):
        if rows:
            await db.execute(insert(table), rows)


def path_mark(file: str, row: Row) -> str:
    """What a row without a number is known by."""
    return f"{file}:{row.line}"[:180]


def e164(written: str, country: str) -> str | None:
    """A number as the providers want it (+15035550123); None where it cannot be one.

    *Possible* is asked for, not *valid*: validity tables lag behind and know no made-up numbers.

    >>> e164("(503) 555-0123", "US"), e164("12", "US")
    ('+15035550123', None)
    """
    try:
        read = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(read):
        return None
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
