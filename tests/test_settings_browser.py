"""Settings, one's account and signing in, in a real browser: accessibility, small screens, no scripts, the keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import browsing
import pyotp
import pytest
from browsing import LOOKS, PHONE, WIDE, picture, served, violations
from campaign_world import Phone

from bot import appointing, staff, tokens
from bot.app import opened
from bot.settings import Settings
from bot.store import staff as rows
from bot.web.app import create

pytestmark = pytest.mark.browser

PASSWORD = "the bus came late again"
PAGES = {
    "settings": "/settings",
    "accounts": "/settings/users",
    "account-new": "/settings/users/new",
    "account-of-somebody": "/settings/users/{kim}",
    "channels": "/settings/channels",
    "tokens": "/settings/tokens",
    "token-new": "/settings/tokens/new",
    "audit": "/settings/audit",
    "place": "/settings/place",
    "account": "/account",
    "password": "/account/password",
    "two-step": "/account/two-step",
}


@pytest.fixture(scope="module")
def place(migrated: Path, tmp_path_factory) -> Iterator[SimpleNamespace]:
    """A server with some accounts: ``url``, ``token`` of an admin's session, ``kim`` the id of somebody."""
    store, known = tmp_path_factory.mktemp("settings") / "openline.db", SimpleNamespace()
    shutil.copy(migrated, store)

    def clock():
        return datetime.now(UTC)

    @asynccontextmanager
    async def make(url: str):
        settings = Settings(
            _env_file=None, database_url=f"sqlite:///{store}", public_url=url, secret_key="made up for tests",
            start_survey="", oidc_google_client_id="made-up",
        )  # fmt: skip
        async with opened(settings, clock=clock, channels={"sms": Phone(clock, lambda _: None)}) as app:
            async with app.database.begin() as db:
                ines, _ = await appointing.admit(
                    db, clock(), None, "ines@riverbend.example", "Ines Muster", password=PASSWORD
                )
                kim, _ = await appointing.admit(
                    db, clock(), ines.id, "kim@riverbend.example", "Kim Voorbeeld", "coder", "Lincoln"
                )
                await tokens.create(db, clock(), "nightly-absences", ["people:write"], 90, ines.email)
                session = await staff.open_session(db, clock(), ines, timedelta(hours=8), "Firefox/Windows")
                await staff.open_session(db, clock(), ines, timedelta(hours=8), "Safari/iPhone")
                jo = await staff.add(db, clock(), "jo@riverbend.example", "Jo Modelo", PASSWORD)
                await rows.give_role(db, jo.id, "staff", None, clock())
            known.token, known.kim = session.token, kim.id
            yield create(app)

    with served(make) as url:
        known.url = url
        yield known


@pytest.fixture(scope="module")
def chromium():
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture
def browse(chromium, place):
    """Opens a page in a context of its own; fails the test when the browser complains."""
    contexts, complaints = [], []

    def browse(path, *, signed_in=True, **options):
        context = chromium.new_context(**{"viewport": WIDE, **options})
        contexts.append(context)
        if signed_in:
            context.add_cookies([{"name": "openline", "value": place.token, "url": place.url}])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(place.url + path.format(kim=place.kim))
        return page

    yield browse
    for context in contexts:
        context.close()
    assert [each for each in complaints if "status of 422" not in each] == []


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible_in_every_look(browse, name):
    for look, (viewport, scheme) in LOOKS.items():
        page = browse(PAGES[name], viewport=viewport, color_scheme=scheme)
        assert violations(page) == [], look
        if look in ("wide", "phone"):
            picture(page, f"{name}-{look}")
        page.context.close()


def test_signing_in_is_accessible(browse):
    for viewport, scheme in LOOKS.values():
        page = browse("/signin", signed_in=False, viewport=viewport, color_scheme=scheme)
        assert violations(page) == []
        page.context.close()


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nothing_scrolls_sideways_on_a_phone(browse, place, direction):
    page = browse("/account", viewport=PHONE)
    for name, path in PAGES.items():
        page.goto(place.url + path.format(kim=place.kim))
        page.evaluate(f"document.documentElement.dir = '{direction}'")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name


def test_letting_somebody_in_needs_no_script(browse):
    page = browse("/settings/users", java_script_enabled=False)
    page.get_by_role("link", name="Let somebody in").click()
    page.get_by_role("button", name="Make the account").click()
    assert page.title().startswith("Error:")
    page.get_by_label("Name", exact=True).fill("Ana Ejemplo")
    page.get_by_label("Work email address").fill("ana@riverbend.example")
    page.get_by_label("Translator").check()
    page.get_by_role("button", name="Make the account").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Hand this link to Ana Ejemplo"
    link = page.get_by_label("Sign-in link").input_value()

    ana = browse("/protecting-families", signed_in=False, java_script_enabled=False)
    ana.goto(link)
    ana.get_by_role("button", name="Sign in").click()
    ana.goto(link.split("/signin")[0] + "/account")
    assert "Translator at all schools" in ana.inner_text("main")


def test_two_steps_are_turned_on_and_signed_in_with_by_keyboard_alone(browse):
    page = browse("/signin", signed_in=False)

    def type_into(label, text):
        page.get_by_role("textbox", name=label).focus()
        page.keyboard.type(text)

    type_into("Email address", "jo@riverbend.example")
    type_into("Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/")
    home = page.url
    page.goto(home + "account/two-step")
    secret = page.locator(".spelled").inner_text().replace(" ", "")
    type_into("Code", pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    codes = page.locator(".codes li")
    codes.first.wait_for()
    assert codes.count() == 10
    paper = codes.first.inner_text()
    assert violations(page) == []
    picture(page, "recovery-codes")

    again = browse("/signin", signed_in=False)
    again.get_by_label("Email address").fill("jo@riverbend.example")
    again.get_by_label("Password").fill(PASSWORD)
    again.keyboard.press("Enter")
    again.get_by_role("heading", name="Enter your code").wait_for()
    assert violations(again) == []
    again.get_by_role("textbox", name="Code").focus()
    again.keyboard.type(paper)
    again.keyboard.press("Enter")
    again.wait_for_url("**/")
    assert "You signed in with a recovery code. 9 are left." in again.inner_text("main")


def test_the_look_that_somebody_chooses_is_the_look_of_the_page(browse):
    page = browse("/account#appearance")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Dark").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("status").wait_for()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_label("Automatic").check()
    page.get_by_role("button", name="Save").click()

    assert light != dark
