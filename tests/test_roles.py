"""Who may do what: how roles add up, that every address asks for one, and what the commands give and take."""

import re

import httpx
import pytest
from ground.routes import every
from hypothesis import given
from hypothesis import strategies as st
from office import HOME, office

from bot import appointing, audit, staff
from bot.app import opened
from bot.cli.root import Problem
from bot.roles import NOTHING, ROLES, SCHOOL_ADMIN, Grants, grants
from bot.settings import Settings
from bot.store import accounts
from bot.store import staff as rows
from bot.store.database import connect
from bot.web.allow import allowed, rule
from bot.web.guard import API, WEBHOOKS, is_open

SCHOOLS = ("Lincoln", "Marsh Lane", "Harbor High")
one_role = st.tuples(st.sampled_from(ROLES), st.none() | st.sampled_from(SCHOOLS))
some_roles = st.frozensets(one_role, max_size=6).map(Grants)
wanted_roles = st.sets(st.sampled_from(ROLES), min_size=1).map(tuple)


@given(some_roles, some_roles, wanted_roles)
def test_more_roles_never_reach_less(some, others, wanted):
    both = Grants(some.given | others.given)

    for one in (some, others):
        assert both.may(*wanted) or not one.may(*wanted)
        mine, ours = one.reach(*wanted), both.reach(*wanted)
        assert ours is None or (mine is not None and mine <= ours)


@given(some_roles, wanted_roles)
def test_who_may_reaches_somewhere_and_who_may_not_reaches_nowhere(some, wanted):
    reach = some.reach(*wanted)

    assert some.may(*wanted) is (reach is None or bool(reach))
    assert some.everywhere(*wanted) is (reach is None)


@given(some_roles, wanted_roles)
def test_no_school_is_reached_that_no_role_names(some, wanted):
    reach = some.reach(*wanted)

    assert reach is None or reach <= {school for _, school in some.given}
    assert reach is not None or any(school is None for _, school in some.given)


@given(some_roles)
def test_only_an_admin_everywhere_is_one(some):
    assert some.everywhere("admin") is (("admin", None) in some.given)
    if ("admin", None) in some.given:
        assert all(some.everywhere(role) for role in ROLES)


@given(st.sampled_from(SCHOOLS), st.sampled_from(ROLES))
def test_an_admin_of_one_school_has_that_school_and_no_other(school, role):
    reach = Grants(frozenset({("admin", school)})).reach(role)

    assert reach == ({school} if role in SCHOOL_ADMIN else frozenset())


def test_a_role_that_this_version_does_not_know_gives_nothing():
    assert grants([("king", None), ("coder", "Lincoln")]) == Grants(frozenset({("coder", "Lincoln")}))


# Every address


def addresses(web):
    """Every address of the pages with its methods, places in it filled in with something that does not exist."""
    found = set()
    for route in every(web.routes):
        path = re.sub(r"{[^}]*}", "x", route.path)
        if not (is_open(path) or path.startswith((API, WEBHOOKS)) or path == "/api"):
            found |= {(path, method) for method in getattr(route, "methods", None) or ()}
    return sorted(found - {(path, "HEAD") for path, _ in found})


def fits(path, changes):
    """Somebody who may come to this address, and somebody with every role that it does not ask for."""
    asked = rule(path)
    roles = asked.change if changes and asked.change is not None else asked.look
    others = [role for role in ROLES if role not in (*roles, "admin")]
    return roles, others


async def test_every_address_of_the_application_has_a_rule(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        found = addresses(here.web)

        assert len(found) > 40
        assert [path for path, _ in found if rule(path) is None] == []


async def test_every_address_refuses_the_wrong_roles(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        desks = {role: await here.sign_in(role, name=role) for role in ROLES}
        desks |= {(role, "Lincoln"): await here.sign_in((role, "Lincoln"), name=role) for role in ROLES}
        nobody = await here.sign_in(name="Nobody")
        let_in, refused = 0, 0
        for path, method in addresses(here.web):
            changes = method not in ("GET", "HEAD")
            roles, others = fits(path, changes)
            wrong = [desks[role] for role in others] if roles else []
            wrong += [nobody] if roles else []
            if rule(path).everywhere:
                wrong += [desks[role, "Lincoln"] for role in ROLES]
            for desk in wrong:
                answer = await desk.client.request(
                    method,
                    path,
                    headers={"Origin": HOME, "Sec-Fetch-Site": "same-origin"},
                    data={"csrf": desk.csrf},
                )
                assert answer.status_code == 403, (path, method)
                refused += 1
            for role in roles or ROLES[:1]:
                assert allowed(Grants(frozenset({(role, None)})), path, changes=changes), (path, role)
                let_in += 1

        assert refused > 150
        assert let_in > 40


async def test_an_address_that_nobody_has_named_is_closed_to_admins_as_well(sqlite_url, clock):
    async with office(sqlite_url, clock) as here:
        ines = await here.sign_in("admin")
        assert (await ines.get("/no-such-room")).status_code == 404
        assert not allowed(NOTHING, "/no-such-room", changes=False)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=here.web), base_url=HOME) as stranger:
            assert (await stranger.get("/no-such-room")).status_code == 303


