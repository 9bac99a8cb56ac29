"""Files for people who translate: handed out as Excel, PO or XLIFF, and taken back after a look at what they change."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.datastructures import UploadFile

from .... import audit
from ....app import App
from ....texts import deciding
from ....texts.document import Unusable
from ....texts.returned import tag
from ....texts.standing import Text
from ....translation import exchange, gate
from ....translation.exchange import ENDINGS, WANTED, ExchangeError, Kind, Returned
from ....translation.exchange.matching import WORDS
from ....translation.gate import Finding
from ....translation.units import Unit
from ... import tongue
from ...page import Page
from . import showing
from .at_hand import Desk, desk, me

TYPES: dict[Kind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "po": "text/x-gettext-translation; charset=utf-8",
    "xliff": "application/xliff+xml",
}
LARGEST = 5_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of a file that came back. ``why`` says why it cannot be taken; "" where it can."""

    text: Text
    said: str
    found: tuple[Finding, ...]
    why: str
    remark: str
    ticket: str


def router(app: App, page: Page) -> APIRouter:
    """/translations/import, and the files of a language."""
    routes = APIRouter()

    @routes.get("/translations/import")
    async def upload(request: Request) -> Response:
        return page(request, "translations/import.html", section="translations", errors=[], showing=showing)

    @routes.post("/translations/import")
    async def look(request: Request) -> Response:
        async with request.form() as form:
            file = form.get("file")
            data = await file.read() if isinstance(file, UploadFile) else b""
            name = (file.filename if isinstance(file, UploadFile) else "") or "file"
        try:
            if not data:
                raise Unusable(tongue.say("Choose the file that came back from the translator."))
            here, sheet = await _read(app, data, name)
        except (Unusable, ExchangeError) as error:
            errors = [{"field": "file", "text": str(error)}]
            return page(
                request,
                "translations/import.html",
                422,
                section="translations",
                errors=errors,
                showing=showing,
            )
        return _compared(page, request, here, sheet, data, name)

    @routes.post("/translations/import/take")
    async def take(request: Request) -> Response:
        async with request.form(max_part_size=LARGEST * 2) as form:
            packed, name = str(form.get("data", "")), str(form.get("name", "file"))
            tickets = {str(one) for one in form.getlist("text")}
            approve = form.get("approve") == "yes"
        try:
            data = base64.b64decode(packed, validate=True)
            here, sheet = await _read(app, data, name)
        except (Unusable, ExchangeError, binascii.Error):
            raise HTTPException(422) from None
        differences, _, _ = _differences(here, sheet)
        taken = [one for one in differences if not one.why and one.ticket in tickets]
        by, moment = me(request), app.clock()
        for one in taken:
            await deciding.word(app, one.text, one.said, by.name, approved=approve)
        async with app.database.begin() as db:
            did = "translation.approve" if approve else "translation.import"
            await audit.record(db, moment, by.id, did, here.language, texts=len(taken))
        n = len(taken)
        if approve:
            said = tongue.say_n(
                "%(n)s text is taken in and approved.", "%(n)s texts are taken in and approved.", n
            )
        else:
            said = tongue.say_n(
                "%(n)s text is taken in, and waits for a reader.",
                "%(n)s texts are taken in, and wait for a reader.",
                n,
            )
        return page.onward(f"/translations/{here.language}", said % {"n": n})

    @routes.get("/translations/{language}/export")
    async def export(language: str, kind: Kind = "xlsx", document: str = "", every: bool = False) -> Response:
        async with app.database.read() as db:
            here = await desk(app, db, language)
        texts = [one for one in here.texts if not document or one.stored.name == document]
        open_ = [one for one in texts if every or one.state != "approved"]
        units = [_unit(one) for one in open_]
        sources = list(dict.fromkeys(unit.source for unit in units))
        units = [unit for unit in units if unit.source == sources[0]]  # a file is in one pair of languages
        if not units:
            raise HTTPException(404)
        stale = [one.context for one in open_ if one.state == "stale"]
        data = exchange.write(units, language, kind, stale=stale, when=app.clock())
        plain = "".join(letter if letter.isalnum() else "-" for letter in document) or "openline"
        headers = {"Content-Disposition": f'attachment; filename="{plain}.{language}{ENDINGS[kind]}"'}
        return Response(data, media_type=TYPES[kind], headers=headers)

    return routes


def _unit(text: Text) -> Unit:
    """A text as a file for translators has it: with the words that stand there now, in this room or in the document."""
    known = {text.language: text.text} if text.text else {}
    approved = frozenset(known) if text.state == "approved" else frozenset()
    return replace(text.unit, texts=known, approved=approved)


async def _read(app: App, data: bytes, name: str) -> tuple[Desk, Returned]:
    """A file that came back, and the language it is in. Raises Unusable and ExchangeError."""
    if len(data) > LARGEST:
        raise Unusable(tongue.say("The file is larger than any that was handed out."))
    sheet = exchange.read(data, Path(name).name)
    if not sheet.target:
        raise Unusable(
            tongue.say(
                "The file does not say which language it is in. Download it again, and copy the texts over."
            )
        )
    language = tag(sheet.target)
    async with app.database.read() as db:
        return await desk(app, db, language), sheet


def _differences(here: Desk, sheet: Returned) -> tuple[list[Difference], int, Sequence[str]]:
    """What would change, how many rows change nothing, and what is wrong with the file itself."""
    by_context = {one.context: one for one in here.texts}
    matches, complaints = exchange.match(sheet, [_unit(one) for one in here.texts], here.language)
    told = {(one.context, one.place): f"{one.what} {one.cure}" for one in complaints if one.word in WORDS}
    found, same = [], 0
    for match in matches:
        text = by_context.get(match.row.context)
        said = match.row.translation.strip()
        if (
            text is None
            or match.verdict in ("unchanged", "untouched", "missing", "approved")
            or said == text.text
        ):
            same += 1
            continue
        findings = deciding.look(text, said, here.of(text.stored)) if said else ()
        why = "" if match.verdict in WANTED else told.get((match.row.context, match.row.place), "")
        if gate.blocks(findings):
            why = " ".join(one.what for one in findings if one.severity == "block")
        found.append(
            Difference(text, said, findings, why, match.row.remark, f"{text.context} {showing.seal(text)}")
        )
    return found, same, [str(one) for one in complaints if not one.context]


def _compared(page: Page, request: Request, here: Desk, sheet: Returned, data: bytes, name: str) -> Response:
    try:
        differences, same, wrong = _differences(here, sheet)
    except ExchangeError as error:
        errors = [{"field": "file", "text": str(error)}]
        return page(
            request, "translations/import.html", 422, section="translations", errors=errors, showing=showing
        )
    return page(
        request,
        "translations/compare.html",
        section="translations",
        language=here.language,
        good=[one for one in differences if not one.why],
        bad=[one for one in differences if one.why],
        same=same,
        wrong=wrong,
        data=base64.b64encode(data).decode(),
        file=name,
        showing=showing,
    )
