"""Reading and approving translations in a real browser: by keyboard, without scripts, on a phone, from right to left."""

from __future__ import annotations

from contextlib import asynccontextmanager

import pytest
from browsing import LOOKS, WIDE, chromium, picture, served, violations
from office import office
from translation_world import filled

from bot.clock import utcnow
from bot.store.database import connect
from bot.store.migrate import migrate
from survey_flows import phrases

pytestmark = pytest.mark.browser

PAGES = {
    "languages": "/translations",
    "list": "/translations/es",
    "missing": "/translations/ar?show=missing",
    "text": "/translations/es/survey:mornings/why/ask",
    "arabic": "/translations/ar/phrase:thanks",
    "use": "/translations/es/use?document=survey:mornings",
    "import": "/translations/import",
    "glossary": "/translations/glossary?language=es",
    "term": "/translations/glossary/bus_stop?language=es",
    "new-term": "/translations/glossary/new",
    "glossary-import": "/translations/import/glossary",
}
tokens: dict[str, str] = {}


@pytest.fixture(scope="module")
def browser():
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('translations')}/openline.db"

    @asynccontextmanager
    async def make(address):
        database = connect(url)
        await migrate(database)
        await database.close()
        async with office(
            url, utcnow, public_url=address, allow_drafts=False, known=[("es", "en", "Mañanas", "Mornings")]
        ) as here:
            await filled(here.app)
            ines = await here.sign_in("translator")
            tokens["translator"] = ines.client.cookies["__Host-openline"]
            yield here.web

    with served(make) as address:
        yield address
    phrases.adopt({})


@pytest.fixture
def opened(browser, base):
    """Opens a page as a translator; gives it."""
    contexts = []

    def go(path, *, look="wide", scripts=True):
        size, scheme = LOOKS[look]
        context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=scripts)
        context.add_cookies([{"name": "openline", "value": tokens["translator"], "url": base}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto(base + path)
        return page

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("look", ["wide", "phone-dark"])
def test_every_page_is_accessible_and_nothing_sticks_out(opened, base, look):
    page = opened("/translations", look=look)
    for name, path in PAGES.items():
        page.goto(base + path)
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        picture(page, f"translations-{name}-{look}")


def test_from_right_to_left_nothing_sticks_out(opened):
    page = opened(PAGES["text"], look="phone")
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page = opened(PAGES["list"])
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, "translations-rtl")


def test_without_scripts_a_text_is_looked_over_approved_and_undone(opened):
    page = opened("/translations/es/survey:mornings/title", scripts=False)
    page.get_by_role("button", name="Look it over").click()
    assert page.get_by_text("A machine finds nothing wrong").is_visible()
    page.get_by_role("button", name="Approve, read the next").click()
    assert page.get_by_text("Approved. This is the next one.").is_visible()
    page.get_by_role("button", name="Undo").click()
    assert page.get_by_role("heading", name="Does the Spanish say the same?").is_visible()
    assert page.get_by_label("Spanish", exact=True).input_value() == "Mañanas"


def test_without_scripts_several_are_approved_from_the_list(opened):
    page = opened("/translations/ht?show=waiting&of=survey", scripts=False)
    page.get_by_role("link", name="Tick all on this page").click()
    page.get_by_role("button", name="Approve those that are ticked").click()
    assert page.get_by_text("7 texts are approved.").is_visible()
    page.get_by_role("button", name="Undo").click()
    assert page.get_by_text("7 texts wait for a reader again.").is_visible()


def test_by_keyboard_findings_come_while_typing_and_control_enter_goes_on(opened):
    page = opened("/translations/es/survey:mornings/intro")
    page.get_by_role("link", name="Skip to main content").focus()
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "said":
            break
    page.keyboard.press("Control+A")
    page.keyboard.type("Hacemos dos preguntas.")
    page.get_by_text("{school} is missing").wait_for()
    assert page.evaluate("document.activeElement.id") == "said"
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="There is a problem").wait_for()
    field = page.get_by_label("Spanish", exact=True)
    assert field.input_value() == "Hacemos dos preguntas."
    field.fill("{school} hace dos preguntas sobre las mañanas. Responda STOP para terminar.")
    field.press("Control+Enter")
    page.get_by_text("Approved. This is the next one.").wait_for()
    page.get_by_role("button", name="Undo").click()


def test_a_machine_reads_a_translation_back_into_the_source(opened):
    page = opened("/translations/es/survey:mornings/title")
    page.get_by_role("link", name="Have a machine translate it back into English").click()
    page.get_by_role("heading", name="A machine reads it in English as").wait_for()
    assert page.locator(".again p").inner_text() == "Mornings"
    assert page.viewport_size == WIDE
