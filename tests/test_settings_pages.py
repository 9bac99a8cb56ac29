"""Settings: accounts and roles, channels, tokens, what was done, and how the place is set."""

import ast
import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from office import HOME, office, plain
from sqlalchemy import insert

from bot import appointing, audit, ids, second_step, staff, totp
from bot.store import accounts
from bot.store import staff as rows
from bot.store.tables import addresses, messages, people
from bot.web.rooms.settings import told

PAGES = (
    "/settings",
    "/settings/users",
    "/settings/users/new",
    "/settings/channels",
    "/settings/tokens",
    "/settings/tokens/new",
    "/settings/audit",
    "/settings/place",
)


async def families(app, *schools):
    """Somebody at each of these schools, reached by SMS; gives the id of an address."""
    async with app.database.begin() as db:
        for school in schools:
            person, address = app.new_id(), app.new_id()
            await db.execute(
                insert(people).values(
                    id=person, respondent="family", language="en", language_by="import", school=school,
                    groups={}, created_at=app.clock(),
                )
            )  # fmt: skip
            await db.execute(
                insert(addresses).values(
                    id=address, person_id=person, channel="sms", address=f"+1555123{uuid4().int % 10000:04}",
                    created_at=app.clock(),
                )
            )  # fmt: skip
    return address


async def message(app, address, state="sent", ago=timedelta(minutes=5), *, direction="out", **more):
    """One message, as old as this."""
    at = app.clock() - ago
    new_id = ids.maker(lambda: int(at.timestamp() * 1e9))
    values = {
        "id": new_id(), "direction": direction, "channel": "sms", "address_id": address, "address": "+15551230001",
        "purpose": "heard" if direction == "in" else "ask", "text": "secret words", "state": state, "priority": 0,
        "attempts": 1, "created_at": at, "due_at": at, "sent_at": at if state == "sent" else None,
    }  # fmt: skip
    async with app.database.begin() as db:
        await db.execute(insert(messages).values(values | more))


def rows_of(page):
    return [plain(row) for row in page.select("main tbody tr")]


def lines(page, where=".rows > li"):
    return [plain(line) for line in page.select(where)]


