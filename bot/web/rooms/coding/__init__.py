"""Reading replies: the workbench, agreement, emerging themes, codebooks."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import again, agreeing, books, editing, overview, proposals, workbench
from .jobs import Jobs
from .measured import Measured


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    measured, jobs = Measured(), Jobs()
    routes = APIRouter()
    routes.include_router(overview.router(app, page, measured))
    routes.include_router(proposals.router(app, page, jobs))
    routes.include_router(agreeing.router(app, page, measured))
    routes.include_router(workbench.router(app, page, measured))
    routes.include_router(again.router(app, page, jobs))
    routes.include_router(books.router(app, page, jobs))
    routes.include_router(editing.router(app, page))
    return routes
