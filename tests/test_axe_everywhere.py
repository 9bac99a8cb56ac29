"""Every page there is, opened in a real browser: nothing for axe to find, in the light, in the dark, on a phone and from right
to left, and nothing that scrolls sideways. A page that is added is looked at by itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import asynccontextmanager
from typing import Any

import browsing
import pytest
from browsing import PHONE, WIDE, served, violations
from furnished import SURVEY, Place, place
from ground.routes import every

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PROGRAMS = ("/api", "/in/", "/static", "/healthz")
ELSEWHERE = {  # these show no page of their own, and what they do
    "/signin/with/{key}": "goes to the provider of single sign-on",
    "/account/connect/{key}": "goes to the provider of single sign-on",
    "/inbox/{person}/send": "goes back to the conversation",
    "/inbox/{person}/draft": "goes back to the conversation",
    "/coding/{survey}": "goes on to a reply",
    "/people/import/{upload_id}/lines.{as_}": "a file, once the list has been looked at",
    "/reports/{id_}/{name}": "a file, once the report is made",
}
ASKED = {  # what a page cannot do without
    "/findings/{survey}/quotes": "theme=transport",
    "/findings/{survey}/behind": "theme=transport",
    "/translations/{language}/use": f"document=survey:{SURVEY}",
    "/translations/glossary/check": "language=es",
    "/campaigns/{key}/account": "state=no consent",
}
MORE = (  # other looks, that the address asks for
    f"/findings/{SURVEY}?theme=transport",
    f"/findings/{SURVEY}?pair=school,language",
    "/people?q=nobody",
    "/inbox?view=done",
    "/no-such-page",
)
OUTSIDE = (
    "/signin",
    "/signin/code",
    "/signin/link/{token}",
    "/signin/with/{key}/back",
    "/protecting-families",
)
SAYS_NO = {"/no-such-page": 404, "/signin/code": 410, "/signin/with/{key}/back": 400}

STICKS_OUT = """() => [...document.querySelectorAll('main *')]
    .filter(one => { const box = one.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1 })
    .slice(0, 3).map(one => one.tagName.toLowerCase() + '.' + one.className)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with browsing.chromium() as opened:
        yield opened


def serving(migrated, folder, *, empty: bool) -> Iterator[Place]:
    """A place on a server of its own."""
    shutil.copy(migrated, folder / "openline.db")
    made: list[Place] = []

    @asynccontextmanager
    async def make(address: str):
        async with place(f"sqlite:///{folder / 'openline.db'}", address, empty=empty) as here:
            made.append(here)
            yield here.web

    with served(make):
        yield made[0]


@pytest.fixture(scope="module")
def full(migrated, tmp_path_factory) -> Iterator[Place]:
    """A district with something of everything."""
    yield from serving(migrated, tmp_path_factory.mktemp("full"), empty=False)


@pytest.fixture(scope="module")
def first_day(migrated, tmp_path_factory) -> Iterator[Place]:
    """A place where nothing has been done yet."""
    yield from serving(migrated, tmp_path_factory.mktemp("first"), empty=True)


def tab(browser, here: Place, *, signed_in=True, language="en"):
    """A tab at a place, with its pages in a language."""
    context = browser.new_context(base_url=here.address, reduced_motion="reduce")
    if signed_in:
        context.add_cookies([{"name": "openline", "value": here.token, "url": here.address}])
    page = context.new_page()
    page.goto(f"/protecting-families?pages_in={language}")
    return page


def routes(here: Place) -> list[str]:
    """The route of every page that a person may see, and of every file that one may take along."""
    return [
        route.path
        for route in every(here.web.routes)
        if "GET" in (getattr(route, "methods", None) or ())
        and not route.path.startswith(PROGRAMS)
        and not route.path.endswith("/live")  # what a page listens to
        and route.path not in ELSEWHERE
    ]


def filled(here: Place, path: str) -> str:
    return here.fill(path) + (f"?{ASKED[path]}" if path in ASKED else "")


def inside(here: Place) -> list[str]:
    """The addresses of everything for which one signs in."""
    unknown, found = [], []
    for path in routes(here):
        if path not in OUTSIDE:
            try:
                found.append(filled(here, path))
            except KeyError as gap:
                unknown.append(f"{path}: tests/furnished.py does not say what {gap} is")
    assert not unknown, "\n".join(unknown)
    return [*found, *MORE]


