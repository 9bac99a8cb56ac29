"""The glossary: words of schools, what to write for them in each language, names that are never translated, and who keeps to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from .... import audit
from .... import glossary as words
from ....app import App
from ....glossary import WORDLIST, Entry, Unfit
from ....texts.overview import overview
from ....texts.standing import Text, digest
from ....texts.stored import Stored, gather
from ....translation.terms import TERMS
from ... import downloads, tongue
from ...page import Page
from . import showing
from .at_hand import desk, me

A_PAGE = 50


def router(app: App, page: Page) -> APIRouter:
    """/translations/glossary and what is under it."""
    routes = APIRouter()

    async def fresh() -> None:
        async with app.database.read() as db:
            await WORDLIST.current(db, app.clock())

    async def changed() -> None:
        WORDLIST.look_again()
        await fresh()

    @routes.get("/translations/glossary")
    async def listed(request: Request, language: str = "", q: str = "", page_number: str = "") -> Response:
        await fresh()
        async with app.database.read() as db:
            stored = await gather(app, db)
            tags = await _languages(app, db)
        language = language if language in tags else next(iter(tags), "es")
        uses = used_in(stored)
        sought = q.casefold().split()[:8]
        rows = [
            (key, TERMS.languages[TERMS.source][key], TERMS.languages.get(language, {}).get(key), len(uses.get(key, ())))
            for key in sorted(words.known_keys(), key=lambda key: TERMS.languages[TERMS.source][key].say.casefold())
        ]  # fmt: skip
        rows = [
            row
            for row in rows
            if all(
                word in f"{row[1].say} {' '.join(row[1].forms)} {row[2].say if row[2] else ''}".casefold()
                for word in sought
            )
        ]
        number = int(page_number) if page_number.isdecimal() else 1
        pages = max(-(-len(rows) // A_PAGE), 1)
        number = min(max(number, 1), pages)
        return page(
            request, "translations/glossary.html", section="translations", language=language, tags=tags,
            rows=rows[(number - 1) * A_PAGE : number * A_PAGE], total=len(rows), q=q[:100], page_number=number, pages=pages,
            showing=showing,
        )  # fmt: skip

    @routes.get("/translations/glossary/file.{kind}")
    async def download(kind: downloads.Kind) -> Response:
        await fresh()
        return downloads.table("glossary", words.COLUMNS, words.written(words.all_entries()), kind)

    @routes.get("/translations/glossary/check")
    async def check(request: Request, language: str) -> Response:
        await fresh()
        async with app.database.read() as db:
            here = await desk(app, db, language)
        return page(
            request, "translations/glossary-check.html", section="translations", language=language,
            against=[(one, found) for one in here.texts if one.text and (found := apart(one))], showing=showing,
        )  # fmt: skip

    @routes.get("/translations/glossary/new")
    async def new(request: Request, language: str = "") -> Response:
        await fresh()
        return await _form(app, page, request, "", _asked_language(language), None, None)

    @routes.get("/translations/glossary/{key}")
    async def one(request: Request, key: str, language: str = "") -> Response:
        await fresh()
        if key not in words.known_keys():
            raise HTTPException(404)
        tag = _asked_language(language)
        return await _form(app, page, request, key, tag, _entry(key, TERMS.source), _entry(key, tag))

    @routes.post("/translations/glossary/{key}")
    async def enter(request: Request, key: str) -> Response:
        await fresh()
        if key != "new" and key not in words.known_keys():
            raise HTTPException(404)
        async with request.form() as form:
            asked = {name: str(value) for name, value in form.items()}
        tag = _asked_language(asked.get("language", ""))
        source_say = asked.get("term", "")
        named = words.key_of(source_say) if key == "new" else key
        ours = Entry(
            named, TERMS.source, source_say, _lines(asked.get("forms", "")), (), asked.get("note", ""), "kept" in asked
        )  # fmt: skip
        theirs = Entry(
            named,
            tag,
            asked.get("say", ""),
            _lines(asked.get("say_forms", "")),
            _lines(asked.get("avoid", "")),
        )
        errors = []
        if not source_say.strip():
            errors.append({"field": "term", "text": tongue.say("Write the term as it stands in the texts.")})
        elif key == "new" and any(
            source_say.strip().casefold() == t.say.casefold() for t in TERMS.languages[TERMS.source].values()
        ):
            errors.append(
                {
                    "field": "term",
                    "text": tongue.say("This term is in the glossary already. Change it there."),
                }
            )
        if not errors and not theirs.say.strip() and not ours.kept and key == "new":
            errors.append(
                {
                    "field": "say",
                    "text": tongue.say("Write what to say for it, or tick that it is never translated."),
                }
            )
        for field, given in (("term", ours), ("say", theirs)):
            try:
                if not errors:
                    words.checked(given)
            except Unfit as error:
                errors.append({"field": field, "text": str(error)})
        if not errors and asked.get("seen", seen := _seal(key, tag)) != seen:
            text = tongue.say(
                "Somebody has changed this term while you wrote: in {language} it is “{say}” now. Yours stands below; save it again to put it in that place."
            )
            stands = _entry(key, tag)
            text = text.format(language=showing.name(tag), say=stands.say if stands else "–")
            errors.append({"field": "say", "text": text})
        if errors:
            shown = "" if key == "new" else key
            return await _form(app, page, request, shown, tag, ours, theirs, errors)
        entered = [words.checked(ours)]
        if theirs.say.strip() or _entry(named, tag):
            entered.append(words.checked(theirs) if theirs.say.strip() else _gone(named, tag))
        async with app.database.begin() as db:
            await words.enter(db, entered, me(request).name, app.clock())
            await audit.record(db, app.clock(), me(request).id, "term.write", named, language=tag)
        await changed()
        return page.onward(
            f"/translations/glossary?language={tag}", tongue.say("The term is in the glossary.")
        )

    @routes.post("/translations/glossary/{key}/remove")
    async def remove(request: Request, key: str, language: str = "") -> Response:
        await fresh()
        if key not in words.known_keys():
            raise HTTPException(404)
        async with app.database.begin() as db:
            await words.take_out(db, key, me(request).name, app.clock())
            await audit.record(db, app.clock(), me(request).id, "term.remove", key)
        await changed()
        return page.onward(
            "/translations/glossary",
            tongue.say("The term is taken out of the glossary."),
            f"/translations/glossary/{key}/put-back",
        )

    @routes.post("/translations/glossary/{key}/put-back")
    async def put_back(request: Request, key: str) -> Response:
        async with app.database.begin() as db:
            found = await words.put_back(db, key)
            await audit.record(db, app.clock(), me(request).id, "term.put-back", key)
        await changed()
        if not found:
            raise HTTPException(404)
        return page.onward(f"/translations/glossary/{key}", tongue.say("The term is in the glossary again."))

    return routes


async def _form(
    app: App, page: Page, request: Request, key: str, language: str, ours: Entry | None, theirs: Entry | None,
    errors: list[dict[str, str]] | None = None,
) -> Response:  # fmt: skip
    async with app.database.read() as db:
        here = await desk(app, db, language)
    uses = [one for one in here.texts if key and key in _keys(one.unit.text, one.unit.source, TERMS.version)]
    others = [
        (tag, known[key]) for tag, known in TERMS.languages.items() if key in known and tag != TERMS.source
    ]
    return page(
        request, "translations/term.html", 422 if errors else 200, section="translations", errors=errors or [], key=key,
        language=language, ours=ours or Entry(key, TERMS.source, ""), theirs=theirs or Entry(key, language, ""),
        uses=[(one, apart(one, key)) for one in uses[:A_PAGE]], used=len(uses), others=others,
        source=TERMS.source, seen=_seal(key, language), showing=showing,
    )  # fmt: skip


async def _languages(app: App, db: AsyncConnection) -> dict[str, str]:
    """The languages that a glossary is of use in here: those that people read first."""
    found = await overview(app, db)
    tags = [one.language for one in found if one.people]
    tags += sorted(tag for tag in TERMS.languages if tag not in (TERMS.source, *tags))
    return {tag: showing.name(tag) for tag in tags}


def _entry(key: str, language: str) -> Entry | None:
    term = TERMS.languages.get(language, {}).get(key)
    if term is None:
        return None
    return Entry(key, language, term.say, term.forms, term.avoid, term.note, term.kept)


def _seal(key: str, language: str) -> str:
    """Which words of a term somebody has before their eyes."""
    return digest(repr((_entry(key, TERMS.source), _entry(key, language))))[:16]


def _gone(key: str, language: str) -> Entry:
    return Entry(key, language, "-", gone=True)


def _asked_language(language: str) -> str:
    return (
        language
        if language and language != TERMS.source
        else next(tag for tag in ("es", *TERMS.languages) if tag != TERMS.source)
    )


def _lines(given: str) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, given.replace("\r\n", "\n").replace(",", "\n").split("\n"))))


@lru_cache(maxsize=8192)
def _keys(text: str, source: str, _version: int) -> frozenset[str]:
    """The terms in a text; found once for each state of the glossary."""
    return frozenset(found.key for found in TERMS.in_(text, source))


def used_in(stored: Sequence[Stored]) -> dict[str, set[str]]:
    """The contexts of the texts in which each term stands."""
    found: dict[str, set[str]] = {}
    for one in stored:
        for unit in one.units:
            for key in _keys(unit.text, unit.source, TERMS.version):
                found.setdefault(key, set()).add(unit.context)
    return found


def apart(text: Text, only: str = "") -> list[tuple[str, str]]:
    """The terms of a source for which a translation has other words: as the source says it, and what the glossary has."""
    if not text.text:
        return []
    meant = {found.key: found.said for found in showing.terms_in(text)}
    there = _keys(text.text, text.language, TERMS.version)
    lacking = []
    for key, said in meant.items():
        if only and key != only:
            continue
        if TERMS.keeps(key):
            if said.casefold() not in text.text.casefold():
                lacking.append((said, said))
        elif key not in there and (say := TERMS.preferred(key, text.language)):
            lacking.append((said, say))
    return lacking
