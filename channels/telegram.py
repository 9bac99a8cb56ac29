"""Telegram: a bot in private chats. python-telegram-bot reads the updates and makes the calls.

Wire format: https://core.telegram.org/bots/api. The bot's token is part of every address called, so no address may
ever reach a log or an exception.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message, Update
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from channels.base import (
    Heard,
    Media,
    Outgoing,
    Receipt,
    Received,
    Refused,
    Request,
    SendFailed,
    Sent,
    Then,
    Trace,
    Word,
)
from channels.wire import Masked, bound, clean, same

# The library is moving from seconds to timedelta and warns on every use of the old way; this is its switch.
os.environ.setdefault("PTB_TIMEDELTA", "true")

MESSAGES = "/in/telegram"
LONGEST = 4096
LONGEST_PAYLOAD = 64
ALLOWED = ["message", "callback_query", "my_chat_member"]

COMMANDS: dict[str, Word] = {"/start": "start", "/stop": "stop", "/help": "help"}
MEMBERSHIP: dict[str, Word] = {"kicked": "stop", "member": "start"}

# (kind of error, words in its description, what we say, what the caller does), first match wins.
# Telegram gives no codes beyond the HTTP status: the descriptions are all there is.
FAILURES: tuple[tuple[type[TelegramError], str, str, Then], ...] = (
    (Forbidden, "deactivated", "the account is gone", "dead"),
    (Forbidden, "initiate", "the person has not started the bot", "dead"),
    (Forbidden, "to bots", "the address is a bot", "dead"),
    (Forbidden, "", "the person has blocked the bot", "stop"),
    (BadRequest, "chat not found", "no such chat", "dead"),
    (BadRequest, "user not found", "no such person", "dead"),
    (BadRequest, "peer_id_invalid", "no such chat", "dead"),
    (BadRequest, "chat_id is empty", "no such chat", "dead"),
    (BadRequest, "have no rights", "the bot may not write in this chat", "dead"),
    (BadRequest, "", "refused as malformed", "drop"),
    (ChatMigrated, "", "the chat has become a group of another address", "dead"),
    (InvalidToken, "", "wrong bot token", "halt"),
    (Conflict, "", "another program is fetching this bot's messages", "halt"),
)


class Telegram:
    """One bot. ``secret`` is what we told Telegram to send along with every webhook call."""

    name = "telegram"
    asks = False
    in_flight = 4

    def __init__(
        self,
        token: str,
        secret: str,
        *,
        base_url: str | None = None,
        timeout: float = 15.0,
        patience: int = 25,
    ) -> None:
        _mask(token)
        self._secret = secret
        self._patience = patience
        self._id = token.partition(":")[0]
        self._requests = (_wire(timeout, 1), _wire(timeout, self.in_flight + 2))
        self._bot = Bot(
            token,
            base_url=f"{(base_url or 'https://api.telegram.org').rstrip('/')}/bot",
            get_updates_request=self._requests[0],
            request=self._requests[1],
        )

    async def hear(self, request: Request) -> Heard:
        """Read one update. A pressed button is acknowledged in the response itself. Raises Refused."""
        bound(request)
        if not same(request.headers.get("x-telegram-bot-api-secret-token"), self._secret):
            raise Refused(403, "secret missing or wrong")
        if not urlsplit(request.url).path.endswith(MESSAGES):
            raise Refused(422, "not an address of this channel")
        update = _update(request.body)
        events = tuple(self._read(update))
        if update.callback_query is None:
            return Heard(events)
        # Until it is answered, the button spins. https://core.telegram.org/bots/api#making-requests-when-getting-updates
        answer = {"method": "answerCallbackQuery", "callback_query_id": update.callback_query.id}
        return Heard(events, json.dumps(answer).encode(), "application/json")

    async def send(self, outgoing: Outgoing) -> Sent:
        """Send plain text, each option a button on its own row. Raises SendFailed."""
        if not 0 < len(outgoing.text) <= LONGEST:
            raise SendFailed("text empty or too long", "drop")
        if any(not 0 < len(option.payload.encode()) <= LONGEST_PAYLOAD for option in outgoing.options):
            raise SendFailed("a button's payload is empty or too long", "drop")
        rows = [[InlineKeyboardButton(each.label, callback_data=each.payload)] for each in outgoing.options]
        try:
            message = await self._bot.send_message(
                chat_id=outgoing.to,
                text=outgoing.text,
                reply_markup=InlineKeyboardMarkup(rows) if rows else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
            return Sent(f"{message.chat.id}:{message.message_id}")
        except Exception as error:
            failed = _failed(error)
        # Raised outside the handler: the library's exceptions quote addresses, and the addresses hold the token.
        raise failed

    async def find(self, trace: Trace) -> Sent | None:
        """Always raises SendFailed: a bot cannot read what it has sent."""
        raise SendFailed("a bot cannot look up what it has sent", "unknown")

    async def close(self) -> None:
        """Close the connections to Telegram."""
        for request in self._requests:
            await request.shutdown()

    async def poll(self, offset: int = 0) -> tuple[list[Received | Receipt], int]:
        """Fetch what has come since ``offset``, waiting a while for it; gives the events and the next offset.

        For a computer that Telegram cannot call. Telegram forgets whatever lies below the offset of the next call:
        store the events first, and only then poll again with the offset given here. Raises SendFailed.
        """
        try:
            updates = await self._bot.get_updates(
                offset=offset, timeout=self._patience, allowed_updates=ALLOWED
            )
            failed = None
        except Exception as error:
            updates, failed = (), _failed(error)
        if failed is not None:
            raise failed
        for update in updates:
            if update.callback_query is not None:
                await self._answer(update.callback_query.id)
        events: list[Received | Receipt] = [event for update in updates for event in self._read(update)]
        return events, max((update.update_id + 1 for update in updates), default=offset)

    async def register_webhook(self, public_url: str) -> None:
        """Tell Telegram where to call us, with our secret. Raises SendFailed, and ValueError without a secret."""
        if not self._secret:
            raise ValueError("a webhook needs a secret")
        await self._ask(
            self._bot.set_webhook,
            url=f"{public_url.rstrip('/')}{MESSAGES}",
            secret_token=self._secret,
            allowed_updates=ALLOWED,
            max_connections=40,
        )

    async def remove_webhook(self) -> None:
        """Before polling: Telegram refuses to be polled while a webhook is set. Raises SendFailed."""
        await self._ask(self._bot.delete_webhook)

    async def _ask(self, call: Any, **params: object) -> None:
        try:
            await call(**params)
            return
        except Exception as error:
            failed = _failed(error)
        raise failed

    async def _answer(self, query: str) -> None:
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError:
            return  # too old to be answered, or a broken connection: the button stops by itself

    def _read(self, update: Update) -> Iterator[Received]:
        """The events of one update: none where it is not from a person in a private chat with the bot."""
        if update.message is not None:
            yield from self._message(update.update_id, update.message)
        elif (query := update.callback_query) is not None:
            chat = query.message.chat if query.message is not None else None
            if query.data and chat is not None and chat.type == "private" and not query.from_user.is_bot:
                yield self._received(
                    f"callback:{update.update_id}",
                    chat.id,
                    query.from_user.language_code,
                    choice=clean(query.data),
                )
        elif (change := update.my_chat_member) is not None and change.chat.type == "private":
            word = MEMBERSHIP.get(change.new_chat_member.status)
            if word and change.new_chat_member.status != change.old_chat_member.status:
                yield self._received(
                    f"member:{update.update_id}",
                    change.chat.id,
                    change.from_user.language_code,
                    word=word,
                    answered=True,
                )

    def _message(self, number: int, message: Message) -> Iterator[Received]:
        person = message.from_user
        if message.chat.type != "private" or person is None or person.is_bot:
            return
        sticker = message.sticker.emoji if message.sticker else None
        text = clean(message.text or message.caption or sticker or "")
        if not text and message.effective_attachment is None:
            return  # a service message: pinned, timer changed and the like
        command = text.split(maxsplit=1)[0].lower() if text.startswith("/") else ""
        yield self._received(
            f"message:{number}",
            message.chat.id,
            person.language_code,
            text=text,
            word=COMMANDS.get(command),
            media=tuple(_media(message)),
        )

    def _received(
        self, provider_id: str, chat: int, language: str | None, *, text: str = "", **more: Any
    ) -> Received:
        hint = clean(language) if language else None
        return Received(self.name, provider_id, str(chat), self._id, text, language=hint, **more)


def _update(body: bytes) -> Update:
    try:
        document = json.loads(body)
        update = Update.de_json(document, None) if isinstance(document, dict) else None
    except Exception:  # the library checks nothing: a wrong type fails anywhere, in any way
        update = None
    if update is None or not isinstance(update.update_id, int):
        raise Refused(422, "not an update")
    return update


def _media(message: Message) -> Iterator[Media]:
    """What came along, by file id: an address from getFile would hold the bot's token."""
    if message.photo:
        yield Media(clean(message.photo[-1].file_id), "image/jpeg")  # sizes come smallest first
    for kind, default in (
        (message.voice, "audio/ogg"),
        (message.audio, "audio/mpeg"),
        (message.video, "video/mp4"),
    ):
        if kind is not None:
            yield Media(clean(kind.file_id), clean(kind.mime_type or default))
    if message.video_note is not None:
        yield Media(clean(message.video_note.file_id), "video/mp4")
    if message.document is not None:
        yield Media(
            clean(message.document.file_id), clean(message.document.mime_type or "application/octet-stream")
        )


