"""Campaigns over the API: from a file to a report, by programs that may do just what their token says."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from campaign_world import OTHER, STAFF, THANKS, District, district
from sqlalchemy import update

from bot import staff, tokens
from bot.outreach import control
from bot.outreach.campaign_file import loads
from bot.store import tokens as rows
from bot.store.tables import people
from bot.web.api import application, document
from bot.web.app import create

HOME = "https://openline.example"
YAML = {"Content-Type": "text/yaml"}


class Program:
    """A program with a token of some scopes."""

    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self.client = client
        self.headers = {"Authorization": f"Bearer {token}"}

    async def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self.headers | more.pop("headers", {})
        return await self.client.request(method, application.ABOVE + path, headers=headers, **more)

    async def put(self, text: str = THANKS, key: str = "thanks") -> httpx.Response:
        return await self("PUT", f"/campaigns/{key}", content=text, headers=YAML)

    async def move(self, name: str, key: str = "thanks", **more: Any) -> httpx.Response:
        return await self("POST", f"/campaigns/{key}/{name}", **more)


@pytest.fixture
async def town(url: str, clock) -> AsyncIterator[District]:
    clock.forward(hours=2)  # one in the afternoon in New York
    async with district(url, clock, public_url=HOME, approve_above=2) as made:
        async with made.app.database.begin() as db:
            await staff.add(db, clock(), STAFF, "Ines Muster")
            await staff.add(db, clock(), OTHER, "Kim Example")
        yield made


@pytest.fixture
async def client(town: District) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create(town.app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        yield client


@pytest.fixture
def of(town: District, client: httpx.AsyncClient):
    async def of(*scopes: str, email: str = STAFF) -> Program:
        async with town.app.database.begin() as db:
            name = f"{email.split('@')[0]} {len(await rows.everything(db))}"
            made = await tokens.create(db, town.clock(), name, scopes or tokens.SCOPES, 9, email)
        return Program(client, made)

    return of


async def test_a_campaign_goes_from_its_file_to_its_report(town, of):
    program = await of()
    for language in ("en", "es"):
        await town.person(language=language)
    await town.person(suppressed="stopped")

    written = await program.put()
    checked = await program("GET", "/campaigns/thanks/check")
    scheduled = await program.move("schedule")
    approved = await (await of(email=OTHER)).move("approve")
    await town.work()
    report = (await program("GET", "/campaigns/thanks/report")).json()

    assert (written.status_code, written.json()["state"], written.json()["written_by"]) == (
        200,
        "draft",
        STAFF,
    )
    assert (checked.json()["audience"], checked.json()["going"], checked.json()["may_be_sent"]) == (
        3,
        2,
        True,
    )
    assert scheduled.json()["state"] == "awaiting"
    assert (approved.json()["state"], approved.json()["approved_by"]) == ("scheduled", OTHER)
    assert {each["state"]: each["people"] for each in report["states"]} == {"sent": 2, "opted out": 1}
    assert report["total"] == 3
    assert report["by_language"]["es"] == {"on the way": 1}


async def test_who_wrote_it_does_not_approve_it_whatever_the_token(town, of):
    for _ in range(3):
        await town.person()
    program = await of()
    await program.put()
    await program.move("schedule")

    by_another_token = await (await of("campaigns:send")).move("approve")

    assert by_another_token.status_code == 409
    assert by_another_token.json()["type"] == "urn:openline:problem:refused"
    assert "somebody else" in by_another_token.json()["detail"]
    assert (await control.standing(town.app, "thanks")).state == "awaiting"


async def test_a_file_with_faults_is_refused_with_each_of_them_and_nothing_is_kept(town, of):
    program = await of()

    answer = await program.put(THANKS.replace("[sms]", "[fax]").replace("when: now", "when: soon"))

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "urn:openline:problem:campaign")
    assert [each["where"] for each in problem["errors"]] == ["line 5", "line 6"]
    assert "fax" in problem["errors"][0]["what"]
    assert (await program("GET", "/campaigns")).json() == {"campaigns": []}


async def test_a_large_file_is_read_beside_the_loop_that_answers_webhooks(of, monkeypatch):
    program = await of()
    read_in = []

    def reading(text: str, name: str) -> Any:
        read_in.append(threading.current_thread())
        return loads(text, name)

    monkeypatch.setattr(document, "loads", reading)
    await program.put()

    assert len(read_in) == 1
    assert threading.main_thread() not in read_in


async def test_a_campaign_may_be_written_as_json(town, of):
    program = await of()
    document = {
        "campaign": "merci",
        "title": "Merci 😀",
        "audience": "respondent = family",
        "when": "trigger",
        "hours": None,
        "steps": [{"message": {"en": "{school} says: merci 😀. Reply STOP to end."}}],
    }

    written = await program("PUT", "/campaigns/merci", json=document)
    shown = (await program("GET", "/campaigns/merci")).json()

    assert (written.status_code, written.json()["title"]) == (200, "Merci 😀")
    assert shown["text"].startswith("campaign: merci\ntitle: Merci 😀\n")


@pytest.mark.parametrize(
    ("key", "body", "kind", "status", "said"),
    [
        ("other", THANKS, "text/yaml", 422, "make them the same"),
        ("thanks", THANKS, "text/plain", 415, "text/yaml"),
        ("thanks", THANKS.encode("utf-16"), "text/yaml", 400, "UTF-8"),
        ("thanks", "{", "application/json", 400, "JSON"),
        ("thanks", "[" * 100_000, "application/json", 400, "JSON"),
        ("thanks", json.dumps({"title": "half \ud83d"}), "application/json", 400, "JSON"),
        ("thanks", json.dumps({"campaign": "x" * 900_000}), "application/json", 422, "larger"),
        ("thanks", "[1]", "application/json", 422, "list of keys"),
        ("thanks", "", "text/yaml", 422, "line 1"),
        ("thanks", "[" * 100_000, "text/yaml", 422, "line"),
        ("thanks", "x" * 1_000_001, "text/yaml", 413, "50 MB"),
        ("Thanks", THANKS, "text/yaml", 422, "path: key"),
    ],
)
async def test_what_cannot_be_a_campaign_is_refused_kindly(of, key, body, kind, status, said):
    answer = await (await of())("PUT", f"/campaigns/{key}", content=body, headers={"Content-Type": kind})

    assert answer.status_code == status
    assert said in answer.text


async def test_a_body_is_refused_as_soon_as_it_is_too_large_also_when_it_does_not_say_so(of):
    async def forever():
        while True:
            yield b"#" * 100_000

    answer = await (await of())("PUT", "/campaigns/thanks", content=forever(), headers=YAML)

    assert answer.status_code == 413


@pytest.mark.parametrize("move", ["schedule", "approve", "pause", "resume", "stop", "trigger"])
async def test_what_is_not_there_is_told_with_what_is(of, move):
    program = await of()
    await program.put()

    answer = await program.move(move, key="thank")

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:openline:problem:not-found")
    assert "Did you mean thanks?" in answer.json()["detail"]


async def test_pausing_resuming_and_stopping_twice_is_as_good_as_once(town, of):
    await town.person()
    program = await of()
    await program.put(THANKS.replace("when: now", "when: trigger"))
    await program.move("schedule")

    said = []
    for name in ("pause", "pause", "resume", "resume", "stop", "stop"):
        more = {"json": {"reason": "a wrong date"}} if name == "pause" else {}
        answer = await program.move(name, **more)
        said.append((answer.status_code, answer.json()["state"], answer.json()["reason"]))

    assert said == [
        (200, "paused", "a wrong date"),
        (200, "paused", "a wrong date"),
        (200, "scheduled", None),
        (200, "scheduled", None),
        (200, "stopped", None),
        (200, "stopped", None),
    ]
    log = (await program("GET", "/campaigns/thanks/log")).json()["events"]
    assert [each["event"] for each in log] == ["stopped", "resumed", "paused", "scheduled", "written"]
    assert {each["by"] for each in log} == {STAFF}


async def test_a_trigger_goes_out_once_for_each_occasion(town, of):
    await town.person()
    program = await of()
    await program.put(THANKS.replace("when: now", "when: trigger"))
    await program.move("schedule")

    for day in ("2026-10-14", "2026-10-14", "2026-10-15"):
        assert (await program.move("trigger", headers={"Idempotency-Key": day})).status_code == 200
    named = await program.move("trigger", json={"occasion": "2026-10-15"})

    assert [each["occasion"] for each in named.json()["runs"]] == ["2026-10-15", "2026-10-14"]


async def test_what_blocks_a_campaign_is_listed_each_with_its_cure(of):
    program = await of()
    await program.put()

    answer = await program.move("schedule")

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:openline:problem:refused")
    assert answer.json()["detail"].startswith("thanks cannot go out")
    assert len(answer.json()["errors"]) >= 1


async def test_what_cannot_be_done_now_is_a_conflict_that_says_what_to_do(town, of):
    program = await of()
    await program.put()

    early = await program.move("trigger", json={"occasion": "today"})
    nothing = await program.move("pause")

    assert (early.status_code, nothing.status_code) == (409, 409)
    assert "when: trigger" in early.json()["detail"]
    assert "nothing to pause" in nothing.json()["detail"]


async def test_a_test_goes_to_the_phone_that_is_named_and_counts_for_nobody(town, of):
    program = await of("campaigns:send", "campaigns:write", "campaigns:read")
    await program.put()

    sent = await program.move("test", json={"channel": "sms", "address": "+16175550142", "language": "es"})
    elsewhere = await program.move("test", json={"channel": "telegram", "address": "1234"})
    nowhere = await program.move("test", json={"channel": "sms", "address": "my phone"})
    await town.work()

    assert (sent.status_code, elsewhere.status_code, nowhere.status_code) == (204, 409, 422)
    assert "telegram is not set up" in elsewhere.json()["detail"]
    ((to, text, _),) = town.phone.sent
    assert to == "+16175550142"
    assert text.startswith("Le escribe")
    assert (await program("GET", "/campaigns/thanks/report")).json()["total"] == 0


async def test_recipients_come_in_pages_without_anybodys_name_or_number(town, of):
    for _ in range(5):
        person, _ = await town.person(name="Rosa Secret")
    await town.person(suppressed="stopped")
    async with town.app.database.begin() as db:
        await db.execute(
            update(people).values(external_id="people:+15035550001").where(people.c.id == person)
        )
    await town.campaign(approve=True)
    await town.work()
    program = await of("campaigns:read")

    pages, after = [], None
    while after or not pages:
        query = {"limit": 4} | ({"after": after} if after else {})
        page = await program("GET", "/campaigns/thanks/recipients", params=query)
        assert "Rosa" not in page.text
        assert "+1503" not in page.text
        pages.append(page.json()["recipients"])
        after = page.json()["next"]

    everybody = [each for page in pages for each in page]
    assert [len(page) for page in pages] == [4, 2]
    assert len({each["person"] for each in everybody}) == 6
    assert sorted(each["state"] for each in everybody) == ["opted out", *["sent"] * 5]
    assert {each["external_id"] for each in everybody} == {None}


async def test_one_round_is_reported_apart(town, of):
    await town.person()
    await town.campaign(THANKS.replace("when: now", "when: trigger"))
    program = await of()
    for day in ("monday", "tuesday"):
        await program.move("trigger", json={"occasion": day})
    await town.work()

    both = (await program("GET", "/campaigns/thanks/report")).json()
    one = (await program("GET", "/campaigns/thanks/report", params={"occasion": "monday"})).json()
    listed = (await program("GET", "/campaigns/thanks/recipients", params={"occasion": "monday"})).json()
    none = await program("GET", "/campaigns/thanks/report", params={"occasion": "sunday"})

    assert (both["total"], both["occasion"]) == (2, None)
    assert (one["total"], one["occasion"]) == (1, "monday")
    assert [each["occasion"] for each in listed["recipients"]] == ["monday"]
    assert none.status_code == 404


async def test_names_in_the_texts_of_a_check_need_the_scope_for_people(town, of):
    await town.person(name="Rosa")
    text = THANKS.replace("{school} here.", "Hi {name}, {school} here.")
    text = text.replace("Le escribe {school}.", "Hola {name}, {school}.")
    await (await of()).put(text)

    with_names = await (await of("campaigns:read", "people:read"))("GET", "/campaigns/thanks/check")
    without = await (await of("campaigns:read"))("GET", "/campaigns/thanks/check")

    assert "Hi Rosa" in with_names.text
    assert "Rosa" not in without.text
    assert without.json()["texts"][0]["people"] == 1


WANTED = {
    "campaigns:read": ["GET ", "GET /thanks", "GET /thanks/check", "GET /thanks/report",
                       "GET /thanks/recipients", "GET /thanks/log"],
    "campaigns:write": ["PUT /thanks"],
    "campaigns:send": ["POST /thanks/schedule", "POST /thanks/approve", "POST /thanks/resume",
                       "POST /thanks/test", "POST /thanks/trigger"],
    "campaigns:stop": ["POST /thanks/pause", "POST /thanks/stop"],
}  # fmt: skip


@pytest.mark.parametrize("scope", WANTED)
async def test_each_request_needs_its_own_scope_and_no_other(of, scope):
    everything_else = await of(*(tokens.SCOPES.keys() - {scope}))
    only_this = await of(scope)

    for wanted in WANTED[scope]:
        method, path = wanted.split(" ")
        without = await everything_else(method, f"/campaigns{path}")
        with_it = await only_this(method, f"/campaigns{path}")

        assert without.status_code == 403, wanted
        assert scope in without.json()["detail"]
        assert with_it.status_code not in (401, 403, 500), wanted
