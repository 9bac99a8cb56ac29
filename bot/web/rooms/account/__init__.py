"""One's own account: name, how pages look, password, the second step, and where one is signed in."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...entrance import TRIES_BY_ADDRESS, WINDOW
from ...page import Page
from ...throttle import Throttle
from . import password, profile, sessions, two_step


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    routes = APIRouter()
    guesses = Throttle(
        TRIES_BY_ADDRESS, WINDOW
    )  # of passwords and codes, by somebody who sits at an open session
    routes.include_router(profile.router(app, page))
    routes.include_router(password.router(app, page, guesses))
    routes.include_router(two_step.router(app, page, guesses))
    routes.include_router(sessions.router(app, page))
    return routes