def _failed(error: Exception) -> SendFailed:
    """What an exception of the client means, in our words and none of its own."""
    if isinstance(error, RetryAfter):
        return SendFailed("sending too fast", "retry", code="429", after=_wait(error))
    described = str(error).lower()
    for kind, words, reason, then in FAILURES:
        if isinstance(error, kind) and words in described:
            return SendFailed(reason, then)
    # BadRequest is a NetworkError too, and was read above. Of the rest, only these surely sent nothing.
    if isinstance(error.__cause__, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
        return SendFailed("the provider could not be reached", "retry", after=timedelta(seconds=30))
    if isinstance(error, NetworkError):
        return SendFailed(
            "the connection to the provider broke", "unknown", code=type(error.__cause__ or error).__name__
        )
    return SendFailed("the provider's answer could not be read", "unknown", code=type(error).__name__)


def _wait(error: RetryAfter) -> timedelta:
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def _wire(timeout: float, connections: int) -> HTTPXRequest:
    return _Wire(
        connection_pool_size=connections,
        read_timeout=timeout,
        write_timeout=timeout,
        connect_timeout=min(5.0, timeout),
        pool_timeout=timeout,
    )


class _Wire(HTTPXRequest):
    """httpx as the library uses it, less its habit of logging a response that it cannot read."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            document = json.loads(payload)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise TelegramError("Invalid server response")
        return document


def _mask(token: str) -> None:
    """Keep the token out of httpx's log, and people's words out of the library's debug log."""
    mark = f"masked {hashlib.sha256(token.encode()).hexdigest()}"
    log = logging.getLogger("httpx")
    if not any(each.name == mark for each in log.filters if isinstance(each, Masked)):
        masked = Masked(token)
        masked.name = mark
        log.addFilter(masked)
    logging.getLogger("telegram").setLevel(logging.WARNING)
