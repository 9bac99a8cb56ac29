"""The pages in a real browser: accessibility, the policy, small screens, the dark, and no script at all.

Chromium comes from the system, else from Playwright. Pictures are put into var/screenshots, for people to look at.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import browsing
import made_up
import pytest
from browsing import LOOKS, PHONE, WIDE, picture, says_no, served, violations

from bot import staff
from bot.outreach.lately import Lately
from bot.settings import Settings
from bot.store import staff as rows
from bot.store.database import Database, connect
from bot.store.staff import Member
from bot.web.app import create
from bot.web.badges import nothing

pytestmark = pytest.mark.browser

PASSWORD = "the bus came late again"
EMAIL = "ines@riverbend.example"


@dataclass(frozen=True)
class Listed:
    key: str
    title: str


@dataclass(frozen=True)
class Service:
    """The made-up survey, one that nobody has answered, and one that nobody was asked."""

    settings: Settings
    database: Database
    channels = {}

    def clock(self):
        return datetime.now(UTC)

    async def surveys(self):
        return [
            Listed(made_up.SURVEY, made_up.TITLE),
            Listed("winter-mornings", "Winter mornings"),
            Listed("spring", "Spring check-in"),
        ]

    async def findings(self, survey):
        if survey == made_up.SURVEY:
            return made_up.summary()
        return made_up.nobody_yet() if survey == "winter-mornings" else None

    async def crossed(self, survey, wave, pairs):
        return await self.findings(survey)

    async def glance(self, survey, how="named", wave=None):
        found = await self.findings(survey)
        if found is None:
            return None
        return made_up.viewed(made_up.told(found) if wave or how != "named" else found, how, wave)

    lately = Lately()

    async def chosen(self, survey):
        return (made_up.results(), self.clock()) if survey == made_up.SURVEY else None


@pytest.fixture(scope="module")
def home(migrated: Path, tmp_path_factory) -> Iterator[str]:
    """The address of its first page."""
    store = tmp_path_factory.mktemp("browser") / "openline.db"
    shutil.copy(migrated, store)

    @asynccontextmanager
    async def make(url: str):
        database = connect(f"sqlite:///{store}")
        async with database.begin() as db:
            ines = Member(uuid4(), EMAIL, "Ines Muster", staff.digest(PASSWORD))
            await rows.insert_member(db, ines, datetime.now(UTC))
            await rows.give_role(db, ines.id, "organizer", None, datetime.now(UTC))
            await made_up.coded(db, datetime.now(UTC))
        settings = Settings(_env_file=None, public_url=url, secret_key="made up for tests")
        yield create(Service(settings, database), nothing)
        await database.close()

    with served(make) as url:
        yield url


@pytest.fixture(scope="module")
def chromium():
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def signed_in(chromium, home) -> dict:
    """The cookies of somebody who has signed in."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(home + "/findings")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("heading", level=1).inner_text() == "What families have told us"
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_page(chromium, home, signed_in):
    """Opens an address, and fails the test when the browser has anything to complain about."""
    contexts, complaints = [], []

    def go(path: str, *, size=WIDE, scheme="light", member=True, scripts=False, expect=200, later=200):
        context = chromium.new_context(
            viewport=size,
            color_scheme=scheme,
            java_script_enabled=scripts,
            storage_state=signed_in if member else None,
        )
        contexts.append(context)
        page = context.new_page()
        # Chromium itself notes the status of a page that says no.
        page.on(
            "console",
            lambda said: complaints.append(said.text) if not says_no(said.text, expect, later) else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(request.url))
        answer = page.goto(home + path)
        assert answer.status == expect
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


