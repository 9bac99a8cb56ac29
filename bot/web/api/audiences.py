"""Saved audiences, and how many people are in one before anything is sent to them."""

from __future__ import annotations

from fastapi import APIRouter

from ...app import App
from .door import Bearer, needing


def router(app: App) -> APIRouter:
    """Everything under /audiences."""
    routes = APIRouter(prefix="/audiences", tags=["audiences"])

    @routes.get("", summary="All saved audiences")
    async def list_audiences(by: Bearer = needing("audiences:read")) -> dict[str, str]:
        return {}

    return routes
