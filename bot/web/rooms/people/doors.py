"""Who may come to which record: everything here is narrowed to the schools of whoever looks."""

from __future__ import annotations

from uuid import UUID

from fastapi import HTTPException, Request
from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....dialogue.within import Reach, reached
from ....people.record import Record, record


def reach(request: Request) -> Reach:
    """The schools whose people they look after: None is everywhere."""
    found: Reach = request.state.session.grants.reach("staff")
    return found


def member(request: Request) -> UUID:
    """Who looks."""
    found: UUID = request.state.session.member.id
    return found


def is_admin(request: Request) -> bool:
    """Whether they may erase and merge."""
    return bool(request.state.session.grants.everywhere("admin"))


def admin(request: Request) -> UUID:
    """An admin of all schools; anybody else gets 403."""
    if not is_admin(request):
        raise HTTPException(403)
    return member(request)


async def inside(db: AsyncConnection, request: Request, person: UUID) -> None:
    """404 where there is nobody with this id, or nobody in reach."""
    if not await reached(db, reach(request), person):
        raise HTTPException(404)


async def found(app: App, request: Request, person: UUID) -> Record:
    """A record in reach, or 404."""
    async with app.database.read() as db:
        try:
            return await record(db, person, reach(request))
        except LookupError:
            raise HTTPException(404) from None
