"""Tokens of programs: made once, good for some scopes and days, and worth nothing when they have ended."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select, update

from bot import staff, tokens
from bot.app import App, opened
from bot.cli.root import Problem
from bot.settings import Settings
from bot.store.tables import api_tokens
from bot.store.tables import staff as accounts
from bot.web.api import door
from bot.web.app import create

HOME = "https://openline.example"
INES = "ines@riverbend.example"


@pytest.fixture
async def app(url: str, clock) -> AsyncIterator[App]:
    given = Settings(_env_file=None, database_url=url, public_url=HOME)
    async with opened(given, clock=clock, channels={}) as app:
        async with app.database.begin() as db:
            await staff.add(db, clock(), INES, "Ines Muster")
        yield app


@pytest.fixture
def web(app: App) -> FastAPI:
    return create(app)


@pytest.fixture
async def program(web: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(web, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        yield client


async def made(app: App, *scopes: str, name: str = "nightly", days: int = 90) -> str:
    async with app.database.begin() as db:
        return await tokens.create(db, app.clock(), name, scopes or ("audiences:read",), days, INES)


async def ask(program: httpx.AsyncClient, token: str | None, path: str = "/api/v1/audiences"):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return await program.get(path, headers=headers)


async def test_a_token_with_the_scope_gets_in(app, program):
    answer = await ask(program, await made(app))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_token_without_the_scope_is_told_which_one_is_missing(app, program):
    answer = await ask(program, await made(app, "campaigns:read"))

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:openline:problem:missing-scope"
    assert "needs the scope audiences:read" in answer.json()["detail"]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Basic aW5lczpwdw==", "bearer  ", "openline_" + "x" * 43]
)
async def test_without_a_token_it_says_how_to_come_by_one(program, header):
    answer = await program.get(
        "/api/v1/audiences", headers={} if header is None else {"Authorization": header}
    )

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="openline"'
    assert answer.json()["type"] == "urn:openline:problem:no-token"
    assert "openline token create" in answer.json()["detail"]


@pytest.mark.parametrize(
    "wrong", ["openline_" + "x" * 43, "guessed", "openline_" + "é" * 43, "' OR 1=1 --", "x" * 5000]
)
async def test_a_token_that_was_never_made_is_refused(app, program, wrong):
    await made(app)

    answer = await program.get(
        "/api/v1/audiences", headers={"Authorization": f"Bearer {wrong}".encode("latin-1")}
    )

    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    assert wrong not in answer.text


async def test_a_token_ends_with_its_days(app, program, clock):
    token = await made(app, days=2)

    clock.forward(days=2, seconds=-1)
    in_time = await ask(program, token)
    clock.forward(seconds=1)
    late = await ask(program, token)

    assert (in_time.status_code, late.status_code) == (200, 401)
    assert "days of this token are over" in late.json()["detail"]


async def test_a_token_that_is_revoked_gets_in_no_more(app, program):
    token = await made(app)
    async with app.database.begin() as db:
        await tokens.revoke(db, app.clock(), "nightly")

    answer = await ask(program, token)

    assert answer.status_code == 401
    assert "revoked" in answer.json()["detail"]


async def test_the_tokens_of_somebody_who_left_are_worth_nothing(app, program):
    token = await made(app)
    async with app.database.begin() as db:
        await db.execute(update(accounts).values(disabled_at=app.clock()))

    answer = await ask(program, token)

    assert answer.status_code == 401
    assert "disabled" in answer.json()["detail"]


async def test_a_copy_of_the_store_holds_no_token(app):
    token = await made(app)

    async with app.database.read() as db:
        row = (await db.execute(select(api_tokens))).mappings().one()

    assert re.fullmatch(r"openline_[\w-]{43}", token)
    assert token.removeprefix("openline_") not in repr(dict(row))
    assert re.fullmatch("[0-9a-f]{64}", row["token_hash"])


async def test_its_last_use_is_noted_once_a_minute(app, program, clock):
    token = await made(app)

    noted = []
    for _ in range(4):
        await ask(program, token)
        async with app.database.read() as db:
            noted.append((await db.execute(select(api_tokens.c.used_at))).scalar_one())
        clock.forward(seconds=30)

    assert [at - noted[0] for at in noted] == [timedelta(seconds=s) for s in (0, 0, 60, 60)]


async def test_guessing_tokens_is_slowed_down_and_a_token_that_ended_is_no_guess(app, program, clock):
    token, ended = await made(app), await made(app, name="old")
    async with app.database.begin() as db:
        await tokens.revoke(db, app.clock(), "old")

    for _ in range(door.TRIES + 1):
        assert (await ask(program, ended)).status_code == 401
    guesses = [(await ask(program, f"openline_{'x' * 43}")).status_code for _ in range(door.TRIES)]
    refused = await ask(program, f"openline_{'x' * 43}")
    good = await ask(program, token)
    clock.forward(minutes=15)
    later = await ask(program, f"openline_{'x' * 43}")

    assert guesses == [401] * door.TRIES
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert good.status_code == 200, "a stranger's guesses keep nobody out who has a token"
    assert later.status_code == 401


async def test_no_cookie_opens_the_api_and_no_token_opens_the_pages(app, program):
    token = await made(app)
    async with app.database.begin() as db:
        ines = await staff.find(db, INES)
        session = await staff.open_session(db, app.clock(), ines, timedelta(hours=8))
    program.cookies.set("__Host-openline", session.token, domain="openline.example")

    by_cookie = await program.get("/api/v1/audiences")
    program.cookies.clear()
    pages = await ask(program, token, "/")

    assert by_cookie.status_code == 401
    assert (pages.status_code, pages.headers["location"]) == (303, "/signin")


async def test_a_token_in_the_address_opens_nothing(app, program):
    token = await made(app)

    answer = await program.get("/api/v1/audiences", params={"access_token": token, "token": token})

    assert answer.status_code == 401


@pytest.mark.parametrize("path", ["/api/", "/api/v1", "/api/v1/", "/api/v2/audiences", "/api/v1/no-such"])
async def test_a_stranger_does_not_learn_what_the_api_has(program, path):
    answer = await program.get(path)

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


async def test_what_somebody_adds_under_api_later_is_closed(web, program):
    @web.get("/api/later")
    async def later():
        return {"secret": "yes"}

    answer = await program.get("/api/later")

    assert answer.status_code == 401
    assert "secret" not in answer.text


async def test_what_is_not_there_is_said_as_a_problem(app, program):
    token = await made(app)

    missing = await ask(program, token, "/api/v1/no-such")
    above = await ask(program, token, "/api/v2/audiences")
    wrong_method = await program.request(
        "PATCH", "/api/v1/audiences", headers={"Authorization": f"Bearer {token}"}
    )

    assert [missing.status_code, above.status_code, wrong_method.status_code] == [404, 404, 405]
    for answer in (missing, above, wrong_method):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
    assert wrong_method.headers["allow"]


async def test_what_fails_inside_is_not_told_outside(app, web, program, monkeypatch):
    token = await made(app)

    def broken():
        raise RuntimeError("password of the database: hunter2")

    monkeypatch.setattr(app.database, "read", broken)
    answer = await ask(program, token)

    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:openline:problem:failed"
    assert "hunter2" not in answer.text


# the commands


async def test_a_token_is_made_listed_and_revoked_by_commands(typed, program, app, clock):
    said = await typed(
        "token", "create", "nightly", "--scope", "audiences:read", "--scope", "campaigns:read", "--by", INES
    )
    token = re.search(r"openline_[\w-]{43}", said)[0]

    used = await ask(program, token)
    listed = await typed("token", "list")
    await typed("token", "revoke", "nightly")
    after = await ask(program, token)

    assert (used.status_code, after.status_code) == (200, 401)
    assert f"nightly  {INES}  audiences:read campaigns:read  until 2027-01-12  used 2026-10-14" in listed
    assert token not in listed
    assert "nightly" in await typed("token", "list")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nightly", "--scope", "people:all", "--by", INES], "There is no scope people:all"),
        (["nightly", "--by", INES], "with --scope"),
        (["nightly", "--scope", "people:read", "--by", "kim@x.example"], "No account with the address"),
        (["nightly", "--scope", "people:read", "--by", "kim"], "not an email address"),
        (["nightly", "--scope", "people:read", "--by", INES, "--days", "0"], "1 to 730 days"),
        (["a\nb", "--scope", "people:read", "--by", INES], "name has letters"),
        (["taken", "--scope", "people:read", "--by", INES], "There is a token called taken"),
    ],
)
async def test_a_token_that_cannot_be_made_is_explained(typed, app, arguments, told):
    await made(app, name="taken")

    with pytest.raises(Problem, match=told):
        await typed("token", "create", *arguments)


async def test_a_name_is_free_again_when_its_token_has_ended(app, clock):
    await made(app, days=1)
    clock.forward(days=1)

    assert await made(app)


async def test_revoking_what_is_not_there_says_so(typed, app):
    with pytest.raises(Problem, match="No token called nightly"):
        await typed("token", "revoke", "nightly")
    with pytest.raises(Problem, match="no tokens yet"):
        await typed("token", "list")
