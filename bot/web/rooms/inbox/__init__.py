"""Conversations with families, and safety alerts."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import alerting, correcting, handling, noting, replying, saving, talking


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    routes = APIRouter()
    # "/inbox/saved" and "/inbox/live" before "/inbox/{person}".
    for part in (saving, talking, replying, handling, noting, correcting, alerting):
        routes.include_router(part.router(app, page))
    return routes
