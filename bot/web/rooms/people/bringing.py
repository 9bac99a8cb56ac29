"""/people/import: a file, its columns, what it would come to, and then the import itself. Absences likewise."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request, Response
from starlette.datastructures import UploadFile

from survey_flows.told import sentences

from ....app import App
from ....importing import absences, mapping
from ....importing.guessing import guess
from ....importing.layout import Layout
from ....importing.report import tag
from ....importing.uploads import Kind as What
from ....importing.uploads import Upload, Uploads
from ....spreadsheets import Table, TableError
from ...api.upload import plain_name
from ...downloads import table as download
from ...page import Page, wants_part
from ...tongue import say
from . import columns, doors, results
from .showing import Problem

LISTED = 100
"""So many lines that cannot be taken are on the page; the file has all."""


class Files:
    """The files that are kept, once the service is there."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._uploads: Uploads | None = None

    @property
    def kept(self) -> Uploads:
        self._uploads = self._uploads or Uploads(self._app)
        return self._uploads

    async def find(self, request: Request, id_: UUID) -> Upload:
        """One of their own, or 404."""
        try:
            return await self.kept.find(id_, doors.member(request))
        except LookupError:
            raise HTTPException(404) from None


def add(routes: APIRouter, app: App, page: Page) -> None:
    """The steps, each with an address; the file itself stays on the server."""
    files = Files(app)

    async def begin(request: Request, kind: What, errors: tuple[Problem, ...] = ()) -> Response:
        begun = [one for one in await files.kept.mine(doors.member(request)) if one.kind == kind]
        return page(
            request,
            "people/import.html",
            status=422 if errors else 200,
            section="people",
            kind=kind,
            begun=begun,
            errors=errors,
        )

    @routes.get("/people/import")
    async def people(request: Request) -> Response:
        return await begin(request, "people")

    @routes.get("/people/import/absences")
    async def of_absences(request: Request) -> Response:
        return await begin(request, "absences")

    async def take(request: Request, kind: What) -> Response:
        async with request.form() as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                return await begin(request, kind, (Problem("file", say("Choose a file")),))
            name, content = plain_name(file.filename), await file.read()
        try:
            id_ = await files.kept.keep(kind, name, content, doors.member(request))
        except TableError as error:
            return await begin(request, kind, (_unread(error),))
        return page.onward(f"/people/import/{id_}")

    @routes.post("/people/import")
    async def take_people(request: Request) -> Response:
        return await take(request, "people")

    @routes.post("/people/import/absences")
    async def take_absences(request: Request) -> Response:
        return await take(request, "absences")

    async def asks(
        request: Request,
        upload: Upload,
        form: Mapping[str, str] | None = None,
        errors: tuple[Problem, ...] = (),
    ) -> Response:
        """The columns, as they are taken; ``form`` is what was just chosen."""
        try:
            table = await files.kept.table(upload)
        except TableError as error:
            await files.kept.drop(upload)
            return await begin(request, upload.kind, (_unread(error),))
        if upload.kind == "absences":
            shown: Any = _of_absences(table, form or upload.choices.get("columns") or {})
            groups: Any = []
        else:
            layout = _layout(upload, table)
            shown = columns.columns(table, layout)
            groups = columns.options(
                min(columns.MOST, max(2 if layout.student.id else 1, len(layout.people)))
            )
            if form is not None:
                shown = [_again(one, form.get(one.field, one.role)) for one in shown]
        return page(
            request,
            f"people/import-{upload.kind}.html",
            status=422 if errors else 200,
            section="people",
            upload=upload,
            table=table,
            columns=shown,
            groups=groups,
            chosen=_said(upload, table) | ({"whole": ""} | dict(form) if form is not None else {}),
            errors=errors,
        )

    async def stands(request: Request, upload: Upload) -> Response:
        values: dict[str, Any] = {
            "upload": upload,
            "cut": upload.cut_short(app.clock()),
            "report": upload.report,
            "facts": results.facts(upload),
            "rows": results.rows(upload),
            "lines": results.lines(upload),
            "consent": results.consent(upload),
            "doubtful": results.doubtful(upload),
            "problem": results.problem(upload),
            "button": results.button(upload),
            "shown": LISTED,
        }
        if wants_part(request):
            return Response(
                page.part(request, "people/import-stands.html", "stand", **values), media_type="text/html"
            )
        return page(request, "people/import-stands.html", section="people", **values)

    @routes.get("/people/import/{upload_id}")
    async def step(request: Request, upload_id: UUID, columns: bool = False) -> Response:
        upload = await files.find(request, upload_id)
        if upload.state == "chosen" or (columns and upload.state in ("looked", "failed")):
            return await asks(request, upload)
        return await stands(request, upload)

    @routes.post("/people/import/{upload_id}/sheet")
    async def sheet(
        request: Request, upload_id: UUID, name: Annotated[str, Form(alias="sheet", max_length=200)] = ""
    ) -> Response:
        upload = await files.find(request, upload_id)
        _still(upload)
        await files.kept.choose(upload, {"sheet": name} if name else {})
        return page.onward(f"/people/import/{upload_id}")

    @routes.post("/people/import/{upload_id}/columns")
    async def choose(request: Request, upload_id: UUID) -> Response:
        upload = await files.find(request, upload_id)
        _still(upload)
        async with request.form() as sent:
            form = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
        try:
            table = await files.kept.table(upload)
        except TableError:
            raise HTTPException(404) from None
        if upload.kind == "absences":
            choices, problems = _absence_choices(table, form)
        else:
            choices, problems = _people_choices(table, form, _layout(upload, table))
        if problems:
            return await asks(request, upload, form, tuple(problems))
        kept = {"sheet": upload.choices["sheet"]} if upload.choices.get("sheet") else {}
        await files.kept.choose(upload, kept | choices)
        await files.kept.start(await files.find(request, upload_id), dry=True, by=doors.member(request))
        return page.onward(f"/people/import/{upload_id}")

    @routes.post("/people/import/{upload_id}/again")
    async def again(request: Request, upload_id: UUID) -> Response:
        upload = await files.find(request, upload_id)
        await files.kept.start(upload, dry=True, by=doors.member(request))
        return page.onward(f"/people/import/{upload_id}")

    @routes.post("/people/import/{upload_id}/enter")
    async def enter(
        request: Request, upload_id: UUID, anyway: Annotated[str, Form(max_length=10)] = ""
    ) -> Response:
        upload = await files.find(request, upload_id)
        if results.doubtful(upload) and anyway != "yes":
            return page.onward(f"/people/import/{upload_id}")
        if anyway == "yes" and upload.state == "looked":
            await files.kept.mean_it(upload)
            upload = await files.find(request, upload_id)
        await files.kept.start(upload, dry=False, by=doors.member(request))
        return page.onward(f"/people/import/{upload_id}")

    @routes.post("/people/import/{upload_id}/discard")
    async def discard(request: Request, upload_id: UUID) -> Response:
        upload = await files.find(request, upload_id)
        _still(upload)
        await files.kept.drop(upload)
        to = "/people/import" if upload.kind == "people" else "/people/import/absences"
        return page.onward(to, say("The file is forgotten. Nothing of it was taken."))

    @routes.get("/people/import/{upload_id}/lines.{as_}")
    async def lines(request: Request, upload_id: UUID, as_: Literal["csv", "xlsx"]) -> Response:
        upload = await files.find(request, upload_id)
        if not upload.report or "bad" not in upload.report:
            raise HTTPException(404)
        return download("lines-to-look-at", [say("Line"), say("What to do")], results.lines(upload), as_)


