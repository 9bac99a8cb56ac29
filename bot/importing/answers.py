"""Reads answers that were collected elsewhere into the same tables, so that the same findings come out."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

import survey_flows
from survey_flows import Survey

from ..app import App
from ..spreadsheets import Row, Table, blank
from ..store.tables import answers, conversations, people
from .report import Progress, Report, chunks, tag

QUESTION = "answer"


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what, by the table's own column names."""

    text: str
    language: str | None = None
    school: str | None = None
    groups: Sequence[str] = ()
    seeks: str | None = None


async def take(
    app: App, table: Table, path: Path, columns: Columns, key: str, language: str, progress: Progress
) -> Report:
    """Store every answer of the table under the survey ``key``; what was imported before is not taken twice.

    A form that is exported again has its old rows and some new ones: a row is known by what stands in it, so that
    only the new ones are taken. Under another survey, or from another column, all of them are.

    ``language`` is assumed where a row declares none. A cell without words is counted as empty; a row that could not
    be read is reported by its line. ``progress`` is called with the number of rows done.
    """
    report = Report(path.name, bad=list(table.bad))
    survey = one_question(key, columns.text, columns.seeks)
    names = dict(_names(table.rows, key, columns.text))
    unknown: set[str] = set()
    async with app.database.begin() as db:
        survey_id = await app.shelf.publish(db, survey, app.clock(), app.new_id)
    for chunk in chunks(table.rows):
        spoken = {}
        for row in chunk:
            declared = row.values.get(columns.language, "") if columns.language else ""
            spoken[row.line] = tag(declared) or language
            if not blank(declared) and tag(declared) is None:
                unknown.add(declared)
        said = [row for row in chunk if not blank(row.values.get(columns.text, ""))]
        async with app.database.begin() as db:
            new = await _unknown(db, said, names)
            await _store(db, app, survey_id, new, columns, names, spoken)
            await app.database.rouse(db)
        report.taken += len(new)
        report.known += len(said) - len(new)
        report.empty += len(chunk) - len(said)
        progress(len(chunk))
    if unknown:
        report.notes.append(
            f"{len(unknown)} values of the language column are no language we know; {language} was assumed"
        )
    return report


def survey_key(name: str) -> str:
    """A survey key made of a file's name.

    >>> survey_key("Fall survey (Responses).csv")
    'fall-survey-responses'
    """
    return re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")[:48].rstrip("-") or "imported"


def one_question(key: str, heading: str, seeks: str | None = None) -> Survey:
    """The survey that an export stands for: one open question, worded as its column is headed."""
    text = re.sub(r"[{}]", "", heading).strip() or "Answer"
    made = {
        "survey": key,
        "source": "en",
        "title": {"en": key},
        "intro": {"en": "{school}. Reply STOP to end."},
        "thanks": {"en": "Thank you."},
        "questions": [
            {"key": QUESTION, "kind": "open", "text": {"en": text}} | ({"seeks": seeks} if seeks else {})
        ],
    }
    return survey_flows.loads(yaml.safe_dump(made, allow_unicode=True, sort_keys=False), key)


def _names(rows: Sequence[Row], key: str, column: str) -> Iterator[tuple[int, str]]:
    """What each row is known by: its line, and a digest of where it goes and all that it says.

    Empty cells do not count: a question added to a form is an empty cell in every older row. Two people may say the
    very same, so rows alike are told apart by which of them comes first.
    """
    seen: Counter[str] = Counter()
    for row in rows:
        said = sorted((name, value) for name, value in row.values.items() if not blank(value))
        content = json.dumps([key, column, said])
        seen[content] += 1
        yield row.line, f"answers:{sha256(f'{content}{seen[content]}'.encode()).hexdigest()[:40]}"


async def _unknown(db: AsyncConnection, rows: Sequence[Row], names: Mapping[int, str]) -> list[Row]:
    wanted = [names[row.line] for row in rows]
    here = await db.execute(select(people.c.external_id).where(people.c.external_id.in_(wanted)))
    known = set(here.scalars())
    return [row for row in rows if names[row.line] not in known]


async def _store(
    db: AsyncConnection,
    app: App,
    survey_id: UUID,
    rows: Sequence[Row],
    columns: Columns,
    names: Mapping[int, str],
    spoken: Mapping[int, str],
) -> None:
    if not rows:
        return
    now = app.clock()
    persons: list[dict[str, Any]] = []
    talks: list[dict[str, Any]] = []
    said: list[dict[str, Any]] = []
    for row in rows:
        person, talk = app.new_id(), app.new_id()
        persons.append(
            {
                "id": person,
                "external_id": names[row.line],
                "respondent": "family",
                "language": spoken[row.line],
                "language_by": "import",
                "school": (row.values.get(columns.school, "").strip() or None) if columns.school else None,
                "groups": {name: row.values.get(name, "").strip() for name in columns.groups},
                "created_at": now,
            }
        )
        talks.append(
            {
                "id": talk,
                "survey_id": survey_id,
                "person_id": person,
                "address_id": None,
                "state": "imported",
                "place": None,
                "started_at": now,
                "heard_at": now,
            }
        )
        said.append(
            {
                "id": app.new_id(),
                "survey_id": survey_id,
                "conversation_id": talk,
                "person_id": person,
                "message_id": None,
                "question": QUESTION,
                "kind": "open",
                "value": None,
                "heard": row.values[columns.text],
                "understood": True,
                "declared": spoken[row.line],
                "created_at": now,
                "code_at": now,
            }
        )
    await db.execute(insert(people), persons)
    await db.execute(insert(conversations), talks)
    await db.execute(insert(answers), said)
