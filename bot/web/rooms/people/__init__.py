"""Who there is: importing, households, one record, consent, merging, erasing."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import bringing, editing, erasing, finding, handing, living, merging, reading


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    routes = APIRouter()
    for part in (finding, bringing, reading, editing, living, merging, handing, erasing):
        part.add(routes, app, page)
    return routes
