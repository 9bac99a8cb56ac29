"""Surveys: the library, writing them in all their languages, trying them as a family would."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import beginnings, editor, flow, items, publishing, shelf, trying


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    routes = APIRouter()
    for part in (beginnings, shelf, editor, items, publishing, flow, trying):
        routes.include_router(part.router(app, page))
    return routes
