"""Read one reply after another: /coding/{survey} hands out the next, /coding/{survey}/{answer} is the workbench."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import RedirectResponse

from analysis.codebook import Codebook
from analysis.redact import redact

from ....app import App
from ....reviewing import deciding, queue
from ....reviewing.deciding import CannotDecide
from ....reviewing.showing import Task, show
from ....store import draws, names, readings
from ....store.tables import answers, people
from ... import tongue
from ...page import Page
from ...view.themes import called
from . import doors
from .doors import Reader
from .measured import AWHILE, Measured, told
from .progress import progress
from .showing import Near, bench

OTHER = "x.other_barrier"
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a form, and where."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader sent: what to ``do``, the themes, the mark of the words that they saw, a note."""

    do: str
    themes: tuple[str, ...]
    seen: str
    note: str


async def said(request: Request) -> Said:
    """The form of the workbench."""
    async with request.form() as form:
        texts = {name: str(form.get(name) or "") for name in ("do", "seen", "note")}
        themes = tuple(dict.fromkeys(map(str, form.getlist("theme"))))
    note = texts["note"].strip().replace("\x00", "")[:LONGEST_NOTE]
    return Said(texts["do"] or "save", themes, texts["seen"], note)


def wrong(given: Said, book: Codebook) -> list[Wrong]:
    """What keeps a reading from being entered."""
    known = [theme for theme in given.themes if theme in book.codes]
    if given.do == "none" and given.themes:
        return [
            Wrong(
                "themes",
                tongue.say("You have chosen themes. Take them out, or choose “Save and read the next”."),
            )
        ]
    if given.do == "other" and not given.note:
        return [Wrong("note", tongue.say("Say in a few words what else the reply speaks of."))]
    if given.do == "save" and not known:
        return [
            Wrong("themes", tongue.say("Choose every theme that the reply speaks of, or “None of these”."))
        ]
    return []


def router(app: App, page: Page, measured: Measured) -> APIRouter:
    """Reading: the next reply, the workbench, taking back."""
    routes = APIRouter(prefix="/coding/{survey}")

    async def onward(db: AsyncConnection, survey: str, by: Reader) -> str:
        found = await queue.next_(app, db, survey, by.coder, by.schools)
        return f"/coding/{survey}/{found}" if found else f"/coding/{survey}/done"

    @routes.get("")
    async def next_reply(request: Request, survey: str) -> Response:
        by = doors.reader(request)
        async with app.database.begin() as db:
            await doors.survey(app, db, survey)
            return RedirectResponse(await onward(db, survey, by), 303)

    @routes.get("/done")
    async def done(request: Request, survey: str) -> Response:
        """What is said where nothing is left; whoever looks again gets what has come meanwhile."""
        by = doors.reader(request)
        async with app.database.begin() as db:
            there = await doors.survey(app, db, survey)
            if (to := await onward(db, survey, by)) != f"/coding/{survey}/done":
                return RedirectResponse(to, 303)
            so_far = await progress(db, there, by.schools)
            last = await _last(app, db, by)
        return page(request, "coding/done.html", section="coding", survey=there, so_far=so_far, last=last)

    @routes.get("/{answer:uuid}")
    async def read(request: Request, survey: str, answer: UUID, was: str = "") -> Response:
        """``was``: the themes of a reading that was just taken back, to begin from."""
        by = doors.reader(request)
        async with app.database.begin() as db:
            row = await doors.reply(app, db, survey, answer, by)
            await _take(app, db, answer, by)
            return await shown(request, db, survey, row, by, ticked=tuple(filter(None, was.split(","))))

    @routes.post("/{answer:uuid}")
    async def decide(request: Request, survey: str, answer: UUID) -> Response:
        by, given = doors.reader(request), await said(request)
        async with app.database.begin() as db:
            row = await doors.reply(app, db, survey, answer, by)
            if given.do == "pass":
                await queue.pass_over(app, db, answer, by.coder)
                return RedirectResponse(await onward(db, survey, by), 303)
            book = await app.books.of_survey(db, survey)
            if errors := wrong(given, book):
                return await shown(request, db, survey, row, by, given, errors)
            themes = [theme for theme in given.themes if theme in book.codes]
            if given.do == "other" and OTHER in book.codes:
                themes.append(OTHER)
            try:
                made = await deciding.decide(
                    app, db, answer, by.coder, themes, seen=given.seen, note=given.note or None
                )
            except (CannotDecide, LookupError):
                text = tongue.say(
                    "Nothing was saved: more words of this reply have come since you opened it. Read it again."
                )
                return await shown(request, db, survey, row, by, given, [Wrong("reply", text)])
            to = await onward(db, survey, by)
        return page.onward(to, said=_same(len(made.answers) - 1, by))

    @routes.post("/undo")
    async def undo(request: Request, survey: str) -> Response:
        by = doors.reader(request)
        async with app.database.begin() as db:
            last = await readings.newest(db, (by.coder, deciding.agreed(by.coder)))
            if last is None:
                return page.onward(
                    f"/coding/{survey}", said=tongue.say("There is nothing of yours to take back.")
                )
            given = await readings.themes(db, [last.answer_id])
            was = [coding.theme for coding in given.get((last.answer_id, last.coder), ())]
            await deciding.withdraw(app, db, last.answer_id, last.coder)
            await draws.release(db, by.coder, app.clock())
            await draws.hold(db, last.answer_id, by.coder, app.clock() + queue.LEASE)
            row = await readings.answer(db, last.answer_id)
            key = (await app.shelf.get(db, row.survey_id)).key if row else survey
        again = f"?{urlencode({'was': ','.join(was)})}" if was else ""
        return page.onward(
            f"/coding/{key}/{last.answer_id}{again}",
            said=tongue.say("Taken back. Here is that reply again."),
        )

    async def shown(
        request: Request,
        db: AsyncConnection,
        survey: str,
        row: Row[Any],
        by: Reader,
        given: Said | None = None,
        errors: Sequence[Wrong] = (),
        ticked: Sequence[str] = (),
    ) -> Response:
        there = await doors.survey(app, db, survey)
        task = await _task(app, db, row.id, by)
        chosen = given.themes if given else task.mine if task.mine is not None else ticked
        called = await names.of(db, [row.person_id])
        view = bench(
            task,
            names=called.get(row.person_id, ()),
            school=None if there.anonymous else row.school,
            at=None if there.anonymous else row.created_at,
            chosen=[theme for theme in chosen if theme in task.codebook.codes],
            near=await _near(db, task, by),
            speaks=task.speaks,
        )
        figures = await measured(app, db, survey, by.schools, old=AWHILE)
        return page(
            request,
            "coding/bench.html",
            422 if errors else 200,
            section="coding",
            survey=there,
            bench=view,
            task=task,
            so_far=await progress(db, there, by.schools),
            agreed=told(figures),
            last=await _last(app, db, by),
            note=given.note if given else task.note,
            errors=list(errors),
        )

    return routes


