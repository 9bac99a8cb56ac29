"""report --families: pages and a text message that tell families what was heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import langcodes
import typer

from survey_flows import segments

from ..app import App, opened
from ..reports import campaign, families, gathering, page, plan, words
from ..reports.families import Page, Plan
from ..reports.gathering import Told
from ..reports.words import Words
from ..waves import NoWave
from .report_files import folder, free, made_pdf, say
from .root import Problem, progress, run, settings, write


class As(StrEnum):
    """What families are given: a page for a screen, a page on paper, a text message."""

    html = "html"
    pdf = "pdf"
    text = "text"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    survey: str
    wave: str | None
    to: Path
    languages: tuple[str, ...]
    kinds: tuple[As, ...]
    plan: Path | None
    words: Path | None
    drafts_too: bool
    size: str
    force: bool


def give_back(wish: Wish) -> None:
    """Write the pages, and the text message where it was asked for. Raises Problem."""
    if wish.words is not None and not wish.words.exists():
        _lend(wish.words)
        return
    wanted, written = _tags(wish.languages), _plan(wish.plan)
    told, organization = run(_told(wish))
    spoken = [_words(tag, wish.words) for tag in wanted or _languages(told)]
    ready = [one for one in spoken if wish.drafts_too or not one.draft]
    left = [one.language for one in spoken if one not in ready]
    if not ready:
        raise Problem(
            f"{', '.join(left)}: drafts that no person has approved. --drafts-too writes pages that say so, for a speaker to "
            "read; --words FOLDER puts the phrases there, to be read and approved."
        )
    pages = [families.page(told.found, one, written, organization, told.titles) for one in ready]
    if not any(one.lines for one in pages):
        raise Problem(
            f"No barrier was named by {told.found.minimum} people or more, so there is nothing to give back yet."
        )
    _write(wish, pages, told, ready, written, organization)
    _missing(pages, ready, left, written)


def _write(
    wish: Wish, pages: Sequence[Page], told: Told, ready: Sequence[Words], written: Plan, organization: str
) -> None:
    files = [
        (wish.to / f"{wish.survey}-{one.words.language}.{kind}", one, kind)
        for kind in dict.fromkeys(wish.kinds)
        if kind is not As.text
        for one in pages
    ]
    message = wish.to / f"told-{wish.survey}.yaml"
    free([*(file for file, *_ in files), *([message] if As.text in wish.kinds else [])], wish.force)
    folder(wish.to)
    with progress("Writing") as bar:
        task = bar.add_task("", total=len(files))
        for file, one, kind in files:
            html = page.for_families(one, wish.size)
            write(file, made_pdf(html) if kind is As.pdf else html.encode())
            bar.advance(task)
    for file, *_ in files:
        typer.echo(f"Written: {file}")
    if As.text in wish.kinds:
        _text(wish.survey, message, told, ready, written, organization)


def _text(
    survey: str, file: Path, told: Told, ready: Sequence[Words], written: Plan, organization: str
) -> None:
    """The message, as a campaign's file, and on the terminal with its length."""
    spoken = {one.language: one for one in (words.read(words.SOURCE), *ready)}
    texts = {tag: families.text(told.found, one, written, organization) for tag, one in spoken.items()}
    texts = {tag: text for tag, text in texts.items() if text}
    if words.SOURCE not in texts:
        raise Problem("No barrier was named by 1 in 20 or more, so a text message has nothing to say.")
    write(file, campaign.file(survey, texts, {tag for tag in texts if spoken[tag].draft}).encode())
    typer.echo(f"Written: {file}")
    for tag, text in texts.items():
        parts = segments.count(text.replace(families.SCHOOL, organization)).parts
        typer.echo(f"  {tag}, {parts} SMS: {text}")
        step = written.will_do.get(tag, "").strip().rstrip(families.CLOSES)
        if step not in text:
            say(f"{tag}: no room in {families.MOST_PARTS} SMS for what you will do. Say it in fewer words.")
    say(f"Look it over, and send it as any campaign: openline campaign check {file}")


def _missing(pages: Sequence[Page], ready: Sequence[Words], left: Sequence[str], written: Plan) -> None:
    """Say what the pages do not say, and why."""
    if not written.will_do:
        say("The pages do not say what you will do. Write it into a file: --plan (docs/reports.md).")
    for name, texts in (("will_do", written.will_do), ("contact", written.contact)):
        lacking = [one.language for one in ready if one.language not in texts]
        if lacking and texts:
            say(f"--plan has no {name} in {', '.join(lacking)}: the line is left out there.")
    for one in pages:
        if one.unsaid:
            say(
                f"{one.words.language}: no words for {'; '.join(one.unsaid)}: left out. Name them under themes in --plan."
            )
    if left:
        say(
            f"Not written, because no person has approved the phrases: {', '.join(left)}. See --drafts-too and --words."
        )


def _lend(path: Path) -> None:
    """Put our phrases into a folder, for people to read, mend and approve."""
    folder(path)
    for tag in words.LANGUAGES:
        write(path / f"{tag}.po", (words.FOLDER / f"{tag}.po").read_bytes())
    typer.echo(f"Written: {path}, with a PO file for each of {', '.join(words.LANGUAGES)}.")
    say(
        "Have somebody who speaks the language mend its file, and write their name behind X-Approved-By in its head. Then type "
        "the same command again."
    )


async def known(service: App, survey: str) -> None:
    """Raise Problem for a survey that there is not."""
    keys = [listed.key for listed in await service.surveys()]
    if survey not in keys:
        raise Problem(f"There is no survey {survey}. There are: {', '.join(keys) or 'none yet'}.")


async def _told(wish: Wish) -> tuple[Told, str]:
    async with opened(settings()) as service:
        await known(service, wish.survey)
        try:
            told = await gathering.told(service, wish.survey, wish.wave)
        except NoWave as error:
            raise Problem(str(error)) from None
        if told is None or told.found.heard < told.found.minimum:
            raise Problem(f"Too few have answered {wish.survey} to give anything back yet.")
        return told, service.settings.organization


def _languages(told: Told) -> list[str]:
    """The survey's languages and those that enough people wrote in, as far as the page has phrases."""
    tags = {*told.titles, *told.found.tongues}
    return [tag for tag in words.LANGUAGES if tag in tags] or [words.SOURCE]


def _tags(languages: Sequence[str]) -> list[str]:
    for tag in languages:
        if not langcodes.tag_is_valid(tag):
            raise Problem(f"--language: '{tag}' is no language tag. Use one like es, ht or zh-Hans.")
    return list(dict.fromkeys(langcodes.standardize_tag(tag) for tag in languages))


def _words(tag: str, own: Path | None) -> Words:
    try:
        return words.read(tag, own)
    except LookupError:
        raise Problem(
            f"The page has no phrases in {tag}. There are: {', '.join(words.LANGUAGES)}. To add it, make {tag}.po of en.po in a "
            "folder of your own: --words FOLDER."
        ) from None
    except words.BadWords as error:
        raise Problem(str(error)) from None


def _plan(file: Path | None) -> Plan:
    try:
        return plan.read(file) if file else Plan()
    except plan.BadPlan as error:
        raise Problem(str(error)) from None