@pytest.mark.parametrize("page", PAGES)
async def test_only_an_admin_of_all_schools_comes_in(sqlite_url, clock, page):
    async with office(sqlite_url, clock) as here:
        for role in ("organizer", "staff", "translator", "coder", ("admin", "Lincoln")):
            desk = await here.sign_in(role)
            assert (await desk.get(page)).status_code == 403, role
        assert (await (await here.sign_in("admin")).get(page)).status_code == 200
        assert (await here.plain().get(page)).status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "users/new", "users/{id}/roles", "users/{id}/roles/take?role=admin", "users/{id}/disable", "users/{id}/enable",
        "users/{id}/link", "users/{id}/sessions/end", "users/{id}/two-step/reset", "tokens/new", "tokens/{id}/revoke", "check",
    ],
)  # fmt: skip
async def test_nothing_is_changed_by_others_or_without_the_token_of_the_page(sqlite_url, clock, path):
    async with office(sqlite_url, clock) as here:
        admin, organizer = await here.sign_in("admin"), await here.sign_in("organizer")
        path = f"/settings/{path.format(id=organizer.member.id)}"

        assert (await organizer.post(path)).status_code == 403
        assert (await admin.post(path, {"csrf": "guessed"})).status_code == 403
        assert (
            await admin.post(path, headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
        ).status_code == 403


async def test_somebody_is_let_in_with_a_role_at_a_school(url, clock):
    async with office(url, clock) as here:
        await families(here.app, "Lincoln", "Marsh Lane")
        ines = await here.sign_in("admin")
        form = await ines.see("/settings/users/new")

        offered = [option.get_text() for option in form.select("#school option")]
        made = await ines.do(
            "/settings/users/new",
            {"name": "Kim Voorbeeld", "email": "Kim@Riverbend.example", "role": "coder", "school": "Lincoln"},
        )
        link = made.find(id="link").get_text().strip()
        listed = rows_of(await ines.see("/settings/users", params={"role": "coder"}))

        assert offered == ["All schools", "Lincoln", "Marsh Lane"]
        assert "Hand this link to Kim Voorbeeld" in plain(made)
        assert link.startswith(f"{HOME}/signin/link/")
        assert listed == ["Kim Voorbeeld kim@riverbend.example Coder at Lincoln Link Not lately"]
        # The link opens the door, once, and what Kim may do is what was given.
        kim = here.plain()
        token = re.search(r'name="csrf" value="([^"]+)"', (await kim.get(link)).text)[1]
        await kim.post(link, data={"csrf": token}, headers={"Origin": HOME})
        assert (await kim.get("/account")).status_code == 200
        assert (await kim.get("/settings")).status_code == 403
        assert (await kim.get(link)).status_code == 410


async def test_what_is_missing_is_said_at_its_field_and_answers_are_kept(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin", email="ines@riverbend.example")
        wrong = await ines.do(
            "/settings/users/new", {"name": "Kim", "email": "kim", "school": "Atlantis"}, 422
        )
        taken = await ines.do(
            "/settings/users/new", {"name": "Kim", "email": "INES@riverbend.example", "role": "staff"}, 422
        )

        assert wrong.title.get_text().startswith("Error:")
        assert [link["href"] for link in wrong.select(".problems a")] == ["#email", "#role", "#school"]
        assert wrong.find(id="name")["value"] == "Kim"
        assert "Somebody has an account with this address already" in plain(taken)


async def test_roles_are_given_taken_and_undone(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        await families(here.app, "Lincoln")
        ines, kim = await here.sign_in("admin"), await here.sign_in("staff", name="Kim Voorbeeld")
        home = f"/settings/users/{kim.member.id}"

        given = await ines.do(f"{home}/roles", {"role": "coder", "school": "Lincoln"})
        twice = await ines.do(f"{home}/roles", {"role": "coder", "school": "Lincoln"})
        assert "Given: Coder at Lincoln." in plain(given)
        assert "They had this role already" in plain(twice)
        assert (await kim.get("/coding")).status_code != 403

        clock.forward(minutes=1)
        taken = await ines.do(f"{home}/roles/take?role=coder&school=Lincoln")
        assert (await kim.get("/coding")).status_code == 403
        undo = taken.select_one(".said form")["action"]
        clock.forward(minutes=1)
        await ines.do(undo)
        assert (await kim.get("/coding")).status_code != 403

        async with here.app.database.read() as db:
            told = [(each.did, each.detail.get("role")) for each in await audit.listed(db, 10)]
        assert told == [("user.role", "coder"), ("user.role_taken", "coder"), ("user.role", "coder")]


async def test_a_role_or_school_that_there_is_not_is_refused(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines, kim = await here.sign_in("admin"), await here.sign_in(name="Kim")
        home = f"/settings/users/{kim.member.id}"

        assert "Choose a role" in plain(await ines.do(f"{home}/roles", {"role": "king"}, 422))
        assert "Choose one of the schools" in plain(
            await ines.do(f"{home}/roles", {"role": "coder", "school": "Atlantis"}, 422)
        )
        assert (await ines.post(f"{home}/roles/take?role=coder")).status_code == 404
        assert (await ines.post(f"/settings/users/{uuid4()}/roles", {"role": "coder"})).status_code == 404
        assert (await ines.get("/settings/users/nobody")).status_code == 422


async def test_the_last_admin_stays_one(url, clock):
    async with office(url, clock) as here:
        ines, kim = await here.sign_in("admin"), await here.sign_in("staff", name="Kim Voorbeeld")
        home = f"/settings/users/{ines.member.id}"

        for path in (f"{home}/roles/take?role=admin", f"{home}/disable"):
            refused = await ines.do(path, status=422)
            assert "Make somebody else an admin first" in plain(refused.select_one(".problems"))
        await ines.do(f"/settings/users/{kim.member.id}/roles", {"role": "admin"})
        await ines.do(f"{home}/roles/take?role=admin", status=403)

        assert (await kim.get("/settings")).status_code == 200


async def test_whoever_is_shut_out_is_out_at_once_and_can_be_let_in_again(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines, kim = await here.sign_in("admin"), await here.sign_in("staff", name="Kim Voorbeeld")
        home = f"/settings/users/{kim.member.id}"

        shut = await ines.do(f"{home}/disable")
        assert (await kim.get("/account")).headers["location"].startswith("/signin")
        assert "Kim Voorbeeld" not in plain((await ines.see("/settings/users")).table)
        assert "Kim Voorbeeld" in plain((await ines.see("/settings/users", params={"state": "out"})).table)
        assert (await ines.post(f"{home}/link")).status_code == 404

        back = await ines.do(shut.select_one(".said form")["action"])
        assert "open again, with the roles that it had" in plain(back)
        assert "Staff at all schools" in plain(back)


async def test_sessions_are_ended_and_the_second_step_is_reset(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines, kim = await here.sign_in("admin"), await here.sign_in("staff", name="Kim Voorbeeld")
        secret = totp.new_secret()
        async with here.app.database.begin() as db:
            import pyotp

            await second_step.turn_on(
                db, clock(), b"made up for tests", kim.member.id, secret, pyotp.TOTP(secret).at(clock())
            )
        home = f"/settings/users/{kim.member.id}"

        before = plain(await ines.see(home))
        await ines.do(f"{home}/two-step/reset")
        after = plain(await ines.see(home))
        async with here.app.database.read() as db:
            assert not await second_step.is_on(db, kim.member.id)

        assert "Two steps" in before
        assert "Turn off two-step sign-in" not in after
        assert (await kim.get("/account")).status_code == 303
        again = await here.sign_in("staff", name="Sam")
        assert "One session is ended." in plain(
            await ines.do(f"/settings/users/{again.member.id}/sessions/end")
        )
        assert (await again.get("/account")).status_code == 303


async def test_accounts_are_searched_paged_and_downloaded(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin", name="Zoe Muster", email="zoe@riverbend.example")
        async with here.app.database.begin() as db:
            for number in range(60):
                await staff.add(db, clock(), f"p{number:03}@riverbend.example", f"=Person {number}")

        first = await ines.see("/settings/users")
        second = await ines.see(
            "/settings/users" + first.find("a", rel="next")["href"].removeprefix("/settings/users")
        )
        found = await ines.see("/settings/users", params={"named": "person 59"})
        none = await ines.see("/settings/users", params={"role": "none"})
        nobody = await ines.see("/settings/users", params={"named": "100%"})
        file = await ines.get("/settings/users/table.csv", params={"named": "person 59"})
        sheet = await ines.get("/settings/users/table.xlsx")

        assert "61 people have an account" in plain(first.h1)
        assert (len(rows_of(first)), len(rows_of(second)), len(rows_of(none))) == (50, 11, 50)
        assert "@" not in first.find("a", rel="next")["href"]
        assert len(rows_of(found)) == 1
        assert "Nobody fits" in plain(nobody)
        listed = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
        assert listed[1][:2] == ["'=Person 59", "p059@riverbend.example"]
        assert sheet.content[:2] == b"PK"


async def test_a_channel_tells_how_it_does(url, clock):
    async with office(url, clock) as here:
        address = await families(here.app, "Lincoln")
        ines = await here.sign_in("admin")
        for _ in range(3):
            await message(here.app, address)
        await message(here.app, address, "failed", code="30003", reason="number not reachable")
        await message(
            here.app, address, "failed", timedelta(days=2), code="30003", reason="number not reachable"
        )
        await message(here.app, address, "heard", timedelta(hours=2), direction="in")
        await message(here.app, address, "queued", timedelta(minutes=2))

        page = await ines.see("/settings/channels")
        sms, telegram = page.select("section.panel")
        facts = {plain(each.dt): plain(each.dd) for each in sms.select(".facts > div")}

        assert facts["Sent in 24 hours"] == "3"
        assert facts["Failed in 24 hours"] == "1"
        assert facts["Waiting to go"] == "1"
        assert facts["Last sent"].endswith("10:55 am")
        assert facts["Last received"].endswith("9:00 am")
        assert "number not reachable 30003 1" in plain(sms.table)
        assert "Works." in plain(sms)
        assert f"{HOME}/in/sms#rc=2&rp=5xx,ct,rt" in plain(sms)
        assert "Not set up." in plain(telegram)
        assert "OPENLINE_TELEGRAM_TOKEN" in plain(telegram)
        assert "secret words" not in page.get_text()


async def test_a_channel_whose_messages_wait_or_fail_says_so_here_and_on_the_first_page(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        address, ines = await families(here.app, "Lincoln"), await here.sign_in("admin")
        await message(here.app, address, "queued", timedelta(minutes=40))
        stuck = plain(await ines.see("/settings/channels"))
        assert "Messages wait, and nobody sends them" in stuck
        assert "Messages wait, and nobody sends them" in plain(await ines.see("/settings"))


async def test_a_channel_that_its_provider_shuts_says_until_when(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        address, ines = await families(here.app, "Lincoln"), await here.sign_in("admin")
        await message(
            here.app, address, "queued", due_at=clock() + timedelta(minutes=5), reason="account suspended"
        )

        page = plain(await ines.see("/settings/channels"))

        assert "takes nothing from us just now" in page
        assert "We try again at 11:05 am" in page
        assert "account suspended" in page


async def test_many_failures_are_more_than_single_numbers(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        address, ines = await families(here.app, "Lincoln"), await here.sign_in("admin")
        for _ in range(5):
            await message(here.app, address, "failed", reason="number not reachable")
        assert "Many messages of the last day could not be sent" in plain(
            await ines.see("/settings/channels")
        )


async def test_checking_the_set_up_tells_what_the_command_tells(sqlite_url, clock, monkeypatch):
    from bot.doctor import people as looks
    from bot.doctor import setup, translation

    async def nothing(*_):
        return []

    monkeypatch.setattr(translation, "look", nothing)
    monkeypatch.setattr(setup, "_embedder", lambda _: setup.Finding("good", "theme coding with a double"))
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin")

        page = await ines.do("/settings/check")

        assert looks.LATE
        assert "nobody is on call" in plain(page)
        assert "theme coding with a double" in plain(page)
        assert plain(page.h1) in ("Nothing is wrong", "One thing will not work")


async def test_the_first_page_says_what_needs_somebody(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin")
        page = await ines.see("/settings")
        said = lines(page, ".attention li")

        assert plain(page.h1) == "4 things need you"
        assert (
            "Now Nobody is on call: no person is told when a message speaks of danger. See how it is set"
            in said
        )
        assert any("You are the only admin" in line for line in said)
        assert any("One admin signs in with a password or link alone." in line for line in said)
        assert any("Machine-drafted texts go out" in line for line in said)


async def test_in_order_is_in_order(sqlite_url, clock):
    import pyotp

    async with office(sqlite_url, clock, on_call="sms:+15551230001", allow_drafts=False) as here:
        ines, kim = await here.sign_in("admin"), await here.sign_in("admin", name="Kim")
        async with here.app.database.begin() as db:
            for desk in (ines, kim):
                secret = totp.new_secret()
                code = pyotp.TOTP(secret).at(clock())
                await second_step.turn_on(db, clock(), b"made up for tests", desk.member.id, secret, code)

        assert plain((await ines.see("/settings")).h1) == "Everything here is in order"


async def test_a_token_is_shown_once_used_and_revoked(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin", email="ines@riverbend.example")
        asked = {
            "name": "nightly-absences",
            "email": "ines@riverbend.example",
            "days": "90",
            "scope": ["people:read", "people:write"],
        }

        made = await ines.do("/settings/tokens/new", asked)
        token = made.find(id="token").get_text().strip()
        listed = await ines.see("/settings/tokens")
        bearer = {"Authorization": f"Bearer {token}"}
        used = await here.plain().get("/api/v1/campaigns", headers=bearer)
        twice = await ines.do("/settings/tokens/new", asked, 422)
        ask = listed.select_one("td a[href$=revoke]")["href"]
        checked = await ines.see(ask)
        gone = await ines.do(ask)
        after = await here.plain().get("/api/v1/campaigns", headers=bearer)

        assert token.startswith("openline_")
        assert token not in listed.get_text()
        assert "nightly-absences ines@riverbend.example people:read people:write Never" in rows_of(listed)[0]
        assert used.status_code == 403  # known, and not for campaigns
        assert "There is a token of this name" in plain(twice)
        assert "This cannot be undone" in plain(checked)
        assert "No program may use the API" in plain(gone.h1)
        assert "Revoked" in plain(gone.select_one("main details"))
        assert after.status_code == 401
        assert (await ines.post(ask)).status_code == 404


async def test_a_token_needs_a_name_something_to_do_and_an_end(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin")
        wrong = await ines.do(
            "/settings/tokens/new", {"name": "../x", "days": "9999", "email": "nobody@x.example"}, 422
        )

        assert [link["href"] for link in wrong.select(".problems a")] == [
            "#name",
            "#scope",
            "#days",
            "#email",
        ]


async def test_what_was_done_is_told_in_words(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines, kim = await here.sign_in("admin"), await here.sign_in(name="Kim Voorbeeld")
        async with here.app.database.begin() as db:
            await appointing.appoint(db, clock(), ines.member.id, kim.member.id, "coder", "Lincoln")
            clock.forward(minutes=1)
            await appointing.appoint(db, clock(), None, kim.member.id, "staff", None)
            clock.forward(minutes=1)
            await audit.record(db, clock(), kim.member.id, "person.erase", uuid4(), messages=3)
            clock.forward(minutes=1)
            await audit.record(db, clock(), kim.member.id, "user.two_step_off", kim.member.id)
            clock.forward(minutes=1)
            await audit.record(db, clock(), ines.member.id, "kite.fly", "blue")

        said = [
            line.rsplit(".", 1)[0]
            for line in lines(await ines.see("/settings/audit"), ".log > li > p:first-child")
        ]

        assert said[0] == "Ines Muster: kite"  # an unknown kind is told by its own name
        assert said[1:] == [
            "Kim Voorbeeld turned off two-step sign-in",
            "Kim Voorbeeld erased a person",
            "A command on the server gave Kim Voorbeeld the role Staff at all schools",
            "Ines Muster gave Kim Voorbeeld the role Coder at Lincoln",
        ]


def recorded():
    """Every kind of thing that the code writes down, as it stands there: whole, or its parts with a gap."""
    here = Path(audit.__file__).parent
    for file in sorted(here.rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(call, ast.Call) and ast.unparse(call.func) in BOOK and len(call.args) > 2):
                continue
            for said in filter(lambda one: isinstance(one, ast.Constant), call.args):
                if isinstance(said.value, str) and said.value:
                    campaign = ast.unparse(call.func) in ("did", "audited")
                    yield f"campaign.{said.value}" if campaign else said.value
                    break


BOOK = {"audit.record", "_record", "_note", "did", "audited"}


def test_whatever_is_written_down_is_told_in_words_and_can_be_looked_for():
    kinds = {*recorded(), "people.import", "absences.import"}
    assert {"campaign.approved", "user.role", "person.numbers", "statement.agree"} <= kinds
    listed = told.kinds()
    for did in sorted(kinds):
        entry = audit.Entry(uuid4(), datetime.now(UTC), "Kim", did, "x", {"role": "coder"})
        assert did not in told.told(entry, {}), f"{did} is told by its own name"
        assert did.split(".")[0] in listed, f"{did} cannot be looked for"


async def test_what_was_done_is_narrowed_paged_and_downloaded(url, clock):
    async with office(url, clock) as here:
        ines, kim = await here.sign_in("admin"), await here.sign_in(name="Kim Voorbeeld")
        async with here.app.database.begin() as db:
            for number in range(120):
                who = (ines, kim)[number % 2].member.id
                await audit.record(db, clock() + timedelta(hours=number), who, "token.create", f"t{number}")
            await audit.record(db, clock(), ines.member.id, "person.erase", uuid4())

        async def count(**asked):
            return len(lines(await ines.see("/settings/audit", params=asked), ".log > li"))

        first = await ines.see("/settings/audit")
        older = await ines.see(
            "/settings/audit" + first.find("a", rel="next")["href"].removeprefix("/settings/audit")
        )
        file = await ines.get("/settings/audit/table.csv", params={"by": str(kim.member.id)})

        assert len(lines(first, ".log > li")) == len(lines(older, ".log > li")) == 50
        assert "t119" in first.get_text()
        assert "t69" in older.get_text()
        assert "t70." not in older.get_text()
        assert await count(kind="person") == 1
        assert await count(since="2026-10-15", until="2026-10-15") == 24
        assert await count(since="tomorrow", until="??", kind="nonsense", by="nobody", before="x~y") == 50
        assert "Nothing of the kind" in plain(
            await ines.see("/settings/audit", params={"until": "2020-01-01"})
        )
        assert len(file.text.splitlines()) == 61


async def test_how_the_place_is_set_is_told_without_any_secret(sqlite_url, clock):
    async with office(
        sqlite_url, clock, on_call="sms:+15551230001, telegram:987654", twilio_auth_token="hush-twilio",
        telegram_token="77:hush-telegram", translator_keys="deepl=hush-deepl", oidc_google_client_secret="hush-google",
    ) as here:  # fmt: skip
        page = await (await here.sign_in("admin")).see("/settings/place")
        said = {
            plain(each.dt): [plain(dd) for dd in each.select("dd")] for each in page.select(".settings > div")
        }

        assert said["Organization"] == ["Riverbend", "OPENLINE_ORGANIZATION"]
        assert said["On call for safety alerts"][0] == "sms, ending in 01; telegram, ending in 54"
        assert said["Twilio token"] == ["Set", "OPENLINE_TWILIO_AUTH_TOKEN"]
        assert said["Telegram token"][0] == "Set"
        assert said["Key that seals secrets"][0] == "Set"
        assert said["Another provider"][0] == "Not set"
        text = page.decode()
        assert not [word for word in ("hush", "made up for tests", "+1555123", "987654") if word in text]


async def test_pages_answer_quickly_with_many_accounts_and_entries(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin")
        async with here.app.database.begin() as db:
            for number in range(300):
                member = await staff.add(db, clock(), f"p{number}@riverbend.example", f"Person {number}")
                await rows.give_role(db, member.id, "staff", None, clock())
        page = await ines.see("/settings/users", params={"named": "Person 29"})

        assert len(rows_of(page)) == 11
        async with here.app.database.read() as db:
            assert len(await accounts.listed(db, 500)) == 301


async def test_a_channel_that_is_set_up_in_part_says_what_is_missing(sqlite_url, clock):
    part = {"twilio_account_sid": "ACmadeup", "twilio_auth_token": "hush", "telegram_token": "1:hush"}
    async with office(sqlite_url, clock, **part) as here:
        page = await (await here.sign_in("admin")).see("/settings/channels")
        sms, telegram = page.select("section.panel")

        assert "Set up in part." in plain(sms)
        assert lines(sms, "li") == ["OPENLINE_TWILIO_FROM"]
        assert lines(telegram, "li") == ["OPENLINE_TELEGRAM_SECRET"]
        assert "hush" not in page.decode()
