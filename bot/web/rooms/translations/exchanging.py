"""Files for people who translate: handed out as Excel, PO or XLIFF, and taken back after a look at what they change."""

from __future__ import annotations

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.datastructures import UploadFile

from survey_flows.told import sentences

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
from ...guard import MOST_FIELDS
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
        async with request.form(max_fields=MOST_FIELDS, max_part_size=LARGEST * 2) as form:
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
        if not taken:
            error = _nothing(bool(tickets))
            return _compared(page, request, here, sheet, data, name, error)
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
        said %= {"n": n}
        if left := len(tickets) - n:
            more = tongue.say_n(
                "%(n)s was left out: it was changed meanwhile, or cannot be sent so.",
                "%(n)s were left out: they were changed meanwhile, or cannot be sent so.",
                left,
            )
            said = f"{said} {more % {'n': left}}"
        return page.onward(f"/translations/{here.language}", said)

    @routes.get("/translations/{language}/export")
    async def export(language: str, kind: Kind = "xlsx", document: str = "", every: bool = False) -> Response:
        async with app.database.read() as db:
            here = await desk(app, db, language)
        if document:
            here.document(document)
        texts = [one for one in here.texts if not document or one.stored.name == document]
        open_ = [one for one in texts if every or one.state != "approved"]
        if not open_:
            said = tongue.say("Nothing is open there, so there is nothing to hand out.")
            return page.onward(f"/translations/{language}", said)
        stale = [one.context for one in open_ if one.state == "stale"]
        plain = re.sub(r"[^A-Za-z0-9]+", "-", document).strip("-") or "openline"
        sources: dict[str, list[Unit]] = {}  # a file is in one pair of languages
        for unit in map(_unit, open_):
            sources.setdefault(unit.source, []).append(unit)
        files = {
            f"{plain}.{source}-{language}{ENDINGS[kind]}": exchange.write(
                units, language, kind, stale=stale, when=app.clock()
            )
            for source, units in sources.items()
        }
        if len(files) > 1:
            return _attached(f"{plain}.{language}.zip", "application/zip", _packed(files))
        return _attached(f"{plain}.{language}{ENDINGS[kind]}", TYPES[kind], *files.values())

    return routes


def _attached(name: str, type_: str, data: bytes) -> Response:
    return Response(data, media_type=type_, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _packed(files: Mapping[str, bytes]) -> bytes:
    """Several files as one: of texts that were written in different languages."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return held.getvalue()


def _nothing(some: bool) -> str:
    if some:
        return tongue.say(
            "Nothing was taken: these texts were changed here meanwhile. Below is what the file changes now."
        )
    return tongue.say("Tick at least one text to take.")


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
    wrong = {
        (one.context, one.place): sentences((one.what, one.cure)) for one in complaints if one.word in WORDS
    }
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
        why = "" if match.verdict in WANTED else wrong.get((match.row.context, match.row.place), "")
        if gate.blocks(findings):
            why = sentences(one.what for one in findings if one.severity == "block")
        found.append(
            Difference(text, said, findings, why, match.row.remark, f"{text.context} {showing.seal(text)}")
        )
    return found, same, [str(one) for one in complaints if not one.context]


def _compared(
    page: Page, request: Request, here: Desk, sheet: Returned, data: bytes, name: str, error: str = ""
) -> Response:
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
        422 if error else 200,
        section="translations",
        errors=[{"field": "good", "text": error}] if error else [],
        language=here.language,
        good=[one for one in differences if not one.why],
        bad=[one for one in differences if one.why],
        same=same,
        wrong=wrong,
        data=base64.b64encode(data).decode(),
        file=name,
        showing=showing,
    )
