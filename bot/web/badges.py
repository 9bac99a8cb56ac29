"""The numbers in the menu: what waits for whoever looks. Asked on every page, so each person's are kept for some seconds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from ..app import App
from ..dialogue import counting
from ..reviewing.standing import unread
from ..store.staff import Session
from ..texts import overview
from . import allow

Badges = Callable[[Session], Awaitable[Mapping[str, int]]]
"""What waits, by the entry of the menu that it stands beside: ``inbox``, ``alerts``, ``coding``, ``translations``."""

FRESH = timedelta(seconds=10)
MOST = 500
"""So many people's numbers are kept at most."""


def badges(app: App) -> Badges:
    """The numbers of this service."""
    kept: dict[UUID, tuple[datetime, Mapping[str, int]]] = {}

    async def of(session: Session) -> Mapping[str, int]:
        now = app.clock()
        found = kept.get(session.member.id)
        if found is None or now - found[0] >= FRESH:
            if len(kept) >= MOST:
                kept.clear()
            kept[session.member.id] = found = (now, await _count(app, session))
        return found[1]

    return of


async def nothing(session: Session) -> Mapping[str, int]:
    """Where nobody counts."""
    return {}


async def _count(app: App, session: Session) -> Mapping[str, int]:
    grants, counted = session.grants, dict[str, int]()

    def mine(path: str) -> bool:
        return allow.allowed(grants, path, changes=True)

    async with app.database.read() as db:
        if mine("/inbox"):
            found = await counting.counts(db, grants.reach("staff"), session.member.id, app.clock())
            counted |= {"inbox": found.waiting, "alerts": found.alerts}
        if mine("/coding"):
            counted["coding"] = await unread(db, grants.reach("coder", "organizer"))
        if mine("/translations"):
            counted["translations"] = await overview.waiting(app, db)
    return counted
