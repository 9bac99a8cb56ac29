"""One's own account, and signing in with a second step."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pyotp
import pytest
from bs4 import BeautifulSoup
from office import HOME, office, plain
from sqlalchemy import update

from bot import second_step, staff, totp
from bot.store.tables import staff as table
from bot.web import signin

PASSWORD, OTHER = "the bus came late again", "three green kites above it"
KEY = b"made up for tests"


async def kim_of(here, password=True):
    """Kim at a desk, with a password."""
    kim = await here.sign_in("staff", name="Kim Voorbeeld", email="kim@riverbend.example")
    if password:
        async with here.app.database.begin() as db:
            await db.execute(
                update(table).where(table.c.id == kim.member.id).values(password_hash=staff.digest(PASSWORD))
            )
    return kim


async def two_steps(here, member, clock):
    """Turn on two-step sign-in; gives the secret and the codes on paper."""
    secret = totp.new_secret()
    async with here.app.database.begin() as db:
        paper = await second_step.turn_on(db, clock(), KEY, member.id, secret, pyotp.TOTP(secret).at(clock()))
    clock.forward(seconds=60)
    return secret, paper


def token_in(answer):
    return re.search(r'name="csrf" value="([^"]+)"', answer.text)[1]


async def send(browser, path, **data):
    """Fill in the form at this address."""
    form = await browser.get(path)
    return await browser.post(path, data={"csrf": token_in(form)} | data, headers={"Origin": HOME})


async def sign_in(browser, onward="/", password=PASSWORD):
    return await send(browser, "/signin", email="kim@riverbend.example", password=password, onward=onward)


def lines(page, where):
    return [plain(line) for line in page.select(where)]


async def test_everybody_has_the_page_whatever_their_role(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        for roles in ((), ("staff",), (("coder", "Lincoln"),)):
            assert plain((await (await here.sign_in(*roles)).see("/account")).h1) == "Your account"
        assert (await here.plain().get("/account")).headers["location"] == "/signin?onward=/account"
        coder = await here.sign_in(("coder", "Lincoln"))
        assert "Coder at Lincoln" in plain(await coder.see("/account"))


async def test_name_zone_language_and_look_are_kept(url, clock):
    async with office(url, clock) as here:
        kim = await kim_of(here, password=False)
        asked = {"name": "Kim V.", "language": "en", "timezone": "America/Los_Angeles", "appearance": "dark"}

        page = await kim.do("/account", asked)

        assert "Saved." in plain(page)
        assert page.html["data-bs-theme"] == "dark"
        assert "Kim V." in plain(page.header)
        assert "It is 8:00 am now." in plain(page)
        assert page.select_one("#timezone option[selected]")["value"] == "America/Los_Angeles"
        back = await kim.do("/account", asked | {"timezone": "", "appearance": ""})
        assert "data-bs-theme" not in back.html.attrs
        assert "It is 11:00 am now." in plain(back)


async def test_what_there_is_not_is_refused(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim = await kim_of(here, password=False)
        wrong = await kim.do(
            "/account",
            {"name": " ", "language": "tlh", "timezone": "Mars/Olympus", "appearance": "pink"},
            422,
        )

        assert [link["href"] for link in wrong.select(".problems a")] == [
            "#name",
            "#language",
            "#timezone",
            "#appearance",
        ]
        assert wrong.find(id="appearance")


async def test_a_password_is_changed_by_whoever_knows_the_one_before(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim, elsewhere = await kim_of(here), here.plain()
        await sign_in(elsewhere)

        wrong = await kim.do("/account/password", {"current": "guessed", "new": OTHER, "again": OTHER}, 422)
        unlike = await kim.do("/account/password", {"current": PASSWORD, "new": OTHER, "again": "x"}, 422)
        short = await kim.do(
            "/account/password", {"current": PASSWORD, "new": "short", "again": "short"}, 422
        )
        assert (await elsewhere.get("/account")).status_code == 200
        done = await kim.do("/account/password", {"current": PASSWORD, "new": OTHER, "again": OTHER})

        assert "This is not your password" in plain(wrong)
        assert "Type the same new password" in plain(unlike)
        assert "15 to 256 characters" in plain(short)
        assert OTHER not in wrong.decode() + unlike.decode()
        assert "You are signed out everywhere else" in plain(done)
        assert (await elsewhere.get("/account")).status_code == 303
        assert (await sign_in(here.plain())).status_code == 422
        assert (await sign_in(here.plain(), password=OTHER)).status_code == 303


async def test_guessing_the_password_at_an_open_session_is_slowed_down(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim = await kim_of(here)
        guess = {"current": "guessed guessed guessed", "new": OTHER, "again": OTHER}
        tries = [(await kim.post("/account/password", guess)).status_code for _ in range(6)]
        right = await kim.post("/account/password", guess | {"current": PASSWORD})
        clock.forward(minutes=15)

        assert tries == [422] * 5 + [429]
        assert right.status_code == 429
        assert (await kim.post("/account/password", guess | {"current": PASSWORD})).status_code == 303


async def test_somebody_who_signs_in_by_link_sets_a_first_password(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim = await kim_of(here, password=False)
        form = await kim.see("/account/password")
        assert plain(form.h1) == "Set a password"
        assert form.find(id="current") is None

        await kim.do("/account/password", {"new": OTHER, "again": OTHER})

        assert (await sign_in(here.plain(), password=OTHER)).status_code == 303


async def test_sessions_are_listed_and_ended(url, clock):
    async with office(url, clock) as here:
        kim = await kim_of(here)
        phone, other = here.plain(), here.plain()
        phone.headers["User-Agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605.1"
        other.headers["User-Agent"] = (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537.36 Edg/140.0"
        )
        for browser in (phone, other):
            clock.forward(minutes=1)
            await sign_in(browser)

        page = await kim.see("/account")
        listed = [plain(each.b) for each in page.select("[aria-labelledby=sessions] li")]
        assert listed == ["Edge on Windows", "Safari on iPhone", "A browser that does not say which"] or set(listed) == {
            "Edge on Windows", "Safari on iPhone", "A browser that does not say which"
        }  # fmt: skip
        address = next(
            each.form["action"]
            for each in page.select("[aria-labelledby=sessions] li")
            if "iPhone" in plain(each)
        )
        await kim.do(address)
        assert (await phone.get("/account")).status_code == 303
        assert (await other.get("/account")).status_code == 200
        assert (await kim.post(address)).status_code == 404
        await kim.do("/account/sessions/others/end")
        assert (await other.get("/account")).status_code == 303
        assert (await kim.get("/account")).status_code == 200


async def test_nobody_ends_the_session_of_somebody_else(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim, sam = await kim_of(here, password=False), await here.sign_in("staff", name="Sam")
        third = await here.sign_in("staff", name="Sam")
        async with here.app.database.read() as db:
            theirs = (await staff.session(db, clock(), kim.client.cookies["__Host-openline"])).id

        assert (await sam.post(f"/account/sessions/{theirs}/end")).status_code == 404
        assert (await sam.post(f"/account/sessions/{theirs}/end", {"csrf": kim.csrf})).status_code == 403
        await third.do("/account/sessions/others/end")
        assert (await kim.get("/account")).status_code == 200


# Two-step sign-in


async def test_two_steps_are_turned_on_with_the_app_and_asked_for_from_then_on(url, clock):
    async with office(url, clock) as here:
        kim = await kim_of(here)
        begun = await kim.see("/account/two-step")
        secret = plain(begun.select_one(".spelled")).replace(" ", "")
        sealed = begun.find("input", {"name": "sealed"})["value"]

        wrong = await kim.do("/account/two-step", {"sealed": sealed, "code": "000000"}, 422)
        assert plain(wrong.select_one(".spelled")).replace(" ", "") == secret, (
            "the picture in the phone stays good"
        )
        codes = await kim.do("/account/two-step", {"sealed": sealed, "code": pyotp.TOTP(secret).at(clock())})
        paper = lines(codes, ".codes li")
        assert len(paper) == 10
        assert "On, with 10 recovery codes left" in plain(await kim.see("/account"))

        browser = here.plain()
        first = await sign_in(browser, onward="/account")
        assert first.headers["location"] == "/signin/code"
        assert (await browser.get("/account")).status_code == 303, "half a sign-in opens nothing"
        clock.forward(seconds=60)
        code = pyotp.TOTP(secret).at(clock())
        second = await send(browser, "/signin/code", code=f"{code[:3]} {code[3:]}")
        assert (second.status_code, second.headers["location"]) == (303, "/account")
        assert (await browser.get("/account")).status_code == 200

        again = here.plain()
        await sign_in(again)
        assert (await send(again, "/signin/code", code=code)).status_code == 422, "a code is good once"
        assert (await send(again, "/signin/code", code=paper[0])).status_code == 303
        third = here.plain()
        await sign_in(third)
        assert (await send(third, "/signin/code", code=paper[0])).status_code == 422


async def test_the_picture_is_an_element_that_the_policy_allows(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        page = (await (await kim_of(here, password=False)).get("/account/two-step")).text
        picture = BeautifulSoup(page, "html.parser").select_one("svg.qr")

        assert picture
        assert not [word for word in ("data:", "style=", "<script>", "javascript:") if word in str(picture)]


async def test_a_link_asks_for_the_second_step_as_well(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim, browser = await kim_of(here, password=False), here.plain()
        secret, _ = await two_steps(here, kim.member, clock)
        async with here.app.database.begin() as db:
            link = await staff.make_link(db, clock(), "kim@riverbend.example")

        used = await send(browser, f"/signin/link/{link}")

        assert used.headers["location"] == "/signin/code"
        assert "__Host-openline" not in browser.cookies
        assert (await send(browser, "/signin/code", code=pyotp.TOTP(secret).at(clock()))).status_code == 303
        assert (await browser.get("/account")).status_code == 200


async def test_guessing_codes_is_slowed_down_in_all_browsers_together(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim = await kim_of(here)
        secret, _ = await two_steps(here, kim.member, clock)
        tries = []
        for _ in range(2):
            browser = here.plain()
            await sign_in(browser)
            tries += [(await send(browser, "/signin/code", code=f"{n:06}")).status_code for n in range(3)]
        right = await send(browser, "/signin/code", code=pyotp.TOTP(secret).at(clock()))

        assert tries == [422] * signin.TRIES_BY_ADDRESS + [429]
        assert right.status_code == 429


async def test_between_the_steps_there_are_ten_minutes(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim, browser = await kim_of(here), here.plain()
        secret, _ = await two_steps(here, kim.member, clock)
        await sign_in(browser)
        form = await browser.get("/signin/code")
        clock.forward(minutes=11)
        sent = {"csrf": token_in(form), "code": pyotp.TOTP(secret).at(clock())}
        late = await browser.post("/signin/code", data=sent, headers={"Origin": HOME})

        assert late.status_code == 410
        assert "Begin again" in late.text


async def test_the_cookie_between_the_steps_cannot_be_made_up_and_is_no_session(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim, browser, other = await kim_of(here), here.plain(), here.plain()
        await two_steps(here, kim.member, clock)
        await sign_in(browser)
        kept, host = browser.cookies["__Host-openline_second"], urlsplit(HOME).hostname

        for forged in (kept[:-2] + "00", "e30.x", kept.replace(".", "", 1), ""):
            other.cookies.set("__Host-openline_second", forged, domain=host)
            assert (await other.get("/signin/code")).status_code == 410
        other.cookies.set("__Host-openline", kept, domain=host)
        assert (await other.get("/account")).status_code == 303


async def test_somebody_shut_out_between_the_steps_stays_out(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim, browser = await kim_of(here), here.plain()
        await two_steps(here, kim.member, clock)
        await sign_in(browser)
        async with here.app.database.begin() as db:
            await staff.disable(db, clock(), "kim@riverbend.example")

        assert (await browser.get("/signin/code")).status_code == 410


async def test_turning_it_off_or_new_codes_ask_for_a_proof(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim = await kim_of(here)
        secret, paper = await two_steps(here, kim.member, clock)

        for path in ("/account/two-step/off", "/account/two-step/codes"):
            assert "neither a code that fits nor your password" in plain(
                await kim.do(path, {"proof": "guessed"}, 422)
            )
            assert "Enter a code" in plain(await kim.do(path, {}, 422))
        new = lines(await kim.do("/account/two-step/codes", {"proof": PASSWORD}), ".codes li")
        assert len(new) == 10
        assert not set(new) & set(paper)
        off = await kim.do("/account/two-step/off", {"proof": pyotp.TOTP(secret).at(clock())})
        assert "Two-step sign-in is off." in plain(off)
        assert (await sign_in(here.plain())).headers["location"] == "/"


async def test_without_a_lasting_key_it_cannot_be_turned_on(sqlite_url, clock):
    async with office(sqlite_url, clock, secret_key="") as here:
        kim = await kim_of(here, password=False)
        page = await kim.see("/account/two-step")
        tried = await kim.post("/account/two-step", {"sealed": "x", "code": "123456"})

        assert "cannot be turned on here yet" in plain(page.h1)
        assert "OPENLINE_SECRET_KEY" in plain(page)
        assert tried.status_code == 303


async def test_a_secret_of_somebody_else_is_not_taken(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        kim, sam = await kim_of(here, password=False), await here.sign_in("staff", name="Sam")
        secret = totp.new_secret()
        theirs = totp.seal(KEY, sam.member.id, secret)

        await kim.post("/account/two-step", {"sealed": theirs, "code": pyotp.TOTP(secret).at(clock())})

        async with here.app.database.read() as db:
            assert not await second_step.is_on(db, kim.member.id)


@pytest.mark.parametrize(
    "path",
    ["", "/password", "/two-step", "/two-step/off", "/two-step/codes", "/sessions/others/end", "/connections/google/remove"],
)  # fmt: skip
async def test_every_change_needs_the_token_of_the_page(sqlite_url, clock, path):
    async with office(sqlite_url, clock) as here:
        kim = await here.sign_in()
        assert (await kim.post(f"/account{path}", {"csrf": "guessed"})).status_code == 403


async def test_the_time_of_a_link_is_told(sqlite_url, clock):
    async with office(sqlite_url, clock, session_hours=1) as here:
        await kim_of(here, password=False)
        async with here.app.database.begin() as db:
            link = await staff.make_link(db, clock(), "kim@riverbend.example", timedelta(days=1))

        assert (
            "ends the session by itself after 1 hour."
            in (await here.plain().get(f"/signin/link/{link}")).text
        )
