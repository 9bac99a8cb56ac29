"""The doubles, held against parts that we did not write.

Twilio's: its own OpenAPI description, from the npm package of its command line. Telegram's: aiogram's models of the
Bot API. Without them a double could drift from its provider together with the channel that is tested on it.
"""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl

import aiogram.methods
import aiogram.types
import httpx
import pytest
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from werkzeug.datastructures import Headers, ImmutableMultiDict

from channels.base import Option, Outgoing, Request, SendFailed, Trace
from channels.doubles import TelegramDouble, TwilioDouble, serve
from channels.sms import Sms
from channels.telegram import Telegram

CACHE = Path(__file__).parents[1] / "var" / "oracles"
SPEC = "node_modules/@twilio/cli-core/src/services/twilio-api/twilio_api_v2010.json"
PACKAGE = "@twilio/cli-core@8"
ACCOUNT, TOKEN = "AC" + "0" * 32, "a-made-up-auth-token"
BOT, SECRET = "700100200:AA-made-up-bot-token", "a-made-up-secret"
OURS, FAMILY, STUDENT = "+16175550100", "+16175550142", 555014200


class Recorded:
    """An ASGI app that keeps every exchange with the app behind it."""

    def __init__(self, app):
        self.app = app
        self.exchanges = []

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        kept = SimpleNamespace(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode(),
            headers={name.decode(): value.decode() for name, value in scope["headers"]},
            body=b"",
            status=None,
            answer=b"",
        )
        self.exchanges.append(kept)

        async def reading():
            message = await receive()
            kept.body += message.get("body", b"")
            return message

        async def sending(message):
            kept.status = message.get("status", kept.status)
            kept.answer += message.get("body", b"")
            await send(message)

        await self.app(scope, reading, sending)
        return None


# Twilio


def unavailable(reason):
    if os.environ.get("OPENLINE_NO_SKIPS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def description():
    """Twilio's OpenAPI description, fetched once and then kept in var/."""
    kept = CACHE / "twilio_api_v2010.json"
    if not kept.exists():
        npm = shutil.which("npm")
        if npm is None:
            unavailable("npm is not installed, so Twilio's own description cannot be fetched")
        CACHE.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=CACHE))  # test processes side by side may all be fetching
        command = [
            npm,
            "install",
            "--ignore-scripts",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--prefix",
            folder,
            PACKAGE,
        ]
        done = subprocess.run(command, capture_output=True, timeout=300, check=False)
        if done.returncode != 0 or not (folder / SPEC).exists():
            unavailable("npm could not fetch Twilio's own description")
        whole = json.loads((folder / SPEC).read_text())
        whole["paths"] = {path: item for path, item in whole["paths"].items() if "/Messages" in path}
        (folder / kept.name).write_text(json.dumps(whole))
        (folder / kept.name).replace(kept)
        shutil.rmtree(folder)
    return json.loads(kept.read_text())


