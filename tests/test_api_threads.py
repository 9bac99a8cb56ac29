"""Talks with families over the API: private words only to who may read them, and a reply that goes out once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from dialogue_world import ANSWER_ES, ANSWER_HT, LATE, LATE_EN, LATE_ES, STAFF, School, school

from bot import staff, tokens
from bot.store import tokens as rows
from bot.web.api import application
from bot.web.app import create

HOME = "https://openline.example"


@pytest.fixture
async def town(url: str, clock) -> AsyncIterator[School]:
    async with school(url, clock, public_url=HOME) as made:
        async with made.app.database.begin() as db:
            await staff.add(db, clock(), STAFF, "Ines Muster")
        yield made


@pytest.fixture
async def client(town: School) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create(town.app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOME) as client:
        yield client


@pytest.fixture
def of(town: School, client: httpx.AsyncClient):
    """A program with a token of some scopes."""

    async def of(*scopes: str):
        async with town.app.database.begin() as db:
            name = f"program {len(await rows.everything(db))}"
            token = await tokens.create(db, town.clock(), name, scopes or tokens.SCOPES, 9, STAFF)

        async def ask(method: str, path: str, **more: Any) -> httpx.Response:
            headers = {"Authorization": f"Bearer {token}"} | more.pop("headers", {})
            return await client.request(method, f"{application.ABOVE}/threads{path}", headers=headers, **more)

        return ask

    return of


@pytest.fixture
async def mother(town: School) -> tuple[str, str]:
    person, number = await town.person("ht", name="Mirlande", school="Marsh Lane")
    await town.says(number, LATE)
    await town.understands()
    return str(person), number


async def test_a_talk_goes_from_the_list_to_a_reply_that_arrives_once(town, of, mother):
    ask = await of()
    person, _ = mother

    (line,) = (await ask("GET", "")).json()["threads"]
    (said,) = (await ask("GET", f"/{person}", params={"reader": "es"})).json()["messages"]
    made = (await ask("POST", f"/{person}/drafts", json={"text": ANSWER_ES, "language": "es"})).json()
    sent = [
        await ask(
            "POST", f"/{person}/replies", json={"digest": made["digest"]}, headers={"Idempotency-Key": "1"}
        )
        for _ in range(2)
    ]
    arrived = await town.sends()
    after = (await ask("GET", "")).json()

    assert (line["person"], line["waiting"], line["translated"]) == (person, 1, True)
    assert (said["text"], said["other"], said["translated_by"]) == (LATE, LATE_ES, "machine:test")
    assert (made["text"], made["refusals"], made["translated"]["original"]) == (ANSWER_HT, {}, True)
    assert [each.status_code for each in sent] == [200, 200]
    assert [each.json()["before"] for each in sent] == [False, True]
    assert sent[0].json()["id"] == sent[1].json()["id"]
    assert len(arrived) == 1
    assert arrived[0].startswith(ANSWER_HT)
    assert after == {"threads": [], "next": None}


async def test_words_and_names_come_only_where_they_are_asked_for_and_numbers_too(of, mother):
    ask = await of("threads:read")
    person, number = mother

    plain = await ask("GET", "")
    private = await ask("GET", "", params={"words": True})
    shown = await ask("GET", f"/{person}")
    whole = await ask("GET", f"/{person}", params={"number": True, "household": True})

    assert not any(word in plain.text for word in (LATE, "Mirlande", number))
    assert (private.json()["threads"][0]["text"], private.json()["threads"][0]["name"]) == (LATE, "Mirlande")
    assert shown.json()["messages"][0]["other"] == LATE_EN
    assert number not in shown.text
    assert whole.json()["head"]["ways"] == [{"channel": "sms", "state": "open", "address": number}]
    assert whole.json()["head"]["household"] == 1


async def test_the_list_comes_in_pages(town, of):
    for _ in range(5):
        _, number = await town.person("ht")
        await town.says(number, LATE)
    ask = await of("threads:read")

    pages, after = [], None
    while after or not pages:
        query = {"limit": 2, "order": "longest"} | ({"after": after} if after else {})
        page = (await ask("GET", "", params=query)).json()
        pages.append([each["person"] for each in page["threads"]])
        after = page["next"]

    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({each for page in pages for each in page}) == 5


async def test_what_cannot_be_sent_is_a_conflict_that_says_what_to_do(town, of, mother):
    ask = await of()
    person, number = mother
    made = (await ask("POST", f"/{person}/drafts", json={"text": "Nobody has translated this."})).json()

    refused = await ask("POST", f"/{person}/replies", json={"digest": made["digest"]})
    as_written = await ask("POST", f"/{person}/replies", json={"digest": made["digest"], "how": "as written"})
    await town.says(number, "STOP")
    stopped = await ask("POST", f"/{person}/drafts", json={"text": "Hello."})

    assert "no translation" in made["refusals"]["translated"]
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:openline:problem:refused")
    assert "as written" in refused.json()["detail"]
    assert as_written.json()["state"] == "queued"
    assert stopped.status_code == 409
    assert "asked us to stop" in stopped.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("POST", "/drafts", {"text": "Hello."}),
        ("POST", "/replies", {"digest": "0" * 64}),
        ("POST", "/done", None),
    ],
)
async def test_nobody_has_a_thread_that_is_not_there(of, method, path, body):
    answer = await (await of())(method, f"/{uuid4()}{path}", json=body)

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:openline:problem:not-found")


async def test_a_draft_of_somebody_else_or_of_other_words_is_not_sent(town, of, mother):
    ask = await of()
    other, _ = await town.person("ht")
    made = (await ask("POST", f"/{mother[0]}/drafts", json={"text": ANSWER_ES, "language": "es"})).json()

    elsewhere = await ask("POST", f"/{other}/replies", json={"digest": made["digest"]})
    unread = await ask("POST", f"/{mother[0]}/replies", json={"digest": "0" * 64})

    assert (elsewhere.status_code, unread.status_code) == (404, 404)
    assert await town.sends() == []


async def test_what_needs_no_answer_is_done(of, mother):
    ask = await of("threads:read", "threads:write")

    first, second = [(await ask("POST", f"/{mother[0]}/done")).json() for _ in range(2)]

    assert (first, second) == ({"waited": 1}, {"waited": 0})
    assert (await ask("GET", "", params={"unanswered": False})).json()["threads"][0]["answered"]


WANTED = {
    "threads:read": [("GET", "", None), ("GET", "/{}", None)],
    "threads:write": [("POST", "/{}/drafts", {"text": "Hello."}), ("POST", "/{}/replies", {"digest": "0" * 64}),
                      ("POST", "/{}/done", None)],
}  # fmt: skip


@pytest.mark.parametrize("scope", WANTED)
async def test_each_request_needs_its_own_scope_and_no_other(of, mother, scope):
    everything_else = await of(*(tokens.SCOPES.keys() - {scope}))
    only_this = await of(scope)

    for method, path, body in WANTED[scope]:
        without = await everything_else(method, path.format(mother[0]), json=body)
        with_it = await only_this(method, path.format(mother[0]), json=body)

        assert without.status_code == 403
        assert scope in without.json()["detail"]
        assert with_it.status_code not in (401, 403, 500)
