"""What is true of every channel: ``channels.base`` as tests. A new channel adds a row to CASES and passes them."""

import asyncio
import json
import logging
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from channels import CHANNELS
from channels.base import Heard, Outgoing, Received, Refused, Request, SendFailed, Trace
from channels.console import Console
from channels.doubles import TelegramDouble, TwilioDouble, serve
from channels.doubles.telegram import Rejection
from channels.sms import Sms
from channels.telegram import Telegram

ACCOUNT, TOKEN = "AC" + "0" * 32, "a-made-up-auth-token"
BOT, SECRET = "700100200:AA-made-up-bot-token", "a-made-up-secret"
PUBLIC = "https://line.school.test"
NOWHERE = "http://127.0.0.1:9"
WORDS = "We lost our ride, Oakwood Lane 7"
SLOW = 0.4


class SmsCase:
    """Texts, signed as Twilio signs them."""

    address = "+16175550142"
    dead, stopped = "+15005550001", "+15005550004"

    def channel(self, url=NOWHERE, wrong=False):
        token = "another-token" if wrong else TOKEN
        return Sms(ACCOUNT, token, "+16175550100", public_url=PUBLIC, base_url=url, timeout=SLOW)

    def double(self):
        return TwilioDouble(ACCOUNT, TOKEN)

    def message(self, number, text, token=TOKEN):
        fields = {"MessageSid": f"SM{number:032x}", "From": self.address, "To": "+16175550100", "Body": text}
        return self.request(fields, token)

    def request(self, fields, token=TOKEN):
        url = f"{PUBLIC}/in/sms"
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-twilio-signature": RequestValidator(token).compute_signature(url, fields),
        }
        return Request("POST", url, headers, urlencode(fields).encode())

    def odd(self, document):
        fields = (
            {str(name): str(value) for name, value in document.items()} if isinstance(document, dict) else {}
        )
        return self.request(fields)

    def forged(self, text):
        return self.message(1, text, "another-token")


class TelegramCase:
    """Messages in a private chat, with the webhook's secret."""

    address = "555014200"
    dead, stopped = "555014201", "555014202"

    def channel(self, url=NOWHERE, wrong=False):
        return Telegram("700100200:AA-another" if wrong else BOT, SECRET, base_url=url, timeout=SLOW)

    def double(self):
        missing = Rejection(400, "Bad Request: chat not found")
        double = TelegramDouble(BOT, judge=lambda chat, text: missing if str(chat) == self.dead else None)
        double.blocked.add(int(self.stopped))
        return double

    def message(self, number, text, secret=SECRET):
        person = {"id": int(self.address), "is_bot": False, "first_name": "Sam"}
        chat = {"id": int(self.address), "type": "private", "first_name": "Sam"}
        message = {"message_id": 7, "date": 1789000000, "from": person, "chat": chat, "text": text}
        return self.odd({"update_id": number, "message": message}, secret)

    def odd(self, document, secret=SECRET):
        headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": secret}
        return Request("POST", f"{PUBLIC}/in/telegram", headers, json.dumps(document).encode())

    def forged(self, text):
        return self.message(1, text, "another-secret")


class ConsoleCase:
    """A terminal, here reached over the web and so with a secret."""

    address = "amal"

    def channel(self, url=None, wrong=False):
        return Console([].append, secret=SECRET)

    def message(self, number, text, secret=SECRET):
        return self.odd({"id": str(number), "from": self.address, "text": text}, secret)

    def odd(self, document, secret=SECRET):
        headers = {"content-type": "application/json", "x-console-secret": secret}
        return Request("POST", f"{PUBLIC}/in/console", headers, json.dumps(document).encode())

    def forged(self, text):
        return self.message(1, text, "another-secret")


CASES = {"sms": SmsCase(), "telegram": TelegramCase(), "console": ConsoleCase()}
WIRED = ("sms", "telegram")

every = pytest.mark.parametrize("name", CASES)
wired = pytest.mark.parametrize("name", WIRED)


@dataclass
class Line:
    """A channel, the double at its other end, and how to make and fail messages on it."""

    case: object
    channel: object
    double: object


@asynccontextmanager
async def line(name):
    case = CASES[name]
    double = case.double()
    async with serve(double) as url:
        channel = case.channel(url)
        yield Line(case, channel, double)
        await channel.close()
        await double.close()


async def refusal(channel, request):
    with pytest.raises(Refused) as refused:
        await channel.hear(request)
    return refused.value.status


async def failure(channel, outgoing):
    with pytest.raises(SendFailed) as failed:
        await channel.send(outgoing)
    return failed.value


def test_every_channel_is_tried_here():
    assert set(CASES) == set(CHANNELS)
    assert all(kind.name == name for name, kind in CHANNELS.items())


