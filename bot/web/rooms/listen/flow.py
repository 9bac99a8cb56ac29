"""How a survey goes, drawn; and the same in words."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from survey_flows import SurveyError
from survey_flows.drawing import draw

from ....app import App
from ...page import Page
from ...tongue import say
from . import showing
from .held import held, may_write

_STYLE = re.compile(r"<style>.*?</style>\n?", re.DOTALL)


def router(app: App, page: Page) -> APIRouter:
    """Its page."""
    routes = APIRouter()

    @routes.get("/surveys/{key}/flow")
    async def flow(request: Request, key: str, tongue: str = "") -> Response:
        async with app.database.read() as db:
            found = await held(app, db, key)
        try:
            shown = found.looked
        except SurveyError:
            return page.onward(f"{found.address}/edit/file")
        seen = shown.outline
        language = tongue if tongue in seen.languages else seen.source
        drawn = await asyncio.to_thread(draw, shown.survey, language, say) if shown.survey else ""
        rows = [
            {
                "item": item,
                "number": seen.number(item),
                "kind": showing.kind_of(item),
                "asked": showing.words(item.main, language, seen.source),
                "answers": [showing.words(one.texts, language, seen.source) for one in item.choices],
                "who": showing.condition(item, seen, language),
                "inside": len(item.at) > 1,
            }
            for item in seen.walked()
        ]
        values: dict[str, Any] = {
            "h": found,
            "seen": seen,
            "drawing": Markup(_STYLE.sub("", drawn)),  # noqa: S704 - our own drawing, every text in it is escaped
            "rows": rows,
            "language": language,
            "tongues": [(tag, showing.named(tag)) for tag in seen.languages],
        }
        return page(
            request,
            "listen/flow.html",
            section="surveys",
            write=may_write(request),
            here_tab="flow",
            **values,
        )

    return routes
