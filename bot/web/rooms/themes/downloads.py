"""Findings as files, as the page shows them: the numbers for spreadsheets, the chart as a drawing."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request, Response

from ....app import App
from ....at_hand import NotYet
from ....exporting import FORMATS, Job, Tables, making
from ....exporting.replies import Replies
from ... import view as pages
from ...page import Page
from ...tongue import say
from ...view.drawing import chart
from ...view.themes import in_words
from .looking import crossed, glance, look_of, title_of, worded

KINDS = {
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": (".csv.zip", "application/zip"),
}


def router(app: App, page: Page) -> APIRouter:
    """The addresses of files."""
    routes = APIRouter()

    def counting(request: Request, title: str, href: str) -> Response:
        """It leads to the page that the file is offered on: a script that asked for the file would show its bytes."""
        return page(request, "themes/counting.html", section="findings", title=title, href=href)

    @routes.get("/findings/{survey}/download")
    async def download(request: Request, survey: str, kind: str = "xlsx") -> Response:
        title, look = await title_of(app, survey), look_of(request, survey)
        if kind not in KINDS:
            raise HTTPException(404)
        try:
            seen = await glance(app, look)
            found = (await crossed(app, look, seen.summary) or seen.summary) if seen else None
            if seen and not seen.wave:
                await app.chosen(survey)  # it stands in the file too, and takes seconds the first time
        except NotYet:
            return counting(request, title, look.href())
        if seen is None or found is None:
            raise HTTPException(404)
        made = await making.make_findings(app, survey, wave=seen.wave or None, shown=found)
        ending, type_ = KINDS[kind]
        content = await asyncio.to_thread(written, made, ending)
        return Response(content, media_type=type_, headers=_named(f"findings-{survey}-{seen.wave}", ending))

    @routes.get("/findings/{survey}/chart.svg")
    async def drawing(request: Request, survey: str) -> Response:
        title, look = await title_of(app, survey), look_of(request, survey)
        try:
            seen = await glance(app, look)
            cells = await crossed(app, look, seen.summary) if seen else None
        except NotYet:
            return counting(request, title, look.href())
        zone = ZoneInfo(app.settings.timezone)
        cells = in_words(cells) if cells else None
        shown = pages.findings(look, title, worded(seen), zone, (), cells) if seen else None
        if shown is None or not shown.bars:
            raise HTTPException(404)
        base = (
            say(
                "Share of {base} {people} whose replies are coded ({groups}); the thin line is what is likely."
            )
            if shown.groups
            else say("Share of {base} {people} whose replies are coded; the thin line is what is likely.")
        ).format(base=shown.base, people=shown.people, groups=shown.groups)
        foot = f"{app.settings.organization}, {title}. {shown.standing.state.partition('. ')[0].rstrip('.')}."
        text = chart(shown.heading, base, shown.bars, shown.ticks, foot, shown.people)
        return Response(text, media_type="image/svg+xml", headers=_named(f"chart-{survey}", ".svg"))

    return routes


def written(tables: Tables, ending: str, replies: Replies | None = None) -> bytes:
    """Tables as one file."""
    job = Job(tables, replies)
    with tempfile.TemporaryDirectory(prefix="openline-") as folder:
        file = Path(folder) / f"findings{ending}"
        FORMATS[ending].write(job, file)
        return file.read_bytes()


def _named(name: str, ending: str) -> dict[str, str]:
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-")
    return {"Content-Disposition": f'attachment; filename="{plain}{ending}"'}
