"""People in the office: found, read, mended, put together, brought in, handed out and erased."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from campaign_world import THANKS
from dialogue_world import KNOWN, LATE, LATE_EN, School
from office import office, plain
from sqlalchemy import insert, select, update

from bot.outreach import control
from bot.store.tables import (
    addresses,
    alerts,
    audit,
    campaigns,
    consents,
    guardianships,
    list_entries,
    notes,
    people,
    recipients,
    runs,
    students,
    uploads,
)
from bot.web import times
from bot.web.rooms.people import showing


@pytest.fixture
async def town(url, clock):
    async with office(url, clock, known=KNOWN, language_menu=False) as here:
        made = School(here.app, clock, here.phone)
        made.sign_in = here.sign_in
        made.here = here
        yield made


async def family(town, name="Mirlande Egzanp", school="Lincoln", **more):
    return await town.person("ht", name=name, school=school, **more)


async def child(town, person, name="Luis", school="Lincoln"):
    async with town.app.database.begin() as db:
        id_ = town.app.new_id()
        row = {
            "id": id_,
            "external_id": f"S-{id_.hex[-6:]}",
            "name": name,
            "school": school,
            "attributes": {"grade": "3"},
        }
        await db.execute(insert(students).values(**row, created_at=town.clock()))
        await db.execute(insert(guardianships).values(person_id=person, student_id=id_, relation="mother"))
    return id_


async def did(town):
    async with town.app.database.read() as db:
        return list((await db.execute(select(audit.c.did).order_by(audit.c.at, audit.c.id))).scalars())


# the list


async def test_nobody_here_yet_is_told_how_people_come_in(town):
    ines = await town.sign_in("staff")
    page = await ines.see("/people")
    assert "Nobody is here yet" in plain(page.h1)
    assert page.select_one('a.btn-primary[href="/people/import"]')


async def test_people_are_found_by_name_by_digits_and_by_filters(town):
    await family(town)
    _, number = await town.person("es", name="Rosa Ejemplo", school="Marsh Lane")
    await town.says(number, "STOP")
    await town.person("en", name="No Number", school="Lincoln", suppressed="dead")
    ines = await town.sign_in("staff")

    async def names(query):
        page = await ines.see(f"/people?{query}")
        return [plain(one) for one in page.select("tbody .who")]

    assert await names("") == ["No Number", "Rosa Ejemplo", "Mirlande Egzanp"]
    assert await names("q=mirl") == ["Mirlande Egzanp"]
    assert await names(f"q={number[-4:]}") == ["Rosa Ejemplo"]
    assert await names("q=%28503%29+555-0002") == ["Rosa Ejemplo"]
    assert await names("state=stopped") == ["Rosa Ejemplo"]
    assert await names("state=reachable") == ["Mirlande Egzanp"]
    assert await names("state=no+number") == ["No Number"]
    assert await names("school=Marsh+Lane") == ["Rosa Ejemplo"]
    assert await names("language=ht&school=Lincoln") == ["Mirlande Egzanp"]
    page = await ines.see("/people?q=nobody")
    assert "Nobody fits" in plain(page)
    assert number not in str(await ines.see("/people"))


async def test_fifty_people_a_page(town):
    for count in range(53):
        await town.person("en", name=f"Person {count}")
    ines = await town.sign_in("staff")
    first = await ines.see("/people")
    assert "53 people" in plain(first.h1)
    assert len(first.select("tbody tr")) == 50
    second = await ines.see(first.select_one('a[rel="next"]')["href"])
    assert [plain(one) for one in second.select("tbody .who")] == ["Person 2", "Person 1", "Person 0"]


async def test_the_list_is_a_file_without_whole_numbers(town):
    _, number = await family(town)
    await family(town, "Other", "Marsh Lane")
    ines = await town.sign_in("staff")
    answer = await ines.get("/people/download.csv?school=Lincoln")
    text = answer.content.decode("utf-8-sig")
    assert "Mirlande Egzanp" in text
    assert "Other" not in text
    assert number not in text
    assert number[-4:] in text
    sheet = openpyxl.load_workbook(io.BytesIO((await ines.get("/people/download.xlsx")).content)).active
    assert sheet.max_row == 3
    assert "person" not in await did(town)
    assert "people.download" in await did(town)


async def test_who_is_at_one_school_sees_nobody_of_another(town):
    mine, _ = await family(town)
    other, _ = await family(town, "Rosa Ejemplo", "Marsh Lane")
    split, _ = await town.person("en", name="Two Schools", school=None)
    await child(town, split, school="Lincoln")
    await child(town, split, school="Marsh Lane")
    ines = await town.sign_in(("staff", "Lincoln"))
    page = await ines.see("/people")
    assert [plain(one) for one in page.select("tbody .who")] == ["Two Schools", "Mirlande Egzanp"]
    await ines.see(f"/people/{mine}")
    for path in ("", "/edit", "/messages", "/answers", "/household", "/number", "/stop", "/everything.json"):
        assert (await ines.get(f"/people/{other}{path}")).status_code == 404, path
    for path in ("/edit", "/numbers", "/stop", "/resume", "/number"):
        assert (await ines.post(f"/people/{other}{path}", {"how": "phone"})).status_code == 404, path
    assert (await ines.post(f"/people/{mine}/household/join", {"other": str(other)})).status_code == 404
    assert (await ines.get("/people/import")).status_code == 403


async def test_only_staff_open_the_people_and_only_admins_erase_or_join_them(town):
    person, _ = await family(town)
    other, _ = await family(town)
    coder = await town.sign_in("coder")
    assert (await coder.get("/people")).status_code == 403
    ines = await town.sign_in("staff")
    for path in (f"/people/{person}/erase", f"/people/{person}/merge", f"/people/{person}/merge/{other}"):
        assert (await ines.get(path)).status_code == 403
    for path in (f"/people/{person}/erase", f"/people/{person}/merge/{other}"):
        assert (await ines.post(path, {"sure": "yes"})).status_code == 403
    school_admin = await town.sign_in(("admin", "Lincoln"))
    assert (await school_admin.post(f"/people/{person}/erase", {"sure": "yes"})).status_code == 403
    answer = await ines.client.post(
        f"/people/{person}/stop", data={"how": "phone"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 403
    assert "Erase them" not in plain(await ines.see(f"/people/{person}"))


# one record


async def test_a_record_has_all_that_is_known_and_the_number_only_when_asked_for(town):
    await town.publish()
    person, number = await family(town)
    await child(town, person)
    await town.says(number, LATE)
    await town.understands()
    async with town.app.database.begin() as db:
        await db.execute(
            insert(list_entries).values(list="Fall list", person_id=person, seen_at=town.clock())
        )
        await db.execute(
            insert(notes).values(
                id=town.app.new_id(), person_id=person, text="Call after 5.", created_at=town.clock()
            )
        )
    ines = await town.sign_in("staff")

    page = await ines.see(f"/people/{person}")

    text = plain(page)
    for said in ("Mirlande Egzanp", "Speaks Haitian Creole", "Lincoln", "Luis", "Fall list", "Call after 5.", "Can be reached",
                 "Agreed to be written to", "from the list test", LATE, LATE_EN):  # fmt: skip
        assert said in text, said
    assert number not in str(page)
    assert page.find("p", lang="ht", string=LATE)
    shown = await ines.do(f"/people/{person}/numbers")
    assert number in str(shown)
    assert "person.numbers" in await did(town)
    await ines.see(f"/people/{person}/messages")
    await ines.see(f"/people/{person}/answers")
    assert (await ines.get(f"/people/{town.app.new_id()}")).status_code == 404


async def test_a_record_says_in_words_what_campaigns_had_for_somebody(town):
    await town.publish()
    person, number = await family(town)
    await town.says(number, LATE)
    app, now = town.app, town.clock()
    await control.write(app, THANKS, "ines@example.org")
    async with app.database.begin() as db:
        campaign = (await db.execute(select(campaigns.c.id))).scalar_one()
        run = {"id": app.new_id(), "campaign_id": campaign, "occasion": "once"}
        await db.execute(
            insert(runs).values(**run, text=THANKS, audience="", state="done", begins_at=now, expected=1, expanded=1,
                                staged=0, created_at=now)
        )  # fmt: skip
        await db.execute(
            insert(recipients).values(run_id=run["id"], step=1, person_id=person, campaign_id=campaign, occasion="once",
                                      state="skipped", reason="no consent")
        )  # fmt: skip
    ines = await town.sign_in("staff")

    page = await ines.see(f"/people/{person}")

    said = plain(page.find("section", attrs={"aria-labelledby": "outreach-head"}))
    assert "Thanks" in said
    assert "On no list that allows it" in said
    assert page.find("a", href="/campaigns/thanks", string="Thanks")


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo"])
def test_a_day_of_consent_is_that_day_on_every_clock_and_has_no_midnight(zone):
    district = ZoneInfo("America/New_York")
    day, now = datetime(2026, 2, 13, tzinfo=district), datetime(2026, 11, 1, tzinfo=UTC)
    times.read_in(zone)
    try:
        assert showing.on(day, district, now) == "Fri 13 Feb"
        assert ":30" in showing.on(day + timedelta(hours=9, minutes=30), district, now)
    finally:
        times.read_in("UTC")


async def test_messages_go_back_page_by_page(town):
    person, number = await family(town)
    for count in range(52):
        await town.says(number, f"word {count}")
    ines = await town.sign_in("staff")
    first = await ines.see(f"/people/{person}/messages")
    assert "word 51" in plain(first)
    assert "word 1 " not in plain(first) + " "
    earlier = await ines.see(first.select_one('a[rel="next"]')["href"])
    assert "word 0" in plain(earlier)


async def test_a_name_and_a_language_are_mended(town):
    person, _ = await family(town)
    ines = await town.sign_in("staff")
    page = await ines.do(
        f"/people/{person}/edit", {"name": "Mirlande Dorvil", "language": "Español", "school": "Lincoln"}
    )
    assert "Mirlande Dorvil" in plain(page)
    assert "Saved." in plain(page)
    async with town.app.database.read() as db:
        row = (await db.execute(select(people).where(people.c.id == person))).one()
    assert (row.language, row.language_by) == ("es", "person")
    wrong = await ines.do(f"/people/{person}/edit", {"name": "X", "language": "??", "school": ""}, status=422)
    assert wrong.title.get_text().startswith("Error:")
    assert wrong.select_one("#language")["value"] == "??"


async def test_two_who_mend_one_record_do_not_undo_each_other(town):
    person, _ = await family(town)
    ines, kim = await town.sign_in("staff"), await town.sign_in("staff", name="Kim Voorbeeld")
    path = f"/people/{person}/edit"

    def seen(page):
        return {"was": [one["value"] for one in page.select("[name=was]")]} | {
            name: page.select_one(f"#{name}")["value"] for name in ("name", "language", "school")
        }

    before = seen(await ines.see(path))
    await kim.do(path, seen(await kim.see(path)) | {"name": "Mirlande Dorvil"})
    await ines.do(path, before | {"language": "Spanish"})
    async with town.app.database.read() as db:
        row = (await db.execute(select(people).where(people.c.id == person))).one()
    assert (row.name, row.language) == ("Mirlande Dorvil", "es")

    told = await ines.do(path, before | {"name": "Mirlande Egzanp Dorvil"}, status=422)
    assert "Somebody has changed this meanwhile to “Mirlande Dorvil”." in plain(told)
    assert seen(told)["name"] == "Mirlande Egzanp Dorvil"
    page = await ines.do(path, seen(told))
    assert "Mirlande Egzanp Dorvil" in plain(page)


async def test_staff_at_one_school_do_not_move_somebody_out_of_their_own_sight(town):
    person, _ = await family(town)
    ines = await town.sign_in(("staff", "Lincoln"))
    page = await ines.do(
        f"/people/{person}/edit", {"name": "M", "language": "ht", "school": "Marsh Lane"}, status=422
    )
    assert "one of your own schools" in plain(page)


async def test_a_number_is_added_with_how_they_agreed_and_given_up_again(town):
    person, _ = await family(town)
    other, taken = await family(town, "Rosa")
    ines = await town.sign_in("staff")
    path = f"/people/{person}/number"
    for number, how, said in (
        ("", "phone", "area code"),
        ("+1 503 555 0188", "", "Choose how"),
        (taken, "phone", "somebody else"),
        ("5035550101 / 5035550102", "phone", "one number"),
    ):
        assert said in plain(await ines.do(path, {"number": number, "how": how}, status=422)), said
    page = await ines.do(path, {"number": "(503) 555-0188", "how": "in person"})
    assert "Ends in 0188" in plain(page)
    assert "told to staff, in person" in plain(page)
    form = page.select('form[action*="/remove"]')[-1]
    page = await ines.do(form["action"])
    assert "Agreement ended" in plain(page)
    async with town.app.database.read() as db:
        found = (await db.execute(select(addresses).where(addresses.c.address == "+15035550188"))).one()
    assert (found.consented, found.suppressed) == (False, "dead")
    assert {"person.number", "person.number.remove"} <= set(await did(town))
    assert (await ines.post(f"/people/{other}/number/{found.id}/remove")).status_code == 404


async def test_they_ask_staff_to_stop_and_later_to_begin_again(town):
    person, _ = await family(town)
    ines = await town.sign_in("staff")
    assert "Choose how" in plain(await ines.do(f"/people/{person}/stop", {"how": ""}, status=422))
    page = await ines.do(f"/people/{person}/stop", {"how": "phone", "note": "Too many messages."})
    assert "Asked us to stop" in plain(page)
    assert "told to staff, on the phone" in plain(page)
    assert "Too many messages." in plain(page)
    assert (
        "they asked us to stop"
        in plain(
            await ines.do(f"/people/{person}/number", {"number": "+15035550199", "how": "phone"}, status=422)
        ).lower()
    )
    assert "Write down what they said" in plain(
        await ines.do(f"/people/{person}/resume", {"how": "phone", "note": " "}, status=422)
    )
    page = await ines.do(
        f"/people/{person}/resume", {"how": "in person", "note": "At pick-up, she wants them back."}
    )
    assert "Can be reached" in plain(page)
    async with town.app.database.read() as db:
        events = (await db.execute(select(consents.c.event, consents.c.source).order_by(consents.c.id))).all()
    assert [tuple(one) for one in events][-2:] == [
        ("stopped", "staff: phone"),
        ("restarted", "staff: in person"),
    ]
    assert {"person.stop", "person.resume"} <= set(await did(town))


async def test_everything_about_somebody_is_handed_out(town):
    await town.publish()
    person, number = await family(town)
    other, others = await family(town, "Somebody Else")
    await child(town, person)
    await town.says(number, LATE)
    await town.says(others, "not yours")
    await town.understands()
    ines = await town.sign_in("staff")
    found = json.loads((await ines.get(f"/people/{person}/everything.json")).content)
    assert found["person"][0]["name"] == "Mirlande Egzanp"
    assert found["numbers"][0]["address"] == number
    assert [one["text"] for one in found["messages"] if one["direction"] == "in"] == [LATE]
    assert LATE_EN in {one["text"] for one in found["translations"]}
    assert found["children"][0]["name"] == "Luis"
    assert found["consent"][0]["event"] == "granted"
    assert "not yours" not in json.dumps(found)
    answer = await ines.get(f"/people/{person}/everything.html")
    assert "attachment" in answer.headers["content-disposition"]
    assert LATE in answer.text
    assert "person.everything" in await did(town)
    assert other


# households and joining


async def test_a_household_is_put_together_and_taken_apart_with_a_way_back(town):
    person, _ = await family(town)
    other, _ = await family(town, "Rosa Ejemplo")
    ines = await town.sign_in("staff")
    path = f"/people/{person}/household"
    near = await ines.see(f"{path}?q=rosa")
    assert near.select_one(f'form[action="{path}/join"] input[name="other"]')["value"] == str(other)
    page = await ines.do(f"{path}/join", {"other": str(other)})
    assert "This household: 2 people" in plain(page)
    page = await ines.do(f"{path}/part", {"other": str(other)})
    assert "This household: 1 person" in plain(page)
    page = await ines.do(page.select_one(".said form")["action"])
    assert "This household: 2 people" in plain(page)


async def test_two_records_are_compared_and_joined_by_an_admin(town):
    stays, number = await family(town, "Rosa Ejemplo")
    gone, _ = await town.person("es", name="Rosa Ejemplo B", school="Lincoln")
    await town.says(number, "STOP")
    ada = await town.sign_in("admin")
    near = await ada.see(f"/people/{stays}/merge")
    assert near.select_one(f'a[href="/people/{stays}/merge/{gone}"]')
    check = await ada.see(f"/people/{stays}/merge/{gone}")
    assert "cannot be undone" in plain(check)
    assert "has asked us to stop" in plain(check)
    page = await ada.do(f"/people/{stays}/merge/{gone}", {"name": "", "language": "other"})
    assert "Speaks Spanish" in plain(page)
    assert len(page.select(".contact")) == 2
    assert (await ada.get(f"/people/{gone}")).status_code == 404
    assert (await ada.get(f"/people/{stays}/merge/{stays}")).status_code == 404
    assert "person.merge" in await did(town)


# erasing


async def test_an_admin_sees_what_goes_and_what_stays_and_erases(town):
    await town.publish()
    person, number = await family(town)
    await child(town, person)
    await town.says(number, "JOIN BUS")
    await town.says(number, "3")
    ada = await town.sign_in("admin")
    check = await ada.see(f"/people/{person}/erase")
    text = plain(check)
    for said in ("Erase Mirlande Egzanp", "cannot be undone", "1 answer", "1 number, with its consent",
                 "1 child whom nobody else here looks after", "backups"):  # fmt: skip
        assert said in text, said
    wrong = await ada.do(f"/people/{person}/erase", {}, status=422)
    assert wrong.title.get_text().startswith("Error:")
    page = await ada.do(f"/people/{person}/erase", {"sure": "yes"})
    assert "The record is erased." in plain(page)
    assert (await ada.get(f"/people/{person}")).status_code == 404
    assert "person.erase" in await did(town)


async def test_an_open_alert_stands_in_the_way_of_erasing(town):
    person, number = await family(town)
    await town.says(number, "hello")
    async with town.app.database.begin() as db:
        heard = (await db.execute(select(alerts.c.id))).first()
        assert heard is None
        from bot.store.tables import messages

        message = (await db.execute(select(messages.c.id))).scalars().first()
        row = {"id": town.app.new_id(), "message_id": message, "person_id": person, "kind": "harm", "told": 0,
               "state": "new", "created_at": town.clock()}  # fmt: skip
        await db.execute(insert(alerts).values(**row))
    ada = await town.sign_in("admin")
    page = await ada.see(f"/people/{person}/erase")
    assert "alert has to be closed" in plain(page)
    assert not page.select_one(".btn-danger")
    await ada.do(f"/people/{person}/erase", {"sure": "yes"}, status=422)
    assert (await ada.get(f"/people/{person}")).status_code == 200


# bringing a list in

LIST = """\
Student ID,Student First Name,Grade,School,Guardian1 Name,Guardian1 Cell,Guardian2 Name,Guardian2 Cell,Home Language,Password
S-1,Ana,3,Lincoln,Maria,503-555-0101,Jose,503-555-0103,Spanish,secret1
S-2,Luis,5,Lincoln,Maria,503-555-0101,Jose,503-555-0103,Spanish,secret2
S-3,Bo,4,Marsh Lane,Kim,555-0123,,,English,secret3
"""


async def settled(ines, town, path):
    """The page of an import, once nothing is under way."""
    for room in _uploads(town):
        await room.finished()
    return await ines.see(path)


def _uploads(town):
    import gc

    from bot.importing.uploads import Uploads

    return [one for one in gc.get_objects() if isinstance(one, Uploads) and one._app is town.app]


async def sent(ines, content=LIST, name="families.csv", path="/people/import"):
    answer = await ines.post(path, files={"file": (name, content, "text/csv")})
    assert answer.status_code == 303, answer.text[:3000]
    return answer.headers["location"]


def filled(page):
    """What a form would send as it stands."""
    form = page.select_one('form[action$="/columns"]')
    values = {}
    for select_ in form.select("select"):
        option = select_.select_one("option[selected]") or select_.select_one("option")
        values[select_["name"]] = option.get("value", option.get_text())
    for field in form.select("input"):
        if field.get("type") != "checkbox" or field.has_attr("checked"):
            values[field["name"]] = field.get("value", "")
    values.pop("csrf")
    return values


async def test_a_list_is_brought_in_step_by_step(town):
    ines = await town.sign_in("staff")
    path = await sent(ines)
    page = await ines.see(path)
    assert "families" not in path
    values = filled(page)
    assert (values["column-0"], values["column-4"], values["column-5"]) == (
        "student.id",
        "1.name",
        "1.phones",
    )
    assert values["column-7"] == "2.phones"
    assert "secret1" not in str(page)
    assert "503-555-0101" in plain(page)

    await ines.do(f"{path}/columns", values)
    page = await settled(ines, town, path)

    text = plain(page)
    assert "This is what it would change" in text
    assert "Adds up to 3" in text
    assert "3 people in 2 households" in text
    assert "For 2 numbers this list is the ground" in text
    assert "area code" in text
    async with town.app.database.read() as db:
        assert (await db.execute(select(people.c.id))).all() == []
    lines = (await ines.get(f"{path}/lines.csv")).content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith("4,")
    assert plain(page.select_one(".enter button")) == "Import 3 people"

    await ines.do(f"{path}/enter")
    page = await settled(ines, town, path)

    assert "The list is in" in plain(page)
    listed = await ines.see("/people?list=families")
    assert {plain(one) for one in listed.select("tbody .who")} == {"Maria", "Jose", "Kim"}
    async with town.app.database.read() as db:
        rows = (await db.execute(select(people.c.name, people.c.language))).all()
        assert {tuple(row) for row in rows} == {("Maria", "es"), ("Jose", "es"), ("Kim", "en")}
        assert (await db.execute(select(uploads.c.content))).scalars().all() == [b""]
    assert "people.import" in await did(town)

    again = await sent(ines)
    await ines.do(f"{again}/columns", filled(await ines.see(again)))
    assert "Here already, and the same" in plain(await settled(ines, town, again))


async def test_a_file_is_nobody_elses_and_sealed_and_gone_after_a_day(town):
    ines = await town.sign_in("staff")
    path = await sent(ines)
    other = await town.sign_in("staff", "admin", name="Kim Muster")
    assert (await other.get(path)).status_code == 404
    assert (await other.post(f"{path}/enter")).status_code == 404
    assert (await other.post(f"{path}/discard")).status_code == 404
    async with town.app.database.read() as db:
        content = (await db.execute(select(uploads.c.content))).scalar()
    assert b"Maria" not in content
    assert "families.csv" in plain(await ines.see("/people/import"))
    assert "families.csv" not in plain(await other.see("/people/import"))
    town.clock.forward(hours=25)
    ines = await town.sign_in("staff")
    assert (await ines.get(path)).status_code == 404


async def test_columns_that_cannot_be_so_are_refused_with_all_choices_kept(town):
    ines = await town.sign_in("staff")
    path = await sent(ines)
    values = filled(await ines.see(path)) | {"column-5": "", "column-7": "", "column-6": "1.name", "list": ""}
    page = await ines.do(f"{path}/columns", values, status=422)
    text = plain(page)
    assert page.title.get_text().startswith("Error:")
    assert "nobody can be reached without one" in text
    assert "Two columns are chosen for the same" in text
    assert "Give the list a name" in text
    assert page.select_one("#column-6 option[selected]")["value"] == "1.name"


async def test_what_is_no_table_is_refused(town):
    ines = await town.sign_in("staff")
    page = await ines.do(
        "/people/import", {}, status=422, files={"file": ("a.pdf", b"%PDF-1.4", "application/pdf")}
    )
    assert "a PDF" in plain(page)
    assert "Choose a file" in plain(await ines.do("/people/import", {}, status=422))


async def test_a_whole_list_that_lacks_many_has_to_be_meant(town):
    ines = await town.sign_in("staff")
    lines = [f"G-{n},Name {n},503-555-01{n:02},en" for n in range(10, 20)]
    head = "ID,Name,Cell,Language"
    for wanted, whole in ((lines, ""), (lines[:5], "yes")):
        path = await sent(ines, "\n".join([head, *wanted]), "fall.csv")
        values = filled(await ines.see(path)) | ({"whole": "yes"} if whole else {})
        await ines.do(f"{path}/columns", values)
        page = await settled(ines, town, path)
        if not whole:
            await ines.do(f"{path}/enter")
            await settled(ines, town, path)
    assert "5 of the 10 people on the list are not in this file" in plain(page)
    await ines.do(f"{path}/enter")
    assert "This is what it would change" in plain(await settled(ines, town, path))
    await ines.do(f"{path}/enter", {"anyway": "yes"})
    assert "The list is in" in plain(await settled(ines, town, path))
    gone = await ines.see("/people?state=off")
    assert len(gone.select("tbody tr")) == 5


async def test_dates_that_can_be_read_in_two_ways_are_asked_about(town):
    ines = await town.sign_in("staff")
    path = await sent(ines, "Name,Cell,Consent Date\nAna,503-555-0101,3/4/2026\n", "a.csv")
    values = filled(await ines.see(path))
    await ines.do(f"{path}/columns", values)
    page = await settled(ines, town, path)
    assert "could not be taken" in plain(page)
    assert "March or April" in plain(page)
    await ines.see(f"{path}?columns=true")
    await ines.do(f"{path}/columns", values | {"date_order": "mdy"})
    assert "This is what it would change" in plain(await settled(ines, town, path))


async def test_absences_come_in_likewise(town):
    person, _ = await family(town)
    luis = await child(town, person)
    ines = await town.sign_in("staff")
    async with town.app.database.read() as db:
        known = (await db.execute(select(students.c.external_id).where(students.c.id == luis))).scalar()
    content = f"Student ID,Date,Code\n{known},2026-10-12,A\nS-nobody,2026-10-12,A\n"
    path = await sent(ines, content, "absences.csv", "/people/import/absences")
    page = await ines.see(path)
    wrong = await ines.do(f"{path}/columns", filled(page) | {"student": ""}, status=422)
    assert "Choose the column with the student" in plain(wrong)
    await ines.do(f"{path}/columns", filled(page))
    page = await settled(ines, town, path)
    assert plain(page.select_one(".enter button")) == "Import 1 absence"
    assert "No child with this id" in plain(page)
    await ines.do(f"{path}/enter")
    assert "The absences are in" in plain(await settled(ines, town, path))
    assert "1 absence or late day on record" in plain(await ines.see(f"/people/{person}"))


async def test_an_import_that_was_cut_short_says_so_and_goes_on(town):
    ines = await town.sign_in("staff")
    path = await sent(ines)
    await ines.do(f"{path}/columns", filled(await ines.see(path)))
    await settled(ines, town, path)
    async with town.app.database.begin() as db:
        await db.execute(update(uploads).values(state="entering", changed_at=town.clock()))
    assert "Importing" in plain(await ines.see(path))
    part = await ines.get(path, headers={"HX-Request": "true"})
    assert "Importing" in part.text
    assert "<html" not in part.text
    town.clock.forward(minutes=2)
    assert "cut short" in plain(await ines.see(path))
    await ines.do(f"{path}/enter")
    assert "The list is in" in plain(await settled(ines, town, path))


async def test_a_file_is_forgotten_on_wish(town):
    ines = await town.sign_in("staff")
    path = await sent(ines)
    page = await ines.do(f"{path}/discard")
    assert "The file is forgotten" in plain(page)
    assert (await ines.get(path)).status_code == 404
