"""Reports: chosen here, made in the background, looked at and downloaded."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.datastructures import FormData

from .... import audit
from ....app import App
from ....at_hand import NotYet
from ....reports import words
from ....reports.jobs import Job, Jobs, Make
from ....waves import NoWave
from ...live import stream
from ...page import Page
from ...tongue import say
from ...view import tongues
from ...view.groups import dimension_label, in_order
from . import making
from .making import Given, Order

LETTER = ("US", "CA", "MX")
LOOKED_AT = "default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox"
"""A report is one file with its style inside. Whatever stands in it, nothing of it runs."""
LONGEST = 500


def router(app: App, page: Page) -> APIRouter:
    """The addresses of reports."""
    routes = APIRouter()
    jobs = Jobs()

    async def builder(
        request: Request,
        survey: str,
        wave: str,
        errors: list[dict[str, str]],
        status: int = 200,
        given: FormData | None = None,
    ) -> Response:
        surveys = list(await app.surveys())
        chosen = next((known for known in surveys if known.key == survey), None)
        if survey and chosen is None:
            raise HTTPException(404)
        chosen = chosen or (surveys[0] if len(surveys) == 1 else None)
        seen, titles = None, {}
        if chosen is not None:
            try:
                seen = await app.glance(chosen.key, "named", wave or None)
            except NoWave:
                raise HTTPException(404) from None
            except NotYet:
                href = f"/reports?survey={chosen.key}"
                return page(
                    request, "themes/counting.html", section="findings", title=chosen.title, href=href
                )
            async with app.database.read() as db:
                latest = await app.shelf.latest(db, chosen.key)
            titles = dict(latest[1].title) if latest else {}
        groups = in_order(name for name, of in (seen.summary.groups if seen else {}).items() if len(of) > 1)
        return page(
            request,
            "themes/reports.html",
            status,
            section="findings",
            surveys=surveys,
            chosen=chosen,
            seen=seen,
            wave=seen.wave if seen else "",
            pairs=[
                (f"{one},{other}", f"{dimension_label(one)} × {dimension_label(other)}")
                for at, one in enumerate(groups)
                for other in groups[at + 1 :]
            ],
            tongues=[
                (tag, tongues.name(tag), draft)
                for tag, draft in making.languages_of(titles, list(seen.summary.tongues) if seen else [])
            ],
            jobs=jobs.of(request.state.session.member.id),
            size="letter" if app.settings.country in LETTER else "a4",
            everywhere=request.state.session.grants.reach("organizer") is None,
            errors=errors,
            given=given,
            ticked=list(map(str, given.getlist("languages"))) if given is not None else None,
        )

    @routes.get("/reports")
    async def choose(request: Request, survey: str = "", wave: str = "") -> Response:
        return await builder(request, survey, wave, [])

    @routes.post("/reports")
    async def begin(request: Request) -> Response:
        form, session = await request.form(), request.state.session
        what, survey = str(form.get("what", "")), str(form.get("survey", ""))
        wave = str(form.get("wave", ""))
        title = next((known.title for known in await app.surveys() if known.key == survey), None)
        if title is None or what not in ("report", "families", "replies"):
            raise HTTPException(404)
        pairs = tuple(
            (one, other)
            for pair in form.getlist("pairs")
            for one, _, other in [str(pair).partition(",")]
            if one and other and one != other
        )
        order = Order(
            survey,
            wave or None,
            frozenset(map(str, form.getlist("chapters"))),
            pairs,
            pdf="pdf" in form.getlist("kinds"),
            numbers="numbers" in form.getlist("kinds"),
            size="a4" if form.get("size") == "a4" else "letter",
        )
        make: Make
        if what == "replies":
            if session.grants.reach("organizer") is not None:
                raise HTTPException(403)
            make, total, called = partial(making.replies, app, order), 2, say("Replies, {survey}")
        elif what == "families":
            wanted = tuple(dict.fromkeys(map(str, form.getlist("languages"))))
            errors = _wrong(form, wanted)
            if errors:
                return await builder(request, survey, wave, errors, 422, form)
            given = Given(wanted, _texts(form, "will_do", wanted), _texts(form, "contact", wanted))
            total = 1 + len(wanted) * (1 + order.pdf)
            make, called = partial(making.give_back, app, order, given), say("Pages for families, {survey}")
        else:
            make, total = partial(making.report, app, order), 2 + order.pdf
            called = say("Report, {survey}")
        job = jobs.begin(session.member.id, called.format(survey=title), survey, app.clock(), total, make)
        async with app.database.begin() as db:
            await audit.record(db, app.clock(), session.member.id, "report.make", survey, what=what)
        return page.onward(f"/reports/{job.id}")

    def mine(request: Request, id_: UUID) -> Job:
        job = jobs.find(id_, request.state.session.member.id)
        if job is None:
            raise HTTPException(404)
        return job

    @routes.get("/reports/{id_}")
    async def progress(request: Request, id_: UUID) -> Response:
        job = jobs.find(id_, request.state.session.member.id)
        if job is None:
            return page(
                request,
                "message.html",
                404,
                heading=say("This report is not here any more"),
                text=say(
                    "Reports are kept for an hour, and not over a restart. Where Openline runs as several processes, it may be with another one: load this page once more before you make it again."
                ),
                link={"href": "/reports", "text": say("Make a report")},
            )
        return page(request, "themes/report.html", section="findings", job=job)

    @routes.get("/reports/{id_}/live")
    async def live(request: Request, id_: UUID) -> Response:
        job = mine(request, id_)

        async def part() -> str:
            return page.part(request, "themes/report.html", "standing", job=job)

        token = next((value for name, value in request.cookies.items() if name.endswith("openline")), "")
        return stream(app, request, part, token=token, every=1.0, stored=False)

    @routes.get("/reports/{id_}/{name}")
    async def file(request: Request, id_: UUID, name: str, see: bool = False) -> Response:
        found = mine(request, id_).file(name)
        if found is None or (see and not found.seen):
            raise HTTPException(404)
        headers = {"Content-Security-Policy": LOOKED_AT}
        if not see:
            headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
        return Response(found.content, media_type=found.type, headers=headers)

    return routes


def _wrong(form: FormData, wanted: tuple[str, ...]) -> list[dict[str, str]]:
    """What keeps pages for families from being made: no language, or words in one that is not ticked."""
    if not wanted or not set(words.LANGUAGES).issuperset(wanted):
        return [{"field": "languages", "text": say("Choose at least one language.")}]
    told = _texts(form, "will_do", words.LANGUAGES) | _texts(form, "contact", words.LANGUAGES)
    text = say("You have written something in {language}: tick it, or take the words out.")
    return [
        {"field": "languages", "text": text.format(language=tongues.name(tag))}
        for tag in told
        if tag not in wanted
    ]


def _texts(form: FormData, name: str, languages: tuple[str, ...]) -> dict[str, str]:
    """What staff wrote, by language."""
    found = {tag: " ".join(str(form.get(f"{name}.{tag}", "")).split())[:LONGEST] for tag in languages}
    return {tag: text for tag, text in found.items() if text}
