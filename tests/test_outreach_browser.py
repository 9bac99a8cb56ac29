"""Campaigns in a real browser: for everybody's eyes and hands, by keyboard, without scripts, and while it is written."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from browsing import LOOKS, WIDE, chromium, picture, served, violations
from campaign_world import THANKS, District, Phone
from conftest import HandClock

from bot import staff
from bot.app import opened
from bot.outreach import control
from bot.settings import Settings
from bot.store import staff as rows
from bot.store.database import connect
from bot.store.migrate import migrate
from bot.web.app import create

pytestmark = pytest.mark.browser

PAGES = {
    "campaigns": "/campaigns",
    "campaign-patterns": "/campaigns/library",
    "campaign-new": "/campaigns/new",
    "campaign-edit": "/campaigns/draft/edit",
    "campaign-approval": "/campaigns/large",
    "campaign-progress": "/campaigns/going",
    "campaign-account": "/campaigns/going/account?state=sent",
    "campaign-test": "/campaigns/draft/test",
    "campaign-file": "/campaigns/draft/file",
    "audiences": "/audiences",
    "audience": "/audiences/new",
    "calendar": "/calendar",
    "calendar-school": "/calendar/school",
    "calendar-file": "/calendar/file",
}


def text_of(key, when):
    return THANKS.replace("campaign: thanks", f"campaign: {key}").replace("when: now", f"when: {when}")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A district with a draft, one that waits, and one that is going out; gives (address, cookie)."""
    url, tokens = f"sqlite:///{tmp_path_factory.mktemp('campaigns') / 'openline.db'}", []

    @asynccontextmanager
    async def made(address):
        database = connect(url)
        await migrate(database)
        await database.close()
        clock = HandClock()
        clock.forward(hours=2)
        settings = Settings(
            database_url=url, _env_file=None, public_url=address, secret_key="made up for tests", start_survey="",
            sms_rate=0, organization="Riverbend", timezone="America/New_York", approve_above=30, allow_drafts=True,
        )  # fmt: skip
        async with opened(settings, clock=clock, channels={"sms": Phone(clock)}) as app:
            world = District(app, clock, Phone(clock))
            async with app.database.begin() as db:
                ines = await staff.add(db, clock(), "ines@riverbend.example", "Ines Muster")
                kim = await staff.add(db, clock(), "kim@riverbend.example", "Kim Voorbeeld")
                for who in (ines, kim):
                    for role in ("organizer", "staff"):
                        await rows.give_role(db, who.id, role, None, clock())
                opened_ = await staff.open_session(db, clock(), ines, timedelta(days=1))
            for n in range(12):
                await world.person(language="en", school="Lincoln Elementary", name=f"Rosa {n}")
            await control.write(app, text_of("going", "now"), ines.email)
            await control.schedule(app, "going", ines.email)
            await world.work()
            for n in range(24):
                await world.person(language=("es", "ar")[n % 2], school="Marsh Lane", name=f"Ana {n}")
            await control.write(app, text_of("draft", "{at: 2026-10-15 16:30}"), ines.email)
            large = text_of("large", "{at: 2026-10-15 16:30}") + "untranslated: source\n"
            await control.write(app, large, kim.email)
            await control.schedule(app, "large", kim.email)
            tokens.append(opened_.token)
            yield create(app)

    with served(made) as address:
        yield address, tokens[0]


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


def page_of(browser, place, viewport=WIDE, scheme="light", **more):
    address, token = place
    context = browser.new_context(
        viewport=viewport, color_scheme=scheme, locale="en-US", base_url=address, **more
    )
    context.add_cookies([{"name": "openline", "value": token, "url": address}])
    return context.new_page()


@pytest.mark.parametrize("look", ["wide", "phone-dark"])
def test_every_page_is_for_everybody_and_fits_a_phone(browser, place, look):
    viewport, scheme = LOOKS[look]
    page = page_of(browser, place, viewport, scheme)
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for name, path in PAGES.items():
        assert page.goto(path).status == 200
        assert violations(page) == [], name
        assert page.evaluate(over) <= 0, name
        if look == "wide":
            picture(page, f"outreach-{name}")
            page.emulate_media(color_scheme="dark")
            page.wait_for_timeout(200)  # buttons change their colours softly
            assert violations(page) == [], name
            page.emulate_media(color_scheme=scheme)
        else:
            page.evaluate("document.documentElement.dir = 'rtl'")
            assert page.evaluate(over) <= 0, name
    page.context.close()


def test_a_campaign_is_written_without_scripts(browser, place):
    page = page_of(browser, place, java_script_enabled=False)
    page.goto("/campaigns")
    page.get_by_role("link", name="Write a campaign").click()
    page.get_by_label("Title").fill("Buses run late")
    page.get_by_label("Message in English").fill("{school}: buses run late on Monday. Reply STOP to end.")
    page.get_by_role("button", name="Check and preview").last.click()
    assert "Lincoln Elementary: buses run late on Monday." in page.locator("#preview").inner_text()
    page.get_by_label("Another condition").select_option("school")
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_label("Lincoln Elementary").check()
    page.get_by_role("button", name="Check and preview").last.click()
    assert "12" in page.locator("#counts .total").inner_text()
    page.get_by_role("button", name="Save and finish later").click()
    assert page.locator(".said").inner_text() == "The draft is saved. Nothing is sent."
    assert page.get_by_label("Title").input_value() == "Buses run late"
    page.context.close()


def test_what_is_typed_is_seen_at_once_and_by_keyboard(browser, place):
    page = page_of(browser, place)
    page.goto("/campaigns/draft/edit")
    area = page.get_by_label("Message in English")
    area.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("{school} here. You must call us. Reply STOP to end.")
    page.locator("#preview .bubble", has_text="You must call us").wait_for()
    assert "Lincoln Elementary here. You must call us." in page.locator("#preview").inner_text()
    assert "order" in page.locator("#checks").inner_text()  # and what may be said instead
    assert page.evaluate("document.activeElement.name") == "say.0.en"  # nothing has taken the focus away
    page.get_by_label("English").first.focus()
    page.keyboard.press("ArrowRight")
    page.locator("#checks h3", has_text="Spanish").wait_for()
    assert page.get_by_label("Message in Spanish").is_visible()
    assert not area.is_visible()
    page.get_by_label("Another condition").select_option("language")
    page.get_by_role("button", name="Add a condition").press("Enter")
    page.get_by_role("checkbox", name="Arabic").wait_for()
    page.get_by_role("checkbox", name="Arabic").press("Space")
    page.locator("#counts div", has_text="Match").locator("dd", has_text="12").wait_for()
    page.context.close()
