"""Somebody asks to be erased: nothing of them lingers anywhere, and all that is others' stays and adds up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaign_world import THANKS, district
from dialogue_world import Machine, school
from sqlalchemy import insert, select, update

from bot import erasing
from bot.emerging import taken_in
from bot.importing import people as lists
from bot.importing.guessing import guess
from bot.spreadsheets import open_table
from bot.store import memory
from bot.store.tables import (
    absences,
    addresses,
    alerts,
    answers,
    codings,
    conversations,
    duties,
    erased_addresses,
    guardianships,
    list_entries,
    messages,
    metadata,
    notes,
    people,
    proposals,
    readings,
    shared_addresses,
    students,
    threads,
    translations,
)

WORD = "zebrafish"
SAID = f"Bis la toujou an reta, {WORD}"
KNOWN = [
    ("ht", "en", SAID, f"The bus is always late, {WORD}"),
    ("en", "ht", "We will look.", f"{WORD} n ap gade."),
]


async def everything(app):
    """Every row of every table, as text."""
    async with app.database.read() as db:
        found = {}
        for table in metadata.sorted_tables:
            rows = (await db.execute(select(table))).all()
            found[table.name] = "\n".join(str(tuple(row)) for row in rows)
    return found


def where(found, needle):
    return sorted(name for name, text in found.items() if needle.casefold() in text.casefold())


async def talkative(town):
    """Somebody who has left traces in every table where a person's words or number can go."""
    app = town.app
    await town.publish()
    person, number = await town.person("ht", name=f"{WORD} Dorvil", external_id=f"G-{WORD}", school="Lincoln",
                                       groups={"route": WORD})  # fmt: skip
    await town.says(number, "JOIN BUS")
    await town.says(number, "3")
    await town.says(number, SAID)
    await town.says(number, f"Kiyes mwen ka rele? {WORD}")
    await town.understands()
    await town.sends()
    await town.draft(person, f"We will look. {WORD}")
    now, new_id = town.clock(), app.new_id
    async with app.database.begin() as db:
        child = new_id()
        row = {
            "id": child,
            "external_id": f"S-{WORD}",
            "name": WORD,
            "attributes": {"bus": WORD},
            "created_at": now,
        }
        await db.execute(insert(students).values(**row))
        await db.execute(insert(guardianships).values(person_id=person, student_id=child, relation=WORD))
        await db.execute(
            insert(absences).values(student_id=child, day=now.date(), kind="late", created_at=now)
        )
        await db.execute(insert(list_entries).values(list="fall", person_id=person, seen_at=now))
        await db.execute(insert(notes).values(id=new_id(), person_id=person, text=WORD, created_at=now))
        await db.execute(insert(threads).values(person_id=person, changed_at=now))
        heard = (await db.execute(select(messages.c.id).where(messages.c.text == SAID))).scalar()
        given = (await db.execute(select(answers).where(answers.c.person_id == person))).all()
        assert given, "they have answered something"
        answer = given[-1].id
        await db.execute(update(answers).where(answers.c.id == answer).values(heard=SAID))
        await db.execute(
            insert(alerts).values(
                id=new_id(), message_id=heard, person_id=person, kind="person", state="closed", told=1,
                note=WORD, created_at=now,
            )
        )  # fmt: skip
        theme = {"id": new_id(), "answer_id": answer, "theme": "transport", "probability": 1.0, "coder": "staff:1",
                 "evidence": {"cues": [WORD]}, "created_at": now}  # fmt: skip
        await db.execute(insert(codings).values(**theme))
        reading = {"id": new_id(), "answer_id": answer, "coder": "staff:1", "purpose": "review", "drawn": "lot",
                   "codebook": "c", "codebook_version": "1", "note": WORD, "created_at": now, "changed_at": now}  # fmt: skip
        await db.execute(insert(readings).values(**reading))
        duty = {"id": new_id(), "answer_id": answer, "theme": "t", "role": "liaison", "state": "new",
                "created_at": now}  # fmt: skip
        await db.execute(insert(duties).values(**duty))
        meant = {"id": new_id(), "digest": memory.digest(SAID), "source": "ht", "target": "fr", "context": "said",
                 "text": f"en retard, {WORD}", "state": "draft", "created_at": now}  # fmt: skip
        await db.execute(insert(translations).values(**meant))
        book, theme = taken_in(app.books.bundled, "Fish", None, "Of fish.", {"ht": (SAID,)})
        await app.books.add(db, book, "ines", now, new_id)
        proposed = {"survey": "bus", "codebook": book.id, "label": f"{WORD}, late", "created_at": now,
                    "words": {"ht": [WORD, "reta"]}, "members": [str(answer)], "changed_at": now}  # fmt: skip
        await db.execute(insert(proposals).values(id=new_id(), state="open", **proposed))
        await db.execute(insert(proposals).values(id=new_id(), state="accepted", theme=theme.id, **proposed))
    return person, number, answer


