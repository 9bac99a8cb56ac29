"""The world around the service in the crash test: people who answer, providers at the end of a long line."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import Counter
from random import Random
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.doubles import TelegramDouble, TwilioDouble
from channels.doubles import telegram as telegram_double
from channels.doubles import twilio as twilio_double

ACCOUNT, TOKEN = "AC" + "0" * 32, "a-made-up-auth-token"
BOT, SECRET = "700100200:AA-made-up-bot-token", "a-made-up-secret"
OURS = "+16175550100"
ASKED = re.compile(r"Question (\d+)")


class LongLine:
    """A provider that takes a while to hear and a while to be heard. What breaks off before it is heard is lost."""

    def __init__(self, inner: ASGIApp, random: Random) -> None:
        self._inner = inner
        self._random = random
        self.lost = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        heard: list[Message] = []
        while not heard or heard[-1].get("more_body"):
            heard.append(await receive())
        try:
            await asyncio.wait_for(receive(), self._random.uniform(0.01, 0.2))
        except TimeoutError:  # nobody has hung up
            heard.reverse()
            await self._inner(scope, lambda: _next(heard, receive), lambda each: self._slowly(send, each))
        else:
            self.lost += 1

    async def _slowly(self, send: Send, message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(self._random.uniform(0.002, 0.04))
        await send(message)


async def _next(heard: list[Message], receive: Receive) -> Message:
    return heard.pop() if heard else await receive()


class World:
    """Both providers, and everybody who was asked. Each answers each question once, in words of their own.

    ``taken`` are the texts that the service has acknowledged; ``calls`` counts the webhook calls that this took.
    """

    def __init__(self, public_url: str, random: Random, http: httpx.AsyncClient) -> None:
        self.taken: list[str] = []
        self.calls = 0
        self.talking = 0
        self._random = random
        self._answered: set[tuple[str, str]] = set()
        self.twilio = TwilioDouble(
            ACCOUNT, TOKEN, target=public_url, number=OURS, on_message=self._on_sms, http=http
        )
        self.telegram = TelegramDouble(BOT, on_message=self._on_telegram, http=http)
        self.telegram.webhook = {"url": f"{public_url}/in/telegram", "secret_token": SECRET}
        self.twilio_line, self.telegram_line = LongLine(self.twilio, random), LongLine(self.telegram, random)

    async def _on_sms(self, message: twilio_double.Message) -> None:
        self.talking += 1
        try:
            if self._random.random() < 0.5:  # a receipt is sent once, and lost if nobody takes it
                await self._once(lambda: self.twilio.report(message.sid, "delivered"))
            text = self._answer(message.to, message.body)
            if text:
                sid = "SM" + secrets.token_hex(16)
                await self._until_taken(
                    text,
                    lambda: self.twilio.deliver(
                        message.to, text, MessageSid=sid, SmsMessageSid=sid, SmsSid=sid
                    ),
                )
        finally:
            self.talking -= 1

    async def _on_telegram(self, message: telegram_double.Message) -> None:
        self.talking += 1
        try:
            text = self._answer(str(message.chat), message.text)
            if text:
                number = secrets.randbits(40)
                person = {"id": message.chat, "is_bot": False, "first_name": "Sam", "language_code": "en"}
                chat = {"id": message.chat, "first_name": "Sam", "type": "private"}
                said = {
                    "message_id": number,
                    "from": person,
                    "chat": chat,
                    "date": 1_790_000_000,
                    "text": text,
                }
                await self._until_taken(
                    text, lambda: self.telegram.deliver({"update_id": number, "message": said})
                )
        finally:
            self.talking -= 1

    def _answer(self, who: str, asked: str) -> str | None:
        number = ASKED.search(asked)
        if number is None or (who, number[1]) in self._answered:
            return None
        self._answered.add((who, number[1]))
        return f"{who} has this to say to question {number[1]}"

    async def _until_taken(self, text: str, call: Any) -> None:
        await asyncio.sleep(self._random.uniform(0, 0.3))  # people think
        while not await self._once(call):
            await asyncio.sleep(self._random.uniform(0.3, 0.8))
        self.taken.append(text)

    async def _once(self, call: Any) -> bool:
        self.calls += 1
        try:
            response = await call()
        except httpx.HTTPError:
            return False
        return response is not None and response.is_success

    def doubled(self) -> list[str]:
        """What anyone was sent more than once."""
        ids = Counter(message.status_callback for message in self.twilio.messages)
        texts = Counter((message.to, message.body) for message in self.twilio.messages)
        texts += Counter((str(message.chat), message.text) for message in self.telegram.messages)
        return [str(what) for what, times in (ids + texts).items() if times > 1]
