"""Brings together what a report is made of, from the running service."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from analysis.findings import Summary

from ..app import App
from ..store import coders
from .organizers import Material


@dataclass(frozen=True, slots=True)
class Told:
    """Of one survey: its findings, and its title in each of its languages."""

    found: Summary
    titles: dict[str, str]


async def told(service: App, survey: str) -> Told | None:
    """What families are told of; None where nobody has been asked."""
    found = await service.findings(survey)
    if found is None:
        return None
    async with service.database.read() as db:
        latest = await service.shelf.latest(db, survey)
    return Told(found, dict(latest[1].title) if latest else {})


async def material(
    service: App, survey: str, *, by: tuple[str, ...] | None = None, before: str | None = None
) -> Material | None:
    """What organizers are told of; None where nobody has been asked. ``before`` is an earlier survey."""
    found = await service.findings(survey)
    if found is None:
        return None
    earlier = await service.findings(before) if before else None
    titles = {listed.key: listed.title for listed in await service.surveys()}
    async with service.database.read() as db:
        book = await service.books.of_survey(db, survey)
        by_whom = await coders.of_survey(db, survey)
    return Material(
        title=titles.get(survey, survey),
        organization=service.settings.organization,
        made=service.clock().astimezone(ZoneInfo(service.settings.timezone)),
        found=found,
        book=book,
        by=by,
        before=earlier,
        before_called=titles.get(before, before) if before else "",
        results=await service.results(survey),
        machine=by_whom.machine,
        people=by_whom.people,
    )
