"""Reading replies: the workbench, agreement, emerging themes, codebooks."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import agreeing, overview, workbench
from .measured import Measured
from .progress import counts

__all__ = ["counts", "router"]


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    measured = Measured()
    routes = APIRouter()
    routes.include_router(overview.router(app, page, measured))
    routes.include_router(agreeing.router(app, page, measured))
    routes.include_router(workbench.router(app, page, measured))
    return routes
