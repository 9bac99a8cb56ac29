"""A glossary from a file: what it changes is shown before it is taken."""

from __future__ import annotations

import base64
import binascii

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.datastructures import UploadFile

from .... import audit
from .... import glossary as words
from ....app import App
from ....glossary import WORDLIST, Unfit
from ... import tongue
from ...page import Page
from . import showing
from .at_hand import me

LARGEST = 2_000_000


def router(app: App, page: Page) -> APIRouter:
    """/translations/import/glossary: the address is one under which forms may bring a file."""
    routes = APIRouter()

    def asked(request: Request, status: int = 200, error: str = "") -> Response:
        errors = [{"field": "file", "text": error}] if error else []
        return page(
            request, "translations/glossary-import.html", status, section="translations", errors=errors, differences=None,
            columns=words.COLUMNS, showing=showing,
        )  # fmt: skip

    @routes.get("/translations/import/glossary")
    async def upload(request: Request) -> Response:
        return asked(request)

    @routes.post("/translations/import/glossary")
    async def look(request: Request) -> Response:
        async with request.form() as form:
            file = form.get("file")
            data = await file.read() if isinstance(file, UploadFile) else b""
        if not data:
            return asked(request, 422, tongue.say("Choose a CSV file."))
        if len(data) > LARGEST:
            return asked(request, 422, tongue.say("The file is larger than a glossary can be."))
        async with app.database.read() as db:
            await WORDLIST.current(db, app.clock())
        try:
            given, wrong = words.read(data)
        except Unfit as error:
            return asked(request, 422, str(error))
        return page(
            request, "translations/glossary-import.html", section="translations", errors=[],
            differences=words.changes(given), wrong=wrong, data=base64.b64encode(data).decode(), columns=words.COLUMNS,
            showing=showing,
        )  # fmt: skip

    @routes.post("/translations/import/glossary/take")
    async def take(request: Request) -> Response:
        async with request.form(max_part_size=LARGEST * 2) as form:
            packed = str(form.get("data", ""))
        async with app.database.read() as db:
            await WORDLIST.current(db, app.clock())
        try:
            given, _ = words.read(base64.b64decode(packed, validate=True))
        except (Unfit, binascii.Error):
            raise HTTPException(422) from None
        entered = [one for _, one in words.changes(given)]
        async with app.database.begin() as db:
            await words.enter(db, entered, me(request).name, app.clock())
            await audit.record(db, app.clock(), me(request).id, "term.import", terms=len(entered))
        WORDLIST.look_again()
        async with app.database.read() as db:
            await WORDLIST.current(db, app.clock())
        n = len(entered)
        said = tongue.say_n("%(n)s word is taken in.", "%(n)s words are taken in.", n) % {"n": n}
        return page.onward("/translations/glossary", said)

    return routes
