"""How far readers agree, and what they differ on: /coding/{survey}/agreement and /coding/{survey}/differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import Codebook
from analysis.findings import Summary
from analysis.redact import redact

from ....app import App
from ....at_hand import NotYet
from ....dialogue.understood import understood
from ....reviewing import deciding, standing
from ....reviewing.deciding import CannotDecide
from ....store import names, readings
from ... import downloads, tongue
from ...page import Page, wants_part
from ...view import tongues
from ...view.themes import called
from . import doors
from .doors import Reader
from .measured import Measured, told
from .workbench import Wrong, labels

A_PAGE = 20
KINDS: Mapping[str, downloads.Kind] = {"csv": "csv", "xlsx": "xlsx"}


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people as the coder counts it, and freed of its errors; in percent."""

    label: str
    counted: int
    corrected: int
    low: int
    high: int
    known: int


@dataclass(frozen=True, slots=True)
class Apart:
    """A reply that people read differently. ``said``: who gave what, as (name, themes); ``settled``: themes all gave."""

    answer: UUID
    text: str
    language: str
    tongue: str
    english: str
    said: tuple[tuple[str, tuple[str, ...]], ...]
    offered: tuple[tuple[str, str], ...]
    shared: frozenset[str]


def shares(found: Summary | None) -> tuple[Share, ...]:
    """The shares that could be corrected, the largest first. Only what the findings show."""
    every = found.themes if found else ()
    return tuple(
        Share(
            called(each.label), round(100 * each.share), round(100 * each.corrected.share), round(100 * each.corrected.low),
            round(100 * each.corrected.high), each.corrected.known,
        )
        for each in every
        if each.share is not None and each.corrected is not None
    )  # fmt: skip


