"""Who asks for a page of the inbox, and whom they may see."""

from __future__ import annotations

from uuid import UUID

from fastapi import HTTPException, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....dialogue.within import Reach, reached
from ....store.staff import Member
from ... import tongue

COOKIES = ("__Host-openline", "openline")
"""What the session's cookie is called, with TLS and without (``web/guard.py``)."""


def member(request: Request) -> Member:
    """Whoever has signed in."""
    return request.state.session.member  # type: ignore[no-any-return]


def reach(request: Request) -> Reach:
    """The schools whose families they answer; None: all."""
    return request.state.session.grants.reach("staff")  # type: ignore[no-any-return]


async def known(db: AsyncConnection, request: Request, person: UUID) -> None:
    """Raises 404 for somebody who is not there, or not in reach: nobody shall learn which."""
    if not await reached(db, reach(request), person):
        raise HTTPException(404)


def readers(app: App) -> tuple[str, ...]:
    """The languages into which what families say is translated."""
    return app.interpreter.wishes.targets


def reader(app: App) -> str:
    """The language into which families' words are put for this reader: their pages', if it is one of those."""
    return tongue.current() if tongue.current() in readers(app) else "en"


def token(request: Request) -> str:
    """The cookie of their session: what keeps a page up to date ends with it."""
    return next((request.cookies[name] for name in COOKIES if name in request.cookies), "")
