"""Lists of people and of absences come in; whether somebody is on a list can be asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Path, UploadFile
from pydantic import BaseModel, Field

from ...app import App
from ...importing import absences, mapping, people
from ...importing.layout import Layout, LayoutError
from ...importing.report import Report
from ...spreadsheets import Table
from . import person, upload
from .door import Bearer, needing
from .problems import Fault, Trouble, documented
from .shapes import LINE

SHOWN = 1000
"""So many lines that could not be read are listed."""
LARGEST_MAPPING = 100_000

Sheet = Annotated[
    str | None,
    Form(max_length=200, pattern=LINE, description="Which sheet of a workbook; default: the first."),
]
DateOrder = Annotated[
    Literal["mdy", "dmy"] | None,
    Form(description="How 3/4/2026 is meant: mdy (month first) or dmy (day first)."),
]
DryRun = Annotated[bool, Form(description="Find out everything, say it, and write nothing.")]
Table_ = Annotated[UploadFile, File(description="CSV, Excel or OpenDocument, 50 MB at most.")]
Column = Annotated[
    str | None,
    Form(max_length=200, pattern=LINE, description="A heading of the file; default: as it is headed."),
]
UPLOAD = documented("unreadable", "refused", "too-large", "file", "invalid")


class Line(BaseModel):
    """A line of the file that could not be taken."""

    line: int
    problem: str


class Taken(BaseModel):
    """What became of each row: every row is in exactly one of the counts."""

    file: str
    dry_run: bool = Field(description="Whether nothing was written.")
    rows: int
    taken: int = Field(description="New.")
    known: int = Field(description="Here already, as they are in the file.")
    changed: int = Field(description="Here already; what the file says is newer.")
    empty: int
    bad: int = Field(description="To look at.")
    lines: list[Line] = Field(description=f"The bad ones, {SHOWN} at most, without what stands in them.")
    facts: list[str] = Field(description="What the file came to.")
    notes: list[str] = Field(description="What to know about it.")


def router(app: App) -> APIRouter:
    """Everything under /people and /absences."""
    routes = APIRouter(tags=["people"])

    @routes.post("/people/imports", summary="Bring in a list of people", responses=UPLOAD)
    async def import_people(
        file: Table_,
        columns: Annotated[
            UploadFile,
            File(
                alias="mapping",
                description="The mapping file: which column holds what. "
                "`openline import people FILE --write-mapping` makes one.",
            ),
        ],
        name: Annotated[
            str | None,
            Form(
                alias="list",
                min_length=1,
                max_length=200,
                pattern=LINE,
                description="What the list is called; default: the file's name.",
            ),
        ] = None,
        sheet: Sheet = None,
        date_order: DateOrder = None,
        whole_list: Annotated[
            bool, Form(description="The file is all of the list: whoever it has no more is taken off.")
        ] = False,
        anyway: Annotated[
            bool, Form(description="Also where more than a fifth of the list would be taken off.")
        ] = False,
        dry_run: DryRun = False,
        by: Bearer = needing("people:write"),
    ) -> Taken:
        """The same list again changes nothing. A STOP stays a STOP. See docs/outreach.md for files and mappings."""
        async with upload.table(file, sheet) as table:
            layout = await _layout(columns, table)
            layout = replace(layout, date_order=date_order or layout.date_order)
            called = name or PurePath(table.file).stem
            report = await people.take(
                app, table, called, layout, dry=dry_run, whole=whole_list, anyway=anyway
            )
        return _taken(report, dry_run)

    @routes.post("/absences/imports", summary="Bring in which children were absent or late", responses=UPLOAD)
    async def import_absences(
        file: Table_,
        student_column: Column = None,
        date_column: Column = None,
        kind_column: Column = None,
        sheet: Sheet = None,
        date_order: DateOrder = None,
        dry_run: DryRun = False,
        by: Bearer = needing("people:write"),
    ) -> Taken:
        """The same row twice is one absence."""
        async with upload.table(file, sheet) as table:
            named = {"student": student_column, "day": date_column, "kind": kind_column}
            given = {what: table.column(heading) for what, heading in named.items() if heading}
            columns = replace(absences.guess(table.columns), **given)
            if not columns.student or not columns.day:
                lacking = "date_column" if columns.student else "student_column"
                fault = Fault(where=lacking, what="no column is headed like it", cure="name the heading")
                raise Trouble("file", "The columns of the file are not clear.", [fault])
            report = await absences.take(app, table, columns, date_order, lambda _: None, dry=dry_run)
        return _taken(report, dry_run)

    @routes.get(
        "/people/{external_id}",
        summary="Whether somebody is on the lists, and in what state their addresses are",
        responses=documented("not-found", "invalid"),
    )
    async def get_person(
        external_id: Annotated[
            str,
            Path(
                min_length=1,
                max_length=200,
                pattern=LINE,
                description="The id that your own system has for them, as in the list; never a number.",
                examples=["G-20114"],
            ),
        ],
        by: Bearer = needing("people:read"),
    ) -> person.Person:
        """Nobody's words, name or number is in it."""
        async with app.database.read() as db:
            return await person.find(db, external_id)

    return routes


async def _layout(given: UploadFile, table: Table) -> Layout:
    raw = await given.read(LARGEST_MAPPING + 1)
    if len(raw) > LARGEST_MAPPING:
        raise Trouble("too-large", f"A mapping may have {LARGEST_MAPPING // 1000} kB.")
    try:
        return mapping.loads(raw.decode("utf-8-sig"), table)
    except LayoutError:
        raise
    except (ValueError, RecursionError):  # no UTF-8, a date that no calendar has, or brackets without end
        fault = Fault(where="mapping", what="it is no YAML in UTF-8", cure="begin with --write-mapping FILE")
        raise Trouble("file", "The mapping cannot be used.", [fault]) from None


def _taken(report: Report, dry_run: bool) -> Taken:
    return Taken(
        file=report.file,
        dry_run=dry_run,
        rows=report.rows,
        taken=report.taken,
        known=report.known,
        changed=report.changed,
        empty=report.empty,
        bad=len(report.bad),
        lines=[Line(line=bad.line, problem=bad.problem) for bad in report.bad[:SHOWN]],
        facts=report.facts,
        notes=report.notes,
    )