@pytest.fixture(scope="session")
def twilio(description):
    """Says whether an exchange is as Twilio describes it; raises what is not."""
    api = OpenAPI.from_dict(description)
    operations = {path: item for path, item in description["paths"].items() if path.endswith("Messages.json")}
    fields = operations["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]["requestBody"]["content"]
    known = set(fields["application/x-www-form-urlencoded"]["schema"]["properties"])
    queries = {
        each["name"]
        for each in operations["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["get"]["parameters"]
    }

    def check(exchange):
        request = SimpleNamespace(
            host_url="https://api.twilio.com",
            path=exchange.path,
            method=exchange.method.lower(),
            parameters=RequestParameters(
                query=ImmutableMultiDict(parse_qsl(exchange.query)), header=Headers(exchange.headers)
            ),
            content_type=exchange.headers.get("content-type", ""),
            body=exchange.body or None,
        )
        api.validate_request(request)
        # The description lets unknown parameters pass; a misspelt one must not.
        assert {name for name, _ in parse_qsl(exchange.body.decode())} <= known
        assert {name for name, _ in parse_qsl(exchange.query)} <= queries
        if exchange.status < 300:
            response = SimpleNamespace(
                status_code=exchange.status,
                headers={"content-type": "application/json"},
                content_type="application/json",
                data=exchange.answer,
            )
            api.validate_response(request, response)

    return check


async def test_every_call_of_the_sms_channel_is_one_that_twilio_describes(twilio):
    double = TwilioDouble(ACCOUNT, TOKEN)
    recorded = Recorded(double)
    async with serve(recorded) as url:
        by_number = Sms(ACCOUNT, TOKEN, OURS, public_url="https://line.school.test", base_url=url)
        by_service = Sms(ACCOUNT, TOKEN, "MG" + "0" * 32, public_url="https://line.school.test", base_url=url)
        since = datetime.now(UTC)
        await by_number.send(Outgoing("m1", FAMILY, "¿Cómo llega su hijo a la escuela? 学校 🚌"))
        await by_service.send(Outgoing("m2", FAMILY, "Hello", valid_until=since + timedelta(hours=2)))
        await by_number.find(Trace(Outgoing("m1", FAMILY, "Hello"), since))
        with pytest.raises(SendFailed):
            await by_number.send(Outgoing("m3", "+15005550001", "Hello"))
        await by_number.close()
        await by_service.close()

    for exchange in recorded.exchanges:
        twilio(exchange)
    assert [exchange.method for exchange in recorded.exchanges] == ["POST", "POST", "GET", "POST"]
    assert b"ValidityPeriod=71" in recorded.exchanges[1].body


async def test_the_check_itself_finds_a_wrong_account_field_and_answer(twilio):
    def exchange(**change):
        good = {
            "method": "POST",
            "path": f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json",
            "query": "",
            "headers": {
                "authorization": "Basic " + b64encode(b"a:b").decode(),
                "content-type": "application/x-www-form-urlencoded",
            },
            "body": b"To=%2B16175550142&Body=x",
            "status": 400,
            "answer": b"",
        }
        return SimpleNamespace(**good | change)

    twilio(exchange())
    for wrong in (
        {"path": "/2010-04-01/Accounts/AC1/Messages.json"},
        {"body": b"Body=x"},
        {"body": b"To=%2B16175550142&Text=x"},
        {"method": "GET", "body": b"", "query": "Recipient=x"},
        {"headers": {"content-type": "application/x-www-form-urlencoded"}},
        {"status": 201, "answer": b'{"sid": 7}'},
    ):
        with pytest.raises(Exception):  # noqa: B017
            twilio(exchange(**wrong))


async def test_the_list_comes_in_pages_newest_first_and_the_library_turns_them(twilio):
    double = TwilioDouble(ACCOUNT, TOKEN)
    recorded = Recorded(double)
    async with serve(recorded) as url:
        channel = Sms(ACCOUNT, TOKEN, OURS, public_url="https://line.school.test", base_url=url)
        for number in range(7):
            await channel.send(Outgoing(f"m{number}", FAMILY, f"{number}"))
        recorded.exchanges.clear()
        listed = await channel._client.messages.list_async(to=FAMILY, page_size=3)
        one = await channel._client.messages(listed[0].sid).fetch_async()
        dated = await channel._client.messages.list_async(date_sent_after=datetime(2020, 1, 1))
        double.messages[2].status = "sent"
        sent = await channel._client.messages.list_async(date_sent_after=datetime(2020, 1, 1))
        await channel.close()

    for exchange in recorded.exchanges[:1]:
        twilio(exchange)
    assert [message.body for message in listed] == ["6", "5", "4", "3", "2", "1", "0"]
    assert len(recorded.exchanges) == 6
    assert one.body == "6"
    assert (dated, [message.body for message in sent]) == ([], ["2"])


@pytest.mark.parametrize("auth", [None, (ACCOUNT, "wrong"), ("AC" + "1" * 32, TOKEN)])
async def test_without_the_right_credentials_the_double_says_what_twilio_says(auth):
    async with serve(TwilioDouble(ACCOUNT, TOKEN)) as url, httpx.AsyncClient(auth=auth) as http:
        answer = await http.post(f"{url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", data={"To": FAMILY})

    assert answer.status_code == 401
    assert answer.json()["code"] == 20003


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"From": OURS, "Body": "x"}, 21604),
        ({"To": FAMILY, "Body": "x"}, 21603),
        ({"To": FAMILY, "From": OURS}, 21602),
        ({"To": FAMILY, "From": OURS, "Body": "x" * 1601}, 21617),
    ],
)
async def test_a_call_without_what_twilio_needs_is_refused(params, code):
    async with serve(TwilioDouble(ACCOUNT, TOKEN)) as url, httpx.AsyncClient(auth=(ACCOUNT, TOKEN)) as http:
        answer = await http.post(f"{url}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", data=params)

    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (400, code, 400)


