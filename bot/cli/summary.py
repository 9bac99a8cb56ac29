"""summary: the findings of a survey, in a terminal or as JSON."""

from __future__ import annotations

import json as json_
import shutil
from dataclasses import replace
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from analysis import summary as reckoning
from analysis.findings import Summary
from analysis.views import VIEWS, View

from ..app import App, opened
from ..duties import parse
from ..store import coders
from ..viewing import Viewed
from ..waves import NoWave
from .root import Problem, app, run, settings

_VIEW = {view.replace("_", "-"): view for view in VIEWS}


@app.command()
def summary(
    survey: Annotated[str | None, typer.Argument(help="Which survey; not needed when there is one.")] = None,
    wave: Annotated[
        str | None, typer.Option(help="Which wave, where it has waves; default: the newest.")
    ] = None,
    view: Annotated[
        str,
        typer.Option(
            help="In which order: named (how many name it), within-reach (what the school can change first), gap (where "
            "groups differ most), change (since the wave before)."
        ),
    ] = "named",
    against: Annotated[
        str | None,
        typer.Option(help="With --view change: the earlier wave, or the other survey, to compare with."),
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Also each group of one dimension: school, language, …")
    ] = None,
    pair: Annotated[
        str | None, typer.Option(help="Also the groups of two dimensions at once, as school,language.")
    ] = None,
    theme: Annotated[str | None, typer.Option(help="Only this barrier, by its id, as transport.")] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """Show which barriers people named, how sure that is, in whose words, and who was not heard.

    The numbers are those of one state of the survey, on every page and in every export, until enough more people have
    been heard: so nobody can learn what the last few said by comparing two days.
    """
    if view not in _VIEW:
        raise Problem(f"--view is one of {', '.join(_VIEW)}.")
    pairs = [_pair(pair)] if pair else []

    async def go() -> tuple[Viewed, Summary, list[str]]:
        async with opened(settings()) as service:
            try:
                found = await _found(service, survey, _VIEW[view], wave, against)
                key = found.summary.survey
                pairs[:] = [
                    (_dimension(found.summary, one), _dimension(found.summary, other)) for one, other in pairs
                ]
                whole = await service.findings(key, wave=wave, pairs=pairs)
            except NoWave as error:
                raise Problem(str(error)) from None
            except KeyError as error:
                raise Problem(
                    f"--pair: there is no dimension {error}. There are: {_dimensions(found.summary)}."
                ) from None
            async with service.database.read() as db:
                notes = [*_waves(found), *await _agreement(service, db, key), *_untold(service, found)]
            return found, _local(service, whole or found.summary), notes

    viewed, found, notes = run(go())
    if by is not None and (by := _dimension(found, by)) not in found.groups:
        raise Problem(f"--by: there is no dimension {by}. There are: {_dimensions(found)}.")
    if theme is not None and theme not in {finding.theme for finding in found.themes}:
        raise Problem(f"--theme is one of {', '.join(finding.theme for finding in found.themes)}.")
    if json:
        told = reckoning.to_json(found, viewed.ranking) | {"wave": viewed.wave or None}
        typer.echo(json_.dumps(_only(told, theme), ensure_ascii=False, indent=2))
        return
    asked_for = {"by": by, "pair": pairs[0] if pairs else None, "theme": theme}
    typer.echo(
        reckoning.as_text(found, width(), ranking=viewed.ranking, notes=notes, **asked_for)  # type: ignore[arg-type]
    )


def width() -> int:
    """How wide a page in this terminal is."""
    return min(shutil.get_terminal_size((100, 24)).columns, 110)


async def _found(
    service: App, survey: str | None, view: View, wave: str | None, against: str | None
) -> Viewed:
    keys = [listed.key for listed in await service.surveys()]
    if survey is not None and survey not in keys:
        raise Problem(f"There is no survey {survey}. There are: {', '.join(keys) or 'none yet'}.")
    asked = [survey] if survey else [key for key in keys if await service.findings(key) is not None]
    if len(asked) > 1:
        raise Problem(f"Which survey? One of: {', '.join(asked)}.")
    found = await service.viewed(asked[0], view, wave, against) if asked else None
    if found is None:
        raise Problem("Nobody has been asked yet. See `openline ask --help` and `openline import --help`.")
    return found


def _pair(named: str) -> tuple[str, str]:
    one, _, other = (part.strip() for part in named.partition(","))
    if not one or not other or one == other:
        raise Problem("--pair names two dimensions with a comma between, as school,language.")
    return one, other


def _dimension(found: Summary, named: str) -> str:
    """A dimension as it is written in the contact list, however somebody has typed it."""
    return next((name for name in found.groups if name.lower() == named.lower()), named)


def _dimensions(found: Summary) -> str:
    return ", ".join(found.groups)


def _waves(found: Viewed) -> list[str]:
    if not found.wave:
        return []
    others = [name for name in found.waves if name != found.wave]
    compared = f", compared with {found.before}" if found.before else ""
    also = f" Other waves: {', '.join(others)} (--wave)." if others else ""
    return [f"Wave: {found.wave}{compared}.{also}"]


async def _agreement(service: App, db: AsyncConnection, key: str) -> list[str]:
    """How often the coder is right, as far as people have looked."""
    book = await service.books.of_survey(db, key)
    newest = await coders.newest(db, book.id, book.version)
    if newest is None:
        return ["Themes were given by a program, and no person has checked how well: openline review"]
    quality: dict[str, Any] = newest.quality
    right, found = (quality["micro"][name]["value"] for name in ("precision", "recall"))
    if right is None or found is None:
        return []
    drawn = "drawn by lot" if quality.get("by_lot") else "many of them its hardest"
    return [
        f"Of {quality['replies']} replies that people have read ({drawn}): {right:.0%} of the themes that the coder gave are "
        f"right, and it found {found:.0%} of those that people see."
    ]


def _untold(service: App, found: Viewed) -> list[str]:
    """The roles that the codebook names and that nobody stands for, whether or not there is anything for them."""
    contacts = parse(service.settings.duty_roles)
    roles = dict.fromkeys(duty.role for duty in found.ranking.duties if duty.role.lower() not in contacts)
    return [f"Nobody is told of duties for: {', '.join(roles)} (OPENLINE_DUTY_ROLES)."] if roles else []


def _local(service: App, found: Summary) -> Summary:
    """With its moment on the clock of the place."""
    if found.release is None or found.release.at is None:
        return found
    at = found.release.at.astimezone(ZoneInfo(service.settings.timezone))
    return replace(found, release=replace(found.release, at=at))


def _only(told: dict[str, Any], theme: str | None) -> dict[str, Any]:
    if theme is None:
        return told
    return told | {"themes": [finding for finding in told["themes"] if finding["theme"] == theme]}
