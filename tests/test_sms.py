"""SMS through Twilio: signatures, what a webhook says, what an error code means."""

import hashlib
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from channels.base import Media, Outgoing, Refused, Request, SendFailed, Trace
from channels.doubles import TwilioDouble, serve
from channels.sms import Sms
from channels.twilio_codes import CODES, failure

SAMPLES = Path(__file__).parent / "webhooks" / "sms"
ACCOUNT, TOKEN, SECOND = "AC" + "0" * 32, "a-made-up-auth-token", "the-next-auth-token"
PUBLIC = "https://line.school.test"
OURS, FAMILY = "+16175550100", "+16175550142"
FORM = "application/x-www-form-urlencoded; charset=UTF-8"


def sms(base_url="http://127.0.0.1:9", from_=OURS, **more):
    return Sms(ACCOUNT, TOKEN, from_, public_url=PUBLIC, base_url=base_url, timeout=0.5, **more)


def signed(body, url=f"{PUBLIC}/in/sms", token=TOKEN, signed_url=None):
    fields = ImmutableMultiDict(parse_qsl(body, keep_blank_values=True))
    signature = RequestValidator(token).compute_signature(signed_url or url, fields)
    return Request("POST", url, {"content-type": FORM, "x-twilio-signature": signature}, body.encode())


def signed_json(document, token=TOKEN, url=f"{PUBLIC}/in/sms", kind="application/json"):
    body = json.dumps(document).encode()
    url = f"{url}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = RequestValidator(token).compute_signature(url, {})
    return Request("POST", url, {"content-type": kind, "x-twilio-signature": signature}, body)


def sample(name):
    return (SAMPLES / f"{name}.form").read_text()


async def hear(name, channel=None, url=f"{PUBLIC}/in/sms"):
    heard = await (channel or sms()).hear(signed(sample(name), url))
    return heard.events[0]


async def status(channel, request):
    with pytest.raises(Refused) as refused:
        await channel.hear(request)
    return refused.value.status


# signatures


async def test_a_form_signed_by_twilio_is_heard_and_answered_with_empty_twiml():
    heard = await sms().hear(signed(sample("message")))

    assert heard.body == b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert (heard.media_type, heard.status) == ("text/xml", 200)


@pytest.mark.parametrize(
    "url",
    [
        "http://line.school.test/in/sms",
        "https://line.school.test/in/sms/",
        "https://other.school.test/in/sms",
        "https://line.school.test/in/sms?x=1",
    ],
)
async def test_a_signature_of_another_address_is_refused(url):
    assert await status(sms(), signed(sample("message"), url, signed_url=f"{PUBLIC}/in/sms")) == 403


async def test_a_port_may_stand_in_the_signed_address():
    heard = await sms().hear(signed(sample("message"), signed_url="https://line.school.test:443/in/sms"))

    assert len(heard.events) == 1


@pytest.mark.parametrize("change", ["From=%2B16175550143", "Body=", "New=1"])
async def test_a_parameter_added_after_signing_is_refused(change):
    request = signed(sample("message"))

    assert await status(sms(), replace(request, body=request.body + b"&" + change.encode())) == 403


async def test_blank_parameters_count():
    whole = sample("message")
    without = urlencode([pair for pair in parse_qsl(whole, keep_blank_values=True) if pair[1]])

    assert await status(sms(), replace(signed(whole), body=without.encode())) == 403


async def test_repeated_parameters_count():
    body = sample("message") + "&Tag=b&Tag=a"

    heard = await sms().hear(signed(body))

    assert len(heard.events) == 1
    assert await status(sms(), replace(signed(body), body=body.replace("&Tag=a", "").encode())) == 403


async def test_while_the_token_is_changed_both_are_taken_and_others_are_not():
    channel = sms(second_token=SECOND)

    by_first = await channel.hear(signed(sample("message"), token=TOKEN))
    by_second = await channel.hear(signed(sample("message"), token=SECOND))

    assert by_first == by_second
    assert await status(channel, signed(sample("message"), token="a-third")) == 403
    assert await status(sms(), signed(sample("message"), token=SECOND)) == 403


async def test_a_blank_second_token_signs_nothing():
    assert await status(sms(second_token=""), signed(sample("message"), token="")) == 403


