"""Who may sign in: accounts, passwords, one-time links and sessions.

Passwords are kept as Argon2id hashes; links and sessions as the SHA-256 of a random token, so that a copy of the
database opens no door. The caller owns the transaction. Hashing takes a tenth of a second on purpose: ``digest`` and
``matches`` belong in a thread, outside any transaction.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import uuid4

from pwdlib import PasswordHash
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from .roles import Role
from .store import staff as rows
from .store.staff import Member, Session

LINK_LIFE = timedelta(minutes=15)
IDLE = timedelta(hours=2)
"""A session ends when nothing was asked of it for this long, whatever its full length: offices share computers."""
TOUCH = timedelta(minutes=1)
"""The last use of a session is written down this often and not more: a page view should seldom cost a write."""
SHORTEST = 15
"""Least length of a password that is the only proof (NIST SP 800-63B-4, section 3.1.1.2)."""
LONGEST = 256


class StaffError(ValueError):
    """What an operator asked for cannot be done; the text says why, and what would do."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: the token goes into the cookie and is kept nowhere else."""

    token: str
    csrf: str
    expires_at: datetime


@cache
def _hasher() -> PasswordHash:
    return PasswordHash.recommended()


@cache
def _decoy() -> str:
    # Somebody without an account or password costs the same time to refuse as a wrong password does.
    return _hasher().hash(secrets.token_urlsafe())


def _plain(password: str) -> str:
    # Two keyboards may write the same letter in two ways; NIST SP 800-63B-4 asks for one.
    return unicodedata.normalize("NFKC", password)


def address(email: str) -> str:
    """The address as it is kept: trimmed, lower case. Raises StaffError when it is no address."""
    kept = email.strip().lower()
    name, at, host = kept.rpartition("@")
    if not (name and at and host) or any(c.isspace() for c in kept) or len(kept) > 320:
        raise StaffError("That is not an email address. Write it like name@school.example")
    return kept


def digest(password: str) -> str:
    """The hash to keep. Raises StaffError for a password that is too short or too long."""
    plain = _plain(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise StaffError(f"A password has {SHORTEST} to {LONGEST} characters. A short sentence does well")
    return _hasher().hash(plain)


def matches(member: Member | None, password: str) -> bool:
    """Whether this is the person's password. Takes as long for nobody as for somebody."""
    kept = member.password_hash if member else None
    same = _hasher().verify(_plain(password)[: LONGEST + 1], kept or _decoy())
    return same and kept is not None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def add(
    db: AsyncConnection,
    now: datetime,
    email: str,
    name: str,
    password: str | None = None,
    *roles: Role,
) -> Member:
    """Make an account; without a password the person signs in by link. ``roles`` are for everywhere; an account without
    one reads findings and nothing else.

    Raises StaffError for a bad address, an empty name, a weak password, or an address that is taken (then the
    transaction is spoilt and has to be rolled back).
    """
    if not name.strip():
        raise StaffError("Give the person's name: it is shown on their pages")
    member = Member(uuid4(), address(email), name.strip(), digest(password) if password is not None else None)
    try:
        await rows.insert_member(db, member, now)
    except IntegrityError as error:
        raise StaffError(f"{member.email} has an account already") from error
    for role in roles:
        await rows.give_role(db, member.id, role, None, now)
    return member


async def find(db: AsyncConnection, email: str) -> Member | None:
    """The person with this address, however it is written; None for nobody or a disabled account."""
    try:
        return await rows.by_email(db, address(email))
    except StaffError:
        return None


async def verify(db: AsyncConnection, email: str, password: str) -> Member | None:
    """The person with this address and password, or None. For short scripts: it hashes in the caller's thread."""
    member = await find(db, email)
    return member if matches(member, password) else None


async def set_password(db: AsyncConnection, email: str, password: str) -> None:
    """Give a new password and end every session that the old one opened. Raises StaffError."""
    member = await wanted(db, email)
    await rows.set_password(db, member.id, digest(password))
    await rows.delete_sessions_of(db, member.id)


async def disable(db: AsyncConnection, now: datetime, email: str) -> None:
    """Close an account at once, whosever it is (``appointing.close`` asks first): its sessions and unused links end with it.
    Raises StaffError."""
    member = await wanted(db, email)
    await rows.disable_member(db, member.id, now)
    await rows.delete_sessions_of(db, member.id)
    await rows.delete_links_of(db, member.id)


async def make_link(db: AsyncConnection, now: datetime, email: str, life: timedelta = LINK_LIFE) -> str:
    """A token that signs this person in once, until ``life`` is over: /signin/link/<token>. Raises StaffError."""
    member = await wanted(db, email)
    token = secrets.token_urlsafe(32)
    await rows.insert_link(db, _hash(token), member.id, now + life)
    return token


async def link_is_good(db: AsyncConnection, now: datetime, token: str) -> bool:
    """Whether the link could be used now."""
    return await rows.link_is_good(db, _hash(token), now)


async def use_link(db: AsyncConnection, now: datetime, token: str) -> Member | None:
    """Use up a link. None when it is unknown, used, too old, or its person may no longer sign in."""
    member = await rows.use_link(db, _hash(token), now)
    return await rows.by_id(db, member) if member else None


async def open_session(
    db: AsyncConnection, now: datetime, member: Member, life: timedelta, browser: str | None = None
) -> Opened:
    """Sign somebody in. Always a new token: one that was there before signing in is never raised to a session.

    ``browser`` is kept so that they know the session again: "Firefox/Windows".
    """
    await rows.delete_expired(db, now)
    opened = Opened(secrets.token_urlsafe(32), secrets.token_urlsafe(32), now + life)
    await rows.insert_session(
        db, uuid4(), member.id, _hash(opened.token), opened.csrf, now, opened.expires_at, browser
    )
    return opened


async def session(db: AsyncConnection, now: datetime, token: str) -> Session | None:
    """The live session of this token."""
    return await rows.session_of(db, _hash(token), now, now - IDLE)


def due_for_touch(session: Session, now: datetime) -> bool:
    """Whether the last use of this session should be written down again."""
    return now - session.seen_at >= TOUCH


async def touch(db: AsyncConnection, now: datetime, session: Session) -> None:
    await rows.touch_session(db, session.id, now)


async def close_session(db: AsyncConnection, token: str) -> None:
    """Sign out."""
    await rows.delete_session(db, _hash(token))


def same(left: str, right: str) -> bool:
    """Compare two secrets in a time that tells nothing."""
    return hmac.compare_digest(left.encode(), right.encode())


async def wanted(db: AsyncConnection, email: str) -> Member:
    """The person with this address, who may sign in. Raises StaffError."""
    member = await find(db, email)
    if member is None:
        raise StaffError(f"No account with the address {email.strip()}, or it is disabled")
    return member
