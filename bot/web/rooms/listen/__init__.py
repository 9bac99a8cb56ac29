"""Surveys: the library, writing them in all their languages, trying them as a family would."""

from __future__ import annotations

from fastapi import APIRouter

from ....app import App
from ...page import Page


def router(app: App, page: Page) -> APIRouter:
    """The pages of this room. Which roles they ask for stands in ``bot/web/allow.py``."""
    return APIRouter()
