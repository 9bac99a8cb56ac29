"""Who may do what here, and who may come in at all: roles given and taken, accounts closed and opened again.

An admin everywhere is always left: whoever would take away the last one is told to make another first. Everything is written
into the audit, under the name of who did it (``by``; None for a command on the server). The caller owns the transaction.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from . import audit, staff
from .roles import ROLES, Role
from .staff import StaffError
from .store import accounts
from .store import staff as rows
from .store.staff import Member

ADMIN: Role = "admin"


class LastAdmin(StaffError):  # noqa: N818
    """Nobody would be left who can give roles."""

    def __init__(self) -> None:
        super().__init__("Nobody else is an admin here. Make somebody else an admin first")


def role(word: str) -> Role:
    """The role of this name. Raises StaffError.

    >>> role("Coder")
    'coder'
    """
    for known in ROLES:
        if known == word.strip().lower():
            return known
    raise StaffError(f"There is no role {word!r}. There are: {', '.join(ROLES)}")


async def admit(
    db: AsyncConnection,
    now: datetime,
    by: UUID | None,
    email: str,
    name: str,
    wanted: Role | None = "organizer",
    school: str | None = None,
    password: str | None = None,
) -> tuple[Member, Role | None]:
    """Make an account with a role, and say which: the first account there ever is is an admin everywhere, whatever is wanted.

    ``wanted`` None gives no role: such an account reads findings. Raises StaffError.
    """
    first = await accounts.count(db) == 0
    given, where = (ADMIN, None) if first else (wanted, school)
    member = await staff.add(db, now, email, name, password)
    await audit.record(db, now, by, "user.add", member.id)
    if given is not None:
        await appoint(db, now, by, member.id, given, where)
    return member, given


async def appoint(
    db: AsyncConnection, now: datetime, by: UUID | None, member: UUID, given: Role, school: str | None = None
) -> bool:
    """Give a role, everywhere or at one school. False when they have it already."""
    if not await rows.give_role(db, member, given, school, now, by):
        return False
    await audit.record(db, now, by, "user.role", member, role=given, school=school)
    return True


async def dismiss(
    db: AsyncConnection, now: datetime, by: UUID | None, member: UUID, taken: Role, school: str | None = None
) -> bool:
    """Take a role away. False when they did not have it. Raises LastAdmin."""
    if taken == ADMIN and school is None:
        await _another(db, member)
    if not await rows.take_role(db, member, taken, school):
        return False
    await audit.record(db, now, by, "user.role_taken", member, role=taken, school=school)
    return True


async def close(db: AsyncConnection, now: datetime, by: UUID | None, email: str) -> None:
    """Shut somebody out at once: their sessions and unused links end. What they did stays. Raises StaffError, LastAdmin."""
    member = await staff.wanted(db, email)
    await _another(db, member.id)
    await staff.disable(db, now, email)
    await audit.record(db, now, by, "user.disable", member.id)


async def reopen(db: AsyncConnection, now: datetime, by: UUID | None, member: UUID | None) -> None:
    """Let somebody in again, with the roles and the password that they had. Raises StaffError for nobody."""
    if member is None:
        raise StaffError("No account has this address")
    await accounts.change(db, member, disabled_at=None)
    await audit.record(db, now, by, "user.enable", member)


async def _another(db: AsyncConnection, member: UUID) -> None:
    # Locked, so that two admins cannot take each other's role at the same moment.
    if await accounts.admins(db, lock=True) == {member}:
        raise LastAdmin
