"""Two-step sign-in: which code is good when, and that the store gives none away."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot import second_step, staff, totp
from bot.store import accounts

KEY = b"made up for tests"
INES, KIM = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 10, 14, 15, 0, 10, tzinfo=UTC)
RFC = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The secret of the examples in RFC 6238, appendix B: "12345678901234567890"."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
    ],
)
def test_the_codes_are_those_of_the_standard(seconds, code):
    assert totp.step(RFC, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@pytest.mark.parametrize(("off", "good"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phone_may_be_one_step_off(off, good):
    code = pyotp.TOTP(RFC).at(NOW + timedelta(seconds=off))

    assert (totp.step(RFC, code, NOW) is not None) is good


def test_a_code_is_good_once():
    code = pyotp.TOTP(RFC).at(NOW)
    first = totp.step(RFC, code, NOW)

    assert first is not None
    assert totp.step(RFC, code, NOW, first) is None
    assert totp.step(RFC, code, NOW + timedelta(seconds=30), first) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "٢٨٧٠٨٢"])
def test_what_is_no_code_is_refused(typed):
    assert totp.step(RFC, typed, NOW) is None


def test_a_code_may_be_typed_with_a_space_as_apps_show_it():
    code = pyotp.TOTP(RFC).at(NOW)

    assert totp.step(RFC, f" {code[:3]} {code[3:]} ", NOW) is not None


@given(st.text(min_size=1, max_size=64), st.uuids(), st.uuids(), st.binary(min_size=1, max_size=64))
def test_a_secret_is_read_with_its_own_key_by_its_own_account_alone(secret, ines, kim, key):
    sealed = totp.seal(key, ines, secret)

    assert totp.unseal(key, ines, sealed) == secret
    assert totp.unseal(key + b"!", ines, sealed) is None
    assert ines == kim or totp.unseal(key, kim, sealed) is None
    assert len(totp.seal(key, ines, totp.new_secret())) <= 300


@pytest.mark.parametrize("broken", ["", "x", "not sealed at all", "AAAA", "é"])
def test_what_was_never_sealed_is_nothing(broken):
    assert totp.unseal(KEY, INES, broken) is None


def test_codes_on_paper_are_ten_different_ones_and_are_typed_in_any_way():
    paper = totp.paper_codes()
    kept = [totp.digest(each) for each in paper]

    assert len(set(paper)) == totp.PAPER
    assert all(code not in "".join(kept) for code in paper)
    assert totp.on_paper(paper[3].upper().replace("-", " "), kept) == kept[3]
    assert totp.on_paper("aaaa-aaaa-aaaa-aaaa", kept) is None


@pytest.fixture
async def kim(database):
    async with database.begin() as db:
        return await staff.add(db, NOW, "kim@riverbend.example", "Kim Voorbeeld")


async def on(db, member, key=KEY):
    secret = totp.new_secret()
    paper = await second_step.turn_on(db, NOW, key, member.id, secret, pyotp.TOTP(secret).at(NOW))
    return secret, paper


async def test_it_is_turned_on_only_with_a_code_that_fits(database, kim):
    async with database.begin() as db:
        wrong = await second_step.turn_on(db, NOW, KEY, kim.id, RFC, "000000")
        before = await second_step.is_on(db, kim.id)
        _, paper = await on(db, kim)

        assert (wrong, before) == (None, False)
        assert len(paper) == 10
        assert await second_step.is_on(db, kim.id)


async def test_the_code_that_turned_it_on_does_not_sign_in_as_well(database, kim):
    async with database.begin() as db:
        secret, _ = await on(db, kim)
        later = NOW + timedelta(seconds=30)

        assert await second_step.prove(db, NOW, KEY, kim.id, pyotp.TOTP(secret).at(NOW)) is None
        assert (await second_step.prove(db, later, KEY, kim.id, pyotp.TOTP(secret).at(later))).way == "app"
        assert await second_step.prove(db, later, KEY, kim.id, pyotp.TOTP(secret).at(later)) is None


async def test_a_code_on_paper_is_good_once(database, kim):
    async with database.begin() as db:
        _, paper = await on(db, kim)

        used = await second_step.prove(db, NOW, KEY, kim.id, paper[0])
        again = await second_step.prove(db, NOW, KEY, kim.id, paper[0])
        other = await second_step.prove(db, NOW, KEY, kim.id, paper[1])

    assert (used.way, used.left, again, other.left) == ("paper", 9, None, 8)


async def test_new_codes_on_paper_end_the_old_ones(database, kim):
    async with database.begin() as db:
        _, paper = await on(db, kim)
        new = await second_step.new_paper(db, NOW, kim.id)

        assert await second_step.prove(db, NOW, KEY, kim.id, paper[0]) is None
        assert await second_step.prove(db, NOW, KEY, kim.id, new[0])


async def test_with_another_key_only_paper_helps(database, kim):
    async with database.begin() as db:
        secret, paper = await on(db, kim)
        later = NOW + timedelta(minutes=5)

        for key in (b"another key", b""):
            assert await second_step.prove(db, later, key, kim.id, pyotp.TOTP(secret).at(later)) is None
        assert await second_step.prove(db, later, b"another key", kim.id, paper[0])


async def test_the_store_holds_neither_secret_nor_codes(database, kim):
    async with database.begin() as db:
        secret, paper = await on(db, kim)
        kept = str((await db.execute(text("SELECT totp_secret, recovery FROM staff"))).all())

    assert secret not in kept
    assert not [code for code in paper if code in kept]


async def test_turned_off_nothing_is_left_of_it(database, kim):
    async with database.begin() as db:
        secret, _ = await on(db, kim)
        await second_step.turn_off(db, NOW, kim.id, kim.id)

        assert await accounts.second(db, kim.id) == accounts.Second(None, None, ())
        assert await second_step.prove(db, NOW, KEY, kim.id, pyotp.TOTP(secret).at(NOW)) is None
