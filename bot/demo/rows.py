"""Enters the demo's people as an import of a contact list would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert

from ..app import App
from ..store import consents
from ..store.tables import addresses, people
from .cast import Person

SOURCE = "list:demo"


async def enter(app: App, cast: Sequence[Person]) -> None:
    """Families come with the consent that the school's list vouches for; students give theirs by pressing Start.

    Students are known with school and grade already, as if each had enrolled through a link of their school.
    """
    now = app.clock()
    persons: list[dict[str, Any]] = []
    known: list[dict[str, Any]] = []
    granted: list[dict[str, Any]] = []
    for each in cast:
        person_id, address_id = app.new_id(), app.new_id()
        persons.append(
            {
                "id": person_id,
                "external_id": f"demo:{each.number}",
                "respondent": each.respondent,
                "language": each.language,
                "language_by": "import",
                "school": each.school,
                "groups": {"grade": each.grade},
                "created_at": now,
            }
        )
        known.append(
            {
                "id": address_id,
                "person_id": person_id,
                "channel": each.channel,
                "address": each.address,
                "created_at": now,
            }
        )
        if each.respondent == "family":
            granted.append(
                {
                    "id": app.new_id(),
                    "address_id": address_id,
                    "event": "granted",
                    "source": SOURCE,
                    "at": now,
                }
            )
    async with app.database.begin() as db:
        for table, rows in ((people, persons), (addresses, known)):
            if rows:
                await db.execute(insert(table), rows)
        await consents.enter(db, granted)