def _same(others: int, by: Reader) -> str:
    """For how many other replies a reading was entered too. Whoever reads for some schools is not told how many elsewhere."""
    if not others:
        return ""
    if by.schools is not None:
        return tongue.say("Saved, also for replies in exactly the same words.")
    same = tongue.say_n(
        "Saved, and for {n} reply in exactly the same words.",
        "Saved, and for {n} replies in exactly the same words.",
        others,
    )
    return same.format(n=others)


async def _task(app: App, db: AsyncConnection, answer: UUID, by: Reader) -> Task:
    language = tongue.current()
    task = await show(app, db, answer, by.coder, language)
    if task.translation is None and language != tongue.SOURCE:
        return await show(app, db, answer, by.coder)
    return task


async def _take(app: App, db: AsyncConnection, answer: UUID, by: Reader) -> None:
    """Hold it for this reader, where nobody else has it before them."""
    drawn = await draws.drawn(db, answer)
    now = app.clock()
    if await draws.free(db, answer, by.coder, drawn.wanted if drawn else 1, now):
        await draws.hold(db, answer, by.coder, now + queue.LEASE)


async def _near(db: AsyncConnection, task: Task, by: Reader) -> dict[UUID, Near]:
    """The confirmed replies that suggestions are near to, as far as this reader may see them, without names and numbers."""
    ids = [id_ for one in task.suggestions for id_ in one.near[:3]]
    if not ids:
        return {}
    wanted = select(
        answers.c.id, answers.c.person_id, answers.c.heard, answers.c.language, answers.c.declared
    )
    wanted = wanted.join(people, people.c.id == answers.c.person_id).where(answers.c.id.in_(ids))
    if by.schools is not None:
        wanted = wanted.where(people.c.school.in_(by.schools))
    rows = list(await db.execute(wanted))
    called = await names.of(db, {row.person_id for row in rows})
    return {
        row.id: Near(
            redact(row.heard, row.language or row.declared, called.get(row.person_id, ())).text,
            row.language or row.declared,
        )
        for row in rows
    }


async def _last(app: App, db: AsyncConnection, by: Reader) -> list[str] | None:
    """The names of the themes that this reader saved last; None where there is nothing to take back."""
    last = await readings.newest(db, (by.coder, deciding.agreed(by.coder)))
    if last is None:
        return None
    given = await readings.themes(db, [last.answer_id])
    book = await app.books.get(db, last.codebook)
    return labels(book, [coding.theme for coding in given.get((last.answer_id, last.coder), ())])


def labels(book: Codebook, themes: Collection[str]) -> list[str]:
    """What these themes are called."""
    return [called(book[theme].label) if theme in book else theme for theme in themes]