def router(app: App, page: Page, measured: Measured) -> APIRouter:
    """Agreement and differences."""
    routes = APIRouter(prefix="/coding/{survey}")

    @routes.get("/agreement")
    async def agreement(request: Request, survey: str) -> Response:
        by = doors.reader(request)
        async with app.database.read() as db:
            there = await doors.survey(app, db, survey)
            agreed = told(await measured(app, db, survey, by.schools))
        # The findings may not be at hand yet: the page comes first, and asks again until they are.
        waits = None if agreed.replies else ()
        return page(
            request, "coding/agreement.html", section="coding", survey=there, agreed=agreed, shares=waits
        )

    @routes.get("/agreement/shares")
    async def corrected(request: Request, survey: str) -> Response:
        by = doors.reader(request)
        async with app.database.read() as db:
            there = await doors.survey(app, db, survey)
            agreed = told(await measured(app, db, survey, by.schools))
        try:
            found = shares((await app.at_hand.find(survey)).summary)
        except NotYet:
            found = None
        values: dict[str, Any] = {"survey": there, "agreed": agreed, "shares": found}
        if wants_part(request):
            return HTMLResponse(page.part(request, "coding/agreement.html", "corrected", **values))
        return page(request, "coding/agreement.html", section="coding", **values)

    @routes.get("/agreement.{kind}")
    async def download(request: Request, survey: str, kind: str) -> Response:
        by = doors.reader(request)
        if kind not in KINDS:
            raise HTTPException(404)
        async with app.database.read() as db:
            await doors.survey(app, db, survey)
            agreed = told(await measured(app, db, survey, by.schools))
        headings = [
            tongue.say("Theme"), tongue.say("Named by somebody"), tongue.say("Read differently"), tongue.say("Alpha"),
            tongue.say("Alpha, low"), tongue.say("Alpha, high"), tongue.say("Kappa"), tongue.say("Reading"),
            tongue.say("Given by the computer"), tongue.say("Found by people"), tongue.say("Both"),
        ]  # fmt: skip
        right = {each.label: each for each in agreed.right}
        apart = {each.label: each for each in agreed.themes}
        rows: list[list[downloads.Cell]] = []
        for label in dict.fromkeys([*apart, *right]):
            one, hits = apart.get(label), right.get(label)
            alpha = one.of.alpha if one else None
            rows.append([
                label,
                one.of.named if one else None,
                one.of.differed if one else None,
                *((round(alpha.value, 3), round(alpha.low, 3), round(alpha.high, 3)) if alpha else (None, None, None)),
                round(one.of.kappa.value, 3) if one and one.of.kappa else None,
                one.word if one else None,
                *((hits.gave, hits.true, hits.both) if hits else (None, None, None)),
            ])  # fmt: skip
        return downloads.table(f"agreement-{survey}", headings, rows, KINDS[kind])

    @routes.get("/differences")
    async def differences(request: Request, survey: str, after: int = 0) -> Response:
        by = doors.reader(request)
        async with app.database.read() as db:
            return await listed(request, db, survey, by, max(after, 0))

    @routes.post("/differences/{answer:uuid}")
    async def agree(request: Request, survey: str, answer: UUID) -> Response:
        by = doors.reader(request)
        async with request.form() as form:
            given = [str(theme) for theme in form.getlist("theme")]
            none, note = bool(form.get("none")), str(form.get("note") or "").strip()[:2000]
        async with app.database.begin() as db:
            await doors.reply(app, db, survey, answer, by)
            book = await app.books.of_survey(db, survey)
            themes = [theme for theme in given if theme in book.codes]
            if bool(themes) == none:
                text = tongue.say("Choose what you have agreed on: the themes, or “No theme fits”.")
                return await listed(
                    request, db, survey, by, 0, [Wrong(f"reply-{answer}", text)], answer, (given, none, note)
                )
            try:
                await deciding.agree(app, db, answer, by.coder, themes, note=note or None)
            except (CannotDecide, LookupError):
                text = tongue.say(
                    "Two people have to have read a reply before anybody can settle it. Look at the list again."
                )
                return await listed(request, db, survey, by, 0, [Wrong("list", text)])
        to = f"/coding/{survey}/differences"
        return page.onward(
            to, said=tongue.say("Settled. What you agreed on counts."), undo=f"{to}/{answer}/undo"
        )

    @routes.post("/differences/{answer:uuid}/undo")
    async def unsettle(request: Request, survey: str, answer: UUID) -> Response:
        by = doors.reader(request)
        async with app.database.begin() as db:
            await doors.reply(app, db, survey, answer, by)
            await deciding.withdraw(app, db, answer, deciding.agreed(by.coder))
        return page.onward(
            f"/coding/{survey}/differences", said=tongue.say("Taken back: it is to be settled again.")
        )

    async def listed(
        request: Request,
        db: AsyncConnection,
        survey: str,
        by: Reader,
        after: int,
        errors: list[Wrong] | None = None,
        first: UUID | None = None,
        typed: tuple[list[str], bool, str] = ([], False, ""),
    ) -> Response:
        there = await doors.survey(app, db, survey)
        book = await app.books.of_survey(db, survey)
        every = await standing.differences(db, survey, by.schools)
        every.sort(key=lambda one: one.answer != first)
        shown = await _apart(db, book, every[after : after + A_PAGE])
        return page(
            request,
            "coding/differences.html",
            422 if errors else 200,
            section="coding",
            survey=there,
            apart=shown,
            total=len(every),
            after=after,
            size=A_PAGE,
            tops=[
                (called(top.label), [(theme.id, called(theme.label)) for theme in book.children(top.id)])
                for top in book.tops
            ],
            errors=errors or [],
            first=first,
            typed=typed,
        )

    return routes


async def _apart(db: AsyncConnection, book: Codebook, found: list[standing.Difference]) -> list[Apart]:
    """What is shown of these, without names and numbers."""
    speaks = tongue.current()
    said = {
        row.id: row for row in [await readings.answer(db, one.answer) for one in found] if row is not None
    }
    known = await names.of(db, {row.person_id for row in said.values()})
    english = await understood(db, [(one.text, one.language) for one in found], speaks)
    return [_one(book, one, said, known, english, speaks) for one in found]


def _one(
    book: Codebook,
    one: standing.Difference,
    said: Mapping[UUID, Any],
    known: Mapping[UUID, tuple[str, ...]],
    english: Mapping[str, Any],
    speaks: str,
) -> Apart:
    mine = known.get(said[one.answer].person_id, ()) if one.answer in said else ()
    made = english.get(one.text)
    every = dict.fromkeys(theme for themes in one.readings.values() for theme in themes)
    order = [theme for theme in book.codes if theme in every]
    return Apart(
        one.answer,
        redact(one.text, one.language, mine).text,
        one.language,
        tongues.name(one.language),
        redact(made.text, speaks, mine).text if made else "",
        tuple((name, tuple(labels(book, themes))) for name, themes in one.readings.items()),
        tuple((theme, called(book[theme].label)) for theme in order),
        frozenset(theme for theme in order if all(theme in themes for themes in one.readings.values())),
    )