async def test_nothing_of_somebody_who_was_erased_is_left_in_any_table(url, clock):
    async with school(url, clock, Machine(KNOWN)) as town:
        _, others_number = await town.person("es", name="Rosa", school="Lincoln")
        person, number, answer = await talkative(town)
        await town.says(others_number, "Un mensaje de otra persona")
        before = await everything(town.app)
        for table in ("people", "students", "guardianships", "messages", "answers", "codings", "readings", "notes",
                      "alerts", "proposals", "codebooks", "translations"):  # fmt: skip
            assert WORD in before[table], table

        plan = await erasing.erase(town.app, person, None)

        left = await everything(town.app)
        assert where(left, WORD) == []
        assert where(left, number) == []
        assert where(left, str(person)) == []
        assert where(left, person.hex) == []
        assert where(left, str(answer)) == []
        assert plan.counts["messages"] > 3
        assert plan.counts["translations"] >= 2
        assert "Un mensaje de otra persona" in left["messages"]
        assert others_number in left["addresses"]
        assert left["erasures"].count("messages") == 1
        assert "person.erase" in left["audit"]
        async with town.app.database.read() as db:
            assert (await town.app.books.get(db, town.app.books.bundled.id)).digest


async def test_bytes_of_what_was_erased_are_wiped_from_the_file_of_sqlite(sqlite_url, clock):
    path = Path(sqlite_url.split("///", 1)[1])
    async with school(sqlite_url, clock, Machine(KNOWN)) as town:
        person, number, _ = await talkative(town)
        await erasing.erase(town.app, person, None)
    file = path.read_bytes()  # noqa: ASYNC240 - the service is closed, and nothing else runs
    assert WORD.encode() not in file
    assert number.encode() not in file


async def test_an_open_alert_has_to_be_closed_before_somebody_is_erased(url, clock):
    async with school(url, clock) as town:
        person, number = await town.person("en")
        await town.says(number, "I want to talk to a person")
        async with town.app.database.begin() as db:
            heard = (await db.execute(select(messages.c.id))).scalars().first()
            row = {"id": town.app.new_id(), "message_id": heard, "person_id": person, "kind": "harm", "told": 0,
                   "state": "seen", "created_at": clock()}  # fmt: skip
            await db.execute(insert(alerts).values(**row))

        with pytest.raises(erasing.Blocked, match="close it"):
            await erasing.erase(town.app, person, None)

        assert await town.column(people.c.id, people.c.id == person) == [person]


def contacts(tmp_path, *lines):
    path = tmp_path / "families.csv"
    path.write_text("\n".join(["ID,Name,Cell,Language", *lines]))
    return open_table(path)


async def test_a_stop_outlives_erasing_in_lists_and_in_messages_until_they_write_start(url, clock, tmp_path):
    async with school(url, clock) as town:
        person, number = await town.person("en", name="Ana")
        await town.says(number, "STOP")
        await erasing.erase(town.app, person, None)
        assert number not in str(await everything(town.app))

        table = contacts(tmp_path, f"G-1,Ana,{number},en", "G-2,Bo,+15035550999,en")
        await lists.take(town.app, table, "fall", guess(table.columns))

        async with town.app.database.read() as db:
            rows = await db.execute(
                select(addresses.c.address, addresses.c.suppressed, addresses.c.consented)
            )
            assert sorted(map(tuple, rows)) == sorted(
                [(number, "stopped", False), ("+15035550999", None, True)]
            )
        async with town.app.database.read() as db:
            again = select(people.c.id).join(addresses, addresses.c.person_id == people.c.id)
            again = (await db.execute(again.where(addresses.c.address == number))).scalar()
        assert again not in (None, person)

        await erasing.erase(town.app, again, None)
        await town.says(number, "hello?")
        assert await town.column(addresses.c.suppressed, addresses.c.address == number) == ["stopped"]
        await town.says(number, "START")
        assert await town.column(addresses.c.suppressed, addresses.c.address == number) == [None]

        (back,) = await town.column(addresses.c.person_id, addresses.c.address == number)
        await erasing.erase(town.app, back, None)
        async with town.app.database.read() as db:
            assert (await db.execute(select(erased_addresses))).all() == []


async def test_numbers_that_had_not_said_stop_may_be_left_alone_for_good_as_well(url, clock, tmp_path):
    async with school(url, clock) as town:
        person, number = await town.person("en")
        await erasing.erase(town.app, person, None, never_again=True)
        table = contacts(tmp_path, f"G-1,Ana,{number},en")
        await lists.take(town.app, table, "fall", guess(table.columns))
        assert await town.column(addresses.c.suppressed, addresses.c.address == number) == ["stopped"]


