"""Themes that the codebook does not have: /coding/{survey}/emerging looks for them and lets somebody decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.codebook import CodebookError
from analysis.emerging import LEAST
from analysis.redact import redact

from ....app import App
from ....codebooks import next_version
from ....dialogue.understood import Understood, understood
from ....emerging import Emerging, Look, NoProposal
from ....store import names
from ....store import proposals as store
from ... import tongue
from ...page import Page
from ...view import tongues
from . import doors
from .doors import Reader
from .jobs import Job, Jobs, Tell
from .workbench import Wrong

TYPICAL, EACH = 6, 2
"""So many replies are shown of a proposal, and so many of them in one language."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A typical reply without names and numbers, and in the reader's language."""

    text: str
    language: str
    tongue: str
    english: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A group of replies. ``people`` said so; ``languages``: how many in each; ``words``: those that set it apart."""

    id: UUID
    label: str
    people: int
    languages: tuple[tuple[str, int], ...]
    words: tuple[tuple[str, str, str], ...]
    samples: tuple[Sample, ...]


def proposed(
    row: Row[Any],
    said: Mapping[UUID, Row[Any]],
    called: Mapping[UUID, tuple[str, ...]],
    english: Mapping[str, Understood],
    speaks: str,
) -> Proposed | None:
    """A proposal as it is shown; None where too few people stand for it by now."""
    replies = [said[UUID(member)] for member in row.members if UUID(member) in said]
    people = {one.person_id for one in replies}
    if len(people) < LEAST:
        return None
    of: dict[str, set[UUID]] = {}
    for one in replies:
        of.setdefault(one.language or one.declared, set()).add(one.person_id)
    counted = Counter({tag: len(some) for tag, some in of.items()})
    return Proposed(
        row.id,
        row.label,
        len(people),
        tuple((tongues.name(tag), number) for tag, number in counted.most_common()),
        tuple((tag, tongues.name(tag), ", ".join(words)) for tag, words in row.words.items() if words),
        tuple(_sample(one, called, english, speaks) for one in typical(replies)),
    )


def typical(replies: Sequence[Row[Any]]) -> list[Row[Any]]:
    """The most typical, from several languages where there are, one of each person."""
    shown: list[Row[Any]] = []
    each: Counter[str] = Counter()
    known: set[object] = set()
    for one in replies:
        language, text = one.language or one.declared, " ".join(one.heard.split()).casefold()
        if len(text) < 8 or each[language] >= EACH or text in known or one.person_id in known:
            continue
        known |= {text, one.person_id}
        each[language] += 1
        shown.append(one)
        if len(shown) == TYPICAL:
            break
    return shown


def _sample(
    one: Row[Any], called: Mapping[UUID, tuple[str, ...]], english: Mapping[str, Understood], speaks: str
) -> Sample:
    language, mine = one.language or one.declared, called.get(one.person_id, ())
    made = english.get(one.heard)
    return Sample(
        redact(one.heard, language, mine).text,
        language,
        tongues.name(language),
        redact(made.text, speaks, mine).text if made else "",
    )


def router(app: App, page: Page, jobs: Jobs) -> APIRouter:
    """Looking, accepting, dismissing. It concerns all schools: replies of every one are in a group."""
    routes = APIRouter(prefix="/coding/{survey}/emerging")

    def emerging() -> Emerging:
        return Emerging(app.database, app.books, app.coders, app.clock, app.new_id)

    def kind(survey: str) -> str:
        return f"emerging {survey}"

    @routes.get("")
    async def listed(request: Request, survey: str) -> Response:
        doors.for_all(request)
        return await shown(request, survey)

    @routes.post("")
    async def look(request: Request, survey: str) -> Response:
        organizer(request)
        async with app.database.read() as db:
            await doors.survey(app, db, survey)
        least = max(app.settings.minimum_cell, LEAST)

        async def work(tell: Tell) -> Look:
            return await emerging().look(survey, least, tell)

        jobs.begin(kind(survey), app.clock, work)
        return page.onward(f"/coding/{survey}/emerging")

    @routes.get("/live")
    async def looking(request: Request, survey: str) -> Response:
        doors.for_all(request)
        async with app.database.read() as db:
            there = await doors.survey(app, db, survey)
        job = jobs.get(kind(survey))
        part = page.part(request, "coding/emerging.html", "looking", survey=there, job=job, watched=True)
        return HTMLResponse(part)

    @routes.post("/{proposal:uuid}/accept")
    async def accept(request: Request, survey: str, proposal: UUID) -> Response:
        by = organizer(request)
        async with request.form() as form:
            given = {
                name: str(form.get(name) or "").strip()
                for name in ("label", "under", "definition", "examples")
            }
        if not given["label"] or len(given["label"]) > 200:
            text = tongue.say("Give the theme a name of a few words, such as “Dark bus stops”.")
            return await shown(request, survey, [Wrong(f"label-{proposal}", text)], proposal, given)
        await there_is(survey, proposal)
        try:
            done = await emerging().accept(
                proposal.hex,
                given["label"],
                under=given["under"] or None,
                definition=given["definition"],
                examples=bool(given["examples"]),
                by=by.email,
                member=by.id,
            )
        except (NoProposal, CodebookError):
            text = tongue.say(
                "Somebody has decided on this group already, or its place is gone. Look at the list again."
            )
            return await shown(request, survey, [Wrong("list", text)])
        book = done.added.codebook
        said = tongue.say("The theme is in version {version} now. Have the earlier replies coded again.")
        return page.onward(f"/codebooks/{book.id}", said=said.format(version=book.version))

    @routes.post("/{proposal:uuid}/dismiss")
    async def dismiss(request: Request, survey: str, proposal: UUID) -> Response:
        by = organizer(request)
        await there_is(survey, proposal)
        try:
            await emerging().dismiss(proposal.hex, by.email)
        except NoProposal:
            text = tongue.say("Somebody has decided on this group already.")
            return await shown(request, survey, [Wrong("list", text)])
        here = f"/coding/{survey}/emerging"
        said = tongue.say("Dismissed. It comes again only when half of its replies are new.")
        return page.onward(here, said=said, undo=f"{here}/{proposal}/restore")

    @routes.post("/{proposal:uuid}/restore")
    async def restore(request: Request, survey: str, proposal: UUID) -> Response:
        organizer(request)
        await there_is(survey, proposal)
        try:
            await emerging().restore(proposal.hex)
        except NoProposal:
            return page.onward(
                f"/coding/{survey}/emerging", said=tongue.say("There was nothing to take back.")
            )
        return page.onward(f"/coding/{survey}/emerging", said=tongue.say("It waits for a decision again."))

    async def there_is(survey: str, proposal: UUID) -> None:
        async with app.database.read() as db:
            rows = await store.of_survey(db, survey)
        if proposal not in {row.id for row in rows}:
            raise HTTPException(404)

    async def shown(
        request: Request,
        survey: str,
        errors: Sequence[Wrong] = (),
        open_: UUID | None = None,
        given: Mapping[str, str] | None = None,
    ) -> Response:
        async with app.database.read() as db:
            there = await doors.survey(app, db, survey)
            book = await app.books.of_survey(db, survey)
            rows = [row for row in await store.of_survey(db, survey) if row.state == "open"]
            found = await _proposed(db, rows)
            taken = await app.books.versions(db, book.id)
        return page(
            request,
            "coding/emerging.html",
            422 if errors else 200,
            section="coding",
            survey=there,
            job=jobs.get(kind(survey)),
            watched=False,
            found=found,
            book=book,
            next=next_version(book.version, taken),
            tops=[
                ("", tongue.say("Added here")),
                *((top.id, top.label) for top in book.tops if top.kind == "barrier"),
            ],
            errors=list(errors),
            open=open_,
            given=given or {},
        )

    return routes


def organizer(request: Request) -> Reader:
    """Whoever decides for everybody: an organizer. Raises 403."""
    if not request.state.session.grants.everywhere("organizer"):
        raise HTTPException(403)
    return doors.reader(request)


async def _proposed(db: AsyncConnection, rows: Sequence[Row[Any]]) -> list[Proposed]:
    speaks = tongue.current()
    said = await store.replies(db, [UUID(member) for row in rows for member in row.members])
    shown = [one for row in rows for one in typical([said[UUID(m)] for m in row.members if UUID(m) in said])]
    called = await names.of(db, {one.person_id for one in shown})
    english = await understood(db, [(one.heard, one.language or one.declared) for one in shown], speaks)
    found = [proposed(row, said, called, english, speaks) for row in rows]
    return sorted((one for one in found if one is not None), key=lambda one: -one.people)


__all__ = ["Job", "organizer", "router"]
