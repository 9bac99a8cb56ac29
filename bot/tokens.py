"""Tokens that let programs in: made once, shown once, kept as a SHA-256, good for some scopes and some days.

A token acts for the person whose account it was made for: what it writes or approves, that person did. When the
account is disabled, its tokens are worth nothing. The caller owns the transaction.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from . import audit, staff
from .staff import StaffError
from .store import staff as accounts
from .store import tokens as rows
from .store.tokens import Token

SCOPES = {
    "people:read": "See whether a person is on the lists, and in what state their addresses are.",
    "people:write": "Bring in lists of people and of absences.",
    "audiences:read": "Read saved audiences, and count who is in one.",
    "audiences:write": "Save and delete audiences.",
    "campaigns:read": "Read campaigns, their checks, reports, recipients and logs.",
    "campaigns:write": "Write campaigns, and change those that have not begun.",
    "campaigns:send": "Send: test, schedule, approve, resume, trigger.",
    "campaigns:stop": "Pause and stop.",
    "threads:read": "Read what families write to people, and what they are answered: private words, names, numbers.",
    "threads:write": "Answer families: draft, send, and say what needs no answer.",
}
"""What a token may be allowed to do. None contains another: a token has what it names."""

PREFIX = "openline_"
"""So that a token left in a file or a commit can be found and known for what it is."""
LOOKS = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}")
DAYS = 90
MOST_DAYS = 730
TOUCH = timedelta(minutes=1)
"""The last use is written down this often and not more: a program that polls should seldom cost a write."""


class TokenError(ValueError):
    """What an operator asked for cannot be done; the text says why, and what would do."""


async def create(
    db: AsyncConnection,
    now: datetime,
    name: str,
    scopes: Iterable[str],
    days: int,
    email: str,
    by: UUID | None = None,
) -> str:
    """Make a token for the person with this address; the text returned is the only copy. Raises TokenError.

    ``by`` is the admin who makes it; None for a command on the server.
    """
    wanted = frozenset(scopes)
    if not NAME.fullmatch(name):
        raise TokenError("A token's name has letters, digits, spaces, dots, hyphens: 100 characters at most")
    if strange := sorted(wanted - SCOPES.keys()):
        raise TokenError(f"There is no scope {', '.join(strange)}. There are: {', '.join(SCOPES)}")
    if not wanted:
        raise TokenError(f"Say what the token may do, with --scope. There are: {', '.join(SCOPES)}")
    if not 1 <= days <= MOST_DAYS:
        raise TokenError(f"A token is good for 1 to {MOST_DAYS} days")
    if any(token.name == name and state(token, now) == "good" for token in await rows.everything(db)):
        raise TokenError(f"There is a token called {name}. Revoke it first, or choose another name")
    try:
        member = await accounts.by_email(db, staff.address(email))
    except StaffError as error:
        raise TokenError(str(error)) from None
    if member is None:
        raise TokenError(f"No account with the address {email.strip()}, or it is disabled")
    made = PREFIX + secrets.token_urlsafe(32)
    await rows.add(db, uuid4(), member.id, name, digest(made), wanted, now, now + timedelta(days=days))
    await audit.record(db, now, by, "token.create", name, scopes=sorted(wanted))
    return made


async def revoke(db: AsyncConnection, now: datetime, name: str, by: UUID | None = None) -> None:
    """End a token at once. Raises TokenError where none of that name is in use."""
    if not await rows.revoke(db, name, now):
        raise TokenError(f"No token called {name} is in use. See: openline token list")
    await audit.record(db, now, by, "token.revoke", name)


async def find(db: AsyncConnection, token: str) -> Token | None:
    """What is known of a token, good or not; None for one that was never made.

    Looked up by its digest, so that the time it takes says nothing of how much of a guess was right.
    """
    return await rows.by_hash(db, digest(token)) if LOOKS.fullmatch(token) else None


def state(token: Token, now: datetime) -> str:
    """``good``, or why it is not: ``revoked``, ``expired``, ``disabled`` (its person's account is)."""
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at is not None and token.expires_at <= now:
        return "expired"
    return "good" if token.disabled_at is None else "disabled"


def due_for_touch(token: Token, now: datetime) -> bool:
    """Whether its last use should be written down again."""
    return token.used_at is None or now - token.used_at >= TOUCH


async def touch(db: AsyncConnection, now: datetime, token: Token) -> None:
    """Write down that it has just been used."""
    await rows.note_use(db, token.id, now, now - TOUCH)


def digest(token: str) -> str:
    """What is kept of a token. It is 256 random bits, so a plain hash is enough: there is nothing to guess."""
    return hashlib.sha256(token.encode()).hexdigest()