FINDINGS = f"/findings/{made_up.SURVEY}"
ITEMS = f"/surveys/{made_up.SURVEY}/items"
PAGES = {
    "surveys": ("/findings", True),
    "findings": (FINDINGS, True),
    "findings-theme": (f"{FINDINGS}?theme=health", True),
    "findings-within-reach": (f"{FINDINGS}?view=within_reach", True),
    "findings-gap": (f"{FINDINGS}?view=gap", True),
    "findings-change": (f"{FINDINGS}?view=change", True),
    "findings-wave": (f"{FINDINGS}?wave=Spring+2026", True),
    "empty": ("/findings/winter-mornings", True),
    "items": (ITEMS, True),
    "items-by-school": (f"{ITEMS}?by=school", True),
    "items-by-language": (f"{ITEMS}?by=language", True),
    "nobody-asked": ("/findings/spring", True),
    "how-we-count": ("/how-we-count", True),
    "protecting-families": ("/protecting-families", False),
    "signin": ("/signin", False),
    "no-such-page": ("/no-such-page", True),
    "link-used": ("/signin/link/used", False),
}
STATUS = {"no-such-page": 404, "link-used": 410}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_shut_out(open_page, name, look):
    path, member = PAGES[name]
    size, scheme = LOOKS[look]
    # Scripts are on only so that axe can run; the page has none.
    page = open_page(
        path, size=size, scheme=scheme, member=member, scripts=True, expect=STATUS.get(name, 200)
    )

    picture(page, f"{name}-{look}")
    assert violations(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_never_wider_than_a_phone(open_page, name):
    path, member = PAGES[name]
    page = open_page(path, size=PHONE, member=member, scripts=True, expect=STATUS.get(name, 200))

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_an_error_is_said_first_and_leads_to_its_field(open_page):
    page = open_page("/signin", member=False, scripts=True, later=422)

    page.get_by_role("button", name="Sign in").click()

    assert page.title() == "Error: Sign in – Openline"
    assert page.evaluate("document.activeElement.className") == "problems"
    picture(page, "signin-error-wide")
    page.get_by_role("link", name="Enter your password").click()
    assert page.evaluate("document.activeElement.id") == "password"


def test_everything_works_without_a_script(open_page):
    page = open_page("/findings")

    page.get_by_role("link", name=made_up.TITLE).click()
    page.get_by_role("link", name="Health", exact=True).first.click()
    assert page.url.endswith(f"{FINDINGS}?theme=health")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Health")

    page.get_by_role("link", name="Remove this filter").click()
    assert page.url.endswith(FINDINGS)


def test_signing_out_works_without_a_script(chromium, home):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(home + "/how-we-count")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(home + "/how-we-count")

    page.get_by_role("button", name="Sign out").click()
    assert page.get_by_role("status").inner_text() == "You have signed out."

    page.goto(home + FINDINGS)
    assert page.get_by_role("heading", level=1).inner_text() == "Sign in"
    context.close()


def test_arabic_words_run_from_right_to_left(open_page):
    page = open_page(FINDINGS, scripts=True)

    quote = page.locator('blockquote[lang="ar"]').first
    direction = quote.evaluate("node => getComputedStyle(node).direction")
    english = quote.locator("xpath=following-sibling::blockquote").evaluate(
        "node => getComputedStyle(node).direction"
    )

    assert (direction, english) == ("rtl", "ltr")


def test_a_page_written_from_right_to_left_keeps_its_shape(open_page):
    page = open_page(FINDINGS, size=PHONE, scripts=True)

    page.evaluate("document.documentElement.dir = 'rtl'")
    bar, cell = (
        page.locator(".ranked .bar").first.bounding_box(),
        page.locator(".ranked .drawn").first.bounding_box(),
    )

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert bar["x"] + bar["width"] == pytest.approx(cell["x"] + cell["width"], abs=2)
    picture(page, "findings-rtl-phone")


def test_one_can_read_the_page_by_keyboard_alone(open_page):
    page = open_page(FINDINGS, scripts=True)

    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert first == "Skip to main content"
    assert page.url.endswith("#main")


def test_on_a_phone_each_bar_stands_under_its_name_and_the_table_is_still_one(open_page):
    page = open_page(FINDINGS, size=PHONE)

    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Getting there")).first
    name, bar = row.get_by_role("rowheader").bounding_box(), row.locator("svg").bounding_box()

    assert bar["y"] >= name["y"] + name["height"] - 1
    assert bar["width"] > 200


def test_paper_has_no_menu_and_keeps_the_bars(open_page):
    page = open_page(FINDINGS, scripts=True)

    page.emulate_media(media="print", color_scheme="light")

    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert page.locator(".ranked svg").first.is_visible()
    picture(page, "findings-print")


def test_a_style_of_its_own_is_refused_by_the_policy(chromium, home, signed_in):
    context = chromium.new_context(storage_state=signed_in)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(home + "/")

    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    page.wait_for_timeout(100)

    assert any("Content Security Policy" in line for line in said)
    context.close()


def test_screens_of_320_pixels_at_four_times_the_size_do_not_scroll_sideways(open_page):
    # WCAG 2.2, 1.4.10: 1280 pixels at 400%.
    page = open_page(FINDINGS, size={"width": 320, "height": 256}, scripts=True)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
