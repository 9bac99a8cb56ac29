"""A stand-in for Telegram: the part of the Bot API that a bot in private chats uses, and the updates that it gets.

Shapes as in https://core.telegram.org/bots/api; errors in the words of Telegram's own server.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.doubles.faults import Background, Cut, Faults, Stall


@dataclass(frozen=True, slots=True)
class Message:
    """One message that the bot has sent. ``buttons`` are (label, callback data) from top to bottom."""

    chat: int
    id: int
    text: str
    buttons: tuple[tuple[str, str], ...]
    at: float


@dataclass(frozen=True, slots=True)
class Rejection:
    """An error as Telegram words it."""

    code: int
    description: str
    parameters: Mapping[str, int] | None = None


BLOCKED = Rejection(403, "Forbidden: bot was blocked by the user")
Judge = Callable[[int, str], Rejection | None]


class TelegramDouble:
    """An ASGI app. ``messages`` holds what the bot has sent; ``say``, ``press``, ``block`` are what people do.

    Updates go to the webhook once ``setWebhook`` was called, with its secret; until then they wait for
    ``getUpdates``. ``on_message`` is awaited, after the response, for each message taken: a student who answers.
    ``judge(chat, text)`` decides what is refused; ``faults.add("429")`` breaks the next send. ``answered`` holds the
    ids of acknowledged button presses, whichever way the bot acknowledged them.
    """

    def __init__(
        self,
        token: str,
        *,
        on_message: Callable[[Message], Awaitable[object]] | None = None,
        judge: Judge = lambda chat, text: None,
        username: str = "openline_demo_bot",
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self.token = token
        self.on_message = on_message
        self.judge = judge
        self.messages: list[Message] = []
        self.answered: list[str] = []
        self.blocked: set[int] = set()
        self.faults = Faults()
        self.background = Background()
        self.webhook: dict[str, Any] = {}
        self._bot = {
            "id": int(token.split(":")[0]),
            "is_bot": True,
            "first_name": "Openline",
            "username": username,
        }
        self._updates: deque[dict[str, Any]] = deque()
        self._arrived = asyncio.Event()
        self._numbers = itertools.count(100_000_001)
        self._message_ids = itertools.count(1)
        self._people: dict[int, dict[str, Any]] = {}
        self._http = http
        self._methods = {
            "getme": self._get_me,
            "sendmessage": self._send_message,
            "answercallbackquery": self._answer,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
            "getupdates": self._get_updates,
        }
        self._app = Starlette(routes=[Route("/bot{token}/{method}", self._call, methods=["GET", "POST"])])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    async def say(
        self, chat: int, text: str, *, language: str | None = "en", **more: Any
    ) -> httpx.Response | None:
        """A person writes to the bot; ``more`` are further fields of the message, as a photo."""
        words = {"text": text} if text else {}
        if text.startswith("/"):
            length = len(text.split(maxsplit=1)[0])
            words["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]  # type: ignore[assignment]
        message = self._message(chat, self._person(chat, language)) | words | more
        return await self.deliver({"message": message})

    async def press(self, chat: int, data: str, *, language: str | None = "en") -> httpx.Response | None:
        """A person presses a button of the last message that had buttons."""
        person, number = self._person(chat, language), next(self._numbers)
        shown = next((each for each in reversed(self.messages) if each.chat == chat and each.buttons), None)
        under = self._message(chat, self._bot, shown.id if shown else None) | {
            "text": shown.text if shown else "?"
        }
        query = {
            "id": str(number << 8),
            "from": person,
            "message": under,
            "chat_instance": str(chat),
            "data": data,
        }
        return await self.deliver({"callback_query": query})

    async def block(self, chat: int) -> httpx.Response | None:
        """A person blocks the bot: the bot hears of it, and can no longer send."""
        self.blocked.add(chat)
        return await self._member(chat, "member", "kicked")

    async def unblock(self, chat: int) -> httpx.Response | None:
        """A person takes the block back."""
        self.blocked.discard(chat)
        return await self._member(chat, "kicked", "member")

    async def deliver(self, update: Mapping[str, Any]) -> httpx.Response | None:
        """Hand one update to the bot: to its webhook, where the response may hold a call; else it waits."""
        numbered = {"update_id": next(self._numbers)} | dict(update)
        wanted = self.webhook.get("allowed_updates")
        if wanted and not set(wanted) & set(update):
            return None
        if not self.webhook.get("url"):
            self._updates.append(numbered)
            self._arrived.set()
            return None
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=30)
        secret = self.webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        response = await self._http.post(self.webhook["url"], json=numbered, headers=headers)
        if response.is_success and response.headers.get("content-type", "").startswith("application/json"):
            called = response.json()
            method = self._methods.get(str(called.pop("method", "")).lower())
            if method is not None:
                await method(called)
        return response

    async def close(self) -> None:
        """Give up hooks that are still under way, and connections."""
        await self.background.stop()
        if self._http is not None:
            await self._http.aclose()

    def _person(self, chat: int, language: str | None) -> dict[str, Any]:
        person = {"id": chat, "is_bot": False, "first_name": "Sam"}
        return person | ({"language_code": language} if language else {})

    def _message(self, chat: int, sender: Mapping[str, Any], number: int | None = None) -> dict[str, Any]:
        return {
            "message_id": number or next(self._message_ids),
            "from": dict(sender),
            "chat": {"id": chat, "first_name": "Sam", "type": "private"},
            "date": int(time.time()),
        }

    async def _member(self, chat: int, before: str, after: str) -> httpx.Response | None:
        def status(name: str) -> dict[str, Any]:
            return {"user": self._bot, "status": name} | ({"until_date": 0} if name == "kicked" else {})

        change = self._message(chat, self._person(chat, "en"))
        del change["message_id"]
        return await self.deliver(
            {"my_chat_member": change | {"old_chat_member": status(before), "new_chat_member": status(after)}}
        )

    async def _call(self, request: Request) -> ASGIApp:
        if request.path_params["token"] != self.token:
            return _shown(Rejection(401, "Unauthorized"))
        method = self._methods.get(request.path_params["method"].lower())
        if method is None:
            return _shown(Rejection(404, "Not Found"))
        if method != self._send_message:
            return _shown(await method(await _params(request)))
        fault = self.faults.take()
        if fault == "500":
            return _shown(Rejection(500, "Internal Server Error"))
        if fault == "429":
            return _shown(Rejection(429, "Too Many Requests: retry after 3", {"retry_after": 3}))
        result = await method(await _params(request))
        if fault is None or isinstance(result, Rejection):
            return _shown(result)
        broken: dict[str, ASGIApp] = {
            "cut": Cut(),
            "stall": Stall(),
            "garbage": JSONResponse("neither ok nor not"),
        }
        return broken[fault]

    async def _get_me(self, params: Mapping[str, Any]) -> object:
        return self._bot | {
            "can_join_groups": False, "can_read_all_group_messages": False, "supports_inline_queries": False,
            "can_connect_to_business": False, "has_main_web_app": False,
        }  # fmt: skip

    async def _send_message(self, params: Mapping[str, Any]) -> object:
        chat, text = params.get("chat_id"), str(params.get("text", ""))
        if not text.strip():
            return Rejection(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) > 2 * 4096:
            return Rejection(400, "Bad Request: message is too long")
        if not re.fullmatch(r"-?\d+", str(chat)):
            return Rejection(400, "Bad Request: chat not found")
        keyboard = (params.get("reply_markup") or {}).get("inline_keyboard", [])
        buttons = tuple((each["text"], each.get("callback_data", "")) for row in keyboard for each in row)
        if any(not 1 <= len(data.encode()) <= 64 for _, data in buttons):
            return Rejection(400, "Bad Request: BUTTON_DATA_INVALID")
        number = int(str(chat))
        refusal = BLOCKED if number in self.blocked else self.judge(number, text)
        if refusal is not None:
            return refusal
        shown = self._message(number, self._bot) | {"text": text}
        if keyboard:
            shown["reply_markup"] = {"inline_keyboard": keyboard}
        message = Message(number, shown["message_id"], text, buttons, time.time())
        self.messages.append(message)
        if self.on_message is not None:
            self.background.start(_run(self.on_message, message))
        return shown

    async def _answer(self, params: Mapping[str, Any]) -> object:
        if not params.get("callback_query_id"):
            return Rejection(400, "Bad Request: invalid callback query ID specified")
        self.answered.append(str(params["callback_query_id"]))
        return True

    async def _set_webhook(self, params: Mapping[str, Any]) -> object:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", str(params.get("secret_token", ""))):
            return Rejection(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = dict(params)
        return True

    async def _delete_webhook(self, params: Mapping[str, Any]) -> object:
        self.webhook = {}
        return True

    async def _webhook_info(self, params: Mapping[str, Any]) -> object:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
            "max_connections": int(self.webhook.get("max_connections", 40)),
            "allowed_updates": self.webhook.get("allowed_updates", []),
        }

    async def _get_updates(self, params: Mapping[str, Any]) -> object:
        if self.webhook.get("url"):
            return Rejection(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(params.get("offset", 0))
        while self._updates and self._updates[0]["update_id"] < offset:
            self._updates.popleft()
        if not self._updates:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), float(params.get("timeout", 0)) or 0.001)
            except TimeoutError:
                return []
        wanted = set(params.get("allowed_updates") or ())
        return [each for each in self._updates if not wanted or wanted & set(each)][
            : int(params.get("limit", 100))
        ]


async def _params(request: Request) -> dict[str, Any]:
    """Parameters as Telegram takes them: in the query, as JSON, or as a form whose objects are JSON texts."""
    params: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        return params | dict(await request.json())
    async with request.form() as form:
        given = {name: value for name, value in form.items() if isinstance(value, str)}
    nested = {"reply_markup", "allowed_updates", "link_preview_options"}
    return params | {name: json.loads(value) if name in nested else value for name, value in given.items()}


def _shown(result: object) -> JSONResponse:
    if not isinstance(result, Rejection):
        return JSONResponse({"ok": True, "result": result})
    told: dict[str, Any] = {"ok": False, "error_code": result.code, "description": result.description}
    if result.parameters:
        told["parameters"] = dict(result.parameters)
    return JSONResponse(told, result.code)


async def _run(hook: Callable[[Message], Awaitable[object]], message: Message) -> None:
    await hook(message)
