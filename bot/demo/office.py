"""The made-up district's office: colleagues, names and children of the families, campaigns, and some replies read by people."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import yaml
from sqlalchemy import bindparam, insert, select, update

from .. import appointing
from ..app import App
from ..outreach import control
from ..outreach.campaign_file import starter
from ..reviewing import deciding, queue
from ..store.staff import Member
from ..store.tables import answers, guardianships, people, students
from .content import FOLDER, Reply

SEED = 5


async def furnish(app: App, survey: str, replies: Sequence[Reply]) -> None:
    """Put it all in, after the round. Nothing of it is sent that was not scheduled by a made-up colleague."""
    office = yaml.safe_load((FOLDER / "office.yaml").read_text("utf-8"))
    by_email = {each["email"]: await _colleague(app, each) for each in office["colleagues"]}
    await _families(app, office, Random(SEED))  # noqa: S311
    for each in office["campaigns"]:
        standing = await control.write(app, starter(each["pattern"]), each["by"])
        if each["schedule"]:
            await control.schedule(app, standing.key, each["by"])
    known = {reply.text: reply.themes for reply in replies}
    for email, number in office["readings"].items():
        await _read(app, survey, by_email[email], known, number, office["differ"])


async def _colleague(app: App, each: dict[str, Any]) -> Member:
    now = app.clock()
    async with app.database.begin() as db:
        member, _ = await appointing.admit(db, now, None, each["email"], each["name"], None)
        for role, school in each["roles"]:
            await appointing.appoint(db, now, None, member.id, appointing.role(role), school)
    return member


async def _families(app: App, office: dict[str, Any], rng: Random) -> None:
    """A name for everybody, and a child for each family."""
    now = app.clock()
    async with app.database.begin() as db:
        everyone = (
            await db.execute(
                select(people.c.id, people.c.respondent, people.c.language, people.c.school, people.c.groups)
                .where(people.c.respondent.in_(("family", "student")))
                .order_by(people.c.id)
            )
        ).all()
        named, born, theirs = [], [], []
        for number, person in enumerate(everyone):
            names = office["names"].get(person.language, office["names"]["en"])
            given = rng.choice(names["given"])
            family_first = person.language == "zh-Hans"
            name = f"{names['family']}{given}" if family_first else f"{given} {names['family']}"
            named.append({"id_": person.id, "name_": name})
            if person.respondent == "family":
                child = app.new_id()
                born.append(
                    {
                        "id": child, "external_id": f"demo:child:{number}", "name": rng.choice(office["children"]),
                        "school": person.school, "attributes": {"grade": person.groups.get("grade", "")}, "created_at": now,
                    }
                )  # fmt: skip
                theirs.append({"person_id": person.id, "student_id": child, "relation": "guardian"})
        await db.execute(
            update(people).where(people.c.id == bindparam("id_")).values(name=bindparam("name_")), named
        )
        await db.execute(insert(students), born)
        await db.execute(insert(guardianships), theirs)


async def _read(
    app: App, survey: str, member: Member, known: dict[str, tuple[str, ...]], number: int, differ: int
) -> None:
    """Let somebody read so many replies of their queue, as the replies' authors meant them but for one in ``differ``."""
    coder = queue.reader(member.id)
    for at in range(number):
        async with app.database.begin() as db:
            answer = await queue.next_(app, db, survey, coder)
            if answer is None:
                return
            heard = (await db.execute(select(answers.c.heard).where(answers.c.id == answer))).scalar_one()
            meant = known.get(heard, ())
            themes = meant[1:] if at % differ == differ - 1 else meant
            await deciding.decide(app, db, answer, coder, themes)