@every
async def test_the_same_message_delivered_twice_has_the_same_id(name):
    case = CASES[name]
    channel = case.channel()

    first, again, other = [
        (await channel.hear(case.message(number, WORDS))).events[0] for number in (41, 41, 42)
    ]

    assert first == again
    assert first.provider_id != other.provider_id
    assert (first.channel, first.sender, first.text) == (name, case.address, WORDS)


@every
async def test_what_no_provider_signed_is_refused(name):
    case = CASES[name]
    channel, genuine = case.channel(), case.message(1, WORDS)
    bare = {key: value for key, value in genuine.headers.items() if key == "content-type"}
    blank = {key: value if key == "content-type" else "" for key, value in genuine.headers.items()}

    statuses = [
        await refusal(channel, case.forged(WORDS)),
        await refusal(channel, replace(genuine, headers=bare)),
        await refusal(channel, replace(genuine, headers=blank)),
    ]

    assert statuses == [403, 403, 403]


@every
async def test_a_body_beyond_64_kib_is_refused_as_too_large(name):
    case = CASES[name]

    status = await refusal(case.channel(), case.message(1, "a" * 70_000))

    assert status == 413


@every
@pytest.mark.parametrize("document", [{}, [], None, "text", 7, {"update_id": None}, {"MessageSid": ""}])
async def test_what_is_signed_but_no_message_is_refused_as_unreadable(name, document):
    case = CASES[name]

    status = await refusal(case.channel(), case.odd(document))

    assert status == 422


@every
async def test_characters_that_no_database_holds_are_taken_out(name):
    case = CASES[name]

    request = case.message(1, "a\x00b")
    heard = await case.channel().hear(request)

    assert heard.events[0].text == "ab"


headers = st.dictionaries(
    st.sampled_from(
        [
            "content-type",
            "x-twilio-signature",
            "x-telegram-bot-api-secret-token",
            "x-console-secret",
            "x-other",
        ]
    ),
    st.one_of(
        st.text(max_size=40), st.sampled_from(["application/json", "application/x-www-form-urlencoded", ""])
    ),
)
addresses = st.one_of(
    st.sampled_from(
        ["/in/sms", "/in/sms/status?id=1", "/in/sms?bodySHA256=", "/in/sms?bodySHA256=0", "/in/telegram", "/"]
    ).map(PUBLIC.__add__),
    st.text(max_size=40),
    st.just("http://[::1"),
)


@every
@settings(max_examples=200, deadline=None)
@given(method=st.sampled_from(["GET", "POST"]), url=addresses, headers=headers, body=st.binary(max_size=300))
def test_no_bytes_from_a_stranger_do_more_than_be_refused(name, method, url, headers, body):
    with pytest.raises(Refused) as refused:
        asyncio.run(standing(name).hear(Request(method, url, headers, body)))

    assert refused.value.status == 403


FIELDS = [
    *(
        "update_id",
        "message",
        "callback_query",
        "my_chat_member",
        "chat",
        "from",
        "type",
        "id",
        "text",
        "photo",
    ),
    *(
        "date",
        "data",
        "message_id",
        "new_chat_member",
        "old_chat_member",
        "status",
        "user",
        "is_bot",
        "file_id",
    ),
    *("voice", "entities", "MessageSid", "From", "Body", "MediaUrl0", "NumMedia"),
]
json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=8),
        st.sampled_from(["private", "kicked", "\ud800"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(FIELDS), inner, max_size=8)
    ),
    max_leaves=25,
)
near_updates = st.fixed_dictionaries(
    {"update_id": st.integers()},
    optional=dict.fromkeys(("message", "callback_query", "my_chat_member"), json_values),
)


@every
@settings(max_examples=300, deadline=None)
@given(document=st.one_of(json_values, near_updates))
def test_odd_documents_from_the_provider_are_read_or_refused(name, document):
    case = CASES[name]
    try:
        request = case.odd(document)
    except UnicodeEncodeError:
        return  # cannot be sent as a form at all

    try:
        heard = asyncio.run(standing(name).hear(request))
    except Refused as refused:
        heard = Heard((), status=refused.status)

    assert heard.status in (200, 422)
    for event in heard.events:
        assert event.provider_id
        for text in (event.provider_id, event.sender, event.text, event.choice or "", event.language or ""):
            assert "\x00" not in text
            assert text.encode() or not text


@wired
async def test_a_message_is_sent_as_it_was_given(name):
    async with line(name) as it:
        sent = await it.channel.send(Outgoing("m1", it.case.address, "¿Cómo llega? 学校 🚌"))

        assert sent.provider_id
        assert [message.text if name == "telegram" else message.body for message in it.double.messages] == [
            "¿Cómo llega? 学校 🚌"
        ]


