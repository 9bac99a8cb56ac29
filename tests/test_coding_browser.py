"""The room "coding" in a real browser: axe, small screens, keys, no script, right to left."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import coding_world
import pytest
from browsing import LOOKS, PHONE, WIDE, chromium, served, violations
from coding_world import BUS, ENGLISH, FEES, GIVEN, ILL, REPLY, WORK
from conftest import HandClock
from office import office
from sqlalchemy import insert

from bot.store import draws
from bot.store.tables import proposals

pytestmark = pytest.mark.browser

PAGES = {
    "overview": "/coding",
    "agreement": "/coding/bus/agreement",
    "differences": "/coding/bus/differences",
    "emerging": "/coding/bus/emerging",
    "done": "/coding/bus/done",
    "codebooks": "/codebooks",
    "codebook": "/codebooks/school_barriers",
    "theme": "/codebooks/school_barriers/theme/transport.cost",
    "edit": "/codebooks/school_barriers/theme/transport.cost/edit",
    "split": "/codebooks/school_barriers/theme/transport.cost/split",
    "merge": "/codebooks/school_barriers/theme/transport.cost/merge",
    "add": "/codebooks/school_barriers/add",
    "import": "/codebooks/import",
    "compare": "/codebooks/school_barriers/compare",
    "again": "/codebooks/again",
}


async def fill(here, known):
    """Replies in three languages, some read by two people, and a group that may be a theme."""
    say = await coding_world.replies(here)
    ines = await here.sign_in("coder", "organizer")
    kim = await here.sign_in("coder", name="Kim Muster")
    known.reply = await say.says(
        REPLY, GIVEN, language="es", school="Lincoln Elementary", doubt=0.99, english=ENGLISH
    )
    known.arabic = await say.says(
        "الحافلة لا تأتي في موعدها", {BUS: (["الحافلة"], 0.8)}, language="ar", doubt=0.9
    )
    for n in range(8):
        answer = await say.says(f"the bus is late again {n}")
        async with here.app.database.begin() as db:
            await draws.draw(
                db, [{"answer_id": answer, "drawn": "lot", "wanted": 2, "created_at": here.clock()}]
            )
        await say.reads(ines, answer, BUS if n % 2 else WORK)
        await say.reads(kim, answer, FEES if n < 2 else BUS if n % 2 else WORK)
    for n in range(12):
        await say.says(f"no bus at all on our street {n}", {BUS: (["bus"], 0.8), ILL: ([], 0.3)}, doubt=0.4)
    lamps = [await say.says(f"no lamp at our stop {n}", {}, doubt=0.1) for n in range(6)]
    async with here.app.database.begin() as db:
        times = {"created_at": here.clock(), "changed_at": here.clock()}
        row = {"id": here.app.new_id(), "survey": "bus", "codebook": "school_barriers", "label": "lamp, stop"}
        row |= {"words": {"en": ["lamp"]}, "members": [str(each) for each in lamps], "state": "open"}
        await db.execute(insert(proposals).values(row | times))
    known.cookie = ines.client.cookies["__Host-openline"]


@pytest.fixture(scope="module")
def site(migrated):
    """A server with made-up replies, a browser, and what is known of them."""
    known = SimpleNamespace()
    folder = Path(tempfile.mkdtemp())
    shutil.copy(migrated, folder / "openline.db")

    @asynccontextmanager
    async def make(url):
        store = f"sqlite:///{folder / 'openline.db'}"
        async with office(store, HandClock(), public_url=url, cache_folder=folder, double_share=0.0) as here:
            await fill(here, known)
            yield here.web

    with chromium() as browser, served(make) as url:
        known.url, known.browser = url, browser
        yield known
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def opened(site):
    """Opens a page of somebody who has signed in; every message of the browser's console is a failure."""
    contexts = []

    def at(path, *, viewport=WIDE, scheme="light", scripts=True):
        context = site.browser.new_context(
            viewport=viewport, color_scheme=scheme, java_script_enabled=scripts
        )
        context.add_cookies([{"name": "openline", "value": site.cookie, "url": site.url}])
        contexts.append(context)
        page = context.new_page()
        page.said = []
        page.on("console", lambda each: page.said.append(each.text) if each.type == "error" else None)
        page.goto(site.url + path)
        return page

    yield at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_accessible_and_fits_its_screen(site, opened, look):
    viewport, scheme = LOOKS[look]
    page = opened("/coding", viewport=viewport, scheme=scheme)
    wrong = {}
    every = PAGES | {"bench": f"/coding/bus/{site.reply}", "arabic": f"/coding/bus/{site.arabic}"}
    # Each page is looked at in the light and wide, and some of them in each other look: axe takes its time.
    step = {"wide": 1, "phone-dark": 2}.get(look, 6)
    for name, path in list(every.items())[::-step]:
        page.goto(site.url + path)
        page.evaluate("for (const each of document.querySelectorAll('main details')) each.open = true")
        # The bar with the buttons lies over what one scrolls to: at the end it lies over nothing.
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if found := violations(page):
            wrong[name] = found
        if over > 0:
            wrong[f"{name}, sideways"] = over

    assert wrong == {}
    assert page.said == []


