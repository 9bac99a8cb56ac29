"""Reports and pages for families in a real browser: accessibility, small screens, the dark, and paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import LOOKS, PHONE, PICTURES, RULES
from test_browser import chromium
from test_family_pages import made, with_five
from test_reports import crossed, html, made_up

from bot.reports import page

pytestmark = pytest.mark.browser
__all__ = ["chromium"]  # the fixture

PAGES = {
    "report": lambda: html(
        found=crossed(), results=made_up.results(), before=made_up.summary(700), before_called="Spring"
    ),
    "report-empty": lambda: html(found=made_up.nobody_yet()),
    "families-en": lambda: page.for_families(made("en", with_five())),
    "families-ar": lambda: page.for_families(made("ar", with_five())),
    "families-zh-Hans": lambda: page.for_families(made("zh-Hans", with_five())),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    for name, make in PAGES.items():
        (folder / f"{name}.html").write_text(make(), "utf-8")
    return {name: folder / f"{name}.html" for name in PAGES}


@pytest.fixture
def open_file(chromium, files):
    """Opens a page from the disk, and fails the test when the browser has anything to complain about."""
    contexts, complaints = [], []

    def go(name, size, scheme):
        context = chromium.new_context(viewport=size, color_scheme=scheme)
        contexts.append(context)
        opened = context.new_page()
        opened.on("console", lambda said: complaints.append(said.text))
        opened.on("request", lambda asked: complaints.append(asked.url) if "file:" not in asked.url else None)
        opened.goto(files[name].as_uri())
        return opened

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


CASES = [
    *(("report", look) for look in LOOKS),
    ("report-empty", "wide"),
    *((name, look) for name in PAGES if name.startswith("families") for look in ("wide", "phone-dark")),
]


@pytest.mark.parametrize(("name", "look"), CASES)
def test_nobody_is_shut_out_and_no_page_is_wider_than_its_screen(open_file, name, look):
    from axe_playwright_python.sync_playwright import Axe

    size, scheme = LOOKS[look]
    opened = open_file(name, size, scheme)
    PICTURES.mkdir(parents=True, exist_ok=True)
    opened.screenshot(path=PICTURES / f"{name}-{look}.png", full_page=True)

    assert opened.evaluate("document.documentElement.scrollWidth") <= size["width"]
    found = Axe().run(opened, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert found.response["violations"] == [], found.generate_report()


def test_the_dots_of_a_page_from_right_to_left_begin_on_the_right(open_file):
    opened = open_file("families-ar", PHONE, "light")
    dots, row = opened.locator(".dots").first, opened.locator(".heard li").first

    first, last = (dots.locator("circle").nth(n).bounding_box()["x"] for n in (0, 9))

    assert first > last
    box, line = dots.bounding_box(), row.bounding_box()
    assert box["x"] + box["width"] == pytest.approx(line["x"] + line["width"], abs=2)


def test_the_bars_are_drawn_in_the_colours_of_the_dark(open_file):
    colours = {
        open_file("report", PHONE, scheme)
        .locator(".ranked .bar")
        .first.evaluate("bar => getComputedStyle(bar).fill")
        for scheme in ("light", "dark")
    }

    assert len(colours) == 2