@wired
async def test_an_address_that_cannot_receive_is_dead_and_one_that_will_not_is_stopped(name):
    async with line(name) as it:
        dead = await failure(it.channel, Outgoing("m1", it.case.dead, WORDS))
        stopped = await failure(it.channel, Outgoing("m2", it.case.stopped, WORDS))

        assert (dead.then, stopped.then) == ("dead", "stop")
        assert it.double.messages == []


@wired
async def test_too_fast_means_later(name):
    async with line(name) as it:
        it.double.faults.add("429")

        failed = await failure(it.channel, Outgoing("m1", it.case.address, WORDS))

        assert failed.then == "retry"
        assert failed.after >= timedelta(seconds=3)
        assert it.double.messages == []


@wired
async def test_wrong_credentials_halt_the_channel(name):
    async with line(name) as it, serve(it.double) as url:
        stranger = it.case.channel(url, wrong=True)

        failed = await failure(stranger, Outgoing("m1", it.case.address, WORDS))
        await stranger.close()

        assert failed.then == "halt"


@wired
@pytest.mark.parametrize("fault", ["cut", "stall", "500", "garbage"])
async def test_a_send_that_breaks_off_is_unknown_and_not_repeated(name, fault):
    async with line(name) as it:
        it.double.faults.add(fault)

        failed = await failure(it.channel, Outgoing("m1", it.case.address, WORDS))

        assert failed.then == "unknown"
        assert len(it.double.messages) == (0 if fault == "500" else 1)


@wired
async def test_a_refused_connection_is_surely_not_sent(name):
    channel = CASES[name].channel(f"http://127.0.0.1:{unused_port()}")

    failed = await failure(channel, Outgoing("m1", CASES[name].address, WORDS))
    await channel.close()

    assert failed.then == "retry"


@wired
@pytest.mark.parametrize("fault", ["cut", "stall", "garbage"])
async def test_after_a_broken_send_a_channel_that_asks_finds_the_message(name, fault):
    async with line(name) as it:
        outgoing, since = Outgoing("m1", it.case.address, WORDS), datetime.now(UTC)
        it.double.faults.add(fault)
        await failure(it.channel, outgoing)

        if it.channel.asks:
            found = await it.channel.find(Trace(outgoing, since))
            assert found.provider_id == it.double.messages[0].sid
        else:
            with pytest.raises(SendFailed):
                await it.channel.find(Trace(outgoing, since))


@wired
@pytest.mark.parametrize("text", ["", "a" * 4097])
async def test_a_text_that_cannot_go_is_dropped_and_the_address_kept(name, text):
    async with line(name) as it:
        failed = await failure(it.channel, Outgoing("m1", it.case.address, text))

        assert failed.then == "drop"


@wired
async def test_neither_words_nor_numbers_nor_secrets_reach_a_log_or_an_exception(name, caplog):
    caplog.set_level(logging.DEBUG)
    failures = []
    async with line(name) as it:
        await it.channel.send(Outgoing("m0", it.case.address, WORDS))
        for fault in ("cut", "stall", "500", "429", "garbage"):
            it.double.faults.add(fault)
            failures.append(await failure(it.channel, Outgoing("m1", it.case.address, WORDS)))
        for address in (it.case.dead, it.case.stopped):
            failures.append(await failure(it.channel, Outgoing("m2", address, WORDS)))
        if it.channel.asks:
            await it.channel.find(Trace(Outgoing("m3", it.case.address, WORDS), datetime.now(UTC)))
        with pytest.raises(Refused) as refused:
            await it.channel.hear(it.case.forged(WORDS))
        addresses = (it.case.address, it.case.dead, it.case.stopped)

    told = [caplog.text, *(part for error in (*failures, refused.value) for part in chain(error))]
    hidden = (
        WORDS,
        WORDS[:12],
        "Oakwood",
        TOKEN,
        BOT,
        SECRET,
        *addresses,
        *(each.lstrip("+") for each in addresses),
    )
    assert [secret for secret in hidden for text in told if secret in text] == []


@every
async def test_a_channel_can_be_closed_twice(name):
    channel = CASES[name].channel()

    await channel.close()
    await channel.close()


@every
async def test_hints_and_events_are_of_the_channel_that_heard_them(name):
    heard = await CASES[name].channel().hear(CASES[name].message(9, "hola"))

    assert isinstance(heard.events[0], Received)
    assert (heard.events[0].channel, heard.status) == (name, 200)


def chain(error):
    """Everything that an error and those behind it could print."""
    while error is not None:
        yield f"{error} {error!r} {error.args!r} {vars(error)!r}"
        error = error.__cause__ or error.__context__


@cache
def standing(name):
    """A channel for many calls: building one takes longer than a call, and hearing keeps nothing."""
    return CASES[name].channel()


def unused_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
