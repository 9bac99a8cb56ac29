"""Makes what a report page asks for, in the background and step by step."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ....app import App
from ....exporting import making as exporting
from ....exporting import replies as tables
from ....exporting.making import CannotExport
from ....reports import families, gathering, organizers, page, paper, words
from ....reports.families import Plan
from ....reports.gathering import Asked
from ....reports.jobs import File, Job, Trouble
from ....waves import NoWave
from ... import tongue
from ...tongue import say
from .downloads import KINDS, written

HTML, PDF = "text/html; charset=utf-8", "application/pdf"


@dataclass(frozen=True, slots=True)
class Order:
    """What is wanted: of which survey and wave, with which chapters and crossings; ``pdf`` beside the page; ``size`` of paper."""

    survey: str
    wave: str | None
    chapters: frozenset[str] = frozenset(organizers.CHAPTERS)
    pairs: tuple[tuple[str, str], ...] = ()
    pdf: bool = True
    numbers: bool = False
    size: str = "letter"


@dataclass(frozen=True, slots=True)
class Given:
    """What families are told, and in which languages; ``plan`` are staff's own words."""

    languages: tuple[str, ...]
    will_do: Mapping[str, str] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)


async def report(app: App, order: Order, job: Job) -> None:
    """The report for organizers: a page, and on paper. Raises Trouble."""
    job.step(say("Gathering the findings"))
    try:
        made = await gathering.material(app, Asked(order.survey, order.wave, order.pairs))
    except (NoWave, KeyError):
        raise Trouble(say("That wave or crossing is not there any more.")) from None
    if made is None:
        raise Trouble(say("Nobody has been asked yet, so there is nothing to report."))
    job.step(say("Setting the page"))
    with tongue.speaking(tongue.SOURCE):  # reports are in English
        whole = await asyncio.to_thread(organizers.report, made)
        html = await asyncio.to_thread(
            page.for_organizers, organizers.only(whole, order.chapters), order.size
        )
    job.files.append(File(f"report-{order.survey}.html", say("The report as a page"), HTML, html.encode()))
    if order.numbers:
        numbers = await exporting.make_findings(
            app, order.survey, wave=order.wave, pairs=order.pairs, shown=made.found
        )
        ending, type_ = KINDS["xlsx"]
        content = await asyncio.to_thread(written, numbers, ending)
        job.files.append(File(f"findings-{order.survey}.xlsx", say("The numbers (Excel)"), type_, content))
    if order.pdf:
        await _paper(job, f"report-{order.survey}.pdf", say("The report on paper (PDF)"), html)


async def give_back(app: App, order: Order, given: Given, job: Job) -> None:
    """The page for families, in each language. Raises Trouble."""
    job.step(say("Gathering the findings"))
    try:
        told = await gathering.told(app, order.survey, order.wave)
    except NoWave:
        raise Trouble(say("That wave is not there any more.")) from None
    if told is None or told.found.heard < told.found.minimum:
        raise Trouble(say("Too few have answered to give anything back yet."))
    plan = Plan(given.will_do, given.contact)
    pages = [
        families.page(told.found, words.read(tag), plan, app.settings.organization, told.titles)
        for tag in given.languages
    ]
    if not any(one.lines for one in pages):
        raise Trouble(say("No barrier was named by enough people, so there is nothing to give back yet."))
    for one in pages:
        tag = one.words.language
        job.step(say("Setting the page in {language}").format(language=tag))
        html = await asyncio.to_thread(page.for_families, one, order.size)
        job.files.append(
            File(
                f"families-{order.survey}-{tag}.html",
                say("Page for families, {language}").format(language=tag),
                HTML,
                html.encode(),
            )
        )
        if order.pdf:
            label = say("The same on paper (PDF), {language}").format(language=tag)
            await _paper(job, f"families-{order.survey}-{tag}.pdf", label, html)


async def replies(app: App, order: Order, job: Job) -> None:
    """What people said, for the staff's own work. Raises Trouble."""
    job.step(say("Reading the replies"))
    try:
        made = await exporting.make_replies(app, order.survey, wave=order.wave)
    except CannotExport as error:
        raise Trouble(str(error)) from None
    job.step(say("Writing the file"))
    ending, type_ = KINDS["xlsx"]
    content = await asyncio.to_thread(written, tables.tables(made), ending, made)
    name = f"replies-{order.survey}.xlsx"
    job.files.append(File(name, say("The replies (Excel), never for publishing"), type_, content))


async def _paper(job: Job, name: str, label: str, html: str) -> None:
    job.step(say("Making the PDF: this takes some seconds"))
    try:
        content = await asyncio.to_thread(paper.pdf, html)
    except paper.NoPaper:
        raise Trouble(
            say(
                "No PDF can be made on this server: it lacks Pango. Print the page from your browser instead."
            )
        ) from None
    job.files.append(File(name, label, PDF, content))


def languages_of(titles: Mapping[str, str], spoken: Sequence[str]) -> list[tuple[str, bool]]:
    """In which languages families can be told, each with whether its words are a draft."""
    tags = {*titles, *spoken}
    found = [tag for tag in words.LANGUAGES if tag in tags] or [words.SOURCE]
    return [(tag, words.read(tag).draft) for tag in found]
