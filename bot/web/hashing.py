"""Passwords are hashed in two threads of their own: each takes a tenth of a second and 64 MB, on purpose."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from .. import staff
from ..store.staff import Member

AT_ONCE = 2
_THREADS = ThreadPoolExecutor(AT_ONCE, "hashing")


async def matches(member: Member | None, password: str) -> bool:
    """Whether this is the person's password; for nobody it takes as long. Call it outside any transaction."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, staff.matches, member, password)


async def digest(password: str) -> str:
    """The hash to keep. Raises StaffError for a password that is too short or too long."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, staff.digest, password)
