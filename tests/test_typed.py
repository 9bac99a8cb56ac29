"""What somebody has typed comes back to them when their sign-in has ended meanwhile, and goes out only once they send it."""

from __future__ import annotations

import pytest
from office import office, plain
from sqlalchemy import func, select

from bot.store.tables import campaigns

WROTE = 'Bus 14 & 15 <b>"now"</b> at 7:40 🚌\nשלום'
DRAFT = {
    "go": "save",
    "title": "Bus 14",
    "say.0.en": WROTE,
    "when": "hand",
    "who": "0",
    "untranslated": "wait",
}


async def stored(here):
    async with here.app.database.read() as db:
        return await db.scalar(select(func.count()).select_from(campaigns))


def fields(page):
    form = page.select_one("main form")
    assert form["action"] == "/campaigns/new"
    return {one["name"]: one.get("value", "") for one in form.select("input[name]")}


async def test_a_form_of_an_ended_session_comes_back_whole_and_is_saved_after_a_sign_in(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("organizer")
        clock.forward(days=3)

        ended = await ines.do("/campaigns/new", DRAFT, status=401)
        assert "Your sign-in has ended" in plain(ended)
        assert ended.select_one('main a[href="/signin"]')["target"] == "_blank"
        held = fields(ended)
        assert held == DRAFT  # the token of the session that has ended is not among it
        still = await ines.post("/campaigns/new", held)
        assert still.status_code == 401
        assert await stored(here) == 0

        back = await here.sign_in("organizer", email="kim@riverbend.example")
        asked = await back.do("/campaigns/new", held | {"csrf": ""}, status=403)
        assert "Send it once more" in plain(asked)
        assert await stored(here) == 0
        assert (await back.post("/campaigns/new", fields(asked))).status_code == 303
        assert await stored(here) == 1


async def test_what_holds_no_words_and_what_is_secret_is_not_given_back(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("organizer")
        clock.forward(days=3)

        for path, form in (
            ("/campaigns/new", {"title": "Bus"}),
            ("/account/password", {"new": "four words for me"}),
            ("/signout", {"x": "two words"}),
        ):
            answer = await ines.post(path, form)
            assert (answer.status_code, answer.headers["location"]) == (303, "/signin"), path


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=["site", "origin"]
)
async def test_another_site_is_never_given_a_form_back(sqlite_url, clock, headers):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("organizer")
        answer = await ines.post("/campaigns/new", DRAFT | {"csrf": "guessed"}, headers=headers)
        assert answer.status_code == 403
        assert "Bus 14" not in answer.text
