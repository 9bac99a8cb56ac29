"""Findings, replies, statements, duties and reports in a real browser: for everybody, without scripts, by keyboard, on a phone."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import browsing
import pytest
from browsing import LOOKS, PHONE, WIDE, picture, says_no, served, violations
from conftest import HandClock
from export_world import KEY, fill

from analysis import codebook
from bot import duties, staff
from bot.app import opened
from bot.settings import Settings
from bot.store import staff as rows
from bot.web.app import create

pytestmark = pytest.mark.browser

FINDINGS = f"/findings/{KEY}"
PAGES = {
    "barriers": f"{FINDINGS}?theme=transport&pair=school,language",
    "barriers-group": f"{FINDINGS}?school=Oak&cells=families",
    "quotes": f"{FINDINGS}/quotes?theme=transport",
    "behind": f"{FINDINGS}/behind?theme=transport",
    "waves": f"{FINDINGS}/waves",
    "replies": f"/replies/{KEY}?theme=transport",
    "problems": "/problems",
    "problem": "",
    "duties": "/duties",
    "duty": "",
    "reports": f"/reports?survey={KEY}",
}


@pytest.fixture(scope="module")
def made(migrated, tmp_path_factory):
    """The address of the server, a session's cookie, and the addresses of one statement and one duty."""
    store = tmp_path_factory.mktemp("themes") / "openline.db"
    shutil.copy(migrated, store)
    known = {}

    @asynccontextmanager
    async def make(url):
        settings = Settings(
            _env_file=None, database_url=f"sqlite:///{store}", public_url=url, secret_key="made up for tests",
            start_survey="", organization="Riverbend", timezone="America/New_York",
        )  # fmt: skip
        clock = HandClock()
        clock.now = datetime.now(UTC)
        async with opened(settings, clock=clock, channels={}) as app:
            said = await fill(app.database)
            async with app.database.begin() as db:
                found = [(row["id"], "needs.housing") for row in said[:2]]
                await duties.enter(db, found, codebook.load(), clock(), app.new_id)
                member = await staff.add(db, clock(), "ines@riverbend.example", "Ines Muster")
                for role in ("organizer", "staff", "coder"):
                    await rows.give_role(db, member.id, role, None, clock())
                session = await staff.open_session(db, clock(), member, timedelta(days=1))
                known["duty"] = f"/duties/{(await duties.store.ids(db))[0]}"
            summary = await app.releases.whole(KEY)
            from bot.problems import Problems

            problems = Problems(app.database, app.books, app.releases, clock, app.new_id)
            (one, *_) = await problems.draft(KEY, "Riverbend", shown=summary) or [None]
            known["problem"] = f"/problems/{one.id}" if one else "/problems"
            for pairs in ((), (("language", "school"),)):
                app.at_hand._begin(
                    ("test", pairs), lambda pairs=pairs: app.at_hand._look((KEY, "", pairs), None)
                )
            await app.at_hand.settled()
            known["token"] = session.token
            yield create(app)

    with served(make) as url:
        yield url, known


@pytest.fixture(scope="module")
def chromium():
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture
def open_page(chromium, made):
    """Opens an address, and fails the test when the browser has anything to complain about."""
    url, known = made
    contexts, complaints = [], []

    def go(name, *, size=WIDE, scheme="light", scripts=True, expect=200):
        context = chromium.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)
        context.add_cookies([{"name": "openline", "value": known["token"], "url": url}])
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda said: complaints.append(said.text) if not says_no(said.text, 200, 422) else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        path = PAGES.get(name, name) or known[name]
        page.goto(url + path)
        for _ in range(20):
            if page.locator("#counting").count() == 0:
                break
            page.wait_for_timeout(300)
            page.goto(url + path)
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("look", LOOKS)
def test_nobody_is_shut_out_of_any_page(open_page, look):
    size, scheme = LOOKS[look]
    found = {}
    for name in PAGES:
        page = open_page(name, size=size, scheme=scheme)
        found[name] = violations(page)
        picture(page, f"themes-{name}-{look}")
        if size == PHONE:
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        page.context.close()
    assert {name: what for name, what in found.items() if what} == {}


def test_a_group_is_chosen_and_left_without_scripts(open_page):
    page = open_page("barriers", scripts=False)
    page.get_by_text("School: all").click()
    page.locator("details.pick[open]").get_by_role("link", name="Oak").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Oak: ")
    assert "school=Oak" in page.url

    page.get_by_role("link", name="School: Oak").click()
    assert "school" not in page.url.partition("?")[2].replace("pair=school", "")


def test_the_menus_open_and_close_by_keyboard(open_page):
    page = open_page(FINDINGS)
    menu = page.locator("details.pick", has=page.locator("summary", has_text="School"))
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.get_attribute("open") is not None
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**school=**")


def test_a_report_is_made_without_scripts(open_page):
    page = open_page("reports", scripts=False)
    page.get_by_label("PDF, beside the page").uncheck()
    page.get_by_role("button", name="Make the report").click()
    page.get_by_text("It is ready").wait_for(timeout=30_000)
    page.get_by_role("link", name="See it").first.click()
    assert page.get_by_role("heading", level=1).is_visible()


def test_a_report_that_is_ready_appears_by_itself(open_page):
    page = open_page("reports")
    page.get_by_label("PDF, beside the page").uncheck()
    page.get_by_role("button", name="Make the report").click()
    page.get_by_text("It is ready").wait_for(timeout=30_000)


def test_pages_written_from_right_to_left_keep_their_shape(open_page):
    for name in ("barriers", "replies", "reports"):
        page = open_page(name, size=PHONE)
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        picture(page, f"themes-{name}-rtl")


def test_paper_shows_the_findings_and_no_menus(open_page):
    page = open_page("barriers")
    page.emulate_media(media="print", color_scheme="light")

    assert not page.get_by_role("button", name="Print").is_visible()
    assert not page.locator(".narrowing").is_visible()
    assert page.locator(".ranked svg").first.is_visible()
