"""SMS through Twilio: signed webhooks in, the Messages resource out.

Wire format: https://www.twilio.com/docs/messaging/guides/webhook-request and
https://www.twilio.com/docs/messaging/api/message-resource.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from twilio.rest import Client

from channels import twilio_wire
from channels.base import (
    Delivery,
    Heard,
    Media,
    Outgoing,
    Receipt,
    Received,
    Refused,
    Request,
    SendFailed,
    Sent,
    Trace,
    Word,
)
from channels.twilio_codes import failure, number
from channels.twilio_signature import signed
from channels.wire import bound, clean

MESSAGES = "/in/sms"
RECEIPTS = "/in/sms/status"
LONGEST = 1600
VALID_AT_MOST = 36_000
"""Seconds that Twilio keeps a message waiting unless it is told less, and no more than that: its error 30036."""

DELIVERY: dict[str, Delivery] = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "partially_delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}

# Twilio's default words on a number without Advanced Opt-Out. YES is one of them only while the sender is opted
# out, and is an answer to a survey at any other time: it is left to the survey.
KEYWORDS: dict[str, Word] = {
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), "stop"),
    **dict.fromkeys(("START", "UNSTOP"), "start"),
    **dict.fromkeys(("HELP", "INFO"), "help"),
}
OPT_OUT_TYPES: dict[str, Word] = {"STOP": "stop", "START": "start", "HELP": "help"}

TRIAL = "Sent from your Twilio trial account - "
EMPTY_TWIML = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
SKEW = timedelta(minutes=2)  # between Twilio's clock, in whole seconds, and ours


class Sms:
    """One Twilio account and one sender: a number in E.164, or a Messaging Service (``MG…``).

    ``public_url`` is our address as Twilio calls it; receipts come to ``{public_url}/in/sms/status?id=…``.
    ``second_token`` is also accepted in signatures, while the account's token is being changed.
    ``provider_answers_keywords`` is False only where the operator had Twilio's own handling of STOP switched off.
    """

    name = "sms"
    asks = True
    in_flight = 16
    chat_gap = timedelta()

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        from_: str,
        *,
        public_url: str,
        base_url: str | None = None,
        second_token: str | None = None,
        provider_answers_keywords: bool = True,
        timeout: float = 15.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._sender = {"messaging_service_sid" if from_.startswith("MG") else "from_": from_}
        self._from = from_
        self._public_url = public_url.rstrip("/")
        self._tokens = (auth_token, second_token or "")
        self._keywords = KEYWORDS if provider_answers_keywords else {}
        self._now = now
        self._wire = twilio_wire.Wire(timeout)
        # Not from the environment: TWILIO_EDGE and TWILIO_REGION would rewrite the address.
        self._client = Client(account_sid, auth_token, http_client=self._wire, environment={"-": ""})
        if base_url:
            self._client.api.base_url = base_url.rstrip("/")

    async def hear(self, request: Request) -> Heard:
        """Read ``/in/sms`` (messages) and ``/in/sms/status`` (receipts). Raises Refused."""
        bound(request)
        fields = signed(request, self._tokens)
        try:
            address = urlsplit(request.url)
            if address.path.endswith(RECEIPTS):
                return Heard(tuple(self._receipt(fields, address.query)), status=204)
            if address.path.endswith(MESSAGES):
                return Heard((self._message(fields),), EMPTY_TWIML, "text/xml")
        except KeyError as missing:
            raise Refused(422, f"no {missing.args[0]}") from None
        raise Refused(422, "not an address of this channel")

    async def send(self, outgoing: Outgoing) -> Sent:
        """Create a Message. Raises SendFailed, by the table in ``twilio_codes``."""
        if not 0 < len(outgoing.text) <= LONGEST:
            raise failure(21617 if outgoing.text else 21602)
        callback = f"{self._public_url}{RECEIPTS}?id={quote(outgoing.id, safe='')}"
        try:
            message = await self._client.messages.create_async(
                to=outgoing.to,
                body=outgoing.text,
                status_callback=callback,
                **self._sender,
                **self._validity(outgoing),
            )
            return Sent(str(message.sid), DELIVERY.get(str(message.status), "queued"))
        except Exception as error:
            failed = twilio_wire.failed(error)
        # Raised outside the handler: Twilio's exceptions and aiohttp's may quote the number or the text.
        raise failed

    async def find(self, trace: Trace) -> Sent | None:
        """Look through what was sent to this number for the same text since ``trace.since``.

        Twilio lists newest first; the list is not filtered by date, because a message still in the queue may have
        none. A Message can take a few seconds to be listed: ask a minute after the send, not at once.
        """
        try:
            listed = await self._client.messages.list_async(to=trace.outgoing.to, limit=1000, page_size=1000)
        except Exception:
            listed = None
        if listed is None:
            raise SendFailed("the provider cannot be asked now", "retry")
        matching = [message for message in listed if self._matches(message, trace)]
        if not matching:
            return None
        first = min(reversed(matching), key=_created)  # dates are whole seconds: of two alike, the older
        return Sent(str(first.sid), DELIVERY.get(str(first.status), "queued"))

    async def close(self) -> None:
        """Close the connections to Twilio."""
        await self._wire.close()

    def _validity(self, outgoing: Outgoing) -> dict[str, int]:
        """How long Twilio may keep it in its own queue, so that nothing queued there lands at night."""
        if outgoing.valid_until is None:
            return {}
        left = int((outgoing.valid_until - self._now()).total_seconds())
        return {"validity_period": max(1, min(left, VALID_AT_MOST))}

    def _message(self, fields: Mapping[str, str]) -> Received:
        text = clean(fields.get("Body", ""))
        word = OPT_OUT_TYPES.get(fields.get("OptOutType", "").upper()) or self._keywords.get(
            text.strip().upper()
        )
        return Received(
            channel=self.name,
            provider_id=_need(fields, "MessageSid"),
            sender=_need(fields, "From"),
            recipient=clean(fields.get("To", "")),
            text=text,
            choice=clean(fields.get("ButtonPayload", "")) or None,
            word=word,
            answered=word is not None,
            media=tuple(_media(fields)),
        )

    def _receipt(self, fields: Mapping[str, str], query: str) -> Iterator[Receipt]:
        sid, reported = _need(fields, "MessageSid"), _need(fields, "MessageStatus")
        status = DELIVERY.get(reported.lower())
        if status is None:  # a state Twilio has added since: nothing we could act on
            return
        code = clean(fields.get("ErrorCode", "")) or None
        yield Receipt(
            channel=self.name,
            provider_id=sid,
            status=status,
            message=clean(parse_qs(query).get("id", [""])[0]) or None,
            code=code,
            failure=failure(number(code)) if status == "failed" else None,
        )

    def _matches(self, message: Any, trace: Trace) -> bool:
        body = (message.body or "").removeprefix(TRIAL)
        return (
            self._from in (message.from_, message.messaging_service_sid)
            and body.strip() == trace.outgoing.text.strip()
            and message.sid not in trace.known
            and _created(message) >= trace.since - SKEW
        )


def _need(fields: Mapping[str, str], name: str) -> str:
    """A field without which there is no message. Raises KeyError with the field's name."""
    value = clean(fields.get(name, "")).strip()
    if not value:
        raise KeyError(name)
    return value


def _media(fields: Mapping[str, str]) -> Iterator[Media]:
    for place in range(10):  # Twilio's most: https://www.twilio.com/docs/messaging/guides/webhook-request
        url = clean(fields.get(f"MediaUrl{place}", ""))
        if url:
            yield Media(url, clean(fields.get(f"MediaContentType{place}", "")))


def _created(message: Any) -> datetime:
    """When Twilio made the Message. One without a date is taken for new: better matched than sent again."""
    created: datetime | None = message.date_created
    return created or datetime.max.replace(tzinfo=UTC)
