"""Whose account it is when a provider of single sign-on vouches for somebody.

Nobody gets an account by signing in: an admin makes it, and the first sign-in with its address, vouched for, links the two. From
then on the link counts, whatever becomes of the address. The caller owns the transaction.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from . import audit, staff
from .store import accounts
from .store import staff as rows
from .store.staff import Member


async def arrived(
    db: AsyncConnection, now: datetime, issuer: str, subject: str, email: str | None
) -> Member | None:
    """Whoever this is here; None for nobody, and for somebody whose account is disabled. ``email`` has been vouched for."""
    known = await accounts.of_identity(db, issuer, subject)
    if known is not None:
        return await rows.by_id(db, known)
    member = await staff.find(db, email) if email else None
    if member is not None:
        await accounts.link_identity(db, member.id, issuer, subject, now)
        await audit.record(db, now, member.id, "user.identity", member.id, issuer=issuer)
    return member


async def connect(db: AsyncConnection, now: datetime, member: UUID, issuer: str, subject: str) -> bool:
    """Link an identity to the account of somebody who is signed in. False where it is another account's already."""
    known = await accounts.of_identity(db, issuer, subject)
    if known is None:
        await accounts.link_identity(db, member, issuer, subject, now)
        await audit.record(db, now, member, "user.identity", member, issuer=issuer)
    return known in (None, member)


async def disconnect(db: AsyncConnection, now: datetime, by: UUID, member: UUID, issuer: str) -> bool:
    """Forget who an account is at this provider. False where that was not known."""
    gone = await accounts.unlink_identities(db, member, issuer)
    if gone:
        await audit.record(db, now, by, "user.identity_removed", member, issuer=issuer)
    return gone > 0
