"""Brings together what a report is made of, from the running service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analysis.findings import Summary

from .. import waves
from ..app import App
from ..reviewing.figures import figures
from ..store import coders
from ..waves import NoWave, Wave
from .organizers import Material


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report shall be of: a survey; its newest wave or the one that is named; ``pairs`` of dimensions to cross; ``by``, the
    dimensions to compare (None: all); ``before``, an earlier wave or another survey to compare with (None: the wave before)."""

    survey: str
    wave: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What families are told of: the findings, and the survey's title in each of its languages."""

    found: Summary
    titles: dict[str, str]


async def told(service: App, survey: str, wave: str | None = None) -> Told | None:
    """What families are told of; None where nobody has been asked. Raises NoWave for a wave that there is not."""
    found = await service.findings(survey, wave=wave)
    if found is None:
        return None
    async with service.database.read() as db:
        latest = await service.shelf.latest(db, survey)
    return Told(found, dict(latest[1].title) if latest else {})


async def material(service: App, asked: Asked) -> Material | None:
    """What organizers are told of; None where nobody has been asked. Raises NoWave for a wave, or something to compare with,
    that there is not, and KeyError for a dimension in ``pairs``."""
    found = await service.findings(asked.survey, wave=asked.wave, pairs=asked.pairs)
    if found is None:
        return None
    titles = {listed.key: listed.title for listed in await service.surveys()}
    async with service.database.read() as db:
        book = await service.books.of_survey(db, asked.survey)
        by_whom = await coders.of_survey(db, asked.survey)
        checked = await figures(service, db, asked.survey)
        every = await waves.of_survey(db, asked.survey)
    chosen = waves.pick(every, asked.wave, service.clock())
    before = asked.before or _earlier(every, chosen)
    return Material(
        title=titles.get(asked.survey, asked.survey),
        organization=service.settings.organization,
        made=service.clock().astimezone(ZoneInfo(service.settings.timezone)),
        found=found,
        book=book,
        wave=chosen.name if chosen else "",
        by=asked.by,
        before=await _before(service, asked.survey, before, every, titles) if before else None,
        before_called=titles.get(before, before) if before else "",
        # Waves are of what people said in their own words; closed questions are told of the whole survey.
        results=None if chosen else await service.results(asked.survey),
        machine=by_whom.machine,
        people=by_whom.people,
        quality=checked.machine,
        agreement=checked.people,
    )


def _earlier(every: Sequence[Wave], chosen: Wave | None) -> str | None:
    """The wave before this one."""
    before = [wave.name for wave in every if chosen and wave.begins < chosen.begins]
    return before[-1] if before else None


async def _before(
    service: App, survey: str, before: str, every: Sequence[Wave], titles: dict[str, str]
) -> Summary:
    names = [wave.name for wave in every]
    if before in names:
        found = await service.findings(survey, wave=before)
    elif before in titles and before != survey:
        found = await service.findings(before)
    else:
        raise NoWave(
            f"--before {before}: there is no such wave of {survey} ({', '.join(names) or 'it has none'}), and no such survey "
            f"({', '.join(titles)})."
        )
    if found is None or not found.heard:
        raise NoWave(f"--before {before}: nobody was heard in it, so there is nothing to compare with.")
    return found
