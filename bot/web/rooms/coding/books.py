"""/codebooks: which there are, their themes, two versions compared, files in and out."""

from __future__ import annotations

import re

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook, CodebookError, files
from analysis.codebook.changes import compare
from analysis.codebook.remarks import remarks
from survey_flows.told import told

from .... import recoding
from ....app import App
from ....codebooks import NoCodebook, fits
from ....versions import from_file
from ... import tongue
from ...page import Page
from ...view.themes import book_in_words
from . import changing
from .doors import reader
from .editing import Draft, check
from .jobs import Jobs
from .proposals import organizer
from .workbench import Wrong

TYPES = {"csv": "text/csv; charset=utf-8", "yaml": "application/yaml", "qdc": "application/xml"}
FIXED = frozenset({"import", "again"})
"""Addresses of ours, which no codebook can have."""


async def book_of(app: App, db: AsyncConnection, key: str, version: str | None = None) -> Codebook:
    """A codebook, in its newest version or this one. Raises 404."""
    if version == "shipped" and key == app.books.bundled.id:
        return app.books.bundled
    try:
        return await app.books.get(db, key, version or None)
    except NoCodebook:
        raise HTTPException(404) from None


async def titles(app: App, db: AsyncConnection) -> dict[str, str]:
    """What every published survey is called, by its key."""
    found = {}
    for key in await app.shelf.keys(db):
        if (latest := await app.shelf.latest(db, key)) is not None:
            found[key] = latest[1].title[latest[1].source]
    return found


def router(app: App, page: Page, jobs: Jobs) -> APIRouter:
    """Looking at codebooks, comparing, importing, and which survey uses which."""
    routes = APIRouter(prefix="/codebooks")

    @routes.get("")
    async def listed(request: Request) -> Response:
        async with app.database.read() as db:
            found = await app.books.listed(db)
            named = await titles(app, db)
        return page(request, "coding/books.html", section="coding", books=found, titles=named)

    @routes.get("/import")
    async def choose_file(request: Request) -> Response:
        organizer(request)
        return page(request, "coding/import.html", section="coding", errors=[], given={})

    @routes.post("/import")
    async def import_(request: Request) -> Response:
        by = organizer(request)
        async with request.form() as form:
            given = {
                name: str(form.get(name) or "").strip()
                for name in ("key", "title", "language", "text", "sure", "base")
            }
            file = form.get("file")
            name = str(getattr(file, "filename", "") or "")
            data = b"" if file is None or isinstance(file, str) else await file.read()
        if given["text"]:  # the file was checked, and comes back as it was understood
            name, data = "codebook.yaml", given["text"].encode()
        try:
            if not data:
                raise changing.Unfit(Wrong("file", tongue.say("Choose a file: .yaml, .csv, .qdc or .qmd.")))
            loaded = files.read(data, name, given["language"] or "en")
            async with app.database.read() as db:
                book, before = await from_file(
                    app.books, db, loaded, given["key"] or None, given["title"] or None
                )
            fits(book)
            if book.id in FIXED:
                raise changing.Unfit(
                    Wrong("key", tongue.say("This name is taken by a page. Choose another."))
                )
        except changing.Unfit as unfit:
            return page(
                request, "coding/import.html", 422, section="coding", errors=unfit.wrongs, given=given
            )
        except CodebookError as error:
            where = str(error).removesuffix(f": {error.problem}. {error.cure}")
            said = told("{file}: {what}. {cure}", file=where, what=error.problem, cure=error.cure)
            wrong = [Wrong("file", said)]
            return page(request, "coding/import.html", 422, section="coding", errors=wrong, given=given)
        fields = {"key": book.id, "title": book.title, "text": files.write(book, "yaml").decode()}
        notes = list(dict.fromkeys([*map(str, loaded.notices), *remarks(book)]))
        draft = Draft("import", before, book, fields, "/codebooks/import", "/codebooks/import", notes)
        return await check(app, page, request, by, draft, sure=bool(given["sure"]), base=given["base"])

    @routes.get("/{key}")
    async def tree(request: Request, key: str, version: str = "") -> Response:
        by = reader(request)
        async with app.database.read() as db:
            book, newest = await book_of(app, db, key, version), await book_of(app, db, key)
            versions = await app.books.versions(db, key)
            surveys = await app.books.surveys(db, key)
            named = await titles(app, db)
        others = [each for each in named if each not in surveys]
        ours = key == app.books.bundled.id
        return page(
            request,
            "coding/book.html",
            section="coding",
            book=book_in_words(book),
            newest=newest.version == book.version,
            versions=versions[::-1],
            surveys=surveys,
            others=others,
            shipped=ours and app.books.bundled.digest != newest.digest,
            titles=named,
            reaches=changing.shortly(),
            job=jobs.get("again"),
            by=by,
        )

    @routes.get("/{key}/export.{kind}")
    async def export(request: Request, key: str, kind: str, version: str = "") -> Response:
        if kind not in TYPES:
            raise HTTPException(404)
        async with app.database.read() as db:
            book = await book_of(app, db, key, version)
        content = files.write(book, kind)  # type: ignore[arg-type]
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{book.id}-{book.version}")  # headers are in Latin letters
        headers = {"Content-Disposition": f'attachment; filename="{plain}.{kind}"'}
        return Response(content, media_type=TYPES[kind], headers=headers)

    @routes.get("/{key}/compare")
    async def compared(request: Request, key: str, old: str = "", new: str = "") -> Response:
        async with app.database.read() as db:
            versions = await app.books.versions(db, key)
            later = await book_of(app, db, key, new)
            place = versions.index(later.version) if later.version in versions else 0
            earlier = await book_of(app, db, key, old or versions[max(place - 1, 0)])
        changes = compare(earlier, later)
        shipped = ["shipped"] if key == app.books.bundled.id else []
        return page(
            request,
            "coding/compare.html",
            section="coding",
            old=earlier,
            new=later,
            pairs=[(each, each) for each in [*versions, *shipped]],
            asked=(old or earlier.version, new or later.version),
            told=changing.told(changes),
            again=[earlier[code].label for code in changes.to_read_again()],
        )

    @routes.post("/{key}/use")
    async def use(request: Request, key: str) -> Response:
        organizer(request)
        async with request.form() as form:
            survey, sure = str(form.get("survey") or ""), bool(form.get("sure"))
        async with app.database.begin() as db:
            book = await book_of(app, db, key)
            latest = await app.shelf.latest(db, survey)
            if latest is None:
                raise HTTPException(404)
            read = await recoding.read_by_others(db, survey, key)
            before = await app.books.of_survey(db, survey)
            if read and not sure:
                title = latest[1].title[latest[1].source]
                return page(
                    request, "coding/use.html", section="coding", book=book, before=before, survey=survey,
                    title=title, read=len(read),
                )  # fmt: skip
            await app.books.use(db, survey, key, app.clock())
            if before.codes != book.codes:
                await recoding.forget_chances(db, [survey])
            await recoding.set_aside(db, read)
        said = tongue.say("The survey is coded with this codebook now. Have the earlier replies coded again.")
        return page.onward(f"/codebooks/{key}", said=said)

    return routes
