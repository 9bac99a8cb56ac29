"""What is behind a theme: its parts, and the routes, hours and places that enough people name."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response

from analysis.drilling import Branch, Drill, Named

from ....app import App
from ....at_hand import NotYet
from ....problems import Problems
from ...page import Page
from ...tongue import say
from ...view.figures import percent, thousands
from ...view.groups import dimension_name, group_name
from ...view.themes import called
from .looking import glance, look_of, title_of


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the theme: its numbers, and what is named in it, by kind."""

    label: str
    count: str
    share: str
    named: tuple[tuple[str, str], ...]
    wordings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Among:
    """The groups of one dimension that name the theme most."""

    dimension: str
    groups: tuple[tuple[str, str, str], ...]


def router(app: App, page: Page) -> APIRouter:
    """The address of what is behind a theme."""
    routes = APIRouter()

    @routes.get("/findings/{survey}/behind")
    async def behind(request: Request, survey: str) -> Response:
        title, look = await title_of(app, survey), look_of(request, survey)
        try:
            seen = await glance(app, look)
            if seen is None or look.theme not in {theme.theme for theme in seen.summary.themes}:
                raise HTTPException(404)
            release = seen.summary.release
            number = (release.number, release.at) if release else None
            problems = Problems(app.database, app.books, app.releases, app.clock, app.new_id)
            found: Drill = await app.at_hand.work(
                ("behind", survey, seen.wave, look.theme, number),
                lambda: problems.drilled(survey, look.theme, seen.summary, seen.wave or None),
            )
        except NotYet:
            return page(
                request, "themes/counting.html", section="findings", title=title, href=look.href("behind")
            )
        return page(
            request,
            "themes/behind.html",
            section="findings",
            title=title,
            look=look,
            theme=called(found.label),
            minimum=found.minimum,
            count=thousands(found.count) if found.count is not None else "",
            share=percent(found.share) if found.share is not None else "",
            heard=thousands(found.heard),
            parts=[_part(branch) for branch in found.branches],
            hidden=found.hidden,
            among=[
                Among(
                    dimension_name(dimension),
                    tuple(
                        (group_name(dimension, one.group), percent(one.share), thousands(one.heard))
                        for one in groups[:8]
                    ),
                )
                for dimension, groups in found.groups.items()
            ],
        )

    return routes


def _part(branch: Branch) -> Part:
    kinds = {
        "route": say("Routes"),
        "time": say("Times"),
        "hour": say("Hours"),
        "day": say("Days"),
        "part of day": say("Parts of the day"),
        "street": say("Streets"),
    }
    return Part(
        called(branch.label),
        thousands(branch.count),
        percent(branch.share),
        tuple((kinds.get(kind, kind), _named(named)) for kind, named in branch.named.items()),
        tuple(_wording(one) for one in branch.wordings),
    )


def _wording(one: Named) -> tuple[str, str]:
    """A wording and its language: "late (en)"."""
    words, _, tag = one.value.rpartition(" (")
    return words, tag.rstrip(")")


def _named(named: tuple[Named, ...]) -> str:
    return ", ".join(
        say("{value} ({n} or more)").format(value=one.value, n=thousands(one.people)) for one in named
    )