async def test_json_counts_with_its_hash():
    fields = dict(parse_qsl(sample("message")))

    heard = await sms().hear(signed_json(fields))

    assert heard.events == (await sms().hear(signed(sample("message")))).events


async def test_json_with_another_body_than_the_hashed_is_refused():
    request = signed_json({"MessageSid": "SM1", "From": FAMILY})

    assert await status(sms(), replace(request, body=b'{"MessageSid": "SM2", "From": "+1"}')) == 403
    assert await status(sms(), replace(request, body=b"")) == 403
    assert await status(sms(), replace(request, body=b"\xff\xfe")) == 403


@pytest.mark.parametrize("query", ["", "?bodySHA256=", "?other=1"])
async def test_json_without_its_hash_is_refused(query):
    url = f"{PUBLIC}/in/sms{query}"
    signature = RequestValidator(TOKEN).compute_signature(url, {})

    request = Request(
        "POST", url, {"content-type": "application/json", "x-twilio-signature": signature}, b"{}"
    )

    assert await status(sms(), request) == 403


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data; boundary=x", "application/jsonx"])
async def test_another_content_type_is_refused(kind):
    request = signed(sample("message"))

    assert await status(sms(), replace(request, headers={**request.headers, "content-type": kind})) == 403


@pytest.mark.parametrize("document", [[], "text", {"From": FAMILY}, {"MessageSid": "SM1"}, {"MessageSid": 1}])
async def test_signed_json_that_is_no_message_is_unreadable(document):
    assert await status(sms(), signed_json(document)) == 422


async def test_another_path_is_not_this_channels():
    url = f"{PUBLIC}/in/voice"

    assert await status(sms(), signed(sample("message"), url)) == 422


# messages


async def test_a_message_keeps_words_sender_and_line():
    event = await hear("message")

    assert event.provider_id == "SM00000000000000000000000000000001"
    assert (event.sender, event.recipient) == (FAMILY, OURS)
    assert event.text == "No tenemos carro, camina 40 minutos ¿hay autobús?"
    assert (event.word, event.answered, event.media, event.choice) == (None, False, (), None)


async def test_an_empty_message_and_an_emoji_are_messages():
    assert (await hear("blank")).text == ""
    assert (await hear("emoji")).text == "👍🏽"


async def test_pictures_come_with_address_and_type():
    event = await hear("two-pictures")

    assert [media.type for media in event.media] == ["image/jpeg", "image/png"]
    assert isinstance(event.media[0], Media)
    assert event.media[1].url.endswith("ME00000000000000000000000000000002")


@pytest.mark.parametrize(
    ("name", "word"),
    [("stop", "stop"), ("stop-advanced", "stop"), ("start-advanced", "start"), ("help-advanced", "help")],
)
async def test_a_word_that_twilio_has_answered_is_marked_so(name, word):
    event = await hear(name)

    assert (event.word, event.answered) == (word, True)


@pytest.mark.parametrize("name", ["yes", "stop-in-a-sentence"])
async def test_yes_and_sentences_are_answers_not_words(name):
    event = await hear(name)

    assert (event.word, event.answered) == (None, False)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (word, "stop")
        for word in ("STOP", "stopall", "Unsubscribe", "CANCEL", "end", "QUIT", "revoke", "OptOut")
    ]
    + [(word, "start") for word in ("START", "unstop")]
    + [(word, "help") for word in ("HELP", "info")]
    + [(word, None) for word in ("ALTO", "STOP.", "stop it", "yes", "1", "")],
)
async def test_twilios_default_words_are_read_whole_and_in_any_case(body, word):
    fields = {"MessageSid": "SM1", "From": FAMILY, "Body": body}

    heard = await sms().hear(signed(urlencode(fields)))

    assert heard.events[0].word == word


async def test_where_twilio_does_not_answer_words_they_are_ours_to_read():
    channel = sms(provider_answers_keywords=False)

    default, advanced = await hear("stop", channel), await hear("stop-advanced", channel)

    assert (default.word, default.answered) == (None, False)
    assert (advanced.word, advanced.answered) == ("stop", True)


# receipts


async def receipt(name, query="?id=m-1"):
    heard = await sms().hear(signed(sample(name), f"{PUBLIC}/in/sms/status{query}"))
    assert (heard.status, heard.body) == (204, b"")
    return heard.events


