"""People in a real browser: nothing for axe to find, nothing that scrolls sideways, a list brought in with and without scripts."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from browsing import LOOKS, chromium, served, violations
from dialogue_world import KNOWN, LATE, School
from office import SETTINGS
from sqlalchemy import insert
from test_people_pages import LIST

from bot import staff
from bot.app import opened
from bot.settings import Settings
from bot.store import staff as rows
from bot.store.tables import guardianships, list_entries, notes, students
from bot.translation import Glossary
from bot.web.app import create

pytestmark = pytest.mark.browser


class Clock:
    """Real time: an import's heartbeat is compared with it."""

    def __call__(self):
        return datetime.now(UTC)

    def forward(self, **more):
        pass


@pytest.fixture(scope="module")
def office(migrated, tmp_path_factory):
    path = tmp_path_factory.mktemp("people") / "openline.db"
    shutil.copy(migrated, path)
    url = f"sqlite:///{path}"
    made = {}

    @asynccontextmanager
    async def make(home):
        from campaign_world import Phone

        clock = Clock()
        settings = Settings(
            database_url=url, _env_file=None, **(SETTINGS | {"public_url": home, "language_menu": False})
        )
        translators = [Glossary(KNOWN, origin="machine:test")]
        async with opened(
            settings, clock=clock, channels={"sms": Phone(clock)}, translators=translators
        ) as app:
            town = School(app, clock, Phone(clock))
            await town.publish()
            person, number = await town.person(
                "ht", name="Mirlande Egzanp", school="Lincoln Elementary School"
            )
            made["person"] = str(person)
            other, _ = await town.person(
                "es", name="Rosa Ejemplo de la Montaña y Todos los Santos", school="Marsh Lane"
            )
            made["other"] = str(other)
            stopped, gone = await town.person("ar", name="سلمى مثال", school="Cedar Middle")
            made["stopped"] = str(stopped)
            await town.says(number, "JOIN BUS")
            await town.says(number, "3")
            await town.says(number, LATE)
            await town.says(gone, "STOP")
            await town.understands()
            async with app.database.begin() as db:
                now = clock()
                child = app.new_id()
                row = {"id": child, "external_id": "S-1", "name": "Luis", "school": "Lincoln Elementary School",
                       "attributes": {"grade": "3", "bus_route": "14"}, "created_at": now}  # fmt: skip
                await db.execute(insert(students).values(**row))
                await db.execute(
                    insert(guardianships).values(person_id=person, student_id=child, relation="mother")
                )
                await db.execute(insert(list_entries).values(list="Fall", person_id=person, seen_at=now))
                await db.execute(
                    insert(notes).values(
                        id=app.new_id(), person_id=person, text="Call after 5 pm.", created_at=now
                    )
                )
                member = await staff.add(db, now, "ada@riverbend.example", "Ada Muster")
                await rows.give_role(db, member.id, "admin", None, now)
                session = await staff.open_session(db, now, member, timedelta(days=1))
            made["token"] = session.token
            yield create(app)

    with chromium() as browser, served(make) as home:
        yield browser, home, made


def opened_page(office, look="wide", scripts=True, path="/people"):
    browser, home, made = office
    size, scheme = LOOKS[look]
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)
    context.add_cookies([{"name": "openline", "value": made["token"], "url": home}])
    page = context.new_page()
    page.goto(home + path)
    return page


def brought(page, home, name="families.csv", content=LIST):
    """A file as far as its columns."""
    page.goto(f"{home}/people/import")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content.encode()})
    page.get_by_role("button", name="Go on to the columns").click()
    page.wait_for_selector("h1:has-text('Which column holds what?')")
    return page.url.removeprefix(home)


def paths(made):
    person = f"/people/{made['person']}"
    return [
        "/people", "/people?q=nobody", person, f"/people/{made['stopped']}", f"{person}/messages", f"{person}/answers",
        f"{person}/edit", f"{person}/number", f"{person}/stop", f"{person}/household?q=rosa", f"{person}/merge?q=rosa",
        f"{person}/merge/{made['other']}", f"{person}/erase", "/people/import", "/people/import/absences",
    ]  # fmt: skip


@pytest.mark.parametrize("look", list(LOOKS))
def test_axe_finds_nothing_and_nothing_scrolls_sideways(office, look):
    page = opened_page(office, look)
    _, home, made = office
    steps = [brought(page, home)]
    if look == "wide":
        page.get_by_role("button", name="See what it would change").click()
        page.wait_for_selector("h1:has-text('This is what it would change')", timeout=20000)
        assert violations(page) == []
    for path in [*paths(made), *steps]:
        page.goto(home + path)
        assert violations(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (path, wide)
    page.context.close()


def test_pages_read_from_right_to_left_as_well(office):
    page = opened_page(office, "phone")
    _, home, made = office
    for path in paths(made):
        page.goto(home + path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (path, wide)
    page.context.close()


def test_a_name_of_one_endless_word_makes_no_page_wider(office):
    page = opened_page(office, "phone")
    _, home, made = office
    page.goto(f"{home}/people/{made['stopped']}/edit")
    before = page.input_value("#name")
    page.fill("#name", "Donaudampfschiffahrtsgesellschaftskapitaen" * 4 + " <b>&amp; שלום")
    page.get_by_role("button", name="Save the record").click()
    page.wait_for_selector("h1:has-text('<b>&amp; שלום')")
    here = f"/people/{made['stopped']}"
    for path in ("", "/edit", "/stop", "/household", "/erase"):
        page.goto(home + here + path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (path, wide)
    page.goto(f"{home}{here}/edit")
    page.fill("#name", before)
    page.get_by_role("button", name="Save the record").click()
    page.wait_for_selector(f"h1:has-text('{before}')")
    page.context.close()


def test_a_list_is_brought_in_by_keyboard_with_scripts_on(office):
    page = opened_page(office, path="/people/import")
    page.set_input_files("#file", {"name": "keys.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.locator("#file").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Which column holds what?')")
    page.locator("#list").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('This is what it would change')", timeout=20000)
    page.locator(".enter button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('The list is in')", timeout=20000)
    page.context.close()


def test_a_list_is_brought_in_and_somebody_erased_without_scripts(office):
    page = opened_page(office, scripts=False)
    _, home, _ = office
    content = "ID,Name,Cell,Language\nG-77,Nadia Erasable,503-555-0177,French\n"
    path = brought(page, home, "one.csv", content)
    page.get_by_role("button", name="See what it would change").click()
    for _ in range(40):
        if page.locator(".enter button").count():
            break
        page.wait_for_timeout(250)
        page.goto(home + path)
    page.get_by_role("button", name="Import 1 person").click()
    for _ in range(40):
        if "The list is in" in page.inner_text("h1"):
            break
        page.wait_for_timeout(250)
        page.goto(home + path)
    page.goto(f"{home}/people?q=nadia")
    page.get_by_role("link", name="Nadia Erasable").click()
    page.get_by_role("link", name="Erase them from Openline").click()
    page.get_by_label("They, or whoever may speak for them").check()
    page.get_by_role("button", name="Erase this person").click()
    assert "The record is erased." in page.inner_text("main")
    page.goto(f"{home}/people?q=nadia")
    assert "Nobody fits" in page.inner_text("main")
    page.context.close()
