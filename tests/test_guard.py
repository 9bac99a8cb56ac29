"""The door of the web side: what is open, what is not, and what a form must carry."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from ground.routes import every

from bot import staff
from bot.settings import Settings
from bot.store import staff as rows
from bot.store.database import Database, connect
from bot.store.staff import Member
from bot.web import signin
from bot.web.app import create
from bot.web.badges import nothing
from bot.web.guard import API, LIVE, OPEN, is_open, safe_next

PASSWORD = "the bus came late again"
HOME = "https://openline.example"


SETTINGS = Settings(_env_file=None, public_url=HOME, secret_key="made up for tests", session_hours=8)


@dataclass
class Service:
    """A service without surveys, at a time that the test sets."""

    database: Database
    settings: Settings = SETTINGS
    channels = {}
    lately = SimpleNamespace(forget=lambda: None)
    now: list[datetime] = field(default_factory=lambda: [datetime(2026, 10, 14, 10, 8, tzinfo=UTC)])

    def clock(self):
        return self.now[0]

    async def surveys(self):
        return []

    async def findings(self, survey):
        return None


@cache
def kept() -> str:
    return staff.digest(PASSWORD)


@pytest.fixture
async def service(sqlite_url):
    database = connect(sqlite_url)
    ines = Member(uuid4(), "ines@riverbend.example", "Ines Muster", kept())
    async with database.begin() as db:
        await rows.insert_member(db, ines, datetime(2026, 9, 1, tzinfo=UTC))
    yield Service(database)
    await database.close()


@pytest.fixture
def web(service) -> FastAPI:
    return create(service, nothing)


@pytest.fixture
async def browser(web):
    """Behaves as a browser does: keeps cookies, says where its forms come from."""
    transport = httpx.ASGITransport(app=web, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOME, headers={"Origin": HOME}) as client:
        yield client


def token_in(page: httpx.Response) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', page.text)[1]


async def sign_in(browser, email="ines@riverbend.example", password=PASSWORD, onward="/"):
    form = await browser.get("/signin")
    return await browser.post(
        "/signin", data={"csrf": token_in(form), "email": email, "password": password, "onward": onward}
    )


async def test_every_route_needs_a_sign_in_unless_it_is_named_open(web, browser):
    paths = {re.sub(r"{[^}]*}", "x", route.path) for route in every(web.routes)}
    assert "/" in paths
    assert "/findings/x" in paths

    for path in sorted(paths):
        assert path == "/" or not path.endswith("/"), "a path like that would hide behind a redirect"
        answer = await browser.get(path)
        to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/signin")
        by_program = path.startswith(API) or path.endswith(LIVE)  # nobody reads these as a page
        closed = answer.status_code == 401 if by_program else to_sign_in

        assert closed is not is_open(path), path


async def test_a_stream_of_an_ended_session_is_not_led_to_a_page_and_so_asked_for_ever_more_seldom(
    browser, service
):
    await sign_in(browser)
    service.now[0] += timedelta(days=1)

    answer = await browser.get("/inbox/live")

    assert (answer.status_code, answer.content) == (401, b"")


async def test_the_list_of_open_paths_is_short_and_known():
    assert sorted(OPEN) == ["/healthz", "/protecting-families", "/signin"]


async def test_a_route_that_somebody_adds_later_is_closed(web, browser):
    @web.get("/later")
    async def later():
        return {"secret": "yes"}

    answer = await browser.get("/later")

    assert answer.status_code == 303
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/openapi.json", "/docs", "/redoc", "/no-such-page", "//findings/x"])
async def test_a_stranger_does_not_learn_what_exists(browser, path):
    answer = await browser.get(path)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/signin")


async def test_the_documentation_of_the_api_is_shown_to_nobody(browser):
    await sign_in(browser)

    assert [(await browser.get(path)).status_code for path in ("/openapi.json", "/docs", "/redoc")] == [
        404
    ] * 3


async def test_signing_in_leads_where_one_wanted_to_go(browser):
    turned_away = await browser.get("/how-we-count?part=coder")
    form = await browser.get(turned_away.headers["location"])
    onward = re.search(r'name="onward" value="([^"]+)"', form.text)[1]

    answer = await sign_in(browser, onward=onward)

    assert onward == "/how-we-count?part=coder"
    assert (answer.status_code, answer.headers["location"]) == (303, onward)
    assert (await browser.get(onward)).status_code == 200


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/\tx", "/\n/evil"]
)
def test_signing_in_never_leads_to_another_site(elsewhere):
    assert safe_next(elsewhere) == "/"


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(browser):
    answer = await sign_in(browser)

    session = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-openline="))
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=28800"} <= set(session.split("; "))
    assert "Domain" not in session


async def test_without_tls_the_cookie_has_a_name_that_browsers_accept(service):
    service.settings = service.settings.model_copy(update={"public_url": "http://127.0.0.1:8000"})
    transport = httpx.ASGITransport(app=create(service, nothing))
    home = "http://127.0.0.1:8000"
    async with httpx.AsyncClient(transport=transport, base_url=home, headers={"Origin": home}) as browser:
        answer = await sign_in(browser)

        assert answer.status_code == 303
        assert "openline" in browser.cookies
        assert "Secure" not in answer.headers["set-cookie"]


async def test_every_sign_in_makes_a_new_session_and_ends_the_one_before(browser):
    await sign_in(browser)
    first = browser.cookies["__Host-openline"]
    link_page = await browser.get("/protecting-families")
    browser.cookies.delete("__Host-openline")
    await sign_in(browser)
    second = browser.cookies["__Host-openline"]

    assert link_page.status_code == 200
    assert first != second


async def test_a_session_token_planted_by_somebody_else_is_not_raised(browser, service):
    browser.cookies.set("__Host-openline", "planted", domain="openline.example")

    await sign_in(browser)

    async with service.database.read() as db:
        assert await staff.session(db, service.clock(), "planted") is None


async def test_wrong_password_and_unknown_address_look_the_same(browser):
    wrong = await sign_in(browser, password="the bus came early again")
    unknown = await sign_in(browser, email="kim@riverbend.example")

    def plain(page):
        return re.sub(r'value="[^"]*"', "", page.text)

    assert wrong.status_code == unknown.status_code == 422
    assert plain(wrong) == plain(unknown)


async def test_an_error_names_itself_in_title_summary_and_field_and_keeps_the_answer(browser):
    answer = await sign_in(browser, email="ines.riverbend", password="")

    assert "<title>Error: Sign in – Openline</title>" in answer.text
    assert '<a href="#email">Enter an email address like name@school.example</a>' in answer.text
    assert '<a href="#password">Enter your password</a>' in answer.text
    assert answer.text.count("Enter your password") == 2
    assert 'value="ines.riverbend"' in answer.text
    assert 'tabindex="-1" autofocus' in answer.text


async def test_a_password_is_never_sent_back(browser):
    answer = await sign_in(browser, password="not the right words at all")

    assert "not the right words" not in answer.text


async def test_guessing_is_slowed_down_for_known_and_unknown_addresses_alike(browser, service):
    for email in ("ines@riverbend.example", "kim@riverbend.example"):
        tries = [
            (await sign_in(browser, email, "wrong wrong wrong")).status_code
            for _ in range(signin.TRIES_BY_ADDRESS + 1)
        ]
        assert tries == [422] * signin.TRIES_BY_ADDRESS + [429]

    right = await sign_in(browser)
    service.now[0] += signin.WINDOW
    later = await sign_in(browser)

    assert (right.status_code, right.headers["retry-after"]) == (429, "900")
    assert later.status_code == 303


async def test_a_form_from_another_site_is_refused(browser):
    form = await browser.get("/signin")
    sent = {"csrf": token_in(form), "email": "ines@riverbend.example", "password": PASSWORD}

    refused = [
        await browser.post("/signin", data=sent, headers=headers)
        for headers in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        )
    ]

    assert [answer.status_code for answer in refused] == [403] * 4


async def test_a_form_that_does_not_say_where_it_is_from_is_refused(web):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=web), base_url=HOME) as script:
        answer = await script.post("/signin", data={"email": "ines@riverbend.example", "password": PASSWORD})

    assert answer.status_code == 403


async def test_a_form_needs_the_token_of_its_browser(browser):
    form = await browser.get("/signin")
    browser.cookies.clear()
    await browser.get("/signin")

    answer = await browser.post(
        "/signin", data={"csrf": token_in(form), "email": "ines@riverbend.example", "password": PASSWORD}
    )

    assert answer.status_code == 403
    assert "Load it again" in answer.text


@pytest.mark.parametrize("token", [None, "", "guessed"])
async def test_signing_out_needs_the_token_of_the_session(browser, token):
    await sign_in(browser)

    answer = await browser.post("/signout", data={} if token is None else {"csrf": token})

    assert answer.status_code == 403
    assert (await browser.get("/")).status_code == 200


async def test_signing_out_ends_the_session_on_the_server(browser):
    await sign_in(browser)
    kept = browser.cookies["__Host-openline"]

    answer = await browser.post("/signout", data={"csrf": token_in(await browser.get("/"))})
    browser.cookies.set("__Host-openline", kept, domain="openline.example")

    assert answer.headers["location"] == "/signin?out"
    assert (await browser.get("/")).status_code == 303


async def test_a_form_that_is_far_too_large_is_refused_unread(browser):
    answer = await browser.post("/signin", data={"email": "x" * 1_100_000})

    assert answer.status_code == 413


async def test_a_link_signs_in_after_one_more_click_and_once_only(browser, service):
    async with service.database.begin() as db:
        token = await staff.make_link(db, service.clock(), "ines@riverbend.example")
    scanned = await browser.get(f"/signin/link/{token}")
    looked = await browser.get(f"/signin/link/{token}")

    used = await browser.post(f"/signin/link/{token}", data={"csrf": token_in(looked)})
    inside = await browser.get("/")
    again = await browser.get(f"/signin/link/{token}")

    assert scanned.status_code == looked.status_code == 200
    assert (used.status_code, used.headers["location"]) == (303, "/")
    assert "Ines Muster" in inside.text
    assert again.status_code == 410


async def test_a_link_that_was_never_made_says_what_to_do(browser):
    answer = await browser.get("/signin/link/invented")

    assert answer.status_code == 410
    assert "Ask the person who gave it to you" in answer.text


async def test_a_session_ends_when_nobody_uses_it(browser, service):
    await sign_in(browser)

    service.now[0] += staff.IDLE - timedelta(minutes=1)
    soon = await browser.get("/")
    service.now[0] += staff.IDLE - timedelta(minutes=1)
    used = await browser.get("/")
    service.now[0] += staff.IDLE
    late = await browser.get("/")

    assert [answer.status_code for answer in (soon, used, late)] == [200, 200, 303]


async def test_every_answer_carries_the_policy_and_is_kept_by_nobody(browser):
    await sign_in(browser)

    for path in ("/", "/signin", "/no-such-page", "/findings/x", "/healthz", "/protecting-families"):
        headers = (await browser.get(path)).headers

        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'; "), path
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["strict-transport-security"] == "max-age=31536000"


async def test_what_goes_wrong_inside_is_not_told_outside(browser, service):
    async def surveys():
        raise RuntimeError("secret detail")

    await sign_in(browser)
    service.surveys = surveys
    answer = await browser.get("/findings/getting-to-school")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "Something failed on our side" in answer.text


async def test_a_page_that_is_not_there_says_so_kindly(browser):
    await sign_in(browser)

    answer = await browser.get("/no-such-page")

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


async def test_health_is_ok_while_the_store_answers(browser, service, monkeypatch):
    well = await browser.get("/healthz")
    with monkeypatch.context() as trouble:
        trouble.setattr(service.database, "reader", _Broken())
        unwell = await browser.get("/healthz")

    assert (well.status_code, well.json()) == (200, {"status": "ok"})
    assert (unwell.status_code, unwell.json()) == (503, {"status": "unavailable"})


class _Broken:
    def connect(self):
        raise ConnectionError("password of the database: hunter2")