async def test_a_receipt_names_our_own_message():
    (sent,) = await receipt("status-sent", "?id=m%2F1%20%C3%A1")
    (delivered,) = await receipt("status-delivered")

    assert (sent.message, sent.status, sent.failure) == ("m/1 á", "sent", None)
    assert (delivered.message, delivered.status) == ("m-1", "delivered")
    assert sent.provider_id == delivered.provider_id == "SM00000000000000000000000000000014"


async def test_a_receipt_without_our_id_still_has_twilios():
    (event,) = await receipt("status-sent", "")

    assert (event.message, event.provider_id) == (None, "SM00000000000000000000000000000014")


@pytest.mark.parametrize(
    ("name", "then", "code"),
    [
        ("status-undelivered", "retry", "30003"),
        ("status-failed-opted-out", "stop", "21610"),
        ("status-failed-unlisted", "drop", "39999"),
        ("status-failed-bare", "drop", None),
    ],
)
async def test_a_failed_receipt_says_what_to_do(name, then, code):
    (event,) = await receipt(name)

    assert (event.status, event.code, event.failure.then) == ("failed", code, then)


async def test_a_state_that_twilio_has_added_since_says_nothing():
    assert await receipt("status-new-state") == ()


async def test_a_receipt_without_a_state_is_unreadable():
    request = signed("MessageSid=SM1", f"{PUBLIC}/in/sms/status?id=1")

    assert await status(sms(), request) == 422


# codes


def test_every_listed_code_has_one_meaning_and_retries_have_a_time():
    assert Counter(meaning.then for meaning in CODES.values()).keys() == {
        "retry",
        "drop",
        "stop",
        "dead",
        "halt",
    }
    assert all((meaning.after is not None) == (meaning.then == "retry") for meaning in CODES.values())


@pytest.mark.parametrize(
    ("code", "status", "then"),
    [
        (21610, 400, "stop"),
        (30005, None, "dead"),
        (20003, 401, "halt"),
        (20429, 429, "retry"),
        (429, 429, "retry"),
        (401, 401, "halt"),
        (20500, 500, "unknown"),
        (503, 503, "unknown"),
        (29999, 400, "drop"),
        (None, None, "drop"),
    ],
)
def test_a_code_counts_before_the_status(code, status, then):
    assert failure(code, status).then == then


ROWS = {
    "stop": "**the person stopped**",
    "dead": "**the number is dead**",
    "drop": "**this message is dropped**",
    "retry": "**tried again later**",
    "halt": "**the channel halts**",
}


@pytest.mark.parametrize("then", ROWS)
def test_the_page_on_channels_lists_every_code_as_the_table_has_it(then):
    page = (Path(__file__).parents[1] / "docs" / "channels.md").read_text()

    (row,) = [line for line in page.splitlines() if line.startswith(f"| {ROWS[then]}")]

    assert {int(code) for code in re.findall(r"\d{5}", row)} == {
        code for code, meaning in CODES.items() if meaning.then == then
    }


# sending and finding


async def test_the_callback_address_carries_our_id_and_the_double_can_call_it():
    double = TwilioDouble(ACCOUNT, TOKEN, target=PUBLIC)
    async with serve(double) as url:
        channel = sms(url)
        await channel.send(Outgoing("m/1?&á", FAMILY, "Hello"))
        await channel.close()

    assert double.messages[0].status_callback == f"{PUBLIC}/in/sms/status?id=m%2F1%3F%26%C3%A1"


async def test_a_messaging_service_sends_in_place_of_a_number():
    double = TwilioDouble(ACCOUNT, TOKEN)
    service = "MG" + "0" * 32
    async with serve(double) as url:
        channel = sms(url, from_=service)
        outgoing, since = Outgoing("m1", FAMILY, "Hello"), datetime.now(UTC)
        sent = await channel.send(outgoing)
        found = await channel.find(Trace(outgoing, since))
        await channel.close()

    assert (double.messages[0].service, double.messages[0].from_) == (service, None)
    assert found == sent


