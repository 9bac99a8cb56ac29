"""What every channel speaks: what was heard, what is to be sent, what became of it.

A channel knows one provider's wire format and nothing of people, surveys or the store.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

Word = Literal["stop", "start", "help"]
"""A word that the provider itself has recognised (and, where it says so, answered)."""

Delivery = Literal["queued", "sent", "delivered", "read", "failed"]
"""What a provider says of a message. Ranked in that order: a receipt never steps back; *failed* is final."""


@dataclass(frozen=True, slots=True)
class Request:
    """A webhook call as it came off the wire, so that a signature can be checked against every byte.

    ``url`` is the public address the provider was given (scheme, host, path, raw query), not what a proxy passed
    on; ``headers`` have lower-case names.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or voice note: where the provider keeps it, and its media type."""

    url: str
    type: str


@dataclass(frozen=True, slots=True)
class Received:
    """One message from one person.

    ``provider_id`` is unique within the channel: the same id is the same message, however often it is delivered.
    ``sender`` is the person's address (E.164 number, Telegram chat id). ``choice`` is the payload of a pressed
    button. ``word`` is set only where the provider itself read STOP/START/HELP, or reports a block (``stop``) or
    unblock (``start``); ``answered`` says that it has replied, or that no reply can reach the person.
    ``language`` is a hint (the app's interface language), never a fact.
    """

    channel: str
    provider_id: str
    sender: str
    recipient: str
    text: str
    choice: str | None = None
    word: Word | None = None
    answered: bool = False
    language: str | None = None
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a message we sent. ``message`` is our own id where the provider gives it back."""

    channel: str
    provider_id: str
    status: Delivery
    message: str | None = None
    code: str | None = None
    failure: SendFailed | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What one webhook call held, and the response the provider expects once all of it is stored."""

    events: tuple[Received | Receipt, ...]
    body: bytes = b""
    media_type: str = "text/plain"
    status: int = 200


class Refused(Exception):  # noqa: N818
    """A webhook call that is not the provider's, or not well formed: nothing of it is stored.

    ``status`` is 403 (not signed, or wrongly), 413 (too large) or 422 (signed, but unreadable).
    """

    def __init__(self, status: Literal[403, 413, 422], reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True, slots=True)
class Option:
    """A choice that a channel may draw as a button. ``payload`` comes back as ``Received.choice``; 64 bytes at most."""

    payload: str
    label: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one person. ``id`` is ours; a channel passes it along wherever the provider will return it.

    ``valid_until``: where the provider may keep it waiting, it is not to go out after this.
    """

    id: str
    to: str
    text: str
    language: str = "en"
    options: tuple[Option, ...] = ()
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider has taken the message and calls it ``provider_id``."""

    provider_id: str
    status: Delivery = "sent"


Then = Literal["retry", "drop", "stop", "dead", "halt", "unknown"]


class SendFailed(Exception):  # noqa: N818
    """A message was not (surely) sent. ``then`` says what the caller can do:

    ``retry``    the provider surely did not take it; try again after ``after``
    ``drop``     this message cannot go; the address is fine
    ``stop``     the person has opted out at the provider: suppress the address, never retry
    ``dead``     the address cannot receive on this channel: mark it, never retry
    ``halt``     our account or sender is at fault: pause the channel and tell an operator
    ``unknown``  it may have been sent (time-out, cut connection): never repeat blindly, reconcile

    ``account`` with *retry*: it is not this message but the whole sender that has to wait so long.
    """

    def __init__(
        self,
        reason: str,
        then: Then,
        *,
        code: str | None = None,
        after: timedelta | None = None,
        account: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.then = then
        self.code = code
        self.after = after
        self.account = account


@dataclass(frozen=True, slots=True)
class Trace:
    """An uncertain send, described well enough to look for it at the provider.

    ``since`` is when the send began; ``known`` are provider ids already matched to other messages of ours.
    """

    outgoing: Outgoing
    since: datetime
    known: Collection[str] = field(default_factory=frozenset)


class Channel(Protocol):
    """One medium. Everything that a provider does differently stays behind these five."""

    name: str
    """``sms``, ``telegram``, ``console`` …: the key under which messages are stored."""
    asks: bool
    """Whether the provider can be asked what became of an uncertain send."""
    in_flight: int
    """How many sends to have under way at once."""
    chat_gap: timedelta
    """How long to leave one person alone after a message, where the provider limits each chat; else zero."""

    async def hear(self, request: Request) -> Heard:
        """Check and read one webhook call. Raises Refused."""
        ...

    async def send(self, outgoing: Outgoing) -> Sent:
        """Hand one message to the provider. Raises SendFailed."""
        ...

    async def find(self, trace: Trace) -> Sent | None:
        """Ask the provider for an uncertain send; None when it surely has none. Raises SendFailed("…", "retry")."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...