def _unread(error: TableError) -> Problem:
    """A file that is no table: what is wrong, and what to do."""
    return Problem("file", sentences((error.problem, error.cure)))


def _still(upload: Upload) -> None:
    """Nothing is changed under the hands of an import."""
    if upload.state in ("looking", "entering"):
        raise HTTPException(404)


def _layout(upload: Upload, table: Table) -> Layout:
    """As it was chosen, else as it is guessed."""
    text = upload.choices.get("mapping")
    return mapping.loads(text, table) if text else guess(table.columns)


def _said(upload: Upload, table: Table) -> dict[str, Any]:
    """What the form says at first."""
    layout = _layout(upload, table) if upload.kind == "people" else Layout()
    return {
        "list": upload.choices.get("list") or PurePath(upload.name).stem,
        "respondent": layout.respondent,
        "language": layout.language,
        "date_order": upload.choices.get("date_order") or layout.date_order or "",
        "whole": "yes" if upload.choices.get("whole") else "",
    }


def _again(one: columns.Column, role: str) -> columns.Column:
    return columns.Column(one.field, one.heading, one.examples, role, one.never)


def _people_choices(
    table: Table, form: Mapping[str, str], before: Layout
) -> tuple[dict[str, Any], list[Problem]]:
    layout, problems = columns.chosen(table, form, before)
    language = tag(form.get("language", "") or "en")
    if language is None:
        text = say("Enter a language by its name, such as Spanish, or its code, such as es")
        problems.append(Problem("language", text))
    name = " ".join(form.get("list", "").split())
    if not 1 <= len(name) <= 200:
        text = say("Give the list a name: it is kept as the source of everybody's agreement")
        problems.append(Problem("list", text))
    order = form.get("date_order", "")
    respondent = form.get("respondent", "family")
    if problems:
        return {}, problems
    whole: dict[str, Any] = {"people": layout.people, "student": layout.student}
    made = Layout(
        **whole,
        school=layout.school,
        household=layout.household,
        respondent_column=layout.respondent_column,
        attributes=layout.attributes,
        roles=layout.roles,
        respondent=respondent if respondent in ("family", "student", "staff") else "family",
        language=language or "en",
        date_order=order if order in ("mdy", "dmy") else None,
    )
    return {"mapping": mapping.dumps(made, table), "list": name, "whole": form.get("whole") == "yes"}, []


def _of_absences(table: Table, said: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The three things a file of absences has, each with the column it is taken from."""
    found = absences.guess(table.columns)
    wanted = (
        ("student", say("Which column has the student's number?"), found.student),
        ("day", say("Which column has the day?"), found.day),
        ("kind", say("Which column says absent or late?"), found.kind),
    )
    headings = [(heading, heading) for heading in table.columns]
    none = {
        "kind": say("None: everybody in the file was absent"),
    }
    return [
        {
            "field": what,
            "label": label,
            "value": said.get(what, guessed) or "",
            "options": [("", none.get(what, say("Choose a column"))), *headings],
        }
        for what, label, guessed in wanted
    ]


def _absence_choices(table: Table, form: Mapping[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    picked = {what: form.get(what) or None for what in ("student", "day", "kind")}
    problems = [
        Problem(what, text)
        for what, text in (
            ("student", say("Choose the column with the student's number")),
            ("day", say("Choose the column with the day")),
        )
        if picked[what] not in table.columns
    ]
    if picked["kind"] not in (None, *table.columns):
        picked["kind"] = None
    order = form.get("date_order", "")
    return {"columns": picked, "date_order": order if order in ("mdy", "dmy") else None}, problems
