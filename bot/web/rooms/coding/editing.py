"""Changing a codebook: a form, a look at what it does ("check your answers"), and the next version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, HTTPException, Request, Response

from analysis.codebook import Codebook, CodebookError, Theme
from analysis.codebook.changes import compare
from survey_flows.told import told

from .... import audit
from ....app import App
from ....codebooks import NoCodebook, next_version, same
from ....versions import bring_in, foreseen
from ... import tongue
from ...page import Page
from ...view import tongues
from . import changing
from .doors import Reader
from .proposals import organizer
from .workbench import Wrong

HOWS = ("edit", "merge", "split", "move")


@dataclass(frozen=True, slots=True)
class Draft:
    """A codebook that may become the next version. ``fields``: what the form held, sent again with the consent; ``to``: where
    it is sent; ``back``: where it is changed again; ``notes``: what a careful reader would say of it."""

    how: str
    before: Codebook | None
    book: Codebook
    fields: Mapping[str, str]
    to: str
    back: str
    notes: Sequence[str] = field(default=())


async def check(
    app: App, page: Page, request: Request, by: Reader, draft: Draft, *, sure: bool, base: str
) -> Response:
    """What the draft would change and what would become of people's readings; or, with consent, the next version."""
    before, book = draft.before, draft.book
    newest = before.version if before else ""
    errors = []
    if sure and base != newest:
        text = tongue.say(
            "Somebody has saved another version meanwhile. Here is what your change does to that one."
        )
        errors = [Wrong("difference", text)]
    elif not sure and base and base != newest:
        text = tongue.say(
            "Somebody has saved version {version} since you opened the form. See whether your change takes back something of theirs."
        )
        errors = [Wrong("difference", text.format(version=newest))]
    if not sure or errors:
        async with app.database.read() as db:
            followed = await foreseen(app.books, db, before, book)
            taken = await app.books.versions(db, book.id)
            surveys = await app.books.surveys(db, book.id)
            latest = [await app.shelf.latest(db, key) for key in surveys]
        titles = [each[1].title[each[1].source] for each in latest if each is not None]
        differences = changing.told(compare(before, book)) if before else []
        return page(
            request,
            "coding/check.html",
            422 if errors else 200,
            section="coding",
            draft=draft,
            nothing=before is not None and same(before, book),
            told=differences,
            followed=followed,
            surveys=surveys,
            titles=titles,
            next=next_version(book.version, taken),
            base=newest,
            errors=errors,
        )
    async with app.database.begin() as db:
        now = app.clock()
        done = await bring_in(app.books, db, book, by.email, now, app.new_id)
        version = done.added.codebook.version
        if done.added.new:
            await audit.record(
                db, now, by.id, "codebook.change", book.id, version=version, how=draft.how,
                readings=done.followed.readings, again=done.followed.again,
            )  # fmt: skip
    to = f"/codebooks/{book.id}"
    if not done.added.new:
        return page.onward(
            to, said=tongue.say("Nothing is new: version {version} says the same.").format(version=version)
        )
    said = tongue.say("Version {version} is saved, and the one before stays as it is.")
    return page.onward(to, said=said.format(version=version))


def router(app: App, page: Page) -> APIRouter:
    """One theme of a codebook, and everything that can be done to it."""
    routes = APIRouter(prefix="/codebooks/{key}")

    async def newest(key: str) -> Codebook:
        async with app.database.read() as db:
            try:
                return await app.books.get(db, key)
            except NoCodebook:
                raise HTTPException(404) from None

    def shown(
        request: Request,
        how: str,
        book: Codebook,
        theme: Theme | None,
        given: Mapping[str, str] | None = None,
        errors: Sequence[Wrong] = (),
        base: str = "",
    ) -> Response:
        values = given if given is not None else _values(theme) if how == "edit" else {}
        tags = list(dict.fromkeys(["en", *book.languages, *(theme.cues if theme else ())]))
        return page(
            request,
            f"coding/theme-{'edit' if how in ('edit', 'add') else how}.html",
            422 if errors else 200,
            section="coding",
            how=how,
            book=book,
            theme=theme,
            base=base or book.version,
            given=_Given(values),
            tags=[(tag, tongues.name(tag)) for tag in tags],
            tops=[(top.id, top.label) for top in book.tops],
            others=[
                (top.label, [(each.id, each.label) for each in book.children(top.id) if each is not theme])
                for top in book.tops
            ],
            reaches=changing.reaches(),
            parts=range(1, changing.PARTS + 1),
            errors=list(errors),
        )

    async def change(request: Request, key: str, how: str, code: str = "") -> Response:
        by, book = organizer(request), await newest(key)
        theme = _theme(book, code) if code else None
        async with request.form() as form:
            given = {name: str(value).replace("\r\n", "\n") for name, value in form.items() if name != "csrf"}
        sure, base = bool(given.pop("sure", "")), given.pop("base", "")
        if given.pop("again", ""):  # back from the look at what it does
            return shown(request, how, book, theme, given)
        try:
            after = changing.next_of(book, how, theme, given)
        except changing.Unfit as unfit:
            return shown(request, how, book, theme, given, unfit.wrongs, base)
        except CodebookError as error:
            return shown(
                request,
                how,
                book,
                theme,
                given,
                [Wrong("form", told("{what}. {cure}", what=error.problem, cure=error.cure))],
                base,
            )
        to = f"/codebooks/{key}/add" if how == "add" else f"/codebooks/{key}/theme/{code}/{how}"
        return await check(
            app, page, request, by, Draft(how, book, after, given, to, to), sure=sure, base=base
        )

    @routes.get("/theme/{code}")
    async def theme(request: Request, key: str, code: str, version: str = "") -> Response:
        async with app.database.read() as db:
            try:
                book = await app.books.get(db, key, version or None)
            except NoCodebook:
                raise HTTPException(404) from None
        found = _theme(book, code)
        return page(
            request, "coding/theme.html", section="coding", book=book, theme=found, newest=not version,
            top=book[found.parent] if found.parent else None, reaches=dict(changing.reaches()),
            tags=[(tag, tongues.name(tag)) for tag in dict.fromkeys([*found.examples, *found.cues])],
        )  # fmt: skip

    @routes.get("/add")
    async def add(request: Request, key: str, under: str = "") -> Response:
        organizer(request)
        return shown(request, "add", await newest(key), None, {"under": under})

    @routes.post("/add")
    async def added(request: Request, key: str) -> Response:
        return await change(request, key, "add")

    @routes.get("/theme/{code}/{how}")
    async def form(request: Request, key: str, code: str, how: str) -> Response:
        organizer(request)
        book = await newest(key)
        found = _theme(book, code)
        if how not in HOWS or (how != "edit" and found.parent is None):
            raise HTTPException(404)
        return shown(request, how, book, found)

    @routes.post("/theme/{code}/{how}")
    async def changed(request: Request, key: str, code: str, how: str) -> Response:
        if how not in HOWS:
            raise HTTPException(404)
        return await change(request, key, how, code)

    return routes


class _Given(dict[str, str]):
    """What a form holds: what is not in it is empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _theme(book: Codebook, code: str) -> Theme:
    if code not in book:
        raise HTTPException(404)
    return book[code]


def _values(theme: Theme | None) -> dict[str, str]:
    """A theme as the form has it."""
    if theme is None:
        return {}
    plain = {
        name: str(getattr(theme, name) or "")
        for name in ("label", "definition", "include", "exclude", "reach", "flag")
    }
    for name in ("examples", "cues"):
        plain |= {f"{name}-{tag}": "\n".join(texts) for tag, texts in getattr(theme, name).items()}
    return plain
