"""Queries for whoever looks after accounts: who has which roles, where they are signed in, how they prove who they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .tables import staff, staff_identities, staff_roles, staff_sessions

Given = tuple[str, str | None]
"""A role, and the school it is for; None for everywhere."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account as an admin sees it. ``seen_at`` is the last use of a session that is still there."""

    id: UUID
    email: str
    name: str
    created_at: datetime
    disabled_at: datetime | None
    has_password: bool
    two_step: bool
    timezone: str | None
    appearance: str | None
    seen_at: datetime | None
    roles: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One browser in which somebody is signed in."""

    id: UUID
    browser: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Second:
    """What two-step sign-in stands on: the sealed secret, the last step whose code was used, what is left of the codes."""

    secret: str | None
    step: int | None
    recovery: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is at a provider of single sign-on."""

    issuer: str
    subject: str
    created_at: datetime


_SEEN = (
    select(func.max(staff_sessions.c.seen_at))
    .where(staff_sessions.c.staff_id == staff.c.id)
    .scalar_subquery()
)
_ALL = select(
    staff.c.id,
    staff.c.email,
    staff.c.name,
    staff.c.created_at,
    staff.c.disabled_at,
    staff.c.password_hash.is_not(None),
    staff.c.totp_secret.is_not(None),
    staff.c.timezone,
    staff.c.appearance,
    _SEEN,
)


async def listed(
    db: AsyncConnection,
    limit: int,
    *,
    named: str = "",
    role: str = "",
    after: UUID | None = None,
    disabled: bool = False,
) -> list[Account]:
    """Accounts by address, ``limit`` of them after the account ``after``: those whose name or address holds ``named``, who
    have ``role`` (``none``: no role), and are disabled or not."""
    wanted = _ALL.where(staff.c.disabled_at.is_not(None) if disabled else staff.c.disabled_at.is_(None))
    if named:
        wanted = wanted.where(
            or_(
                func.lower(staff.c.name).contains(named.lower(), autoescape=True),
                staff.c.email.contains(named.lower(), autoescape=True),
            )
        )
    if role == "none":
        wanted = wanted.where(staff.c.id.not_in(select(staff_roles.c.staff_id)))
    elif role:
        wanted = wanted.where(
            staff.c.id.in_(select(staff_roles.c.staff_id).where(staff_roles.c.role == role))
        )
    if after:
        last = select(staff.c.email).where(staff.c.id == after).scalar_subquery()
        wanted = wanted.where(staff.c.email > last)
    rows = (await db.execute(wanted.order_by(staff.c.email).limit(limit))).all()
    return await _with_roles(db, rows)


async def one(db: AsyncConnection, member: UUID) -> Account | None:
    """One account, disabled or not."""
    rows = (await db.execute(_ALL.where(staff.c.id == member))).all()
    return next(iter(await _with_roles(db, rows)), None)


async def _with_roles(db: AsyncConnection, rows: Any) -> list[Account]:
    given: dict[UUID, list[Given]] = {row[0]: [] for row in rows}
    found = await db.execute(
        select(staff_roles.c.staff_id, staff_roles.c.role, staff_roles.c.school)
        .where(staff_roles.c.staff_id.in_(given))
        .order_by(staff_roles.c.given_at, staff_roles.c.id)
    )
    for member, role, school in found:
        given[member].append((role, school))
    return [replace(Account(*row), roles=tuple(given[row[0]])) for row in rows]


async def by_address(db: AsyncConnection, email: str) -> UUID | None:
    """Whose account has this address (lower case), disabled or not."""
    member: UUID | None = (await db.execute(select(staff.c.id).where(staff.c.email == email))).scalar()
    return member


async def names(db: AsyncConnection) -> dict[UUID, str]:
    """What everybody who ever had an account is called."""
    found = await db.execute(select(staff.c.id, staff.c.name).order_by(staff.c.name, staff.c.email))
    return {row.id: row.name for row in found}


async def count(db: AsyncConnection, *, enabled: bool = False) -> int:
    """How many accounts there ever were; with ``enabled`` only those whose person may sign in."""
    wanted = select(func.count()).select_from(staff)
    return int(
        (await db.execute(wanted.where(staff.c.disabled_at.is_(None)) if enabled else wanted)).scalar_one()
    )


