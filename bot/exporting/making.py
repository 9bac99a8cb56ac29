"""Makes an export of one survey: findings or replies, as tables that any format can be written from."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, combinations
from secrets import token_bytes

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis.cloak import SPOKEN
from analysis.codebook import Codebook
from analysis.findings import Summary
from analysis.items import Results
from survey_flows.told import told
from survey_flows.wording import fill, gaps

from .. import waves
from ..app import App
from ..at_hand import NotYet
from ..shelf import Shelf
from ..store.spans import Span
from ..store.tables import surveys
from ..waves import NoWave, Wave
from . import findings, reading, replies
from .replies import Progress, Replies
from .standing_in import StandIns
from .tables import About, Purpose, Tables


class CannotExport(LookupError):  # noqa: N818
    """What is wanted cannot be had; the text says why, and what can be done."""


async def make_findings(
    service: App,
    survey: str,
    *,
    wave: str | None = None,
    pairs: Sequence[tuple[str, str]] = (),
    shown: Summary | None = None,
) -> Tables:
    """The findings of a survey, or of one wave of it (the newest, where none is named). Raises CannotExport.

    ``shown``: those of a page, to be written as they stand there; without them the present ones are reckoned.
    """
    found = shown or await _summary(service, survey, wave, pairs)
    async with service.database.read() as db:
        picked = await _wave(db, service, survey, wave)
        about, book = await _about(db, service, "findings", survey, picked, found)
    # What people chose is reckoned over all waves: in an export of one it would be of others too.
    results = None if picked else await _chosen(service, survey, shown=shown is not None)
    return findings.tables(found, results, book, about)


async def _chosen(service: App, survey: str, *, shown: bool) -> Results | None:
    """What people chose: beside the numbers of a page as pages show it, where it is at hand."""
    if shown:
        with suppress(NotYet):
            found = await service.chosen(survey)
            return found[0] if found else None
    return await service.results(survey)


async def make_replies(
    service: App,
    survey: str,
    *,
    wave: str | None = None,
    groups: Sequence[str] = (),
    coming_back: bool = False,
    key: bytes | None = None,
    progress: Progress = lambda _: None,
) -> Replies:
    """The replies of a survey or a wave, with ``groups`` beside them as far as that may be. ``coming_back``: under names by
    which codings find them again; else under random ones (from ``key``, a random one if None). Raises CannotExport."""
    # What the findings hide of two groups at once has to be hidden here as well.
    beside = dict.fromkeys((*groups, SPOKEN))
    found = await _summary(service, survey, wave, list(combinations(beside, 2))) if groups else None
    async with service.database.read() as db:
        picked = await _wave(db, service, survey, wave)
        about, book = await _about(db, service, "replies", survey, picked, found)
        names = names_of(service, survey) if coming_back else StandIns(key or token_bytes(32))
        return await replies.gather(
            db,
            about,
            book,
            await questions(db, service.shelf, survey),
            names,
            # Beside groups not a later one than the findings have: the difference would be of few.
            replace(_span(picked), at=about.at),
            summary=found,
            dimensions=groups,
            progress=progress,
        )


async def count(service: App, survey: str, wave: str | None = None) -> int:
    """How many replies ``make_replies`` will go through, about."""
    async with service.database.read() as db:
        span = _span(await _wave(db, service, survey, wave))
        return sum(replies for _, replies in (await reading.speakers(db, survey, span)).values())


def names_of(service: App, survey: str) -> StandIns:
    """The names by which codings of this survey find their replies. Raises CannotExport where there is no key."""
    secret = service.settings.secret_key.get_secret_value()
    if not secret:
        raise CannotExport(
            "Codings could not find their replies when they come back: set OPENLINE_SECRET_KEY to a long random text, "
            "and keep it."
        )
    return StandIns.of(secret, survey)


async def _summary(service: App, survey: str, wave: str | None, pairs: Sequence[tuple[str, str]]) -> Summary:
    try:
        found = await service.findings(survey, wave=wave, pairs=pairs)
    except NoWave as error:
        raise CannotExport(str(error)) from None
    except KeyError:
        plain = await service.findings(survey, wave=wave)
        there = list(plain.groups) if plain else []
        wrong = [name for name in dict.fromkeys(chain(*pairs)) if name not in there]
        raise CannotExport(
            f"There is no group {', '.join(wrong)}. There are: {', '.join(there) or 'none'}."
        ) from None
    if found is None:
        await _known(service, survey)
        raise CannotExport(told("Nobody has been asked in {survey} yet.", survey=survey))
    return found


async def _wave(db: AsyncConnection, service: App, survey: str, name: str | None) -> Wave | None:
    try:
        return waves.pick(await waves.of_survey(db, survey), name, service.clock())
    except NoWave as error:
        raise CannotExport(str(error)) from None


def _span(wave: Wave | None) -> Span:
    return wave.span if wave else Span()


async def _known(service: App, survey: str) -> None:
    keys = [listed.key for listed in await service.surveys()]
    if survey not in keys:
        raise CannotExport(f"There is no survey {survey}. There are: {', '.join(keys) or 'none yet'}.")


async def _about(
    db: AsyncConnection,
    service: App,
    purpose: Purpose,
    survey: str,
    wave: Wave | None,
    found: Summary | None,
) -> tuple[About, Codebook]:
    latest = await service.shelf.latest(db, survey)
    if latest is None:
        await _known(service, survey)
        raise CannotExport(f"There is no survey {survey}.")
    book = await service.books.of_survey(db, survey)
    release = found.release if found else None
    about = About(
        purpose,
        survey,
        latest[1].title[latest[1].source],
        book.id,
        book.version,
        service.settings.minimum_cell,
        at=release.at if release and release.at else service.clock(),
        wave=wave.name if wave else "",
        release=release.number if release else None,
    )
    return about, book


async def questions(db: AsyncConnection, shelf: Shelf, key: str) -> dict[str, str]:
    """Every question of every version, as staff read it; the newest words."""
    ids = await db.execute(select(surveys.c.id).where(surveys.c.key == key).order_by(surveys.c.id.desc()))
    found: dict[str, str] = {}
    for id_ in list(ids.scalars()):
        survey = await shelf.get(db, id_)
        language = "en" if "en" in survey.languages else survey.source
        for question in survey.questions:
            if question.key not in found:
                words = question.texts[None][language]
                filled = fill(words, {gap: f"[{gap}]" for gap in gaps(words)}, lambda _: "…")
                found[question.key] = " ".join(filled.split())
    return found
