"""Telegram: what an update says, how a message goes out, polling in place of a webhook."""

import json
import warnings
from datetime import timedelta
from pathlib import Path

import aiogram.types
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from channels.base import Media, Option, Outgoing, Refused, Request, SendFailed
from channels.doubles import TelegramDouble, serve
from channels.doubles.telegram import Rejection
from channels.telegram import Telegram
from channels.telegram_wire import failed

SAMPLES = Path(__file__).parent / "webhooks" / "telegram"
BOT, SECRET = "700100200:AA-made-up-bot-token", "a-made-up-secret"
STUDENT = 555014200
NAMES = sorted(path.stem for path in SAMPLES.glob("*.json"))


def telegram(base_url="http://127.0.0.1:9", secret=SECRET):
    return Telegram(BOT, secret, base_url=base_url, timeout=0.5, patience=1)


def call(name, secret=SECRET, path="/in/telegram"):
    headers = {"content-type": "application/json", "x-telegram-bot-api-secret-token": secret}
    return Request(
        "POST", f"https://line.school.test{path}", headers, (SAMPLES / f"{name}.json").read_bytes()
    )


async def hear(name):
    heard = await telegram().hear(call(name))
    return heard.events[0]


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_are_what_aiogram_takes_for_updates(name):
    update = aiogram.types.Update.model_validate(json.loads((SAMPLES / f"{name}.json").read_text()))

    assert unknown_fields(update) == []


# updates


async def test_a_message_keeps_words_chat_and_language():
    event = await hear("message")

    assert event.provider_id == "message:300000001"
    assert (event.sender, event.recipient, event.text) == (str(STUDENT), "700100200", "Bis la toujou an reta")
    assert (event.language, event.word, event.answered) == ("ht", None, False)


async def test_start_keeps_its_payload_and_is_ours_to_answer():
    event = await hear("start")

    assert (event.text, event.word, event.answered) == ("/start k7Q_2-x", "start", False)


async def test_the_stop_command_is_ours_to_answer():
    event = await hear("stop")

    assert (event.text, event.word, event.answered) == ("/stop", "stop", False)


@pytest.mark.parametrize(
    ("name", "data"), [("press", "7:travel:walk"), ("press-on-an-old-message", "3:travel:bus")]
)
async def test_a_pressed_button_is_a_choice_and_is_acknowledged_at_once(name, data):
    heard = await telegram().hear(call(name))

    (event,) = heard.events
    answer = json.loads(heard.body)
    assert (event.choice, event.text, event.sender) == (data, "", str(STUDENT))
    assert heard.media_type == "application/json"
    assert aiogram.methods.AnswerCallbackQuery.__api_method__ == answer.pop("method")
    assert unknown_fields(aiogram.methods.AnswerCallbackQuery.model_validate(answer)) == []


@pytest.mark.parametrize(("name", "word"), [("blocked", "stop"), ("unblocked", "start")])
async def test_blocking_and_unblocking_need_no_answer(name, word):
    event = await hear(name)

    assert (event.word, event.answered, event.sender) == (word, True, str(STUDENT))


async def test_voice_and_photo_are_kept_by_file_id_not_by_an_address_with_the_token():
    voice, photo = await hear("voice"), await hear("photo")

    assert voice.media == (Media("AwACAgEAAxkBAAIBmadeup1", "audio/ogg"),)
    assert photo.media == (Media("AgACAgEAAxkBAAIBmadeup-l", "image/jpeg"),)
    assert photo.text == "the corner with no light"


async def test_a_sticker_says_its_emoji_and_a_place_says_nothing():
    assert (await hear("sticker")).text == "👍"
    assert (await hear("location")).text == ""


@pytest.mark.parametrize(
    "name",
    ["group", "edited", "channel-post", "another-bot", "pinned", "press-in-a-group", "added-to-a-group"],
)
async def test_what_is_no_message_from_a_person_to_the_bot_is_taken_and_passed_by(name):
    heard = await telegram().hear(call(name))

    assert (heard.events, heard.status) == ((), 200)


@pytest.mark.parametrize("given", [SECRET, "", "x"])
async def test_an_unset_secret_is_never_right(given):
    with pytest.raises(Refused) as refused:
        await telegram(secret="").hear(call("message", secret=given))

    assert refused.value.status == 403


async def test_another_path_is_not_this_channels():
    with pytest.raises(Refused) as refused:
        await telegram().hear(call("message", path="/in/sms"))

    assert refused.value.status == 422


# sending


async def test_each_option_is_a_button_on_its_own_row():
    double = TelegramDouble(BOT)
    async with serve(double) as url:
        channel = telegram(url)
        sent = await channel.send(
            Outgoing(
                "m1", str(STUDENT), "How?", options=(Option("q:bus", "Otobis"), Option("q:walk", "A pye"))
            )
        )
        await channel.close()

    (message,) = double.messages
    assert message.buttons == (("Otobis", "q:bus"), ("A pye", "q:walk"))
    assert sent.provider_id == f"{STUDENT}:{message.id}"


async def test_marks_of_markup_go_out_as_they_are():
    double = TelegramDouble(BOT)
    async with serve(double) as url:
        channel = telegram(url)
        await channel.send(Outgoing("m1", str(STUDENT), "2 * 3 < 7 & _a_ [b](c)"))
        await channel.close()

    assert double.messages[0].text == "2 * 3 < 7 & _a_ [b](c)"