async def with_two_steps(db: AsyncConnection, members: Collection[UUID]) -> int:
    """How many of these sign in with a second step."""
    wanted = select(func.count()).where(staff.c.id.in_(members), staff.c.totp_secret.is_not(None))
    return int((await db.execute(wanted)).scalar_one())


async def admins(db: AsyncConnection, *, lock: bool = False) -> set[UUID]:
    """Who is an admin everywhere and may sign in. With ``lock`` nobody else can change that before this transaction ends."""
    ids = select(staff_roles.c.staff_id).where(staff_roles.c.role == "admin", staff_roles.c.school.is_(None))
    wanted = select(staff.c.id).where(staff.c.id.in_(ids), staff.c.disabled_at.is_(None)).order_by(staff.c.id)
    return set((await db.execute(wanted.with_for_update() if lock else wanted)).scalars())


async def change(db: AsyncConnection, member: UUID, **values: Any) -> None:
    """Other values for some columns of an account."""
    await db.execute(update(staff).where(staff.c.id == member).values(**values))


async def places(db: AsyncConnection, member: UUID, now: datetime, seen_since: datetime) -> list[Place]:
    """Where somebody is signed in, the last used first."""
    found = await db.execute(
        select(
            staff_sessions.c.id,
            staff_sessions.c.browser,
            staff_sessions.c.created_at,
            staff_sessions.c.seen_at,
            staff_sessions.c.expires_at,
        )
        .where(
            staff_sessions.c.staff_id == member,
            staff_sessions.c.expires_at > now,
            staff_sessions.c.seen_at > seen_since,
        )
        .order_by(staff_sessions.c.seen_at.desc(), staff_sessions.c.id)
    )
    return [Place(*row) for row in found]


async def end_sessions(
    db: AsyncConnection, member: UUID, *, only: UUID | None = None, but: UUID | None = None
) -> int:
    """End somebody's sessions: all, ``only`` one, or all ``but`` one. How many there were."""
    which: list[ColumnElement[bool]] = [staff_sessions.c.staff_id == member]
    if only is not None:
        which.append(staff_sessions.c.id == only)
    if but is not None:
        which.append(staff_sessions.c.id != but)
    return (await db.execute(delete(staff_sessions).where(*which))).rowcount


async def second(db: AsyncConnection, member: UUID, *, lock: bool = False) -> Second:
    """Somebody's two-step sign-in; with ``lock`` nobody else can use a code before this transaction ends."""
    wanted = select(staff.c.totp_secret, staff.c.totp_step, staff.c.recovery).where(staff.c.id == member)
    secret, step, recovery = (await db.execute(wanted.with_for_update() if lock else wanted)).one()
    return Second(secret, step, tuple(recovery or ()))


async def of_identity(db: AsyncConnection, issuer: str, subject: str) -> UUID | None:
    """Whose account this identity was linked to."""
    member: UUID | None = (
        await db.execute(
            select(staff_identities.c.staff_id).where(
                staff_identities.c.issuer == issuer, staff_identities.c.subject == subject
            )
        )
    ).scalar()
    return member


async def identities(db: AsyncConnection, member: UUID) -> list[Identity]:
    """All identities of an account."""
    found = await db.execute(
        select(staff_identities.c.issuer, staff_identities.c.subject, staff_identities.c.created_at)
        .where(staff_identities.c.staff_id == member)
        .order_by(staff_identities.c.created_at)
    )
    return [Identity(*row) for row in found]


async def link_identity(db: AsyncConnection, member: UUID, issuer: str, subject: str, now: datetime) -> None:
    """From now on this identity is this account's. Raises IntegrityError where it is somebody's already."""
    await db.execute(
        insert(staff_identities).values(issuer=issuer, subject=subject, staff_id=member, created_at=now)
    )


async def unlink_identities(db: AsyncConnection, member: UUID, issuer: str | None = None) -> int:
    """Forget who an account is elsewhere: at one provider, or at all. How many were forgotten."""
    gone = delete(staff_identities).where(staff_identities.c.staff_id == member)
    return (
        await db.execute(gone if issuer is None else gone.where(staff_identities.c.issuer == issuer))
    ).rowcount
