"""The whole story in a real browser, over the demo's doubles: import people, write a survey, approve its translations, send it,
answer as three families in three languages, watch the numbers, read replies, read the barrier page, take the report away.

Without a script, then with scripts at 360 pixels, then from right to left, in Arabic. The pictures of the README
and the docs are made here (``OPENLINE_PICTURES=docs/images``), from the demo's made-up families.
"""

from __future__ import annotations

import asyncio
import os
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import browsing
import pytest
from browsing import PHONE, WIDE, violations

from bot import appointing, staff
from bot.demo import content, office
from bot.demo.round import SURVEY, stage
from bot.outreach import calendars
from bot.web import tongue

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

ROSTER = """\
Student ID,First name,Grade,School,Parent name,Parent phone,Home language
{key}-1,Leo,3,{school},Rosa Ejemplo,{0},Spanish
{key}-2,Mia,4,{school},Wilner Egzanp,{1},Haitian Creole
{key}-3,Sam,2,{school},Pat Sample,{2},English
"""
SAID = {
    "es": "El autobús llega tarde y mi hija espera en el frío.",
    "ht": "Bis la pa vini lè li fè frèt.",
    "en": "The bus is late when it snows, so we walk.",
}


def zone_at_noon() -> str:
    """A time zone in which it is about noon now, so that no quiet hour keeps a message back."""
    hour = datetime.now(UTC).hour
    ahead = 12 - hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


class Demo:
    """The demo's round, played once, in a thread with a loop of its own."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._ready, self._over = threading.Event(), threading.Event()
        self._failed: list[BaseException] = []
        self._runner = asyncio.Runner()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Demo:
        self._thread.start()
        assert self._ready.wait(300), "the demo did not come to its end"
        if self._failed:
            raise self._failed[0]
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)

    def _run(self) -> None:
        try:
            with self._runner:  # it ends what is still under way, and closes its loop
                self._runner.run(self._serve())
        except BaseException as error:
            self._failed.append(error)
            self._ready.set()

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        own = {"database_url": self._database, "timezone": zone_at_noon()}
        async with stage(settings=own) as self.played:
            app = self.played.app
            async with app.database.begin() as db:
                await appointing.admit(
                    db, app.clock(), None, "visitor@riverbend.invalid", "Demo visitor", "admin"
                )
            await office.furnish(app, SURVEY, content.replies())
            async with app.database.begin() as db:  # open today, whatever day it is
                await calendars.write(
                    db, {"": {"hours": ["09:00-20:00 mon-sun"], "holidays": ""}}, app.clock()
                )
            self.address = self.played.address
            self._ready.set()
            while not self._over.is_set():
                await asyncio.sleep(0.05)

    def does(self, doing):
        """Run something in the demo's loop and give what comes of it."""
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(60)

    def link(self) -> str:
        """An address that signs the visitor in, once."""

        async def make() -> str:
            app = self.played.app
            async with app.database.begin() as db:
                return await staff.make_link(db, app.clock(), "visitor@riverbend.invalid", timedelta(hours=1))

        return f"{self.address}/signin/link/{self.does(make())}"

    def says(self, number: str, words: str) -> None:
        """Somebody writes from this number, through the double of the provider."""
        answer = self.does(self.played.crowd.twilio.deliver(number, words))
        assert answer.status_code < 300

    def got(self, number: str) -> list[str]:
        """What has come to this number so far."""
        return [message.body for message in self.played.crowd.twilio.messages if message.to == number]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story")
    with Demo(f"sqlite:///{folder / 'demo.db'}") as running:
        yield running


@pytest.fixture(scope="module")
def chromium():
    with browsing.chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def signed_in(demo, chromium) -> dict:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo.link())
    page.get_by_role("button", name="Sign in").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Today"
    state = context.storage_state()
    context.close()
    return state