def looked(page, address: str, size=WIDE, schemes=("light", "dark"), status=200) -> list[str]:
    """Open a page, and narrow it to a phone: everything that is wrong with it, a line each. A file has nothing wrong."""
    page.set_viewport_size(size)
    try:
        answer = page.goto(address)
    except Exception as error:
        if "Download is starting" in str(error):
            return []
        raise
    for _ in range(40):
        if page.locator("#counting").count() == 0:
            break
        page.wait_for_timeout(250)  # the numbers of the page are being counted
        answer = page.reload()
    if answer.status != status:
        return [f"{address}: answers {answer.status}"]
    if "html" not in answer.headers["content-type"]:
        return []
    return [*seen(page, address, schemes), *sideways(page, address)]


def seen(page, address: str, schemes=("light", "dark")) -> list[str]:
    """What axe finds on the page that is open."""
    wrong = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        for each in violations(page):
            wrong += [f"{address} ({scheme}): {each['rule']} at {where}" for where in each["where"]]
    return wrong


def sideways(page, address: str) -> list[str]:
    """Whether the page that is open is wider than a phone, and what sticks out."""
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width <= PHONE["width"]:
        return []
    return [f"{address}: {width} px wide on a phone, by {', '.join(page.evaluate(STICKS_OUT))}"]


def test_every_page_is_for_everybody_in_the_light_and_in_the_dark(browser, full):
    page, wrong = tab(browser, full), []
    for address in inside(full):
        wrong += looked(page, address, status=SAYS_NO.get(address, 200))
    page.context.close()

    assert not wrong, "\n".join(wrong)


def test_every_page_is_for_everybody_on_a_phone_and_from_right_to_left(browser, full):
    page, wrong = tab(browser, full, language="ar"), []
    for address in inside(full):
        wrong += looked(page, address, PHONE, ["light"], status=SAYS_NO.get(address, 200))
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.context.close()

    assert not wrong, "\n".join(wrong)


def test_pages_before_the_sign_in_are_for_everybody(browser, full):
    wrong = []
    for language in ("en", "ar"):
        page = tab(browser, full, signed_in=False, language=language)
        for path in OUTSIDE:
            wrong += looked(page, full.fill(path), status=SAYS_NO.get(path, 200))
        page.context.close()

    assert not wrong, "\n".join(wrong)


def test_every_room_is_for_everybody_on_the_first_day(browser, first_day):
    page, wrong = tab(browser, first_day), []
    for path in routes(first_day):
        if "{" not in path and path not in OUTSIDE:
            wrong += looked(page, filled(first_day, path))
    page.context.close()

    assert not wrong, "\n".join(wrong)


FORMS = (
    "/people/import", "/people/{person}/number", "/people/{person}/edit", "/people/{person}/stop",
    "/surveys/new", "/surveys/import", "/campaigns/new", "/audiences/new", "/calendar/file", "/inbox/saved",
    "/inbox/{person}", "/alerts/{seen}/words", "/codebooks/import", "/codebooks/{key}/add", "/translations/import",
    "/translations/glossary/new", "/settings/users/new", "/settings/tokens/new", "/account", "/account/password",
)  # fmt: skip
"""Pages whose form does not go without something."""

EMPTIED = """() => {
    const fields = 'input:not([type=hidden]), textarea, select';
    const form = ['textarea:not([name=note])', fields].flatMap(each => [...document.querySelectorAll('main form[method=post]')]
        .filter(one => one.querySelector(each)))[0];
    form.noValidate = true;
    for (const one of form.querySelectorAll('input:not([type=hidden]), textarea'))
        if (one.matches('[type=radio], [type=checkbox]')) one.checked = false; else one.value = '';
    (form.querySelector('.btn-primary') ?? form.querySelector('button')).click();
}"""


def test_a_form_sent_empty_says_what_is_lacking_and_takes_the_focus_there(browser, full):
    page, wrong = tab(browser, full), []
    page.set_default_timeout(5000)
    for path in FORMS:
        page.set_viewport_size(WIDE)
        page.goto(full.fill(path))
        page.evaluate(EMPTIED)
        try:
            page.locator("main .problems").first.wait_for()
        except Exception:
            wrong.append(f"{path}: took an empty form")
            continue
        if not page.evaluate("document.activeElement.matches('.problems')"):
            wrong.append(f"{path}: the focus does not come to what is wrong")
        wrong += [*seen(page, path), *sideways(page, path)]
    page.context.close()

    assert not wrong, "\n".join(wrong)
