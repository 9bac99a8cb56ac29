"""Texts in every language: how far each is, reading and approving, the glossary, machine drafts, files for translators."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import exchanging, glossary, languages, listing, machine, reading, using, wordlists


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``. The order matters: whatever begins
    with a language stands behind what has an address of its own, and single texts come last."""
    routes = APIRouter()
    for part in (languages, glossary, wordlists, exchanging, machine, using, listing):
        routes.include_router(part.router(app, page))
    routes.include_router(reading.undoing(app, page))
    routes.include_router(reading.router(app, page))
    return routes
