"""Made-up families to look around with. They can be removed again, and nothing is ever sent to them.

Nothing can be: their numbers are of a channel that no sender serves, they are suppressed and without consent, and they
count as taken off every list, so that no audience has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

import survey_flows
from survey_flows import Survey

from .app import App
from .demo import content
from .demo.cast import Person, cast
from .erasing import erase_all
from .store.samples import START
from .store.tables import (
    addresses,
    answers,
    conversations,
    figures,
    guardianships,
    list_entries,
    people,
    proposals,
    releases,
    students,
    summaries,
    surveys,
)

LIST = "Sample families"
"""The contact list that they are on, and nobody else is."""
SURVEY = "getting-to-school"
"""The survey that some of them have answered."""
CHANNEL = "sample"
"""A channel that nothing serves."""
SCHOOLS = {"Lincoln Elementary": "Sample Elementary", "Harbor High": "Sample High"}
FAMILIES, STUDENTS = 30, 10
LANGUAGES = ("en", "es", "ht")
SEED = 7


async def there(db: AsyncConnection) -> bool:
    """Whether they are in."""
    return bool((await db.execute(select(exists().where(list_entries.c.list == LIST)))).scalar())


async def load(app: App) -> int:
    """Put them in; how many people there are. A second time changes nothing."""
    survey = survey_flows.library(SURVEY)
    rng = Random(SEED)  # noqa: S311 - made-up people, the same everywhere
    chosen = _choose(cast(content.world(), content.replies(), survey, rng))
    async with app.database.begin() as db:
        if await there(db):
            return len(await _ids(db))
        survey_id = await app.shelf.publish(db, survey, app.clock(), app.new_id)
        rows = _Rows(app, survey, survey_id)
        for number, one in enumerate(chosen, start=1):
            rows.add(number, one)
        for table, some in rows.all:
            if some:
                await db.execute(insert(table), some)
        await app.database.rouse(db)
    return len(chosen)


async def remove(app: App) -> int:
    """Erase exactly them; how many there were. What the survey's findings were is forgotten, unless others have answered."""
    async with app.database.begin() as db:
        ids = await _ids(db)
        if not ids:
            return 0
        await erase_all(app, db, ids)
        others = (select(conversations.c.id).join(surveys, surveys.c.id == conversations.c.survey_id)).where(
            surveys.c.key == SURVEY
        )
        if (await db.execute(others.limit(1))).first() is None:
            for table in (releases, figures, summaries, proposals):
                await db.execute(delete(table).where(table.c.survey == SURVEY))
    return len(ids)


async def _ids(db: AsyncConnection) -> list[UUID]:
    on_it = select(list_entries.c.person_id).where(list_entries.c.list == LIST)
    made_up = select(people.c.id).where(people.c.id.in_(on_it), people.c.external_id.startswith(START))
    return list((await db.execute(made_up)).scalars())


def _choose(everybody: Sequence[Person]) -> list[Person]:
    """Families and students of two schools, in three languages; most of them have answered."""
    most = Counter({"family": FAMILIES, "student": STUDENTS})
    found: list[Person] = []
    for behaviour in ("all", "first_only", "never"):
        left = {"all": 0.8, "first_only": 0.9, "never": 1.0}[behaviour]
        for one in everybody:
            room = sum(each.respondent == one.respondent for each in found) < left * most[one.respondent]
            if one.behaviour == behaviour and one.school in SCHOOLS and one.language in LANGUAGES and room:
                found.append(one)
    return found


class _Rows:
    """The rows of all of them, gathered."""

    def __init__(self, app: App, survey: Survey, survey_id: UUID) -> None:
        self.app, self.survey, self.survey_id = app, survey, survey_id
        self.people: list[dict[str, Any]] = []
        self.students: list[dict[str, Any]] = []
        self.guardianships: list[dict[str, Any]] = []
        self.addresses: list[dict[str, Any]] = []
        self.entries: list[dict[str, Any]] = []
        self.talks: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []

    @property
    def all(self) -> list[tuple[Any, list[dict[str, Any]]]]:
        """In the order in which they refer to each other."""
        return [
            (people, self.people),
            (students, self.students),
            (guardianships, self.guardianships),
            (addresses, self.addresses),
            (list_entries, self.entries),
            (conversations, self.talks),
            (answers, self.answers),
        ]

    def add(self, number: int, one: Person) -> None:
        new_id, now, school = self.app.new_id, self.app.clock(), SCHOOLS[one.school]
        person, address, child = new_id(), new_id(), new_id()
        called = "student" if one.respondent == "student" else "family"
        self.people.append(
            {"id": person, "external_id": f"{START}{number}", "respondent": one.respondent, "language": one.language,
             "language_by": "import", "school": school, "groups": {"grade": one.grade},
             "name": f"Sample {called} {number}", "removed_at": now, "created_at": now}
        )  # fmt: skip
        self.students.append(
            {"id": child, "external_id": f"{START}{number}", "name": f"Sample child {number}", "school": school,
             "attributes": {"grade": one.grade}, "removed_at": now, "created_at": now}
        )  # fmt: skip
        relation = "self" if one.respondent == "student" else None
        self.guardianships.append({"person_id": person, "student_id": child, "relation": relation})
        self.addresses.append(
            {"id": address, "person_id": person, "channel": CHANNEL, "address": f"+150355501{number:02}",
             "suppressed": CHANNEL, "created_at": now}
        )  # fmt: skip
        self.entries.append({"list": LIST, "person_id": person, "seen_at": now})
        self._said(one, person, address)

    def _said(self, one: Person, person: UUID, address: UUID) -> None:
        new_id, talk = self.app.new_id, self.app.new_id()
        at = self.app.clock() - timedelta(days=1)
        state = "complete" if one.behaviour == "all" else "partial" if one.script else "expired"
        self.talks.append(
            {"id": talk, "survey_id": self.survey_id, "person_id": person, "address_id": address, "state": state,
             "place": None, "started_at": at, "heard_at": at if one.script else None}
        )  # fmt: skip
        for key, said in one.script.items():
            question = self.survey.by_key[key]
            heard = said[-1]
            value: Any = None
            if question.kind == "scale":
                value = question.keys[one.choice]
            elif question.kind == "number":
                value = int(said[-1])
            self.answers.append(
                {"id": new_id(), "survey_id": self.survey_id, "conversation_id": talk, "person_id": person,
                 "message_id": None, "question": key, "kind": question.kind, "value": value, "heard": heard,
                 "understood": True, "declared": one.language, "created_at": at,
                 "code_at": self.app.clock() if question.kind == "open" else None}
            )  # fmt: skip
