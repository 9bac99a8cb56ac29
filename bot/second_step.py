"""Two-step sign-in of one account: turned on with a code that fits, asked for at every sign-in, turned off again.

``key`` is OPENLINE_SECRET_KEY: without one nobody can turn it on, since the secrets could be read by whoever reads the store.
The caller owns the transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from . import audit, totp
from .store import accounts

Way = Literal["app", "paper"]


@dataclass(frozen=True, slots=True)
class Proved:
    """How somebody has proved who they are, and how many codes on paper are left."""

    way: Way
    left: int


async def is_on(db: AsyncConnection, member: UUID) -> bool:
    """Whether this account asks for a second step."""
    return (await accounts.second(db, member)).secret is not None


async def turn_on(
    db: AsyncConnection, now: datetime, key: bytes, member: UUID, secret: str, code: str
) -> list[str] | None:
    """Turn it on with a code that the app shows for this secret; gives the codes on paper, to be shown once.

    None where the code does not fit.
    """
    step = totp.step(secret, code, now)
    if step is None:
        return None
    paper = totp.paper_codes()
    await accounts.change(
        db,
        member,
        totp_secret=totp.seal(key, member, secret),
        totp_step=step,
        recovery=[totp.digest(each) for each in paper],
    )
    await audit.record(db, now, member, "user.two_step_on", member)
    return paper


async def prove(db: AsyncConnection, now: datetime, key: bytes, member: UUID, code: str) -> Proved | None:
    """Use up a code, of the app or on paper; None where it does not fit, or was used before."""
    kept = await accounts.second(db, member, lock=True)
    if kept.secret is None:
        return None
    secret = totp.unseal(key, member, kept.secret) if key else None
    step = totp.step(secret, code, now, kept.step) if secret else None
    if step is not None:
        await accounts.change(db, member, totp_step=step)
        return Proved("app", len(kept.recovery))
    used = totp.on_paper(code, kept.recovery)
    if used is None:
        return None
    left = [each for each in kept.recovery if each != used]
    await accounts.change(db, member, recovery=left)
    await audit.record(db, now, member, "user.paper_code", member, left=len(left))
    return Proved("paper", len(left))


async def new_paper(db: AsyncConnection, now: datetime, member: UUID) -> list[str]:
    """Other codes on paper; those from before are worth nothing any more."""
    paper = totp.paper_codes()
    await accounts.change(db, member, recovery=[totp.digest(each) for each in paper])
    await audit.record(db, now, member, "user.paper_codes", member)
    return paper


async def turn_off(db: AsyncConnection, now: datetime, by: UUID, member: UUID) -> None:
    """Signing in asks for one step again. ``by`` is an admin where somebody has lost phone and paper."""
    await accounts.change(db, member, totp_secret=None, totp_step=None, recovery=None)
    await audit.record(db, now, by, "user.two_step_off", member)