class OurSide:
    """Our own end of the wire, as small as it can be: hands every call to the channel."""

    def __init__(self):
        self.channel = None
        self.url = ""
        self.heard = []
        self.app = Starlette(routes=[Route("/in/{rest:path}", self.call, methods=["POST"])])

    async def call(self, request):
        url = self.url + request.url.path + (f"?{request.url.query}" if request.url.query else "")
        said = await self.channel.hear(
            Request(request.method, url, dict(request.headers), await request.body())
        )
        self.heard.extend(said.events)
        return Response(said.body, said.status, media_type=said.media_type)


async def test_a_text_and_its_receipts_make_the_whole_round():
    ours = OurSide()
    async with serve(ours.app) as ours.url:
        double = TwilioDouble(ACCOUNT, TOKEN, target=ours.url, number=OURS)

        async def answers(message):
            await double.report(message.sid, "delivered")
            await double.deliver(message.to, "a pie")

        double.on_message = answers
        async with serve(double) as url:
            channel = ours.channel = Sms(ACCOUNT, TOKEN, OURS, public_url=ours.url, base_url=url)
            await channel.send(Outgoing("m1", FAMILY, "How?"))
            await double.background.settle()
            await channel.close()
            await double.close()

    receipt, message = ours.heard
    assert (receipt.message, receipt.status, receipt.provider_id) == (
        "m1",
        "delivered",
        double.messages[0].sid,
    )
    assert (message.sender, message.recipient, message.text) == (FAMILY, OURS, "a pie")


async def test_after_stop_the_double_refuses_as_twilio_does_until_start():
    ours = OurSide()
    async with serve(ours.app) as ours.url:
        double = TwilioDouble(ACCOUNT, TOKEN, target=ours.url)
        async with serve(double) as url:
            channel = ours.channel = Sms(ACCOUNT, TOKEN, OURS, public_url=ours.url, base_url=url)
            await double.deliver(FAMILY, "Stop")
            with pytest.raises(SendFailed) as refused:
                await channel.send(Outgoing("m1", FAMILY, "Hello"))
            await double.deliver(FAMILY, "START")
            await channel.send(Outgoing("m2", FAMILY, "Hello"))
            await channel.close()
            await double.close()

    assert (refused.value.then, refused.value.code) == ("stop", "21610")
    assert [event.word for event in ours.heard] == ["stop", "start"]
    assert [message.body for message in double.messages] == ["Hello"]


# Telegram


def model_of(method):
    return next(
        kind
        for kind in vars(aiogram.methods).values()
        if isinstance(kind, type) and str(getattr(kind, "__api_method__", "")).lower() == method.lower()
    )


def unknown_fields(model, path=""):
    """Fields that aiogram's models of the Bot API do not know, at any depth."""
    found = [f"{path}{name}" for name in (model.model_extra or {})]
    for name in type(model).model_fields:
        value = getattr(model, name, None)
        found += [extra for each in flat(value) for extra in unknown_fields(each, f"{path}{name}.")]
    return found


def flat(value):
    if isinstance(value, (aiogram.types.TelegramObject, aiogram.methods.TelegramMethod)):
        return [value]
    return [each for item in value for each in flat(item)] if isinstance(value, (list, tuple)) else []


def params_of(exchange):
    nested = ("reply_markup", "allowed_updates", "link_preview_options")
    params = dict(parse_qsl(exchange.body.decode(), keep_blank_values=True))
    return {name: json.loads(value) if name in nested else value for name, value in params.items()}


