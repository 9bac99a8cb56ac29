"""Which people are made up, to look around with (bot/samples.py): nobody is told of what they say."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from .readings import parts
from .tables import answers, people

START = "sample:"
"""How the ids of made-up people and children begin."""


async def among(db: AsyncConnection, given: Collection[UUID]) -> set[UUID]:
    """Those of these answers that a made-up person has given."""
    found: set[UUID] = set()
    for some in parts(given):
        wanted = select(answers.c.id).join(people, people.c.id == answers.c.person_id)
        theirs = answers.c.id.in_(some), people.c.external_id.startswith(START)
        found |= set((await db.execute(wanted.where(*theirs))).scalars())
    return found
