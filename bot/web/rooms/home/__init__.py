"""Today: what needs whoever looks, how the round stands, and the way from an empty start."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import guide, today


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    routes = APIRouter()
    today.add(routes, app, page)
    guide.add(routes, app, page)
    return routes