@pytest.mark.parametrize(
    ("left", "validity"),
    [(None, None), (90.9, 90), (0.4, 1), (-5, 1), (36_000, 36_000), (200_000, 36_000)],
)
async def test_twilio_keeps_a_message_waiting_no_longer_than_it_is_wanted(left, validity):
    now = datetime(2026, 10, 14, 17, 58, tzinfo=UTC)
    until = None if left is None else now + timedelta(seconds=left)
    double = TwilioDouble(ACCOUNT, TOKEN)
    async with serve(double) as url:
        channel = sms(url, now=lambda: now)
        await channel.send(Outgoing("m1", FAMILY, "Hello", valid_until=until))
        await channel.close()

    assert double.messages[0].validity == validity


@pytest.mark.parametrize("code", [30036, 21611])
def test_what_waited_too_long_or_found_the_queue_full_is_tried_again(code):
    failed = failure(code)

    assert (failed.then, failed.after) == ("retry", timedelta(hours=1))
    assert failed.account == (code == 21611)  # a full queue is everybody's, a late message its own


@pytest.mark.parametrize(
    ("to", "then"),
    [
        ("+15005550001", "dead"),
        ("+15005550002", "drop"),
        ("+15005550003", "drop"),
        ("+15005550004", "stop"),
        ("+15005550009", "dead"),
    ],
)
async def test_twilios_own_test_numbers_fail_as_they_should(to, then):
    async with serve(TwilioDouble(ACCOUNT, TOKEN)) as url:
        channel = sms(url)
        with pytest.raises(SendFailed) as failed:
            await channel.send(Outgoing("m1", to, "Hello"))
        await channel.close()

    assert failed.value.then == then


@pytest.mark.parametrize(
    ("from_", "then"), [("+15005550001", "halt"), ("+15005550007", "halt"), ("+15005550008", "retry")]
)
async def test_a_sender_that_cannot_send_is_our_fault(from_, then):
    async with serve(TwilioDouble(ACCOUNT, TOKEN)) as url:
        channel = sms(url, from_=from_)
        with pytest.raises(SendFailed) as failed:
            await channel.send(Outgoing("m1", FAMILY, "Hello"))
        await channel.close()

    assert failed.value.then == then


async def test_finding_tells_this_message_from_its_likes():
    double = TwilioDouble(ACCOUNT, TOKEN)
    async with serve(double) as url:
        channel, neighbour = sms(url), sms(url, from_="+16175550101")
        begun = datetime.now(UTC)
        first = await channel.send(Outgoing("m1", FAMILY, "Same words"))
        second = await channel.send(Outgoing("m2", FAMILY, "Same words"))
        await channel.send(Outgoing("m3", FAMILY, "Other words"))
        await channel.send(Outgoing("m4", "+16175550143", "Same words"))
        await neighbour.send(Outgoing("m5", FAMILY, "Same words"))
        uncertain = Outgoing("m9", FAMILY, "Same words")

        earliest = await channel.find(Trace(uncertain, begun))
        left = await channel.find(Trace(uncertain, begun, known={first.provider_id}))
        none = await channel.find(Trace(uncertain, begun, known={first.provider_id, second.provider_id}))
        later = await channel.find(Trace(uncertain, begun + timedelta(hours=1)))
        await channel.close()
        await neighbour.close()

    assert (earliest, left, none, later) == (first, second, None, None)


async def test_finding_sees_through_the_trial_accounts_preface():
    double = TwilioDouble(ACCOUNT, TOKEN)
    async with serve(double) as url:
        channel = sms(url)
        outgoing, since = Outgoing("m1", FAMILY, "Hello"), datetime.now(UTC)
        sent = await channel.send(outgoing)
        double.messages[0].body = "Sent from your Twilio trial account - Hello"
        found = await channel.find(Trace(outgoing, since))
        await channel.close()

    assert found == sent


async def test_when_twilio_cannot_be_asked_the_question_stays_open():
    channel = sms("http://127.0.0.1:9")

    with pytest.raises(SendFailed) as failed:
        await channel.find(Trace(Outgoing("m1", FAMILY, "Hello"), datetime.now(UTC)))
    await channel.close()

    assert failed.value.then == "retry"


async def test_the_environment_cannot_send_our_texts_elsewhere(monkeypatch):
    for name in ("TWILIO_EDGE", "TWILIO_REGION", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.setenv(name, "elsewhere")
    double = TwilioDouble(ACCOUNT, TOKEN)
    async with serve(double) as url:
        channel = sms(url)
        await channel.send(Outgoing("m1", FAMILY, "Hello"))
        await channel.close()

    assert len(double.messages) == 1