async def test_a_number_that_two_people_have_stays_with_the_other_and_so_do_their_messages(url, clock):
    async with school(url, clock) as town:
        await town.publish()
        person, number = await town.person("en", name="Ana")
        partner, _ = await town.person("en", name="Bo")
        await town.says(number, f"hello {WORD}")
        async with town.app.database.begin() as db:
            address = (await db.execute(select(addresses.c.id).where(addresses.c.address == number))).scalar()
            await db.execute(insert(shared_addresses).values(person_id=partner, address_id=address))
            survey = (await db.execute(select(conversations.c.survey_id))).scalar()
            home = {"household_id": person}
            await db.execute(update(people).where(people.c.id == partner).values(**home))
        assert survey is None

        plan = await erasing.erase(town.app, person, None)

        assert plan.shared == 1
        assert await town.column(addresses.c.person_id, addresses.c.address == number) == [partner]
        assert await town.column(people.c.household_id, people.c.id == partner) == [partner]
        assert where(await everything(town.app), WORD) == []


async def test_a_childs_other_guardian_keeps_the_child(url, clock):
    async with school(url, clock) as town:
        person, _ = await town.person("en", name="Ana")
        partner, _ = await town.person("en", name="Bo")
        async with town.app.database.begin() as db:
            for name, guardians in (("both", (person, partner)), ("alone", (person,))):
                child = town.app.new_id()
                row = {
                    "id": child,
                    "external_id": name,
                    "name": name,
                    "attributes": {},
                    "created_at": clock(),
                }
                await db.execute(insert(students).values(**row))
                for one in guardians:
                    await db.execute(insert(guardianships).values(person_id=one, student_id=child))

        plan = await erasing.erase(town.app, person, None)

        assert (len(plan.children), plan.children_staying) == (1, 1)
        assert await town.column(students.c.name) == ["both"]


async def test_what_two_have_said_keeps_its_translation(url, clock):
    async with school(url, clock, Machine(KNOWN)) as town:
        person, number = await town.person("ht")
        _, others = await town.person("ht")
        await town.says(number, SAID)
        await town.says(others, SAID)
        await town.understands()

        await erasing.erase(town.app, person, None)

        assert len(await town.column(translations.c.id, translations.c.context == "said")) == 2


async def test_the_account_of_a_campaign_still_adds_up(url, clock):
    clock.now = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)
    async with district(url, clock) as here:
        erased, _ = await here.person(language="es", school="Lincoln")
        for _ in range(3):
            await here.person()
        await here.campaign(THANKS)
        await here.work()
        assert await here.counts() == {"sent": 4}
        await here.hears("+15035550001", "gracias")

        await erasing.erase(here.app, erased, None)

        assert await here.counts() == {"sent": 3, "erased": 1}
        async with here.app.database.read() as db:
            stand_in = (
                await db.execute(select(people).where(people.c.external_id.startswith("erased:")))
            ).one()
        assert (stand_in.school, stand_in.groups, stand_in.name) == (None, {}, None)
        clock.forward(days=8)
        await here.campaign(THANKS.replace("campaign: thanks", "campaign: again"))
        await here.work()
        assert await here.counts("again") == {"sent": 3}


async def test_a_number_that_was_somebody_elses_before_takes_nothing_of_theirs_along(url, clock):
    async with school(url, clock) as town:
        await town.publish()
        first, number = await town.person("en", name="Ana")
        await town.says(number, "JOIN BUS")
        await town.says(number, "3")
        second, _ = await town.person("en", name="Bo")
        clock.forward(days=30)
        await town.set(addresses, addresses.c.address == number, person_id=second, since=clock())
        await town.says(number, f"hello {WORD}")

        await erasing.erase(town.app, second, None)

        left = await everything(town.app)
        assert where(left, WORD) == where(left, number) == []
        assert len(await town.column(answers.c.id, answers.c.person_id == first)) == 1
        assert len(await town.column(messages.c.id)) >= 2


async def test_erasing_somebody_who_is_not_there_says_so(url, clock):
    async with school(url, clock) as town:
        with pytest.raises(LookupError):
            await erasing.erase(town.app, town.app.new_id(), None)


def test_every_table_that_leads_to_a_person_is_known_to_erasing():
    targets = {"people", "addresses", "conversations", "messages", "answers", "students"}
    leads = {
        f"{table.name}.{key.parent.name}"
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in targets
    }
    assert leads == {
        "absences.student_id", "addresses.person_id", "alerts.message_id", "alerts.person_id", "answers.conversation_id",
        "answers.message_id", "answers.person_id", "codings.answer_id", "consents.address_id",
        "conversations.address_id", "conversations.person_id", "draws.answer_id", "duties.answer_id",
        "guardianships.person_id", "guardianships.student_id", "holds.answer_id", "list_entries.person_id",
        "messages.address_id", "messages.conversation_id", "notes.person_id", "quota_fills.conversation_id",
        "readings.answer_id", "recipients.address_id", "recipients.person_id", "shared_addresses.address_id",
        "shared_addresses.person_id", "threads.person_id",
    }, "a new one has to be told to bot/erasing and bot/joining_people.py"  # fmt: skip
