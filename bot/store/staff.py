"""Queries for the people who may sign in, their sessions and their one-time links. None of them commits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import case, delete, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ..roles import NOTHING, Grants, Role, grants
from .tables import signin_links, staff, staff_roles, staff_sessions


@dataclass(frozen=True, slots=True)
class Member:
    """One person on the staff. ``password_hash`` is None for somebody who signs in by link only."""

    id: UUID
    email: str
    name: str
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser and the person behind it: what they may do, and how they want pages to look."""

    id: UUID
    member: Member
    csrf: str
    seen_at: datetime
    grants: Grants = NOTHING
    timezone: str | None = None
    appearance: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """An account as operators list it: nothing in it lets anybody in."""

    email: str
    name: str
    state: str
    roles: tuple[tuple[str, str | None], ...] = ()


MEMBER = (staff.c.id, staff.c.email, staff.c.name, staff.c.password_hash)


async def insert_member(db: AsyncConnection, member: Member, now: datetime) -> None:
    """A new row. Raises IntegrityError when the address is taken."""
    await db.execute(
        insert(staff).values(
            id=member.id,
            email=member.email,
            name=member.name,
            password_hash=member.password_hash,
            created_at=now,
        )
    )


async def by_email(db: AsyncConnection, email: str) -> Member | None:
    """The person with this address (lower case), unless disabled."""
    found = (
        await db.execute(select(*MEMBER).where(staff.c.email == email, staff.c.disabled_at.is_(None)))
    ).first()
    return Member(*found) if found else None


async def by_id(db: AsyncConnection, member: UUID) -> Member | None:
    """The person with this id, unless disabled."""
    found = (
        await db.execute(select(*MEMBER).where(staff.c.id == member, staff.c.disabled_at.is_(None)))
    ).first()
    return Member(*found) if found else None


async def everybody(db: AsyncConnection) -> list[Listed]:
    """All accounts by address, disabled ones too. ``state`` is ``password``, ``link only`` or ``disabled``."""
    state = case(
        (staff.c.disabled_at.is_not(None), "disabled"),
        (staff.c.password_hash.is_not(None), "password"),
        else_="link only",
    )
    given: dict[UUID, list[tuple[str, str | None]]] = {}
    for member, role, school in await db.execute(
        select(staff_roles.c.staff_id, staff_roles.c.role, staff_roles.c.school).order_by(
            staff_roles.c.given_at
        )
    ):
        given.setdefault(member, []).append((role, school))
    found = await db.execute(select(staff.c.id, staff.c.email, staff.c.name, state).order_by(staff.c.email))
    return [Listed(*row[1:], tuple(given.get(row[0], ()))) for row in found]


async def grants_of(db: AsyncConnection, member: UUID) -> Grants:
    """What somebody may do."""
    found = await db.execute(
        select(staff_roles.c.role, staff_roles.c.school).where(staff_roles.c.staff_id == member)
    )
    return grants((role, school) for role, school in found)


async def give_role(
    db: AsyncConnection, member: UUID, role: Role, school: str | None, now: datetime, by: UUID | None = None
) -> bool:
    """Give a role, everywhere or at one school. False when they have it already."""
    if (role, school) in (await grants_of(db, member)).given:
        return False
    await db.execute(
        insert(staff_roles).values(
            id=uuid4(), staff_id=member, role=role, school=school, given_at=now, given_by=by
        )
    )
    return True


async def take_role(db: AsyncConnection, member: UUID, role: Role, school: str | None) -> bool:
    """Take a role away. False when they did not have it."""
    gone = await db.execute(
        delete(staff_roles).where(
            staff_roles.c.staff_id == member,
            staff_roles.c.role == role,
            staff_roles.c.school.is_(None) if school is None else staff_roles.c.school == school,
        )
    )
    return gone.rowcount > 0


async def set_password(db: AsyncConnection, member: UUID, password_hash: str) -> None:
    await db.execute(update(staff).where(staff.c.id == member).values(password_hash=password_hash))


async def disable_member(db: AsyncConnection, member: UUID, now: datetime) -> None:
    await db.execute(update(staff).where(staff.c.id == member).values(disabled_at=now))


async def insert_session(
    db: AsyncConnection,
    session: UUID,
    member: UUID,
    token_hash: str,
    csrf: str,
    now: datetime,
    expires_at: datetime,
    browser: str | None = None,
) -> None:
    await db.execute(
        insert(staff_sessions).values(
            browser=browser,
            id=session,
            staff_id=member,
            token_hash=token_hash,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
        )
    )


async def session_of(
    db: AsyncConnection, token_hash: str, now: datetime, seen_since: datetime
) -> Session | None:
    """The session of this token: neither expired nor idle since ``seen_since``, its person not disabled."""
    found = (
        await db.execute(
            select(
                staff_sessions.c.id,
                staff_sessions.c.csrf,
                staff_sessions.c.seen_at,
                staff.c.timezone,
                staff.c.appearance,
                *MEMBER,
            )
            .join(staff, staff.c.id == staff_sessions.c.staff_id)
            .where(
                staff_sessions.c.token_hash == token_hash,
                staff_sessions.c.expires_at > now,
                staff_sessions.c.seen_at > seen_since,
                staff.c.disabled_at.is_(None),
            )
        )
    ).first()
    if found is None:
        return None
    member = Member(*found[5:])
    return Session(*(found[0], member, *found[1:3]), await grants_of(db, member.id), *found[3:5])


async def touch_session(db: AsyncConnection, session: UUID, now: datetime) -> None:
    await db.execute(update(staff_sessions).where(staff_sessions.c.id == session).values(seen_at=now))


async def delete_session(db: AsyncConnection, token_hash: str) -> None:
    await db.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == token_hash))


async def delete_sessions_of(db: AsyncConnection, member: UUID) -> None:
    await db.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == member))


async def delete_expired(db: AsyncConnection, now: datetime) -> None:
    """Sessions and links that are of no more use."""
    await db.execute(delete(staff_sessions).where(staff_sessions.c.expires_at <= now))
    await db.execute(delete(signin_links).where(signin_links.c.expires_at <= now))


async def insert_link(db: AsyncConnection, token_hash: str, member: UUID, expires_at: datetime) -> None:
    await db.execute(
        insert(signin_links).values(token_hash=token_hash, staff_id=member, expires_at=expires_at)
    )


async def link_is_good(db: AsyncConnection, token_hash: str, now: datetime) -> bool:
    """Whether a link could still be used, without using it."""
    good = exists().where(
        signin_links.c.token_hash == token_hash,
        signin_links.c.used_at.is_(None),
        signin_links.c.expires_at > now,
    )
    return bool((await db.execute(select(good))).scalar())


async def use_link(db: AsyncConnection, token_hash: str, now: datetime) -> UUID | None:
    """Mark a link used and say whose it is; None when it is unknown, used or too old.

    One statement, so that two clicks at the same moment cannot both win.
    """
    used = await db.execute(
        update(signin_links)
        .where(
            signin_links.c.token_hash == token_hash,
            signin_links.c.used_at.is_(None),
            signin_links.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(signin_links.c.staff_id)
    )
    member: UUID | None = used.scalar_one_or_none()
    return member


async def delete_links_of(db: AsyncConnection, member: UUID) -> None:
    await db.execute(delete(signin_links).where(signin_links.c.staff_id == member))
