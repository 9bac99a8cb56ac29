"""Problem statements: drafted from the largest gaps, edited and agreed on by people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.datastructures import FormData

from analysis.problems import TO_SET, Statement, check
from analysis.problems.statement import in_percent

from .... import audit
from ....app import App
from ....at_hand import NotYet
from ....exporting.coders import names
from ....problems import Kept, NoStatement, Problems, kept
from ....store import statements
from ...downloads import Kind, table
from ...page import Page
from ...tongue import say
from .stating import FIELDS, Lacking, lacking, may_change, state_said, told

LONGEST = 1000
"""Letters of one field."""


def router(app: App, page: Page) -> APIRouter:
    """The addresses of problem statements."""
    routes = APIRouter()

    def work() -> Problems:
        return Problems(app.database, app.books, app.releases, app.clock, app.new_id)

    async def one(id_: str) -> Kept:
        try:
            UUID(id_)
            return await work().one(id_)
        except (ValueError, NoStatement):
            raise HTTPException(404) from None

    async def mine(request: Request, id_: str) -> Kept:
        """One that this person may change. 403 for others: everybody may read them."""
        found = await one(id_)
        if not may_change(request.state.session.grants, found.statement):
            raise HTTPException(403)
        return found

    async def whose(rows: list[Kept]) -> dict[str, str]:
        async with app.database.read() as db:
            called = await names(db, {row.by for row in rows if row.by and row.by.startswith("staff:")})
        return {coder: named.name.removesuffix(" in Openline") for coder, named in called.items()}

    @routes.get("/problems")
    async def every(request: Request, survey: str = "", state: str = "") -> Response:
        surveys = list(await app.surveys())
        if survey and survey not in {known.key for known in surveys}:
            raise HTTPException(404)
        async with app.database.read() as db:
            found = {
                known.key: [kept(row) for row in await statements.of_survey(db, known.key)]
                for known in surveys
                if not survey or known.key == survey
            }
        called = await whose([row for rows in found.values() for row in rows])
        cards = [
            (
                known,
                [
                    told(row, called.get(row.by or "", row.by or ""))
                    for row in _wanted(found[known.key], state)
                ],
            )
            for known in surveys
            if known.key in found
        ]
        return page(
            request,
            "themes/problems.html",
            section="findings",
            cards=cards,
            survey=survey,
            state=state,
            surveys=surveys,
            total=sum(len(rows) for _, rows in cards),
            may_draft=request.state.session.grants.reach("organizer") is None,
        )

    @routes.get("/problems/download")
    async def download(kind: str = "csv", survey: str = "") -> Response:
        if kind not in ("csv", "xlsx"):
            raise HTTPException(404)
        as_: Kind = "csv" if kind == "csv" else "xlsx"
        rows = [
            (known.title, state_said(row.state), row.statement.line, row.statement.by, row.changed)
            for known in await app.surveys()
            if not survey or known.key == survey
            for row in await work().of_survey(known.key)
        ]
        headings = (say("Survey"), say("State"), say("Statement"), say("By when"), say("Changed"))
        return table("problem-statements", headings, rows, as_)

    @routes.post("/problems/draft")
    async def draft(request: Request) -> Response:
        survey = str((await request.form()).get("survey", ""))
        if request.state.session.grants.reach("organizer") is not None:
            raise HTTPException(403)
        if survey not in {known.key for known in await app.surveys()}:
            raise HTTPException(404)
        back = f"/problems?survey={survey}"
        try:
            seen = await app.glance(survey)
        except NotYet:
            return page.onward(back, said=say("The numbers are being counted. Draft again in a moment."))
        made = await work().draft(survey, app.settings.organization, shown=seen.summary) if seen else []
        async with app.database.begin() as db:
            by = request.state.session.member.id
            await audit.record(db, app.clock(), by, "statement.draft", survey, drafted=len(made))
        if not made:
            return page.onward(
                back,
                said=say(
                    "Nothing new: there is no gap between groups that is shown and has no statement yet."
                ),
            )
        return page.onward(back, said=say("Drafted from the largest gaps. Read each, and make it yours."))

    @routes.get("/problems/{id_}")
    async def show(request: Request, id_: str) -> Response:
        found = await one(id_)
        return await _one(request, found, _values(found.statement))

    async def _one(
        request: Request,
        found: Kept,
        values: Mapping[str, str],
        errors: list[Lacking] | None = None,
        status: int = 200,
    ) -> Response:
        called = await whose([found])
        titles = {known.key: known.title for known in await app.surveys()}
        return page(
            request,
            "themes/problem.html",
            status,
            section="findings",
            one=found,
            told=told(found, called.get(found.by or "", found.by or "")),
            title=titles.get(found.survey, found.survey),
            values=values,
            now=_values(found.statement),
            fields=FIELDS,
            errors=errors or [],
            lacks=lacking(found, check(found.statement, app.clock().date())),
            to_set=f" ({TO_SET})",
            changeable=may_change(request.state.session.grants, found.statement),
        )

    @routes.post("/problems/{id_}")
    async def edit(request: Request, id_: str) -> Response:
        found, form = await mine(request, id_), await request.form()
        now = _values(found.statement)
        values, changed, conflicts = _merged(form, now)
        changes = [
            (field, value)
            for field, value in values.items()
            if field in changed or (field in found.statement.unset and form.get(f"set_{field}"))
        ]
        if values["records"]:
            changes.append(("evidence.records", values["records"]))
        if conflicts:
            return await _one(request, found, values, conflicts, 422)
        errors = _wrong(values, [field for field, _ in changes])
        if errors:
            return await _one(request, found, values, errors, 422)
        if not changes:
            return page.onward(f"/problems/{id_}", said=say("Nothing was changed."))
        try:
            await work().edit(str(found.id), changes, _by(request))
        except ValueError as error:
            field = str(error).partition(" ")[0]
            wrong = Lacking(field if field in FIELDS else "what", _cure(field, str(error)))
            return await _one(request, found, values, [wrong], 422)
        await _note(request, "statement.edit", found)
        return page.onward(f"/problems/{id_}", said=say("Saved. It is a draft until somebody agrees on it."))

    @routes.post("/problems/{id_}/agree")
    async def agree(request: Request, id_: str) -> Response:
        found = await mine(request, id_)
        lacks = check(found.statement, app.clock().date())
        if lacks:
            return await _one(request, found, _values(found.statement), lacking(found, lacks), 422)
        await work().agree(str(found.id), _by(request))
        await _note(request, "statement.agree", found)
        return page.onward(
            f"/problems/{id_}",
            said=say("Agreed: this is the problem to work on."),
            undo=f"/problems/{id_}/restore",
        )

    @routes.post("/problems/{id_}/drop")
    async def drop(request: Request, id_: str) -> Response:
        found = await mine(request, id_)
        await work().drop(str(found.id), _by(request))
        await _note(request, "statement.drop", found)
        return page.onward(
            f"/problems?survey={found.survey}",
            said=say("Put aside. The same gap is not drafted again."),
            undo=f"/problems/{id_}/restore",
        )

    @routes.post("/problems/{id_}/restore")
    async def restore(request: Request, id_: str) -> Response:
        found = await mine(request, id_)
        await work().restore(str(found.id), _by(request))
        await _note(request, "statement.restore", found)
        return page.onward(f"/problems/{id_}", said=say("It is a draft again."))

    async def _note(request: Request, did: str, found: Kept) -> None:
        async with app.database.begin() as db:
            await audit.record(db, app.clock(), request.state.session.member.id, did, found.id)

    return routes


def _wanted(rows: list[Kept], state: str) -> list[Kept]:
    if state:
        return [row for row in rows if row.state == state]
    return [row for row in rows if row.state != "dropped"]


def _by(request: Request) -> str:
    return f"staff:{request.state.session.member.id}"


def _plain(form: FormData, field: str, else_: str) -> str:
    value = form.get(field, else_)
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else else_


def _merged(form: FormData, now: Mapping[str, str]) -> tuple[dict[str, str], frozenset[str], list[Lacking]]:
    """What the form says, field by field; which fields somebody has changed in it; and those of them that a colleague has
    changed meanwhile. ``was_…`` is what stood there when the form was opened: what was not changed in it stays as it is now."""
    values, changed, conflicts = {"records": _plain(form, "records", "")}, set(), []
    for field in FIELDS:
        was = _plain(form, f"was_{field}", now[field])
        values[field] = said = _plain(form, field, was)
        if said == was or said == now[field]:
            values[field] = now[field]
            continue
        changed.add(field)
        if " ".join(now[field].split()) != was:
            text = say(
                "Somebody has changed this meanwhile. It says now: “{now}”. Yours stands in the form; save it again to put it in that place."
            )
            conflicts.append(Lacking(field, text.format(now=now[field])))
    return values, frozenset(changed), conflicts


def _values(statement: Statement) -> dict[str, str]:
    """The fields as the form has them."""
    plain: dict[str, Any] = {field: getattr(statement, field) for field in FIELDS}
    plain |= {
        name: in_percent(plain[name]) if plain[name] is not None else "" for name in ("start", "target")
    }
    plain["by"] = statement.by.isoformat() if statement.by else ""
    return {field: str(value) for field, value in plain.items()} | {"records": ""}


def _wrong(values: Mapping[str, str], changed: list[str]) -> list[Lacking]:
    needed = {
        "what": say("Say what shall change."),
        "who": say("Say among whom."),
        "where": say("Say where."),
        "start": say("Say from how much, as 46%."),
        "target": say("Say to how much, as 30%."),
        "by": say("Say by when."),
    }
    return [Lacking(field, text) for field, text in needed.items() if field in changed and not values[field]]


def _cure(field: str, said: str) -> str:
    return {
        "start": say("From how much is a share from 0 to 100%: 46%."),
        "target": say("To how much is a share from 0 to 100%: 30%."),
        "by": say("By when is a day, like 2027-06-30."),
        "verb": say("Choose reduce or increase."),
    }.get(field, said)