class Words:
    """The words of the pages in one language, as the catalogue has them."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, text: str, **values: str) -> str:
        with tongue.speaking(self._language):
            said = tongue.say(text)
        return said % values if values else said


def until(page, holds, seconds=90):
    """Load a page again until something holds: what a reader without scripts does."""
    last = time.monotonic() + seconds
    while not holds(page):
        if time.monotonic() > last:
            raise AssertionError(
                f"not in {seconds} s, at {page.url}: " + page.locator("main").inner_text()[:1500]
            )
        page.wait_for_timeout(250)
        page.reload()


def heading(page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def main_button(page):
    """The one filled button of a page."""
    return page.locator("main .btn-primary").first


TALL = {"width": 1280, "height": 1250}
PAGES = {  # name: address, size, scheme, language
    "today": ("/", WIDE, "light", "en"),
    "today-ar": ("/", WIDE, "light", "ar"),
    "today-phone": ("/", {"width": 360, "height": 1400}, "light", "en"),
    "findings": (f"/findings/{SURVEY}", TALL, "light", "en"),
    "findings-dark": (f"/findings/{SURVEY}", TALL, "dark", "en"),
    "findings-es": (f"/findings/{SURVEY}", TALL, "light", "es"),
    "compose": ("/campaigns/on-time-thanks/edit", TALL, "light", "en"),
    "editor": (f"/surveys/{SURVEY}/edit?beside=es&also=ar", TALL, "light", "en"),
    "try": (f"/surveys/{SURVEY}/try?language=ar", WIDE, "light", "en"),
    "inbox": ("/inbox", TALL, "light", "en"),
    "workbench": (f"/coding/{SURVEY}", WIDE, "light", "en"),
    "people": ("/people", WIDE, "light", "en"),
    "translations": ("/translations", TALL, "light", "en"),
    "settings": ("/settings", WIDE, "light", "en"),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_main_pages_are_as_their_pictures_show(demo, chromium, signed_in, name):
    path, size, scheme, language = PAGES[name]
    context = chromium.new_context(storage_state=signed_in, viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{demo.address}/?pages_in={language}")
    page.goto(demo.address + path)
    if name == "inbox":
        page.locator("main a[href^='/inbox/']").filter(has_text="Egzanp").first.click()
    until(page, lambda p: p.locator("h1").count())
    if name.startswith("findings"):
        until(page, lambda p: p.locator(".ranked").count())
    page.wait_for_timeout(200)
    browsing.PICTURES.mkdir(parents=True, exist_ok=True)
    folder = Path(os.environ.get("OPENLINE_PICTURES", browsing.PICTURES))
    page.screenshot(path=folder / f"{name}.png")

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    context.close()


CASES = {
    "without scripts": (
        "en",
        False,
        WIDE,
        "Winter mornings",
        ("+14135550191", "+14135550192", "+14135550193"),
    ),
    "on a phone": ("en", True, PHONE, "Snow days", ("+14135550194", "+14135550195", "+14135550196")),
    "in Arabic": ("ar", True, WIDE, "Spring rain", ("+14135550187", "+14135550188", "+14135550189")),
}


@pytest.mark.parametrize("case", CASES)
def test_the_whole_story(demo, chromium, signed_in, tmp_path, case):
    language, scripts, size, title, numbers = CASES[case]
    w = Words(language)
    key = title.lower().replace(" ", "-")
    base = demo.address
    context = chromium.new_context(
        storage_state=signed_in, java_script_enabled=scripts, viewport=size, accept_downloads=True
    )
    page = context.new_page()
    page.goto(f"{base}/?pages_in={language}")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")

    # People come in: the file, the columns, what it would change, and then they are there.
    roster = tmp_path / f"{key}.csv"
    roster.write_text(ROSTER.format(*numbers, school="Lincoln Elementary", key=key))
    page.goto(f"{base}/people/import")
    page.set_input_files("input[type=file]", roster)
    page.get_by_role("button", name=w("Go on to the columns")).click()
    page.get_by_role("button", name=w("See what it would change")).click()
    until(page, lambda p: p.locator("main button.btn-primary").count())
    main_button(page).click()
    until(page, lambda p: heading(p) == w("The list is in"))

    # A survey of one question, in three languages side by side.
    page.goto(f"{base}/surveys/new")
    page.get_by_label(w("Title")).fill(title)
    page.get_by_label(w("First message")).fill("{school} asks you one question. Reply STOP to end.")
    page.get_by_label(w("First question")).fill(f"What, if anything, makes {title.lower()} hard?")
    page.get_by_label(w("People answer")).select_option("open")
    page.locator("main input[name=tongues][value=es]").check()
    page.locator("main input[name=tongues][value=ht]").check()
    page.get_by_role("button", name=w("Begin the draft")).click()
    page.goto(f"{base}/surveys/{key}/edit/item/0?beside=es&also=ht")
    page.locator('[name="text.es"]').fill("¿Qué es difícil en esos días, si algo lo es?")
    page.locator('[name="text.ht"]').fill("Kisa ki difisil nan jou sa yo, si gen yon bagay?")
    page.get_by_role("button", name=w("Save")).first.click()
    page.goto(f"{base}/surveys/{key}/edit/top?beside=es&also=ht")
    page.locator('[name="title.es"]').fill("Días de invierno")
    page.locator('[name="title.ht"]').fill("Jou ivè")
    page.locator('[name="intro.es"]').fill("{school} le hace una pregunta. Responda STOP para terminar.")
    page.locator('[name="intro.ht"]').fill("{school} ap poze w yon kesyon. Reponn STOP pou sispann.")
    page.get_by_role("button", name=w("Save")).first.click()
    page.goto(f"{base}/surveys/{key}/publish")
    page.get_by_role("button", name=w("Publish this survey")).click()
    assert (
        w("Published. Whoever is asked from now on gets this version.")
        in page.get_by_role("status").first.inner_text()
    )

    # People who read the languages approve the texts: the survey's own, one by one or together.
    for spoken in ("es", "ht"):
        page.goto(f"{base}/translations/{spoken}?of=survey:{key}")
        for box in page.locator("main input[type=checkbox][name=text]").all():
            box.check()
        page.get_by_role("button", name=w("Approve those that are ticked")).click()
        assert page.locator("main .problems").count() == 0

    # It goes out to the three families of the list.
    page.goto(f"{base}/surveys/{key}")
    page.get_by_role("link", name=w("Ask families")).click()
    assert page.get_by_label(w("Title")).input_value() == title
    page.get_by_label(w("Another condition")).select_option(label=w("Is on the list"))
    page.get_by_role("button", name=w("Add a condition")).click()
    page.get_by_label(w("Is on the list"), exact=True).select_option(key)
    page.get_by_label(w("As soon as it is approved")).check()
    page.get_by_role("button", name=w("Check and preview")).last.click()
    page.get_by_text(w("Will get this message")).first.wait_for()
    main_button(page).click()
    until(page, lambda p: p.locator("main table tfoot").count())
    until(page, lambda _: all(demo.got(number) for number in numbers))
    asked = {
        language: demo.got(number)[0] for language, number in zip(("es", "ht", "en"), numbers, strict=True)
    }
    assert "le hace una pregunta" in asked["es"]
    assert "ap poze w yon kesyon" in asked["ht"]
    assert "asks you one question" in asked["en"]

    # Three families answer, each in their own language, and are thanked in it.
    for spoken, number in zip(("es", "ht", "en"), numbers, strict=True):
        demo.says(number, SAID[spoken])
    until(page, lambda _: all(len(demo.got(number)) > 1 for number in numbers))

    # The numbers of the first page follow.
    page.goto(base)
    until(
        page,
        lambda p: (
            w("of %(asked)s people have replied (%(share)s%%)", asked="3", share="100")
            in p.locator("main").inner_text()
        ),
    )

    # Somebody reads a reply and says what it is about.
    page.goto(f"{base}/coding/{key}")
    until(page, lambda p: p.locator(".reply").count())
    # What speaks of a theme is marked, with words for those who hear the page.
    read = set(re.findall(r"\w+", page.locator(".reply").inner_text()))
    assert any(set(re.findall(r"\w+", said)) <= read for said in SAID.values())
    theme = page.locator("main input[type=checkbox][name=theme]").first
    if (
        not theme.is_visible()
    ):  # nothing was suggested for this reply: the themes stand in groups that are closed
        page.locator("main details.family summary").first.click()
    theme.check()
    page.get_by_role("button", name=w("Save")).first.click()
    assert page.locator("main .problems").count() == 0

    # The barrier page of the demo's own round, and its report as PDF.
    page.goto(f"{base}/findings/{SURVEY}")
    until(page, lambda p: p.locator(".ranked").count())
    page.get_by_role("link", name=w("Getting there"), exact=True).first.click()
    assert w("Getting there") in heading(page)
    page.goto(f"{base}/reports?survey={SURVEY}")
    main_button(page).click()
    until(page, lambda p: p.get_by_role("link", name="PDF").count() > 0)
    with page.expect_download() as coming:
        page.get_by_role("link", name="PDF").first.click()
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF")
    if size is PHONE:
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
