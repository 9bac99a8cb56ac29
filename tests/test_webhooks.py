"""The providers' door: what is theirs is stored and then acknowledged; what is not leaves no trace."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from types import SimpleNamespace
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from bot.app import App, opened
from bot.settings import Settings
from bot.store.tables import answers, messages
from bot.web import webhooks
from channels.doubles import serve

PUBLIC = "https://line.school.test"
ACCOUNT, TOKEN = "AC" + "0" * 32, "a-made-up-auth-token"
BOT, SECRET = "700100200:AA-made-up-bot-token", "a-made-up-secret"
OURS, FAMILY, STUDENT = "+16175550100", "+16175550142", 555014200
FORM = {"content-type": "application/x-www-form-urlencoded"}
NOTHING: Mapping[str, object] = {}
NOBODY = "http://127.0.0.1:9"
"""An address where nobody listens: these tests send nothing."""


@pytest.fixture
async def app(url: str) -> AsyncIterator[App]:
    given = Settings(
        _env_file=None,
        database_url=url,
        public_url=PUBLIC,
        organization="Riverbend schools",
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=TOKEN,
        twilio_from=OURS,
        twilio_base_url=NOBODY,
        telegram_token=BOT,
        telegram_secret=SECRET,
        telegram_base_url=NOBODY,
    )
    async with opened(given) as app:
        yield app


@pytest.fixture
def web(app: App) -> FastAPI:
    web = FastAPI(openapi_url=None)
    web.include_router(webhooks.router(app))
    return web


@pytest.fixture
async def caller(web: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Calls the door as a proxy does: by a name that is not the public one."""
    transport = httpx.ASGITransport(web, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.7:8000") as caller:
        yield caller


def sign(url: str, fields: Mapping[str, str], token: str = TOKEN) -> str:
    """Twilio's signature, from its description: https://www.twilio.com/docs/usage/security#validating-requests."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def sms(text: str, sid: str = "SM1", **changed: str) -> dict[str, str]:
    fields = {
        "MessageSid": sid,
        "From": FAMILY,
        "To": OURS,
        "Body": text,
        "AccountSid": ACCOUNT,
        "NumMedia": "0",
    }
    return fields | changed


async def post(caller: httpx.AsyncClient, fields: Mapping[str, str], path: str = "/in/sms", **headers: str):
    headers = FORM | {"x-twilio-signature": sign(PUBLIC + path, fields)} | headers
    return await caller.post(path, content=urlencode(fields), headers=headers)


def update(text: str, number: int = 1, changed: Mapping[str, object] = NOTHING) -> dict[str, object]:
    person = {"id": STUDENT, "is_bot": False, "first_name": "Sam", "language_code": "en"}
    chat = {"id": STUDENT, "first_name": "Sam", "type": "private"}
    message = {"message_id": number, "from": person, "chat": chat, "date": 1_790_000_000, "text": text}
    return {"update_id": number, "message": message | dict(changed)}


async def push(caller: httpx.AsyncClient, document: object, secret: str | None = SECRET):
    headers = {} if secret is None else {"x-telegram-bot-api-secret-token": secret}
    return await caller.post("/in/telegram", json=document, headers=headers)


async def count(app: App, table) -> int:
    async with app.database.read() as db:
        return int((await db.execute(select(func.count()).select_from(table))).scalar_one())


async def heard(app: App) -> list[str]:
    return await texts(app, "in")


async def texts(app: App, direction: str) -> list[str]:
    async with app.database.read() as db:
        rows = await db.execute(
            select(messages.c.text).where(messages.c.direction == direction).order_by(messages.c.id)
        )
    return list(rows.scalars())


# what is theirs


async def test_a_signed_message_is_stored_and_its_reply_is_queued(app, caller):
    asked = await post(caller, sms("START"))
    answered = await post(caller, sms("Very hard", "SM2"))

    replies = await texts(app, "out")
    assert (asked.status_code, asked.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answered.text == '<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert await heard(app) == ["START", "Very hard"]
    assert await count(app, answers) == 1
    assert "Reply STOP to end" in replies[0]
    assert len(replies) == 2


async def test_an_update_with_the_secret_is_stored_and_its_reply_is_queued(app, caller):
    asked = await push(caller, update("/start"))
    answered = await push(caller, update("very hard", 2))

    assert (asked.status_code, answered.status_code) == (200, 200)
    assert await heard(app) == ["/start", "very hard"]
    assert await count(app, answers) == 1
    assert len(await texts(app, "out")) == 2


async def test_a_receipt_moves_the_message_that_it_is_about(app, caller):
    await post(caller, sms("START"))
    async with app.database.begin() as db:
        await db.execute(messages.update().values(state="sent").where(messages.c.direction == "out"))
        ours = (await db.execute(select(messages.c.id).where(messages.c.direction == "out"))).scalar_one()

    said = await post(
        caller, {"MessageSid": "SM9", "MessageStatus": "delivered"}, f"/in/sms/status?id={ours}"
    )

    async with app.database.read() as db:
        state = (await db.execute(select(messages.c.state).where(messages.c.id == ours))).scalar_one()
    assert (said.status_code, state) == (204, "delivered")


async def test_the_signature_belongs_to_the_public_address_whatever_a_proxy_calls_us(app, caller):
    forwarded = {"x-forwarded-host": "elsewhere.test", "x-forwarded-proto": "http", "host": "app:8000"}

    public = await post(caller, sms("START"), **forwarded)
    inner = await post(
        caller,
        sms("1", "SM2"),
        **{"x-twilio-signature": sign("http://10.0.0.7:8000/in/sms", sms("1", "SM2"))},
    )

    assert (public.status_code, inner.status_code) == (200, 403)
    assert await heard(app) == ["START"]


# what is not


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "AAAA",
        "é",
        sign(PUBLIC + "/in/sms", sms("START"), "another-token"),
        sign(PUBLIC + "/in", sms("START")),
    ],
)
async def test_a_wrong_signature_is_refused(app, caller, signature):
    body, headers = urlencode(sms("START")), FORM | {"x-twilio-signature": signature.encode()}

    said = await caller.post("/in/sms", content=body, headers=headers)

    assert (said.status_code, said.content) == (403, b"")
    assert await count(app, messages) == 0


async def test_a_message_without_a_signature_is_refused(app, caller):
    said = await caller.post("/in/sms", content=urlencode(sms("START")), headers=FORM)

    assert said.status_code == 403
    assert await count(app, messages) == 0


async def test_json_whose_body_is_not_signed_is_refused(app, caller):
    body = json.dumps(sms("START"))
    bare = {"content-type": "application/json", "x-twilio-signature": sign(PUBLIC + "/in/sms", {})}
    hashed = f"/in/sms?bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"
    whole = bare | {"x-twilio-signature": sign(PUBLIC + hashed, {})}

    said = [
        await caller.post("/in/sms", content=body, headers=bare),
        await caller.post(hashed, content=body.replace("START", "STOP"), headers=whole),
        await caller.post(hashed, content=body, headers=whole),
    ]

    assert [each.status_code for each in said] == [403, 403, 200]
    assert await heard(app) == ["START"]


@pytest.mark.parametrize("secret", [None, "", "a-made-up-secre", "a-made-up-secret "])
async def test_an_update_without_the_secret_is_refused(app, caller, secret):
    said = await push(caller, update("/start"), secret)

    assert said.status_code == 403
    assert await count(app, messages) == 0


@pytest.mark.parametrize("lacking", ["MessageSid", "From"])
async def test_a_signed_message_that_lacks_what_makes_it_one_is_unreadable(app, caller, lacking):
    fields = sms("START")
    del fields[lacking]

    said = await post(caller, fields)

    assert said.status_code == 422
    assert await count(app, messages) == 0


@pytest.mark.parametrize("long", ["MessageSid", "From"])
async def test_a_signed_message_that_the_store_has_no_room_for_is_unreadable(app, caller, long):
    said = await post(caller, sms("START", **{long: "+" + "1" * 300}))

    assert said.status_code == 422
    assert await count(app, messages) == 0


@pytest.mark.parametrize("document", [[], {}, "text", {"update_id": "one"}, {"update_id": 1, "message": 7}])
async def test_what_is_no_update_is_unreadable(app, caller, document):
    said = await push(caller, document)

    assert said.status_code == 422
    assert await count(app, messages) == 0


@pytest.mark.parametrize("path", ["/in/sms", "/in/sms/status", "/in/telegram"])
async def test_a_body_that_no_provider_sends_is_too_large(app, caller, path):
    headers = FORM | {"x-telegram-bot-api-secret-token": SECRET, "x-twilio-signature": "AAAA"}

    said = await caller.post(path, content=b"Body=" + b"x" * 65 * 1024, headers=headers)

    assert said.status_code == 413
    assert await count(app, messages) == 0


async def test_an_endless_body_is_not_read_to_its_end(app, caller):
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while given < 64 * 1024 * 1024:
            given += 16 * 1024
            yield b"x" * 16 * 1024

    said = await caller.post("/in/sms", content=endless(), headers=FORM)

    assert said.status_code == 413
    assert given <= webhooks.LARGEST + 2 * 16 * 1024
    assert await count(app, messages) == 0


async def test_a_channel_that_is_not_set_up_has_no_door(app):
    bare = SimpleNamespace(settings=app.settings, inbox=app.inbox, channels={"sms": app.channels["sms"]})
    web = FastAPI()
    web.include_router(webhooks.router(bare))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://door") as caller:
        said = [await push(caller, update("/start")), await caller.get("/in/sms")]

    assert [each.status_code for each in said] == [404, 405]


# whatever comes


paths = st.sampled_from(["/in/sms", "/in/sms/status", "/in/telegram"])
kinds = st.sampled_from(["application/x-www-form-urlencoded", "application/json", "text/plain", ""])
fuzz = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


@fuzz
@given(
    path=paths,
    body=st.binary(max_size=300),
    kind=kinds,
    seal=st.binary(max_size=40),
    query=st.text(max_size=20),
)
async def test_bytes_from_anyone_are_refused_and_leave_no_trace(app, caller, path, body, kind, seal, query):
    seal = seal.replace(b"\n", b"").replace(b"\r", b"").replace(b"\0", b"")
    headers = {"content-type": kind, "x-twilio-signature": seal, "x-telegram-bot-api-secret-token": seal}

    said = await caller.post(path, content=body, headers=headers, params={"bodySHA256": query})

    assert said.status_code == 403
    assert await count(app, messages) == 0


names = st.sampled_from(
    [
        "MessageSid",
        "From",
        "To",
        "Body",
        "OptOutType",
        "ButtonPayload",
        "MediaUrl0",
        "MessageStatus",
        "ErrorCode",
    ]
)


@fuzz
@given(
    path=st.sampled_from(["/in/sms", "/in/sms/status"]),
    fields=st.dictionaries(
        names, st.text(st.characters(exclude_categories=["Cs"]), max_size=300), min_size=4
    ),
)
async def test_whatever_twilio_signs_is_taken_or_found_unreadable(caller, path, fields):
    said = await post(caller, fields, path)

    assert said.status_code in (200, 204, 422)


leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=300)
)
keys = st.sampled_from(
    [
        "id",
        "is_bot",
        "first_name",
        "type",
        "text",
        "chat",
        "from",
        "date",
        "message_id",
        "language_code",
        "photo",
    ]
)
things = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=12,
)


@fuzz
@given(
    number=st.integers(1, 2**40) | things,
    kind=st.sampled_from(["message", "callback_query", "my_chat_member", "poll"]),
    content=things,
    changed=st.dictionaries(keys, things, max_size=3),
)
async def test_whatever_comes_with_telegrams_secret_is_taken_or_found_unreadable(
    caller, number, kind, content, changed
):
    odd = await push(caller, {"update_id": number, kind: content})
    nearly = await push(caller, update("hello", number, changed))

    assert odd.status_code in (200, 422)
    assert nearly.status_code in (200, 422)


# again, and when the store fails


@pytest.fixture
async def outside(web: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Calls the door over real HTTP."""
    async with serve(web) as address, httpx.AsyncClient(base_url=address, timeout=30) as caller:
        yield caller


async def test_a_message_delivered_ten_times_at_once_is_one_answer_and_one_reply(app, outside):
    await post(outside, sms("START"))

    said = await asyncio.gather(*(post(outside, sms("2", "SM2")) for _ in range(10)))

    assert [each.status_code for each in said] == [200] * 10
    assert await heard(app) == ["START", "2"]
    assert await count(app, answers) == 1
    assert len(await texts(app, "out")) == 2


async def test_an_update_delivered_ten_times_at_once_is_one_answer_and_one_reply(app, outside):
    await push(outside, update("/start"))

    said = await asyncio.gather(*(push(outside, update("2", 2)) for _ in range(10)))

    assert [each.status_code for each in said] == [200] * 10
    assert await heard(app) == ["/start", "2"]
    assert await count(app, answers) == 1
    assert len(await texts(app, "out")) == 2


async def test_what_cannot_be_stored_is_not_acknowledged_and_is_taken_when_it_comes_again(app, caller):
    await post(caller, sms("START"))
    async with app.database.begin() as db:
        await db.execute(text("ALTER TABLE answers RENAME TO mislaid"))
    failed = await post(caller, sms("2", "SM2"))
    during = await heard(app), len(await texts(app, "out"))
    async with app.database.begin() as db:
        await db.execute(text("ALTER TABLE mislaid RENAME TO answers"))

    again = await post(caller, sms("2", "SM2"))

    assert (failed.status_code, again.status_code) == (500, 200)
    assert during == (["START"], 1)
    assert await heard(app) == ["START", "2"]
    assert await count(app, answers) == 1
