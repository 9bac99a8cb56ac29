"""Whose campaigns somebody sees, which audiences they may write to, and what they may decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from fastapi import HTTPException, Request, Response
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from ....outreach import audience
from ....outreach.audience import AudienceError
from ....outreach.audience.narrowing import within
from ....outreach.campaign import CampaignError
from ....outreach.campaign_file import loads
from ....roles import Grants
from ....store.staff import Session, grants_of
from ....store.tables import campaigns, runs, staff, staff_roles
from ...page import Page

Schools = frozenset[str] | None
"""The schools of somebody: None is all of them."""


def counting(page: Page, request: Request) -> Response:
    """The page that stands there while an audience is counted for the first time: it asks for itself again."""
    query = f"?{request.url.query}" if request.url.query else ""
    return page(request, "outreach/counting.html", section="campaigns", href=request.url.path + query)


def session(request: Request) -> Session:
    """Who is signed in: the guard has seen to it that somebody is."""
    found: Session = request.state.session
    return found


def schools(request: Request) -> Schools:
    """Where they may write to families."""
    return session(request).grants.reach("organizer", "staff")


def may_decide(grants: Grants, meant: audience.Expression | None) -> bool:
    """Whether they may let a campaign to this audience go out, or approve somebody's: organizers, for their schools."""
    reach = grants.reach("organizer")
    return reach is None or (meant is not None and bool(reach) and within(meant, reach))


def sees_people(grants: Grants, meant: audience.Expression | None) -> bool:
    """Whether names of the people in this audience are for them: staff, for their schools."""
    reach = grants.reach("staff")
    return reach is None or (meant is not None and bool(reach) and within(meant, reach))


async def meaning(db: AsyncConnection, text: str) -> audience.Expression | None:
    """What a campaign's audience means with saved ones written out; None where it cannot be said any more."""
    try:
        return await audience.resolve(db, loads(text, "campaign").audience)
    except (CampaignError, AudienceError):
        return None


async def found(db: AsyncConnection, key: str, mine: Schools) -> Row[*tuple[Any, ...]]:
    """The row of a campaign that this reader may see. A 404 for any other: what is out of reach is not there."""
    row = (await db.execute(select(campaigns).where(campaigns.c.key == key))).first()
    if row is None or (mine is not None and row.id not in await seen(db, [row], mine)):
        raise HTTPException(404)
    return row


async def seen(db: AsyncConnection, rows: Iterable[Row[*tuple[Any, ...]]], mine: Schools) -> set[UUID]:
    """Of these campaigns those whose audience, now and whenever they have gone out, is of the reader's schools."""
    held = {row.id: row.text for row in rows}
    if mine is None or not held:
        return set(held)
    gone: dict[UUID, list[str]] = {}
    wanted = select(runs.c.campaign_id, runs.c.audience).where(runs.c.campaign_id.in_(list(held))).distinct()
    for campaign_id, text in await db.execute(wanted):
        gone.setdefault(campaign_id, []).append(text)
    kept = set()
    for id_, text in held.items():
        meant = await meaning(db, text)
        if meant is not None and within(meant, mine) and _all_within(gone.get(id_, ()), mine):
            kept.add(id_)
    return kept


async def keys_seen(db: AsyncConnection, keys: Iterable[str], mine: Schools) -> set[str]:
    """The same by the keys of campaigns."""
    rows = (await db.execute(select(campaigns).where(campaigns.c.key.in_(list(keys))))).all()
    kept = await seen(db, rows, mine)
    return {row.key for row in rows if row.id in kept}


def _all_within(texts: Iterable[str], mine: Schools) -> bool:
    return all(within(audience.parse(text), mine) for text in texts)


async def approvers(db: AsyncConnection, meant: audience.Expression | None, author: str | None) -> list[str]:
    """The names of those who may approve a campaign to this audience, the author apart."""
    holders = (
        select(staff.c.id, staff.c.name, staff.c.email)
        .join(staff_roles, staff_roles.c.staff_id == staff.c.id)
        .where(staff.c.disabled_at.is_(None), staff_roles.c.role.in_(["organizer", "admin"]))
        .distinct()
        .order_by(staff.c.name)
    )
    rows = [row for row in await db.execute(holders) if row.email != (author or "").casefold()]
    return [row.name for row in rows if may_decide(await grants_of(db, row.id), meant)]


async def names(db: AsyncConnection, emails: Iterable[str | None]) -> Mapping[str, str]:
    """The names of accounts, by their addresses."""
    wanted = {one for one in emails if one}
    if not wanted:
        return {}
    rows = await db.execute(select(staff.c.email, staff.c.name).where(staff.c.email.in_(wanted)))
    return {row.email: row.name for row in rows}