def test_pages_from_right_to_left_do_not_scroll_sideways(site, opened):
    page = opened(f"/coding/bus/{site.reply}", viewport=PHONE)
    for path in (f"/coding/bus/{site.reply}", "/codebooks/school_barriers", "/coding/bus/differences"):
        page.goto(site.url + path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        )
    assert violations(page) == []


def test_replies_are_read_without_any_script(site, opened):
    page = opened("/coding", scripts=False)
    page.get_by_role("link", name="Read the next reply").first.click()
    first = page.url

    page.locator("details.family > summary", has_text="Health").click()
    page.get_by_label("Long-term health condition").check()
    page.get_by_role("button", name="Save, next reply").click()
    second = page.url
    page.get_by_role("button", name="Undo the last").click()

    assert second != first
    assert page.url.partition("?")[0] == first
    assert page.get_by_label("Long-term health condition").is_checked()
    assert page.locator("[data-scripted]").first.is_hidden()


def test_replies_are_read_with_keys_alone(site, opened):
    page = opened(f"/coding/bus/{site.reply}")
    keyboard = page.keyboard

    keyboard.press("2")
    keyboard.press("c")
    keyboard.press("1")
    assert page.locator(f"input[value='{WORK}']").is_checked()
    assert page.locator("input[value='care.before_after']").is_checked()
    keyboard.press("2")
    assert not page.locator(f"input[value='{WORK}']").is_checked()
    assert page.locator("[data-chosen]").inner_text() == "1 chosen by you"
    assert "Adult work hours clash" in page.locator("[data-told]").text_content()
    keyboard.press("?")
    assert page.locator("dialog").is_visible()
    keyboard.press("Escape")
    page.locator("dialog").wait_for(state="hidden")
    with page.expect_navigation():
        keyboard.press("Enter")
    assert str(site.reply) not in page.url
    assert "You saved last: No care before or after school" in page.locator(".last").inner_text()
    with page.expect_navigation():
        keyboard.press("u")

    assert str(site.reply) in page.url
    assert page.said == []


def test_keys_do_nothing_while_somebody_types_or_once_they_are_turned_off(site, opened):
    page = opened(f"/coding/bus/{site.reply}")

    page.keyboard.press("o")
    page.keyboard.type("12 u n")
    assert page.locator("#note").input_value() == "12 u n"
    assert page.locator("input[name=theme]:checked").count() == 0
    page.get_by_role("button", name="Turn keys off").click()
    page.reload()
    page.keyboard.press("1")

    assert page.locator("input[name=theme]:checked").count() == 0
    assert page.get_by_role("button", name="Turn keys on").is_visible()
    assert page.locator(".keys").is_hidden()
    assert str(site.reply) in page.url


def test_a_theme_is_found_by_its_words(site, opened):
    page = opened(f"/coding/bus/{site.reply}")

    page.keyboard.press("/")
    page.keyboard.type("bully")

    shown = page.locator(".others .theme:visible")
    assert shown.count() == 1
    assert "Bullying" in shown.inner_text()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    assert page.locator("input[value='safety.bullying']").is_checked()


def test_a_theme_is_changed_without_any_script(site, opened):
    page = opened("/codebooks/school_barriers/theme/access.information/edit", scripts=False)

    page.locator("#label").fill("Nobody told us")
    page.get_by_role("button", name="See what this changes").click()
    assert "Did not know about it" in page.locator("main").inner_text()
    page.get_by_role("button", name="Change it").click()
    assert page.locator("#label").input_value() == "Nobody told us"
    page.get_by_role("button", name="See what this changes").click()
    page.get_by_role("button", name="Save as version").click()

    assert "Version 2 is saved" in page.locator(".said").inner_text()
    assert page.get_by_role("link", name="Nobody told us").is_visible()
