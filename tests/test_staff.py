"""Accounts, passwords, links and sessions: who gets in, and who does not any more."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import uuid4

import pytest

from bot import staff
from bot.store import staff as rows
from bot.store.staff import Member
from bot.web.throttle import Throttle

NOW = datetime(2026, 10, 14, 10, 8, tzinfo=UTC)
PASSWORD = "the bus came late again"


@cache
def kept() -> str:
    return staff.digest(PASSWORD)


@pytest.fixture
async def ines(database) -> Member:
    member = Member(uuid4(), "ines@riverbend.example", "Ines Muster", kept())
    async with database.begin() as db:
        await rows.insert_member(db, member, NOW)
    return member


async def test_an_address_is_the_same_however_it_is_written(database):
    async with database.begin() as db:
        added = await staff.add(db, NOW, " Ines@Riverbend.example ", "Ines Muster", PASSWORD)
        found = await staff.verify(db, "INES@riverbend.EXAMPLE", PASSWORD)

    assert found == added
    assert found.email == "ines@riverbend.example"


async def test_a_wrong_password_and_an_unknown_address_are_refused_alike(database, ines):
    async with database.read() as db:
        wrong = await staff.verify(db, ines.email, "the bus came early again")
        unknown = await staff.verify(db, "kim@riverbend.example", PASSWORD)
        nonsense = await staff.verify(db, "no address", PASSWORD)

    assert (wrong, unknown, nonsense) == (None, None, None)


def test_nobody_costs_a_hash_as_somebody_does(monkeypatch):
    verified = []
    hasher = staff._hasher()
    monkeypatch.setattr(type(hasher), "verify", lambda self, word, kept: verified.append(kept) or True)

    nobody = staff.matches(None, PASSWORD)

    assert not nobody
    assert verified[0].startswith("$argon2id$")


async def test_a_password_is_kept_as_argon2_and_never_as_itself(database, ines):
    assert ines.password_hash.startswith("$argon2id$")
    assert PASSWORD not in ines.password_hash


def test_a_letter_typed_in_two_ways_is_one_password():
    kept = staff.digest("se\u0301same ouvre-toi vite")
    member = Member(None, "", "", kept)

    assert staff.matches(member, "s\u00e9same ouvre-toi vite")


@pytest.mark.parametrize("password", ["short", "", "x" * 257])
def test_a_password_is_neither_short_nor_endless(password):
    with pytest.raises(staff.StaffError, match="15 to 256"):
        staff.digest(password)


@pytest.mark.parametrize("email", ["", "ines", "@riverbend.example", "ines@", "i nes@riverbend.example"])
def test_what_is_no_address_is_refused(email):
    with pytest.raises(staff.StaffError, match="not an email address"):
        staff.address(email)


async def test_an_address_has_one_account(database, ines):
    with pytest.raises(staff.StaffError, match="has an account already"):
        async with database.begin() as db:
            await staff.add(db, NOW, "ines@riverbend.example", "Another Ines")


async def test_an_account_without_a_password_opens_with_none(database):
    async with database.begin() as db:
        await staff.add(db, NOW, "kim@riverbend.example", "Kim Voorbeeld")
        found = await staff.verify(db, "kim@riverbend.example", "")

    assert found is None


async def test_a_link_signs_in_once(database, ines):
    async with database.begin() as db:
        token = await staff.make_link(db, NOW, ines.email)
        first = await staff.use_link(db, NOW, token)
        second = await staff.use_link(db, NOW, token)

    assert first == ines
    assert second is None


async def test_looking_at_a_link_does_not_use_it_up(database, ines):
    async with database.begin() as db:
        token = await staff.make_link(db, NOW, ines.email)
        looked = await staff.link_is_good(db, NOW, token)
        used = await staff.use_link(db, NOW, token)

    assert looked
    assert used == ines


async def test_a_link_is_too_old_after_a_quarter_of_an_hour(database, ines):
    async with database.begin() as db:
        token = await staff.make_link(db, NOW, ines.email)
        used = await staff.use_link(db, NOW + timedelta(minutes=15), token)

    assert used is None


async def test_no_link_for_somebody_unknown(database):
    with pytest.raises(staff.StaffError, match="No account"):
        async with database.begin() as db:
            await staff.make_link(db, NOW, "kim@riverbend.example")


async def test_a_session_ends_when_its_hours_are_over(database, ines):
    async with database.begin() as db:
        opened = await staff.open_session(db, NOW, ines, timedelta(hours=1))
        before = await staff.session(db, NOW + timedelta(minutes=59), opened.token)
        after = await staff.session(db, NOW + timedelta(minutes=60), opened.token)

    assert before.member == ines
    assert before.csrf == opened.csrf
    assert after is None


async def test_a_session_nobody_uses_ends_early(database, ines):
    async with database.begin() as db:
        opened = await staff.open_session(db, NOW, ines, timedelta(hours=12))
        live = await staff.session(db, NOW + timedelta(minutes=90), opened.token)
        await staff.touch(db, NOW + timedelta(minutes=90), live)
        used = await staff.session(db, NOW + timedelta(minutes=200), opened.token)
        idle = await staff.session(db, NOW + timedelta(minutes=90) + staff.IDLE, opened.token)

    assert used is not None
    assert idle is None


async def test_the_token_of_a_session_is_not_in_the_database(database, ines):
    async with database.begin() as db:
        opened = await staff.open_session(db, NOW, ines, timedelta(hours=1))
        kept = (await db.exec_driver_sql("SELECT token_hash FROM staff_sessions")).scalar_one()

    assert opened.token not in kept
    assert len(kept) == 64


async def test_disabling_ends_sessions_links_and_the_password(database, ines):
    async with database.begin() as db:
        opened = await staff.open_session(db, NOW, ines, timedelta(hours=1))
        link = await staff.make_link(db, NOW, ines.email)
        await staff.disable(db, NOW, ines.email)

        assert await staff.session(db, NOW, opened.token) is None
        assert await staff.use_link(db, NOW, link) is None
        assert await staff.verify(db, ines.email, PASSWORD) is None


async def test_a_new_password_ends_the_sessions_of_the_old_one(database, ines):
    async with database.begin() as db:
        opened = await staff.open_session(db, NOW, ines, timedelta(hours=1))
        await staff.set_password(db, ines.email, "the bus came early once")

        assert await staff.session(db, NOW, opened.token) is None
        assert await staff.verify(db, ines.email, PASSWORD) is None
        assert await staff.verify(db, ines.email, "the bus came early once")


async def test_signing_out_ends_this_session_only(database, ines):
    async with database.begin() as db:
        here = await staff.open_session(db, NOW, ines, timedelta(hours=1))
        there = await staff.open_session(db, NOW, ines, timedelta(hours=1))
        await staff.close_session(db, here.token)

        assert await staff.session(db, NOW, here.token) is None
        assert await staff.session(db, NOW, there.token)


def test_a_throttle_lets_go_after_its_window():
    throttle = Throttle(2, timedelta(minutes=15))

    tries = [throttle.allow("ines", NOW + timedelta(minutes=m)) for m in (0, 1, 2, 14, 15)]

    assert tries == [True, True, False, False, True]


def test_a_throttle_does_not_grow_without_end():
    throttle = Throttle(2, timedelta(minutes=15), size=3)

    for number in range(10):
        throttle.allow(str(number), NOW)

    assert len(throttle._tries) == 3
