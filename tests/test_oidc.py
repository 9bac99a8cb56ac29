"""Single sign-on, against a provider that we did not write: who comes in, and every way in which somebody must not."""

import base64
import hmac
import json
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pyotp
import pytest
import structlog
from bs4 import BeautifulSoup
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from office import HOME, office, plain
from pydantic import SecretStr, ValidationError
from sqlalchemy import select

from bot import second_step, staff, totp
from bot.settings import Settings
from bot.store.tables import staff_identities
from bot.web.oidc import providers as known
from bot.web.oidc.flow import Elsewhere, Flow, Refused, away
from bot.web.oidc.providers import Provider

# The provider's own code is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore:get_jwt_config", "ignore:.*authlib.jose", "ignore:.*httpx2")

TENANT = "11111111-2222-3333-4444-555555555555"
BACK = f"{HOME}/signin/with/other/back"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """The address of an OpenID provider by other people."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own imports are not ours to mend
        provider = pytest.importorskip("oidc_provider_mock")
        with provider.run_server_in_thread() as server:
            yield f"http://localhost:{server.server_port}"


@pytest.fixture
def clock(clock):
    clock.now = datetime.now(UTC)  # the provider has no other clock
    return clock


@pytest.fixture
async def somebody(issuer):
    """Make a person at the provider, with what it says of them."""
    async with httpx.AsyncClient() as http:

        async def made(subject, **claims):
            answer = await http.put(f"{issuer}/users/{subject}", json=claims)
            assert answer.status_code == 204

        yield made


async def agree(where: str, subject: str) -> str:
    """Sign in at the provider as this person; gives where it sends the browser."""
    async with httpx.AsyncClient() as http:
        answer = await http.post(where, data={"sub": subject})
    assert answer.status_code == 302, answer.text[:500]
    return answer.headers["location"]


def settings(issuer, **more):
    return {"oidc_issuer": issuer, "oidc_client_id": "openline", "oidc_client_secret": "made up"} | more


async def through(browser, subject, key="other", onward="/"):
    """The whole way of one browser: our link, the provider, and back; gives our last answer."""
    begun = await browser.get(f"/signin/with/{key}", params={"onward": onward})
    assert begun.status_code == 303, begun.text[:500]
    back = await agree(begun.headers["location"], subject)
    assert back.startswith(f"{HOME}/signin/with/{key}/back")
    return await browser.get(back)


def heading(answer) -> str:
    return plain(BeautifulSoup(answer.text, "html.parser").h1)


async def kim_in(here, **more):
    async with here.app.database.begin() as db:
        return await staff.add(db, here.clock(), "kim@riverbend.example", "Kim Voorbeeld", **more)


async def test_somebody_with_an_account_comes_in_and_is_linked(url, clock, issuer, somebody):
    await somebody("kim-1", email="Kim@Riverbend.example", email_verified=True)
    async with office(url, clock, **settings(issuer)) as here:
        kim = await kim_in(here)
        browser = here.plain()

        inside = await through(browser, "kim-1", onward="/account")
        page = await browser.get("/account")

        assert (inside.status_code, inside.headers["location"]) == (303, "/account")
        assert "Kim Voorbeeld" in page.text
        async with here.app.database.read() as db:
            linked = (await db.execute(select(staff_identities))).all()
        assert [(row.issuer, row.subject, row.staff_id) for row in linked] == [(issuer, "kim-1", kim.id)]


async def test_the_link_counts_even_when_the_address_changes_there(sqlite_url, clock, issuer, somebody):
    async with office(sqlite_url, clock, **settings(issuer)) as here:
        await kim_in(here)
        await somebody("kim-2", email="kim@riverbend.example", email_verified=True)
        await through(here.plain(), "kim-2")

        await somebody("kim-2", email="kim.married@riverbend.example", email_verified=True)
        later = await through(here.plain(), "kim-2")
        await somebody("kim-2")
        without = await through(here.plain(), "kim-2")

        assert (later.status_code, without.status_code) == (303, 303)


async def test_nobody_gets_an_account_by_signing_in(sqlite_url, clock, issuer, somebody):
    await somebody("sam-1", email="sam@elsewhere.example", email_verified=True)
    async with office(sqlite_url, clock, **settings(issuer)) as here:
        await kim_in(here)

        answer = await through(here.plain(), "sam-1")

        assert answer.status_code == 403
        assert heading(answer) == "There is no account here for you yet"
        assert "Ask the person who runs Openline for Riverbend to add you" in answer.text
        assert "__Host-openline=" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    "said", [{}, {"email_verified": False}, {"email_verified": "no"}, {"email_verified": None}]
)
async def test_an_address_that_nobody_vouches_for_opens_nothing(sqlite_url, clock, issuer, somebody, said):
    await somebody("eve-1", email="kim@riverbend.example", **said)
    async with office(sqlite_url, clock, **settings(issuer)) as here:
        await kim_in(here)

        answer = await through(here.plain(), "eve-1")

        assert answer.status_code == 403
        assert "does not say which address is surely yours" in answer.text


async def test_a_disabled_account_stays_shut(sqlite_url, clock, issuer, somebody):
    await somebody("kim-3", email="kim@riverbend.example", email_verified=True)
    async with office(sqlite_url, clock, **settings(issuer)) as here:
        await kim_in(here)
        await through(here.plain(), "kim-3")
        async with here.app.database.begin() as db:
            await staff.disable(db, clock(), "kim@riverbend.example")

        answer = await through(here.plain(), "kim-3")

        assert answer.status_code == 403


async def test_the_second_step_is_asked_after_it_as_well(sqlite_url, clock, issuer, somebody):
    await somebody("kim-4", email="kim@riverbend.example", email_verified=True)
    async with office(sqlite_url, clock, **settings(issuer)) as here:
        kim, secret = await kim_in(here), totp.new_secret()
        async with here.app.database.begin() as db:
            key = here.app.settings.secret_key.get_secret_value().encode()
            await second_step.turn_on(db, clock(), key, kim.id, secret, pyotp.TOTP(secret).at(clock()))
        browser = here.plain()

        answer = await through(browser, "kim-4")

        assert answer.headers["location"] == "/signin/code"
        assert "__Host-openline" not in browser.cookies


async def test_an_answer_with_another_state_is_refused(sqlite_url, clock, issuer, somebody):
    await somebody("kim-5", email="kim@riverbend.example", email_verified=True)
    async with office(sqlite_url, clock, **settings(issuer)) as here:
        await kim_in(here)
        mine, theirs = here.plain(), here.plain()
        await mine.get("/signin/with/other")
        begun = await theirs.get("/signin/with/other")
        back = await agree(begun.headers["location"], "kim-5")

        planted = await mine.get(back)
        nowhere = await here.plain().get(back)

        assert (planted.status_code, nowhere.status_code) == (400, 400)
        assert heading(planted) == "This sign-in was not begun here, or took too long"


async def test_a_code_of_another_browser_is_refused_for_its_nonce(sqlite_url, clock, issuer, somebody):
    await somebody("kim-6", email="kim@riverbend.example", email_verified=True)
    async with office(sqlite_url, clock, **settings(issuer)) as here:
        await kim_in(here)
        mine, theirs = here.plain(), here.plain()
        first = await mine.get("/signin/with/other")
        second = await theirs.get("/signin/with/other")
        stolen = parse_qs(urlsplit(await agree(second.headers["location"], "kim-6")).query)["code"][0]
        state = parse_qs(urlsplit(first.headers["location"]).query)["state"][0]

        with structlog.testing.capture_logs() as logs:
            answer = await mine.get("/signin/with/other/back", params={"code": stolen, "state": state})

        assert answer.status_code == 502
        assert "InvalidClaimError" in logs[-1]["why"]


async def test_coming_back_twice_with_one_code_is_refused(sqlite_url, clock, issuer, somebody):
    await somebody("kim-7", email="kim@riverbend.example", email_verified=True)
    async with office(sqlite_url, clock, **settings(issuer)) as here:
        await kim_in(here)
        browser = here.plain()
        begun = await browser.get("/signin/with/other")
        kept = browser.cookies["__Host-openline_away"]
        back = await agree(begun.headers["location"], "kim-7")

        first = await browser.get(back)
        without_cookie = await browser.get(back)
        browser.cookies.set("__Host-openline_away", kept, domain=urlsplit(HOME).hostname)
        with_cookie = await browser.get(back)

        assert (first.status_code, without_cookie.status_code, with_cookie.status_code) == (303, 400, 502)


async def test_who_stays_there_too_long_begins_again(sqlite_url, clock, issuer, somebody):
    await somebody("kim-8", email="kim@riverbend.example", email_verified=True)
    async with office(sqlite_url, clock, **settings(issuer)) as here:
        await kim_in(here)
        browser = here.plain()
        begun = await browser.get("/signin/with/other")
        back = await agree(begun.headers["location"], "kim-8")
        clock.forward(minutes=11)

        assert (await browser.get(back)).status_code == 400


async def test_whoever_says_no_there_is_told_so_here(sqlite_url, clock, issuer):
    async with office(sqlite_url, clock, **settings(issuer, oidc_name="Riverbend")) as here:
        browser = here.plain()
        begun = await browser.get("/signin/with/other")
        state = parse_qs(urlsplit(begun.headers["location"]).query)["state"][0]

        answer = await browser.get(
            "/signin/with/other/back", params={"error": "access_denied", "state": state}
        )
        mixed = await browser.get("/signin/with/other")
        state = parse_qs(urlsplit(mixed.headers["location"]).query)["state"][0]
        other = await browser.get(
            "/signin/with/other/back", params={"code": "x", "state": state, "iss": "https://evil.example"}
        )

        assert heading(answer) == "You did not sign in with Riverbend"
        assert other.status_code == 502


async def test_a_provider_that_does_not_answer_is_no_failure_of_ours(sqlite_url, clock):
    async with office(sqlite_url, clock, **settings("http://127.0.0.1:9")) as here:
        answer = await here.plain().get("/signin/with/other")

        assert answer.status_code == 502
        assert "Try again" in answer.text


async def test_what_is_not_set_up_has_neither_button_nor_address(sqlite_url, clock, issuer):
    async with office(sqlite_url, clock) as here:
        plain_page = await here.plain().get("/signin")
        assert "Sign in with" not in plain_page.text
        for key in ("google", "microsoft", "other", "evil"):
            assert (await here.plain().get(f"/signin/with/{key}")).status_code == 404
    async with office(sqlite_url, clock, **settings(issuer, oidc_name="Riverbend")) as here:
        page = await here.plain().get("/signin", params={"onward": "/inbox?a=1&b=2"})
        link = BeautifulSoup(page.text, "html.parser").find("a", string="Sign in with Riverbend")

        assert link["href"] == "/signin/with/other?onward=/inbox%3Fa%3D1%26b%3D2"


async def test_google_people_of_another_domain_are_refused(sqlite_url, clock, issuer, somebody, monkeypatch):
    monkeypatch.setattr(known, "GOOGLE", issuer)
    google = {
        "oidc_google_client_id": "g",
        "oidc_google_client_secret": "s",
        "oidc_google_domain": "riverbend.example",
    }
    await somebody("g-in", email="kim@riverbend.example", email_verified=True, hd="riverbend.example")
    await somebody("g-out", email="kim@riverbend.example", email_verified=True, hd="elsewhere.example")
    await somebody("g-private", email="kim@riverbend.example", email_verified=True)
    async with office(sqlite_url, clock, **google) as here:
        await kim_in(here)

        out = await through(here.plain(), "g-out", "google")
        private = await through(here.plain(), "g-private", "google")
        inside = await through(here.plain(), "g-in", "google")

        assert (out.status_code, private.status_code, inside.status_code) == (403, 403, 303)
        assert heading(out) == "This Google account is of another organization"


async def test_microsoft_people_need_the_tenant_and_a_proved_domain(
    sqlite_url, clock, issuer, somebody, monkeypatch
):
    monkeypatch.setattr(known, "MICROSOFT", issuer)
    microsoft = {
        "oidc_microsoft_client_id": "m",
        "oidc_microsoft_client_secret": "s",
        "oidc_microsoft_tenant": TENANT,
    }
    kim = {"email": "kim@riverbend.example"}
    await somebody("m-other", **kim, tid=TENANT.replace("1", "9"), xms_edov=True)
    await somebody("m-unproved", **kim, tid=TENANT, email_verified=True)
    await somebody("m-in", **kim, tid=TENANT, xms_edov="1")
    async with office(sqlite_url, clock, **microsoft) as here:
        await kim_in(here)

        answers = [await through(here.plain(), who, "microsoft") for who in ("m-other", "m-unproved", "m-in")]

        assert [answer.status_code for answer in answers] == [403, 403, 303]


async def test_somebody_signed_in_connects_an_account_whose_address_nobody_vouches_for(
    sqlite_url, clock, issuer, somebody
):
    await somebody("kim-9", email="private@elsewhere.example")
    async with office(sqlite_url, clock, **settings(issuer, oidc_name="Riverbend")) as here:
        kim = await here.sign_in("staff", name="Kim Voorbeeld")
        link = (await kim.see("/account")).find("a", string="Connect Riverbend")["href"]
        begun = await kim.get(link)
        back = await agree(begun.headers["location"], "kim-9")

        forged = await kim.get("/account/connect/other", params={"proof": "guessed"})
        theirs = await (await here.sign_in("staff", name="Sam")).get(back)
        done = await kim.get(back)
        later = await through(here.plain(), "kim-9")
        shown = plain(await kim.see("/account"))

        assert (forged.status_code, theirs.status_code) == (403, 400)
        assert (done.status_code, done.headers["location"]) == (303, "/account")
        assert later.status_code == 303
        assert "Riverbend" in shown
        await kim.do("/account/connections/other/remove")
        assert (await through(here.plain(), "kim-9")).status_code == 403


async def test_one_identity_is_one_persons(sqlite_url, clock, issuer, somebody):
    await somebody("shared")
    async with office(sqlite_url, clock, **settings(issuer, oidc_name="Riverbend")) as here:
        answers = []
        for name in ("Kim", "Sam"):
            desk = await here.sign_in("staff", name=name)
            link = (await desk.see("/account")).find("a", string="Connect Riverbend")["href"]
            answers.append(await desk.get(await agree((await desk.get(link)).headers["location"], "shared")))

        assert [answer.status_code for answer in answers] == [303, 409]


# What a provider's token may be like, at the flow itself


class Forging(httpx.AsyncBaseTransport):
    """Stands between us and the provider and changes what its token endpoint gives."""

    def __init__(self, change):
        self.change, self.real, self.asked = change, httpx.AsyncHTTPTransport(), []

    async def handle_async_request(self, request):
        answer = await self.real.handle_async_request(request)
        if request.url.path != "/oauth2/token":
            return answer
        self.asked.append(parse_qs(request.content.decode()))
        given = json.loads(await answer.aread())
        return httpx.Response(200, json=self.change(given))


def claims_of(token: str) -> dict:
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def with_token(make):
    return lambda given: given | {"id_token": make(given["id_token"])}


def unsigned(token):
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


async def read(issuer, subject, change, audience="openline", now=None):
    provider = Provider("other", "Riverbend", issuer, "openline", SecretStr("made up"))
    forging = Forging(change)
    flow = Flow(now or (lambda: datetime.now(UTC)), lambda: httpx.AsyncClient(transport=forging))
    gone = away()
    where = await flow.ask(provider, BACK, gone)
    code = parse_qs(urlsplit(await agree(where, subject)).query)["code"][0]
    who = await flow.read(provider, BACK, gone, code)
    return who, where, gone, forging


async def test_the_flow_carries_pkce_and_reads_who_it_is(issuer, somebody):
    await somebody("kim-a", email="kim@riverbend.example", email_verified=True)

    who, where, gone, forging = await read(issuer, "kim-a", lambda given: given)
    asked = parse_qs(urlsplit(where).query)

    assert (who.issuer, who.subject, who.email) == (issuer, "kim-a", "kim@riverbend.example")
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["code_challenge"][0] != gone.verifier
    assert forging.asked[0]["code_verifier"] == [gone.verifier]
    assert gone.verifier not in where


async def test_an_address_from_the_userinfo_counts_for_the_same_person_only(issuer, somebody):
    await somebody("kim-b", email="kim@riverbend.example", email_verified=True)

    def thin(given):
        key = RSAKey.generate_key(2048, {"kid": "x"})
        return given | {"id_token": jwt.encode({"alg": "RS256"}, claims_of(given["id_token"]), key)}

    with pytest.raises(Refused):
        await read(issuer, "kim-b", thin)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("no signature", with_token(unsigned)),
        ("a changed claim", with_token(lambda token: ".".join([token.split(".")[0], token.split(".")[1][:-4] + "AAAA", token.split(".")[2]]))),
        ("a key of somebody else's", with_token(lambda token: jwt.encode({"alg": "RS256"}, claims_of(token), RSAKey.generate_key(2048)))),
        ("no token", lambda given: {name: value for name, value in given.items() if name != "id_token"}),
        ("no object", lambda given: [given]),
        ("a token that is none", lambda given: given | {"id_token": "x"}),
        ("a token that is a number", lambda given: given | {"id_token": 7}),
    ],
)  # fmt: skip
async def test_a_token_that_was_tampered_with_is_refused(issuer, somebody, name, change):
    await somebody("kim-c", email="kim@riverbend.example", email_verified=True)

    with pytest.raises(Refused):
        await read(issuer, "kim-c", change)


async def test_a_token_signed_with_the_public_key_as_a_password_is_refused(issuer, somebody):
    await somebody("kim-d", email="kim@riverbend.example", email_verified=True)
    async with httpx.AsyncClient() as http:
        public = (await http.get(f"{issuer}/jwks")).json()
    secret = next(iter(KeySet.import_key_set(public))).as_pem(private=False)

    def forged(token):
        # By hand: a library that signs with a public key is hard to find by now.
        header = base64.urlsafe_b64encode(b'{"alg":"HS256"}').rstrip(b"=").decode()
        signed = f"{header}.{token.split('.')[1]}"
        signature = hmac.new(secret, signed.encode(), "sha256").digest()
        return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"

    with pytest.raises(Refused):
        await read(issuer, "kim-d", with_token(forged))


async def test_a_token_for_another_client_is_refused(issuer, somebody):
    await somebody("kim-e", email="kim@riverbend.example", email_verified=True)
    other = Provider("other", "Evil", issuer, "another-client", SecretStr("s"))
    flow, gone = Flow(lambda: datetime.now(UTC)), away()
    code = parse_qs(urlsplit(await agree(await flow.ask(other, BACK, gone), "kim-e")).query)["code"][0]
    async with httpx.AsyncClient() as http:
        asked = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK}
        given = (await http.post(f"{issuer}/oauth2/token", data=asked, auth=("another-client", "s"))).json()

    with pytest.raises(Refused, match="InvalidClaimError"):
        # Signed by the right provider, for the right person, and the nonce is made to fit as well.
        provider = Provider("other", "Riverbend", issuer, "openline", SecretStr("s"))
        forging = Forging(lambda _: given)
        ours = Flow(lambda: datetime.now(UTC), lambda: httpx.AsyncClient(transport=forging))
        mine = parse_qs(urlsplit(await agree(await ours.ask(provider, BACK, gone), "kim-e")).query)["code"][0]
        await ours.read(provider, BACK, gone, mine)


@pytest.mark.parametrize("off", [timedelta(hours=-2), timedelta(hours=2)])
async def test_a_token_of_another_time_is_refused(issuer, somebody, off):
    await somebody("kim-f", email="kim@riverbend.example", email_verified=True)

    with pytest.raises(Refused):
        await read(issuer, "kim-f", lambda given: given, now=lambda: datetime.now(UTC) + off)


async def test_a_description_of_another_issuer_is_refused(issuer):
    provider = Provider("other", "Riverbend", issuer + "/", "openline", SecretStr("s"))

    with pytest.raises(Refused, match="another issuer"):
        await Flow(lambda: datetime.now(UTC)).ask(provider, BACK, away())


async def test_an_organization_is_compared_whatever_its_case(issuer, somebody):
    await somebody("kim-g", hd="Riverbend.Example")
    flow, gone = Flow(lambda: datetime.now(UTC)), away()
    for domain, fits in (("riverbend.example", True), ("riverbend", False)):
        provider = Provider("google", "Google", issuer, "openline", SecretStr("s"), ("hd", domain))
        code = parse_qs(urlsplit(await agree(await flow.ask(provider, BACK, gone), "kim-g")).query)["code"][0]
        if fits:
            assert (await flow.read(provider, BACK, gone, code)).email is None
        else:
            with pytest.raises(Elsewhere):
                await flow.read(provider, BACK, gone, code)


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_microsoft_client_id": "m"},
        {"oidc_microsoft_tenant": "common"},
        {"oidc_issuer": "http://idp.riverbend.example", "oidc_client_id": "x"},
        {"oidc_issuer": "https://idp.riverbend.example"},
    ],
)
def test_settings_that_would_let_in_too_many_are_refused(given):
    with pytest.raises(ValidationError):
        Settings(_env_file=None, **given)


def test_a_secret_is_not_printed():
    made = Settings(_env_file=None, oidc_google_client_id="g", oidc_google_client_secret="hush-hush")

    assert "hush" not in repr(known.providers(made)) + repr(made)
