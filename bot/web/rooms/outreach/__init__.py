"""Campaigns: writing, previewing, approving, watching them go, and the account of everybody."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import audiences, compose, listing, progress, schools, trial
from .choices import Choices


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    routes, choices = APIRouter(), Choices(app)
    for part in (
        listing.router(app, page),
        compose.router(app, page, choices),
        trial.router(app, page),
        audiences.router(app, page, choices),
        schools.router(app, page),
        progress.router(app, page),  # last: it takes every word behind a campaign's key
    ):
        routes.include_router(part)
    return routes
