"""Accounts and roles, channels and their health, tokens, the calendar, and what was done."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page
from . import channels, journal, overview, person, place, tokens, users


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    routes = APIRouter()
    for part in (overview, users, person, channels, tokens, journal, place):
        routes.include_router(part.router(app, page))
    return routes
