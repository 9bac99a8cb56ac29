"""/people/{id}: one person's whole record; what they said and were sent, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from .... import audit
from ....app import App
from ....dialogue import notes
from ....dialogue.threads import thread
from ....people.changing import has_children
from ....people.record import Said, said
from ....reviewing.showing import as_asked
from ... import accountwords
from ...page import Page
from . import doors, showing

PAGE = 50
READER = "en"


def add(routes: APIRouter, app: App, page: Page) -> None:
    """The record, and the two lists that grow."""

    async def whole(request: Request, person: UUID, *, numbers: bool) -> Response:
        found = await doors.found(app, request, person)
        async with app.database.read() as db:
            talk = await thread(db, person, READER, most=3)
            answers, more = await said(db, person, READER, most=3)
            told = await notes.listed(db, person)
            school_is_theirs = not await has_children(db, person)
            questions = await _questions(app, db, answers, found.row.respondent)
        return page(
            request,
            "people/record.html",
            section="people",
            record=found,
            line=found.line,
            bubbles=tuple(reversed(talk.bubbles)),
            earlier=talk.earlier,
            answers=answers,
            more=more,
            questions=questions,
            notes=told,
            numbers=numbers,
            groups={name: value for name, value in (found.row.groups or {}).items() if value},
            school_is_theirs=school_is_theirs,
            became=accountwords.reason,
            admin=doors.is_admin(request),
            words=showing.WORDS,
            on=lambda at: showing.on(at, app.desk.zone, app.clock()),
        )

    @routes.get("/people/{person}")
    async def record(request: Request, person: UUID) -> Response:
        return await whole(request, person, numbers=False)

    @routes.post("/people/{person}/numbers")
    async def whole_numbers(request: Request, person: UUID) -> Response:
        """The numbers in full, once; that somebody looked at them is remembered."""
        await doors.found(app, request, person)
        async with app.database.begin() as db:
            await audit.record(db, app.clock(), doors.member(request), "person.numbers", person)
        return await whole(request, person, numbers=True)

    @routes.get("/people/{person}/messages")
    async def messages(request: Request, person: UUID, before: UUID | None = None) -> Response:
        found = await doors.found(app, request, person)
        async with app.database.read() as db:
            talk = await thread(db, person, READER, before=before, most=PAGE)
        return page(
            request,
            "people/messages.html",
            section="people",
            record=found,
            bubbles=talk.bubbles,
            earlier=talk.earlier,
            later=before is not None,
            words=showing.WORDS,
        )

    @routes.get("/people/{person}/answers")
    async def answers(request: Request, person: UUID, before: UUID | None = None) -> Response:
        found = await doors.found(app, request, person)
        async with app.database.read() as db:
            shown, more = await said(db, person, READER, before)
            questions = await _questions(app, db, shown, found.row.respondent)
        return page(
            request,
            "people/answers.html",
            section="people",
            record=found,
            answers=shown,
            more=more,
            later=before is not None,
            questions=questions,
            words=showing.WORDS,
        )


async def _questions(
    app: App, db: AsyncConnection, answers: Sequence[Said], respondent: str
) -> dict[UUID, tuple[str, str]]:
    """For each answer the survey's title and the question, in the language that the survey is written in and as this person
    was asked it."""
    found: dict[UUID, tuple[str, str]] = {}
    for one in answers:
        survey = await app.shelf.get(db, one.survey)
        asked = survey.by_key.get(one.question)
        variant = None if survey.anonymous else respondent
        text = as_asked(asked.wording(survey.source, variant)) if asked is not None else ""
        found[one.id] = survey.title[survey.source], text or one.question
    return found
