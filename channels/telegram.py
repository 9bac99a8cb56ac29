"""Telegram: a bot in private chats. python-telegram-bot reads the updates and makes the calls."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import TelegramError

from channels import telegram_updates, telegram_wire
from channels.base import Heard, Outgoing, Receipt, Received, Refused, Request, SendFailed, Sent, Trace
from channels.wire import bound, same

MESSAGES = "/in/telegram"
LONGEST = 4096  # in UTF-16 units, in which Telegram counts
LONGEST_PAYLOAD = 64
CHAT_GAP = timedelta(seconds=1)
"""One message a second to one chat: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this"""
ALLOWED = ["message", "callback_query", "my_chat_member"]


class Telegram:
    """One bot. ``secret`` is what we told Telegram to send along with every webhook call.

    ``chat_gap`` is zero only where nobody counts: with a double.
    """

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
        chat_gap: timedelta = CHAT_GAP,
    ) -> None:
        self.chat_gap = chat_gap
        telegram_wire.mask(token)
        self._secret = secret
        self._patience = patience
        self._id = token.partition(":")[0]
        self._requests = (telegram_wire.wire(timeout, 1), telegram_wire.wire(timeout, self.in_flight + 2))
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
        update = telegram_updates.parse(request.body)
        events = telegram_updates.read(update, self._id)
        if update.callback_query is None:
            return Heard(events)
        # Until it is answered, the button spins. https://core.telegram.org/bots/api#making-requests-when-getting-updates
        answer = {"method": "answerCallbackQuery", "callback_query_id": update.callback_query.id}
        return Heard(events, json.dumps(answer).encode(), "application/json")

    async def send(self, outgoing: Outgoing) -> Sent:
        """Send plain text, each option a button on its own row. Raises SendFailed."""
        if not 0 < len(outgoing.text.encode("utf-16-le", "replace")) <= 2 * LONGEST:
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
            failed = telegram_wire.failed(error)
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
            updates, failed = (), telegram_wire.failed(error)
        if failed is not None:
            raise failed
        for update in updates:
            if update.callback_query is not None:
                await self._answer(update.callback_query.id)
        events: list[Received | Receipt] = []
        for update in updates:
            with suppress(Refused):  # unreadable, and would be again: pass it by
                events += telegram_updates.read(update, self._id)
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
            failed = telegram_wire.failed(error)
        raise failed

    async def _answer(self, query: str) -> None:
        with suppress(TelegramError):  # too old, or the connection broke: the button stops by itself
            await self._bot.answer_callback_query(query)