async def test_every_call_of_the_telegram_channel_and_every_answer_is_one_that_aiogram_knows():
    double = TelegramDouble(BOT)
    recorded = Recorded(double)
    async with serve(recorded) as url:
        channel = Telegram(BOT, SECRET, base_url=url, patience=1)
        await channel.send(Outgoing("m1", str(STUDENT), "Kouman?", options=(Option("q:bus", "Otobis"),)))
        await channel.send(Outgoing("m2", str(STUDENT), "Mèsi"))
        await double.say(STUDENT, "/start abc")
        await double.press(STUDENT, "q:bus")
        await double.block(STUDENT)
        await double.unblock(STUDENT)
        await channel.poll()
        await channel.register_webhook("https://line.school.test")
        await channel.remove_webhook()
        async with httpx.AsyncClient() as http:
            for method in ("getMe", "getWebhookInfo"):
                await http.post(f"{url}/bot{BOT}/{method}")
        await channel.close()

    called = []
    for exchange in recorded.exchanges:
        kind = model_of(exchange.path.rsplit("/", 1)[1])
        call, answer = kind.model_validate(params_of(exchange)), json.loads(exchange.answer)
        result = aiogram.methods.Response[kind.__returning__].model_validate(answer)
        assert unknown_fields(call) == []
        assert [extra for each in flat(result.result) for extra in unknown_fields(each)] == []
        called.append(kind.__api_method__)
    assert called == [
        *("sendMessage", "sendMessage", "getUpdates", "answerCallbackQuery", "setWebhook", "deleteWebhook"),
        *("getMe", "getWebhookInfo"),
    ]


async def test_the_check_itself_finds_unknown_and_missing_fields():
    with pytest.raises(ValueError, match="text"):
        aiogram.methods.SendMessage.model_validate({"chat_id": 1})
    wrong = {
        "chat_id": 1,
        "text": "x",
        "reply_markup": {"inline_keyboard": [[{"text": "x", "callback": "y"}]]},
    }

    call = aiogram.methods.SendMessage.model_validate(wrong)

    assert unknown_fields(call) == ["reply_markup.inline_keyboard.callback"]


async def test_updates_come_to_the_webhook_with_its_secret_and_its_answer_is_carried_out():
    ours = OurSide()
    async with serve(ours.app) as ours.url:
        double = TelegramDouble(BOT)

        async def presses(message):
            await double.press(message.chat, message.buttons[0][1])

        double.on_message = presses
        async with serve(double) as url:
            channel = ours.channel = Telegram(BOT, SECRET, base_url=url)
            await channel.register_webhook(ours.url)
            await double.say(STUDENT, "bonjou", language="ht")
            await channel.send(Outgoing("m1", str(STUDENT), "?", options=(Option("q:bus", "Otobis"),)))
            await double.background.settle()
            await double.say(STUDENT, "", photo=[])
            await channel.close()
            await double.close()

    assert [(event.text, event.choice, event.language) for event in ours.heard] == [
        ("bonjou", None, "ht"),
        ("", "q:bus", "en"),
    ]
    assert len(double.answered) == 1


async def test_a_long_poll_wakes_as_soon_as_someone_writes():
    double = TelegramDouble(BOT)
    async with serve(double) as url:
        channel = Telegram(BOT, SECRET, base_url=url, timeout=5, patience=20)
        waiting = asyncio.create_task(channel.poll())
        await asyncio.sleep(0.2)
        idle = waiting.done()
        await double.say(STUDENT, "bonjou")
        events, _ = await asyncio.wait_for(waiting, 5)
        await channel.close()

    assert not idle
    assert [event.text for event in events] == ["bonjou"]


@pytest.mark.parametrize(
    ("path", "params", "status", "description"),
    [
        ("/bot1:wrong/getMe", {}, 401, "Unauthorized"),
        (f"/bot{BOT}/getNothing", {}, 404, "Not Found"),
        (f"/bot{BOT}/sendMessage", {"chat_id": "1", "text": " "}, 400, "Bad Request: message text is empty"),
        (
            f"/bot{BOT}/sendMessage",
            {"chat_id": "1", "text": "x" * 4097},
            400,
            "Bad Request: message is too long",
        ),
        (f"/bot{BOT}/sendMessage", {"chat_id": "sam", "text": "x"}, 400, "Bad Request: chat not found"),
    ],
)
async def test_errors_have_telegrams_shape(path, params, status, description):
    async with serve(TelegramDouble(BOT)) as url, httpx.AsyncClient() as http:
        answer = await http.post(f"{url}{path}", data=params)

    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": description}
