"""What was found: the findings of each survey, the replies behind them, problem statements, duties, reports, waves."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import barriers, behind, downloads, duties, problems, replies, reports, waves


def router(app: App, page: Page) -> APIRouter:
    """The addresses of this room."""
    routes = APIRouter()
    for part in (barriers, behind, downloads, waves, replies, problems, duties, reports):
        routes.include_router(part.router(app, page))
    return routes
