"""What an update of Telegram's says: https://core.telegram.org/bots/api#update."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from telegram import Message, Update

from channels.base import Media, Received, Refused, Word
from channels.wire import clean

COMMANDS: dict[str, Word] = {"/start": "start", "/stop": "stop", "/help": "help"}
MEMBERSHIP: dict[str, Word] = {"kicked": "stop", "member": "start"}


def parse(body: bytes) -> Update:
    """The update in a webhook's body. Raises Refused(422)."""
    try:
        document = json.loads(body)
        update = Update.de_json(document, None) if isinstance(document, dict) else None
    except Exception:  # the library checks nothing: a wrong type fails anywhere, in any way
        update = None
    if update is None or not isinstance(update.update_id, int):
        raise Refused(422, "not an update")
    return update


def read(update: Update, bot: str) -> tuple[Received, ...]:
    """The events of one update: none where it is not from a person in a private chat with the bot.

    ``bot`` is our own id. Raises Refused(422) where a field is of the wrong type: the library does not look.
    """
    try:
        return tuple(_events(update, bot))
    except Exception:
        raise Refused(422, "not an update") from None


def _events(update: Update, bot: str) -> Iterator[Received]:
    if update.message is not None:
        yield from _message(update.update_id, update.message, bot)
    elif (query := update.callback_query) is not None:
        chat = query.message.chat if query.message is not None else None
        if query.data and chat is not None and chat.type == "private" and not query.from_user.is_bot:
            yield _received(
                bot,
                f"callback:{update.update_id}",
                chat.id,
                query.from_user.language_code,
                choice=clean(query.data),
            )
    elif (change := update.my_chat_member) is not None and change.chat.type == "private":
        word = MEMBERSHIP.get(change.new_chat_member.status)
        if word and change.new_chat_member.status != change.old_chat_member.status:
            yield _received(
                bot,
                f"member:{update.update_id}",
                change.chat.id,
                change.from_user.language_code,
                word=word,
                answered=True,
            )


def _message(number: int, message: Message, bot: str) -> Iterator[Received]:
    person = message.from_user
    if message.chat.type != "private" or person is None or person.is_bot:
        return
    sticker = message.sticker.emoji if message.sticker else None
    text = clean(message.text or message.caption or sticker or "")
    if not text and message.effective_attachment is None:
        return  # a service message: pinned, timer changed and the like
    command = text.split(maxsplit=1)[0].lower() if text.startswith("/") else ""
    yield _received(
        bot,
        f"message:{number}",
        message.chat.id,
        person.language_code,
        text=text,
        word=COMMANDS.get(command),
        media=tuple(_media(message)),
    )


def _received(
    bot: str, provider_id: str, chat: int, language: str | None, *, text: str = "", **more: Any
) -> Received:
    hint = clean(language) if language else None
    return Received("telegram", provider_id, str(chat), bot, text, language=hint, **more)


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
