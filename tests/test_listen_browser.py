"""Surveys in a real browser: each page for everybody, the main tasks without scripts and by keyboard alone."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from browsing import LOOKS, PHONE, WIDE, chromium, picture, served, violations

from bot import staff
from bot.app import opened
from bot.settings import Settings
from bot.store import staff as rows
from bot.web.app import create
from bot.writing import beginning, drafts

pytestmark = pytest.mark.browser

KEY = "getting-to-school"
EDIT = f"/surveys/{KEY}/edit"
DRAFT = "/surveys/transport-family"
PAGES = {
    "list": "/surveys",
    "library": "/surveys/library?q=bus",
    "import": "/surveys/import",
    "new": "/surveys/new",
    "survey": f"/surveys/{KEY}",
    "edit": f"{DRAFT}/edit?beside=es&also=ar",
    "item": f"{EDIT}/item/1?beside=es&also=ar",
    "top": f"{EDIT}/top?beside=ar",
    "file": f"{DRAFT}/edit/file",
    "publish": f"{DRAFT}/publish",
    "flow": f"/surveys/{KEY}/flow?tongue=ar",
    "try": f"/surveys/{KEY}/try?channel=telegram&tongue=ar",
}


@pytest.fixture(scope="module")
def home(migrated, tmp_path_factory):
    """The address of the first page, and the cookie of an organizer."""
    store = tmp_path_factory.mktemp("listen") / "openline.db"
    shutil.copy(migrated, store)
    tokens: list[str] = []

    @asynccontextmanager
    async def make(url):
        settings = Settings(
            _env_file=None,
            database_url=f"sqlite:///{store}",
            public_url=url,
            secret_key="made up for tests",
            start_survey=KEY,
            organization="Riverbend",
        )
        async with opened(settings, channels={}) as app:
            now = datetime.now(UTC)
            async with app.database.begin() as db:
                ines = await staff.add(db, now, "ines@riverbend.example", "Ines Muster")
                await rows.give_role(db, ines.id, "organizer", None, now)
                tokens.append((await staff.open_session(db, now, ines, timedelta(days=1))).token)
                text = beginning.from_library("transport-family")
                await drafts.begin(db, "transport-family", text, None, ines.id, now, app.new_id)
            yield create(app)

    with served(make) as url:
        yield url, tokens[0]


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def opens(browser, home):
    """A page of somebody who has signed in; what the browser complains of is an error."""
    url, token = home
    made, said = [], []

    def open_(**how):
        context = browser.new_context(base_url=url, **({"viewport": WIDE} | how))
        context.add_cookies([{"name": "openline", "value": token, "url": url}])
        page = context.new_page()
        page.on("console", lambda one: said.append(one.text) if one.type in ("error", "warning") else None)
        made.append(context)
        return page

    yield open_
    for context in made:
        context.close()
    assert [text for text in said if "status of 4" not in text] == []


@pytest.mark.parametrize("look", ["wide", "wide-dark", "phone"])
def test_every_page_is_for_everybody_and_never_wider_than_the_screen(opens, look):
    viewport, scheme = LOOKS[look]
    page = opens(viewport=viewport, color_scheme=scheme)
    for name, path in PAGES.items():
        page.goto(path)
        if name == "item":
            page.locator("details.more").evaluate_all("all => all.forEach(one => { one.open = true; })")
        if look != "wide-dark":
            picture(page, f"listen-{name}-{look}")
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_no_page_needs_room_sideways_when_it_runs_from_right_to_left(opens):
    page = opens(viewport=PHONE)
    for name in ("edit", "item", "publish", "try"):
        page.goto(PAGES[name])
        page.evaluate("document.documentElement.dir = 'rtl'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_without_scripts_a_choice_is_added_saved_and_the_survey_answered(opens):
    page = opens(java_script_enabled=False)
    page.goto(f"{EDIT}/item/0")
    page.get_by_role("button", name="Add a choice").click()
    page.locator("[name='choice.3.en']").fill("I cannot say")
    page.get_by_role("button", name="Save", exact=True).last.click()
    assert "Saved." in page.locator(".said").inner_text()
    assert "I cannot say" in page.locator("#item-0").inner_text()

    page.goto(f"/surveys/{KEY}/try?channel=web")
    page.get_by_role("button", name="I cannot say").click()
    assert "Understood as “I cannot say”" in page.locator(".talk").inner_text()
    page.get_by_role("button", name="Start over").click()
    assert page.locator(".turn").count() == 1

    page.goto(EDIT)
    page.locator("summary", has_text="Throw the draft away").click()
    page.get_by_role("button", name="Throw the draft away").click()
    assert "The draft is gone." in page.locator(".said").inner_text()


def test_by_keyboard_a_family_answers_and_the_field_is_empty_again(opens):
    page = opens()
    page.goto(f"/surveys/{KEY}/try")
    page.locator("#words").focus()
    page.keyboard.type("very hard")
    page.keyboard.press("Enter")
    page.locator(".turn").nth(2).wait_for()

    assert "Understood as “Very hard”" in page.locator(".talk").inner_text()
    assert page.locator("#words").input_value() == ""
    assert page.evaluate("document.activeElement.id") == "words"
    page.keyboard.type("the bus")
    page.keyboard.press("Enter")
    page.locator(".turn").nth(4).wait_for()
    page.get_by_role("button", name="Go back one").focus()
    page.keyboard.press("Enter")
    page.locator(".turn").nth(3).wait_for(state="detached")

    assert page.locator(".turn").count() == 3


def test_another_kind_of_question_shows_its_choices_at_once_and_keeps_the_words(opens):
    page = opens()
    page.goto(f"{EDIT}/new")
    page.locator("[name='text.en']").fill("Which bus do you take?")

    page.get_by_label("People answer").select_option("one")
    page.locator("[name='choice.0.en']").wait_for()

    assert page.locator("[name='text.en']").input_value() == "Which bus do you take?"
    page.locator("[name='choice.0.en']").fill("The first")
    page.locator("[name='choice.1.en']").fill("The second")
    page.get_by_role("button", name="Check and preview").click()
    page.locator(".look .bubble").first.wait_for()
    assert "1. The first" in page.locator(".look .bubble").first.inner_text()


def test_a_wrong_form_has_the_focus_on_what_is_wrong(opens):
    page = opens()
    page.goto("/surveys/new")
    page.get_by_role("button", name="Begin the draft").click()

    assert page.title().startswith("Error:")
    assert page.evaluate("document.activeElement.classList.contains('problems')")
    assert violations(page) == []
