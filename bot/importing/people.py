"""Reads a contact list: who may be asked, where, in which language, and on what ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import phonenumbers
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..app import App
from ..spreadsheets import BadRow, Row, Table, blank
from ..store import consents
from ..store.tables import addresses, people
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

    A number that an earlier list brought is left as it is. A number that is here because somebody wrote to us first
    gets from the list what we could only guess, and its ground for being asked; a STOP stays a STOP, and a language
    that the person chose stays theirs. A row without a usable number is entered without one, so that it is counted
    among those who could not be asked.
    """
    report = Report(path.name, bad=list(table.bad))
    joined = 0
    for chunk in chunks(table.rows):
        async with app.database.begin() as db:
            joined += await _chunk(db, app, chunk, columns, respondent, language, report)
        progress(len(chunk))
    if joined:
        some = (
            "1 person who had written before is"
            if joined == 1
            else f"{joined} people who had written before are"
        )
        report.notes.append(f"{some} now on the list")
    return report


async def _chunk(
    db: AsyncConnection,
    app: App,
    rows: Sequence[Row],
    columns: Columns,
    respondent: str,
    language: str,
    report: Report,
) -> int:
    """Enter these rows; returns how many of them are people who had written to us before."""
    now = app.clock()
    numbers = {row.line: e164(row.values.get(columns.phone, ""), app.settings.country) for row in rows}
    found = await _here(db, [number for number in numbers.values() if number])
    known = set(found)
    joining: dict[UUID, dict[str, Any]] = {}
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
            if (writer := found.pop(number, None)) is not None and writer.external_id is None:
                joining[writer.address_id] = {
                    "_id": writer.person_id,
                    "stopped": writer.suppressed == "stopped",
                    **_told(row, columns, respondent, language),
                    "external_id": f"people:{number}",
                }
            continue
        else:
            known.add(number)
            report.taken += 1
        person = {
            "id": app.new_id(),
            "external_id": f"people:{number}" if number else f"people:{path_mark(report.file, row)}",
            **_told(row, columns, respondent, language),
            "language_by": "import",
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
            granted.append(_granted(app, address["id"], report))
    await _store(db, persons, theirs, granted)
    await _join(db, joining)
    grounds = [_granted(app, address, report) for address, told in joining.items() if not told["stopped"]]
    if grounds:
        await consents.enter(db, grounds)
    return len(joining)


async def _here(db: AsyncConnection, numbers: Sequence[str]) -> dict[str, Any]:
    rows = await db.execute(
        select(
            addresses.c.address,
            addresses.c.id.label("address_id"),
            addresses.c.suppressed,
            addresses.c.person_id,
            people.c.external_id,
        )
        .join(people, people.c.id == addresses.c.person_id)
        .where(addresses.c.channel == "sms", addresses.c.address.in_(numbers))
    )
    return {row.address: row for row in rows}


def _told(row: Row, columns: Columns, respondent: str, language: str) -> dict[str, Any]:
    """What the list says of somebody."""
    return {
        "respondent": respondent,
        "language": (tag(row.values.get(columns.language, "")) if columns.language else None) or language,
        "school": (row.values.get(columns.school, "").strip() or None) if columns.school else None,
        "groups": {name: row.values.get(name, "").strip() for name in columns.groups},
    }


def _granted(app: App, address_id: UUID, report: Report) -> dict[str, Any]:
    return {
        "id": app.new_id(),
        "address_id": address_id,
        "event": "granted",
        "source": f"list: {report.file}"[:200],
        "at": app.clock(),
    }


PLACE = (
    update(people)
    .where(people.c.id == bindparam("_id"))
    .values({name: bindparam(name) for name in ("external_id", "respondent", "school", "groups")})
)
# The person may choose a language while we read the list: only a guess gives way.
TRANSLATE = (
    update(people)
    .where(people.c.id == bindparam("_id"), people.c.language_by == "guess")
    .values(language=bindparam("language"), language_by="import")
)


async def _join(db: AsyncConnection, joining: Mapping[UUID, Mapping[str, Any]]) -> None:
    if joining:
        told = list(joining.values())
        place = ("_id", "external_id", "respondent", "school", "groups")
        await db.execute(PLACE, [{name: each[name] for name in place} for each in told])
        await db.execute(TRANSLATE, [{"_id": each["_id"], "language": each["language"]} for each in told])


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
    for table, rows in ((people, persons), (addresses, theirs)):
        if rows:
            await db.execute(insert(table), rows)
    await consents.enter(db, [g for g in granted if g["address_id"] in kept])


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
