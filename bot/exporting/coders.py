"""Who coded, by names that people can read: Openline's own versions, staff by their names, people in other programs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from ..store.tables import staff

OURS = " in Openline"
"""How the names of those end who coded here, or whose codings came in before: another program's users have none such."""
STAFF, AGREED, FILE = "staff:", "agreed:", "file:"


@dataclass(frozen=True, slots=True)
class Named:
    """A coder as it is called in files."""

    name: str
    machine: bool


async def names(db: AsyncConnection, coders: Collection[str]) -> dict[str, Named]:
    """What each of these coders is called; no two are called the same."""
    people = {coder: coder.partition(":")[2] for coder in coders if coder.startswith((STAFF, AGREED))}
    known: dict[str, str] = {}
    if people:
        rows = await db.execute(select(staff.c.id, staff.c.name).where(staff.c.id.in_(_ids(people.values()))))
        known = {str(row.id): row.name for row in rows}
    found: dict[str, Named] = {}
    taken: set[str] = set()
    for coder in sorted(coders):
        name = wanted = _name(coder, known.get(people.get(coder, ""), "somebody"))
        number = 1
        while name in taken:
            number += 1
            name = f"{wanted.removesuffix(OURS)} ({number}){OURS}"
        taken.add(name)
        found[coder] = Named(name, ":" not in coder)
    return found


def _name(coder: str, known: str) -> str:
    if coder.startswith(STAFF):
        return f"{known}{OURS}"
    if coder.startswith(AGREED):
        return f"{known}, as agreed{OURS}"
    if coder.startswith(FILE):
        name, _, user = coder.removeprefix(FILE).partition("/")
        return f"{user} ({name}){OURS}"
    return f"{coder}{OURS}" if ":" in coder else coder


def _ids(texts: Collection[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