@pytest.mark.parametrize("payload", ["", "a" * 65, "é" * 33])
async def test_a_payload_that_telegram_would_refuse_is_never_sent(payload):
    with pytest.raises(SendFailed) as refused:
        await telegram().send(Outgoing("m1", str(STUDENT), "How?", options=(Option(payload, "Bus"),)))

    assert refused.value.then == "drop"


async def test_a_text_is_measured_as_telegram_measures_it():
    double = TelegramDouble(BOT)
    async with serve(double) as url:
        channel = telegram(url)
        await channel.send(Outgoing("m1", str(STUDENT), "🚌" * 2048))
        with pytest.raises(SendFailed) as refused:
            await channel.send(Outgoing("m2", str(STUDENT), "🚌" * 2049))
        await channel.close()

    assert refused.value.then == "drop"
    assert len(double.messages) == 1


@pytest.mark.parametrize(
    ("rejection", "then"),
    [
        (Rejection(403, "Forbidden: bot was blocked by the user"), "stop"),
        (Rejection(403, "Forbidden: user is deactivated"), "dead"),
        (Rejection(403, "Forbidden: bot can't initiate conversation with a user"), "dead"),
        (Rejection(400, "Bad Request: chat not found"), "dead"),
        (Rejection(400, "Bad Request: PEER_ID_INVALID"), "dead"),
        (Rejection(400, "Bad Request: message is too long"), "drop"),
        (
            Rejection(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                {"migrate_to_chat_id": -1001234567890},
            ),
            "dead",
        ),
        (Rejection(401, "Unauthorized"), "halt"),
        (Rejection(502, "Bad Gateway"), "unknown"),
    ],
)
async def test_telegrams_refusals_say_what_to_do(rejection, then):
    double = TelegramDouble(BOT, judge=lambda chat, text: rejection)
    async with serve(double) as url:
        channel = telegram(url)
        with pytest.raises(SendFailed) as refused:
            await channel.send(Outgoing("m1", str(STUDENT), "Hello"))
        await channel.close()

    assert refused.value.then == then


@pytest.mark.parametrize(
    ("error", "then"),
    [
        (Forbidden("Forbidden: anything new"), "stop"),
        (BadRequest("Bad Request: anything new"), "drop"),
        (ChatMigrated(-100), "dead"),
        (InvalidToken(), "halt"),
        (TimedOut(), "unknown"),
        (NetworkError("reset"), "unknown"),
        (RuntimeError("a fault of our own"), "unknown"),
    ],
)
def test_every_kind_of_error_has_a_meaning(error, then):
    assert failed(error).then == then


@pytest.mark.parametrize("setting", ["true", "false"])
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_the_time_to_wait_is_read_old_style_and_new(setting, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", setting)

    assert failed(RetryAfter(7)).after == timedelta(seconds=7)
    assert failed(RetryAfter(7)).account  # Telegram does not say whom it means: nobody writes meanwhile


def test_a_flood_warning_raises_no_warning_of_its_own():
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert failed(RetryAfter(timedelta(seconds=7))).then == "retry"


# webhook and polling


async def test_the_webhook_is_registered_with_the_secret_and_only_the_updates_we_read():
    double = TelegramDouble(BOT)
    async with serve(double) as url:
        channel = telegram(url)
        await channel.register_webhook("https://line.school.test/")
        registered = dict(double.webhook)
        await channel.remove_webhook()
        await channel.close()

    assert registered == {
        "url": "https://line.school.test/in/telegram",
        "secret_token": SECRET,
        "allowed_updates": ["message", "callback_query", "my_chat_member"],
        "max_connections": "40",
    }
    assert double.webhook == {}


async def test_a_webhook_without_a_secret_is_not_registered():
    with pytest.raises(ValueError, match="secret"):
        await telegram(secret="").register_webhook("https://line.school.test")


async def test_polling_gives_the_same_events_and_forgets_only_what_was_taken():
    double = TelegramDouble(BOT)
    async with serve(double) as url:
        channel = telegram(url)
        await double.say(STUDENT, "/start abc", language="ht")
        await double.press(STUDENT, "q:bus")
        await double.block(STUDENT)

        first, offset = await channel.poll()
        unacknowledged, _ = await channel.poll()
        after, same = await channel.poll(offset)
        await channel.close()

    assert [(event.text, event.choice, event.word) for event in first] == [
        ("/start abc", None, "start"),
        ("", "q:bus", None),
        ("", None, "stop"),
    ]
    assert unacknowledged == first
    assert (after, same) == ([], offset)
    assert len(double.answered) == 2


async def test_polling_while_a_webhook_is_set_halts():
    double = TelegramDouble(BOT)
    async with serve(double) as url:
        channel = telegram(url)
        await channel.register_webhook("https://line.school.test")
        with pytest.raises(SendFailed) as refused:
            await channel.poll()
        await channel.close()

    assert refused.value.then == "halt"


async def test_polling_without_a_connection_is_tried_again():
    channel = telegram("http://127.0.0.1:9")

    with pytest.raises(SendFailed) as refused:
        await channel.poll()
    await channel.close()

    assert refused.value.then == "retry"


def unknown_fields(model, path=""):
    """Fields that aiogram's models of the Bot API do not know, at any depth."""
    found = [f"{path}{name}" for name in (model.model_extra or {})]
    for name in type(model).model_fields:
        value = getattr(model, name, None)
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(each, aiogram.types.TelegramObject):
                found += unknown_fields(each, f"{path}{name}.")
    return found
