"""/people/{id}/edit and what stands with each number: mended by staff, each change with how it came to be known."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException, Request, Response
from sqlalchemy import Row

from ....app import App
from ....dialogue.within import reached
from ....people import changing
from ....people.changing import Says, Wrong
from ...page import Page
from ...tongue import say
from ...view import tongues
from . import doors, showing
from .showing import Problem

Field = Annotated[str, Form(max_length=2000)]


def add(routes: APIRouter, app: App, page: Page) -> None:
    """The forms of one record."""

    async def form(
        request: Request, person: UUID, says: Says | None = None, errors: tuple[Problem, ...] = ()
    ) -> Response:
        found = await doors.found(app, request, person)
        async with app.database.read() as db:
            children = await changing.has_children(db, person)
        stands = _stands(found.row)
        return page(
            request,
            "people/edit.html",
            status=422 if errors else 200,
            section="people",
            record=found,
            says=says or stands,
            stands=stands,
            children=children,
            errors=errors,
            words=showing.WORDS,
        )

    @routes.get("/people/{person}/edit")
    async def edit(request: Request, person: UUID) -> Response:
        return await form(request, person)

    @routes.post("/people/{person}/edit")
    async def write(
        request: Request,
        person: UUID,
        name: Field = "",
        language: Field = "",
        school: Field = "",
        was: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        found = await doors.found(app, request, person)
        says = Says(name, language, school)
        if was is not None and len(was) == 3:
            says, others = _together(says, Says(*was), _stands(found.row))
            if others:
                return await form(request, person, says, others)
            name, language, school = says.name, says.language, says.school
        allowed = doors.reach(request)
        async with app.database.read() as db:
            own_school = not await changing.has_children(db, person)
        if own_school and allowed is not None and school.strip() not in allowed:
            text = say("Choose one of your own schools: you would not see this record any more")
            return await form(request, person, says, (Problem("school", text),))
        try:
            await changing.edit(app, person, says, doors.member(request))
        except Wrong as wrong:
            return await form(request, person, says, (Problem(wrong.field, _why(wrong)),))
        return page.onward(f"/people/{person}", say("Saved."))

    async def number_form(
        request: Request,
        person: UUID,
        number: str = "",
        how: str = "",
        errors: tuple[Problem, ...] = (),
        other: UUID | None = None,
    ) -> Response:
        found = await doors.found(app, request, person)
        return page(
            request,
            "people/number.html",
            status=422 if errors else 200,
            section="people",
            record=found,
            number=number,
            how=how,
            hows=showing.hows(),
            errors=errors,
            other=other,
            words=showing.WORDS,
        )

    @routes.get("/people/{person}/number")
    async def new_number(request: Request, person: UUID) -> Response:
        return await number_form(request, person)

    @routes.post("/people/{person}/number")
    async def add_number(request: Request, person: UUID, number: Field = "", how: Field = "") -> Response:
        await doors.found(app, request, person)
        try:
            await changing.add_number(app, person, number, how, doors.member(request))
        except Wrong as wrong:
            other = wrong.about
            if other is not None:
                async with app.database.read() as db:
                    other = other if await reached(db, doors.reach(request), other) else None
            return await number_form(
                request, person, number, how, (Problem(wrong.field, _why(wrong)),), other
            )
        return page.onward(
            f"/people/{person}#numbers", say("The number is saved, with how they agreed to it.")
        )

    @routes.post("/people/{person}/number/{address}/remove")
    async def remove_number(request: Request, person: UUID, address: UUID) -> Response:
        await doors.found(app, request, person)
        try:
            await changing.remove_number(app, person, address, doors.member(request))
        except LookupError:
            raise HTTPException(404) from None
        return page.onward(f"/people/{person}#numbers", say("The number is not used any more."))

    async def wish_form(
        request: Request,
        person: UUID,
        what: str,
        how: str = "",
        note: str = "",
        errors: tuple[Problem, ...] = (),
    ) -> Response:
        found = await doors.found(app, request, person)
        return page(
            request,
            "people/wish.html",
            status=422 if errors else 200,
            section="people",
            record=found,
            stopping=what == "stop",
            how=how,
            note=note,
            hows=showing.hows(),
            errors=errors,
            words=showing.WORDS,
        )

    @routes.get("/people/{person}/stop")
    async def ask_stop(request: Request, person: UUID) -> Response:
        return await wish_form(request, person, "stop")

    @routes.post("/people/{person}/stop")
    async def stop(request: Request, person: UUID, how: Field = "", note: Field = "") -> Response:
        await doors.found(app, request, person)
        try:
            await changing.stop(app, person, how, note, doors.member(request))
        except Wrong as wrong:
            return await wish_form(request, person, "stop", how, note, (Problem(wrong.field, _why(wrong)),))
        return page.onward(f"/people/{person}", say("Nothing is sent to them any more."))

    @routes.get("/people/{person}/resume")
    async def ask_resume(request: Request, person: UUID) -> Response:
        return await wish_form(request, person, "resume")

    @routes.post("/people/{person}/resume")
    async def resume(request: Request, person: UUID, how: Field = "", note: Field = "") -> Response:
        await doors.found(app, request, person)
        try:
            await changing.resume(app, person, how, note, doors.member(request))
        except Wrong as wrong:
            return await wish_form(request, person, "resume", how, note, (Problem(wrong.field, _why(wrong)),))
        return page.onward(f"/people/{person}", say("We may write to them again."))


def _why(wrong: Wrong) -> str:
    """What to do about it."""
    return {
        "no language": say("Enter a language by its name, such as Spanish, or its code, such as es"),
        "too long": say("Enter at most 200 characters"),
        "how": say("Choose how they told you"),
        "note": say("Write down what they said: it is what we have, should anybody ask"),
        "no number": say("Enter a phone number with its area code, such as (503) 555-0123"),
        "several": say("Enter one number at a time"),
        "another's": say(
            "This number stands with somebody else. Is it the same person, or do they share a phone?"
        ),
        "stopped": say(
            "They asked us to stop. Only they can change that: with START, or by telling you (Write to them again)"
        ),
        "theirs": say("This number is in use already"),
        "no numbers": say("They have no number, so nothing is sent to them"),
        "not stopped": say("They have not asked us to stop"),
    }.get(wrong.what, wrong.what)


def _stands(row: Row[Any]) -> Says:
    """What the record says now, as the form shows it."""
    return Says(row.name or "", tongues.name(row.language), row.school or "")


def _together(says: Says, was: Says, now: Says) -> tuple[Says, tuple[Problem, ...]]:
    """What somebody wants a record to say, who saw it as it ``was``, with what a colleague has changed meanwhile: what they left
    alone stays as it is ``now``; what both have changed is told, so that nobody's work is lost unseen."""
    kept, problems = {}, []
    for field in ("name", "language", "school"):
        mine, before, stands = (" ".join(getattr(one, field).split()) for one in (says, was, now))
        kept[field] = stands if mine == before else mine
        if mine not in (before, stands) and stands != before:
            text = say("Somebody has changed this meanwhile to “{what}”. To have yours, save it again.")
            problems.append(Problem(field, text.format(what=stands)))
    return Says(**kept), tuple(problems)