# The commands


@pytest.fixture
def told(sqlite_url):
    async def told():
        database = connect(sqlite_url)
        async with database.read() as db:
            found = [
                (each.did, each.by, each.detail.get("role"), each.detail.get("school"))
                for each in await audit.listed(db, 20)
            ]
        await database.close()
        return found

    return told


@pytest.fixture
def url(sqlite_url):
    return sqlite_url


async def test_the_first_account_is_an_admin_and_later_ones_are_what_is_said(typed):
    first = await typed("user", "add", "ana@school.example", "--name", "Ana", "--role", "coder")
    await typed("user", "add", "bo@school.example")
    await typed("user", "add", "cem@school.example", "--role", "staff", "--school", "Lincoln")
    await typed("user", "add", "dee@school.example", "--role", "none")
    listed = (await typed("user", "list")).splitlines()

    assert "ana@school.example is the first account, so it is an admin's." in first
    assert [line.split("  ")[-1].strip() for line in listed] == [
        "admin",
        "organizer",
        "staff at Lincoln",
        "no role",
    ]


async def test_a_role_is_given_and_taken(typed, told):
    await typed("user", "add", "ana@school.example")
    await typed("user", "add", "bo@school.example")

    given = await typed("user", "role", "bo@school.example", "coder", "--school", "Lincoln")
    twice = await typed("user", "role", "bo@school.example", "coder", "--school", "Lincoln")
    taken = await typed("user", "role", "bo@school.example", "organizer", "--remove")
    gone = await typed("user", "role", "bo@school.example", "organizer", "--remove")

    assert given.strip() == "bo@school.example is now coder at Lincoln."
    assert twice.strip() == "bo@school.example is already coder at Lincoln."
    assert taken.strip() == "bo@school.example is no longer organizer everywhere."
    assert gone.strip() == "bo@school.example is not organizer everywhere."
    assert {("user.role", None, "coder", "Lincoln"), ("user.role_taken", None, "organizer", None)} <= set(
        await told()
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("role", "ana@school.example", "king"), "There is no role 'king'"),
        (("role", "nobody@school.example", "coder"), "No account with the address"),
        (("role", "ana@school.example", "admin", "--remove"), "Make somebody else an admin first"),
        (("disable", "ana@school.example"), "Make somebody else an admin first"),
        (("enable", "nobody@school.example"), "No account has this address"),
        (("add", "bo@school.example", "--role", "king"), "There is no role 'king'"),
    ],
)
async def test_what_cannot_be_is_said_in_one_line(typed, arguments, said):
    await typed("user", "add", "ana@school.example")

    with pytest.raises(Problem, match=re.escape(said)):
        await typed("user", *arguments)


async def test_somebody_shut_out_is_let_in_again_with_their_roles(typed, told):
    await typed("user", "add", "ana@school.example")
    await typed("user", "add", "bo@school.example", "--role", "coder")
    await typed("user", "disable", "bo@school.example")
    shut = await typed("user", "list")
    back = await typed("user", "enable", "bo@school.example")

    assert "disabled" in shut
    assert "can sign in again" in back
    assert (await typed("user", "list")).splitlines()[1].split("  ")[-1].strip() == "coder"
    assert ("user.enable", None, None, None) in await told()


async def test_two_admins_cannot_take_each_others_role_at_once(sqlite_url, clock):
    """Each sees the other as an admin who stays; the second has to wait, and is refused."""
    settings = Settings(_env_file=None, database_url=sqlite_url, start_survey="")
    async with opened(settings, clock=clock, channels={}) as app:
        async with app.database.begin() as db:
            ana = await staff.add(db, clock(), "ana@school.example", "Ana")
            bo = await staff.add(db, clock(), "bo@school.example", "Bo")
            for member in (ana, bo):
                await rows.give_role(db, member.id, "admin", None, clock())

        async def take(by, whose):
            async with app.database.begin() as db:
                return await appointing.dismiss(db, clock(), by.id, whose.id, "admin")

        assert await take(ana, bo)
        with pytest.raises(appointing.LastAdmin):
            await take(bo, ana)
        async with app.database.read() as db:
            assert await accounts.admins(db) == {ana.id}
