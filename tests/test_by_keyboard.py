"""The main task of each room by keyboard alone: one always sees where one is, nothing holds the focus, and no step loses it."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager

import pytest
from browsing import WIDE, chromium, served
from furnished import ROSTER, place

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

WHERE = """target => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const parts = at.matches('[type=date], [type=time]');  // the browser shows which of its parts has the focus
    const line = parts || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
    const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return {here: at === target, clear: at === document.body || line && seen, tag: at.outerHTML.slice(0, 120)};
}"""


@pytest.fixture(scope="module")
def here(migrated, tmp_path_factory):
    store, made = tmp_path_factory.mktemp("keys") / "openline.db", []
    shutil.copy(migrated, store)

    @asynccontextmanager
    async def make(address):
        async with place(f"sqlite:///{store}", address, persons=60) as one:
            made.append(one)
            yield one.web

    with served(make):
        yield made[0]


@pytest.fixture(scope="module")
def browser():
    with chromium() as one:
        yield one


class Keys:
    """Somebody at a page who has no mouse."""

    def __init__(self, page):
        self.page = page

    def to(self, target, most=150):
        """Press Tab until the focus is there; each stop on the way has to be seen."""
        node = target.element_handle()
        for _ in range(most):
            self.page.keyboard.press("Tab")
            at = self.page.evaluate(WHERE, node)
            assert at["clear"], f"the focus is not seen at {at['tag']}"
            if at["here"]:
                return
        raise AssertionError(f"{target} is not reached by Tab at {self.page.url}")

    def enter(self, target):
        """Go there and press Enter."""
        self.to(target)
        self.page.keyboard.press("Enter")

    def button(self, name, **more):
        """Go to a button and press it."""
        self._press("button", name, more)

    def link(self, name, **more):
        self._press("link", name, more)

    def _press(self, role, name, more):
        main = self.page.locator("main")
        self.enter(main.get_by_role(role, name=name, **({"exact": True} | more)).first)

    def write(self, label, text):
        self.to(self.page.get_by_label(label).first)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, name, first):
        """Go to a group of choices, of which ``first`` is the first, and down to one."""
        self.to(self.page.get_by_role("radio", name=first, exact=True))
        self.page.keyboard.press("Space")
        for _ in range(10):
            if self.page.get_by_role("radio", name=name, exact=True).is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{name} is not reached by the arrows")

    def sees(self, text):
        self.page.locator("main").get_by_text(text).first.wait_for()


@pytest.fixture
def keys(browser, here):
    context = browser.new_context(base_url=here.address, viewport=WIDE, reduced_motion="reduce")
    context.add_cookies([{"name": "openline", "value": here.token, "url": here.address}])
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield Keys(page)
    context.close()


def test_a_list_of_people_is_brought_in(keys):
    keys.page.goto("/people/import")
    keys.to(keys.page.locator("#file"))
    with keys.page.expect_file_chooser() as chooser:
        keys.page.keyboard.press("Space")
    chooser.value.set_files({"name": "keys.csv", "mimeType": "text/csv", "buffer": ROSTER})
    keys.button("Go on to the columns")
    keys.sees("Which column holds what?")
    keys.button("See what it would change")
    keys.sees("This is what it would change")
    keys.enter(keys.page.locator(".enter button"))
    keys.sees("The list is in")


def test_a_survey_is_published(keys):
    keys.page.goto("/surveys")
    keys.link("The trip to school")
    keys.link("Check and publish")
    keys.button("Publish this survey")
    keys.sees("Published.")


def test_a_campaign_is_written_and_another_approved(keys):
    keys.page.goto("/campaigns")
    keys.link("Write a campaign")
    keys.write("Title", "Snow days")
    keys.write("Message in English", "{school}: school is open tomorrow. Reply STOP to end.")
    keys.to(keys.page.get_by_label("Another condition"))
    keys.page.keyboard.type("Lang")
    keys.button("Add a condition")
    keys.sees("Language")
    assert keys.page.evaluate("document.activeElement !== document.body"), (
        "the focus is lost with the condition"
    )
    keys.button("Save and finish later")
    keys.sees("Snow days")

    keys.page.goto("/campaigns")
    keys.link("Read and approve", exact=False)
    keys.button("Approve", exact=False)
    keys.sees("Approved")


def test_a_translation_is_approved(keys):
    keys.page.goto("/translations")
    keys.link("Read the next in Spanish")
    before = keys.page.url
    keys.button("Approve, read the next")
    keys.sees("Does the Spanish say the same?")
    assert keys.page.url != before


def test_an_alert_is_taken_on_and_closed(keys):
    keys.page.goto("/inbox")
    keys.enter(keys.page.locator(".pinned a.btn-danger").first)
    keys.sees("Are you on it?")
    keys.button("I am on it")
    keys.choose(
        "A false alarm: the question that waits is asked again",
        "Somebody has helped: nothing more is asked of them until they write",
    )
    keys.write("What was done", "Called; all is well.")
    keys.button("Record the outcome")
    keys.page.wait_for_url("**/alerts")


def test_a_family_is_answered(keys):
    keys.page.goto("/inbox")
    keys.enter(keys.page.locator("main a[href^='/inbox/']").filter(has_text="English").first)
    keys.write("Your answer, in English", "Thank you. We will look into it.")
    keys.button("Send the reply")
    keys.sees("Your reply")


def test_somebody_is_let_in_and_given_one_more_role(keys):
    keys.page.goto("/settings/users")
    keys.link("Let somebody in")
    keys.write("Name", "Bo Beispiel")
    keys.write("Work email address", "bo")
    keys.choose("Coder", "Admin")
    keys.button("Make the account")
    keys.sees("There is a problem")
    assert keys.page.evaluate("document.activeElement.className") == "problems"
    keys.write("Work email address", "bo@riverbend.example")
    keys.button("Make the account")
    keys.link("All accounts")
    keys.link("Bo Beispiel")
    keys.choose("Translator", "Admin")
    keys.button("Give this role")
    keys.sees("Translator at all schools")
