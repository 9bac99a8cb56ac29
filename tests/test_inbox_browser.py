"""The inbox in a real browser: accessibility, small screens, no scripts, a keyboard, and a page that keeps itself up to date."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from browsing import LOOKS, PHONE, WIDE, chromium, picture, served, violations
from campaign_world import Phone
from conftest import HandClock
from dialogue_world import Machine, School
from sqlalchemy import select

from bot import staff
from bot.app import opened
from bot.dialogue import handling, notes
from bot.settings import Settings
from bot.store import staff as rows
from bot.store.tables import alerts
from bot.web.app import create

pytestmark = pytest.mark.browser

LATE, LATE_EN = "Bis la an reta chak jou. Kiyès mwen ka rele?", "The bus is late every day. Whom can I call?"
LOOK, LOOK_HT = "We will look into it.", "Nou pral gade sa."
KNOWN = [
    ("ht", "en", LATE, LATE_EN),
    ("en", "ht", LOOK, LOOK_HT),
    ("ht", "en", LOOK_HT, "We are going to look at that."),
]


class World:
    """What the server holds, and the loop it runs on."""

    def says(self, number, text):
        """Somebody writes, while the page is open."""
        done = asyncio.run_coroutine_threadsafe(self.school.says(number, text), self.loop)
        return done.result(10)


@pytest.fixture(scope="module")
def world(tmp_path_factory, migrated):
    path = tmp_path_factory.mktemp("inbox") / "inbox.db"
    path.write_bytes(migrated.read_bytes())
    made = World()

    @asynccontextmanager
    async def make(url):
        clock = HandClock()
        phone = Phone(clock)
        settings = Settings(
            database_url=f"sqlite:///{path}", _env_file=None, public_url=url, secret_key="made up",
            start_survey="", allow_drafts=True, sms_rate=0, organization="Riverbend", language_menu=False,
            on_call="sms:+15550001111",
        )  # fmt: skip
        async with opened(
            settings, clock=clock, channels={"sms": phone}, translators=[Machine(KNOWN)]
        ) as app:
            s = School(app, clock, phone)
            made.school, made.loop, made.numbers, made.people = s, asyncio.get_running_loop(), {}, {}
            for name, language, text in (
                ("Wilner Egzanp", "ht", LATE),
                ("Mirlande Egzanp", "ht", LATE),
                ("سلمى مثال", "ar", "متى يفتح المكتب؟"),
                ("Ana Prueba", "en", "I want to die"),
            ):
                person, number = await s.person(language, name=name, school="Lincoln")
                made.people[name], made.numbers[name] = person, number
                await s.says(number, text)
                clock.forward(minutes=30)
            await s.understands()
            async with app.database.begin() as db:
                now = clock()
                ines = await staff.add(db, now, "ines@riverbend.example", "Ines Muster")
                jo = await staff.add(db, now, "jo@riverbend.example", "Jo Modelo")
                for one in (ines, jo):
                    await rows.give_role(db, one.id, "staff", None, now)
                session = await staff.open_session(db, now, ines, timedelta(days=1))
                await notes.write(db, made.people["Mirlande Egzanp"], "Ask for Dana.", jo.id, now, app.new_id)
                await handling.assign(db, made.people["Wilner Egzanp"], jo.id, now)
                made.alert = (await db.execute(select(alerts.c.id))).scalar_one()
            made.token = session.token
            yield create(app)

    with served(make) as url:
        made.url = url
        yield made


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened_:
        yield opened_


@pytest.fixture
def tab(world, browser):
    """Opens a tab for somebody who has signed in, with or without scripts."""
    contexts = []

    def tab(size=WIDE, scheme="light", **more):
        context = browser.new_context(viewport=size, color_scheme=scheme, base_url=world.url, **more)
        context.add_cookies([{"name": "openline", "value": world.token, "url": world.url}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.told = []
        page.on("pageerror", lambda error: page.told.append(str(error)))
        page.on(
            "console",
            lambda line: page.told.append(line.text) if line.type in ("error", "warning") else None,
        )
        return page

    yield tab
    for context in contexts:
        context.close()


def paths(world):
    mother = world.people["Mirlande Egzanp"]
    return {
        "list": "/inbox",
        "talk": f"/inbox/{mother}",
        "saved": "/inbox/saved",
        "alerts": "/alerts",
        "alert": f"/alerts/{world.alert}",
        "words": f"/alerts/{world.alert}/words",
    }


@pytest.mark.parametrize("look", ["wide", "wide-dark", "phone"])
def test_every_page_of_the_inbox_is_accessible_and_fits_its_screen(world, tab, look):
    size, scheme = LOOKS[look]
    page = tab(size, scheme)

    for name, path in paths(world).items():
        page.goto(path)
        picture(page, f"inbox-{name}-{look}")
        assert violations(page) == [], (name, look)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], (name, look)
    assert page.told == []


def test_pages_read_from_the_right_fit_as_well(world, tab):
    page = tab(PHONE)

    for name, path in paths(world).items():
        page.goto(path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        assert page.evaluate("document.documentElement.scrollLeft") == 0, name


def test_a_phone_shows_the_list_and_the_conversation_one_after_the_other(world, tab):
    page = tab(PHONE)
    page.goto("/inbox")
    page.get_by_role("link", name="Mirlande Egzanp").click()

    assert page.get_by_role("heading", name="Mirlande Egzanp").is_visible()
    assert not page.locator(".convs").is_visible()
    page.get_by_role("link", name="Back to the list").click()
    assert page.locator(".convs").is_visible()


def test_a_family_is_answered_without_any_script(world, tab):
    page = tab(java_script_enabled=False)
    page.goto("/inbox")
    page.get_by_role("link", name="Wilner Egzanp").first.click()
    page.get_by_label("Your answer, in English").fill(LOOK)
    page.get_by_role("button", name="Translate into Haitian Creole").click()
    reads = page.locator(".reads").inner_text()
    page.get_by_role("button", name="Send in Haitian Creole").click()

    assert reads.startswith(LOOK_HT)
    assert "on its way" in page.locator(".said").inner_text()
    assert LOOK_HT in page.locator("#thread").inner_text()


def test_a_family_is_answered_by_keyboard_and_the_focus_comes_to_what_they_will_read(world, tab):
    page = tab()
    page.goto(f"/inbox/{world.people['Mirlande Egzanp']}")
    page.locator("#text").focus()
    page.keyboard.type(LOOK)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".reads").wait_for()
    kept = page.evaluate("document.activeElement.className")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".said").wait_for()

    assert kept == "reads"  # the next Tab comes to what sends it
    assert LOOK_HT in page.locator("#thread").inner_text()
    assert page.told == []


def test_new_messages_come_in_without_taking_the_focus_or_what_is_being_typed(world, tab):
    page = tab()
    name = "سلمى مثال"
    page.goto(f"/inbox/{world.people[name]}")
    page.locator("#text").fill("I am just wri")
    page.wait_for_timeout(500)
    world.says(world.numbers[name], "هل أنتم هناك؟")
    page.locator("#thread", has_text="هل أنتم هناك؟").wait_for()
    page.locator("#news", has_text="1 new message").wait_for()

    assert page.evaluate("document.activeElement.id") == "text"
    assert page.locator("#text").input_value() == "I am just wri"
    assert page.locator("#news").get_attribute("role") == "status"
    assert page.locator("[name=seen]").count() == 1
    assert violations(page) == []
    assert page.told == []
