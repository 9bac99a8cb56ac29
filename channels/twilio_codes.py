"""What Twilio's error codes mean for us: one table, for refused sends and for failed receipts alike.

Twilio may change the code of a cause (docs of ``error_code``), so a code that is not in the table is the softest
failure there is: ``drop``. The message is lost and counted with its code, the address stays good, nothing is sent
twice. Source of each row: Twilio's page on that code, ``twilio.com/docs/api/errors/<code>``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from channels.base import SendFailed, Then


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code says, what to do, how long to wait before doing it again, and whether our whole account has to."""

    reason: str
    then: Then
    after: timedelta | None = None
    account: bool = False


SOON = timedelta(seconds=5)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

CODES: dict[int, Meaning] = {
    # the person
    21610: Meaning("opted out at the provider", "stop"),
    30004: Meaning("blocked, most often opted out with the carrier", "stop"),
    30640: Meaning("on the provider's do-not-text list", "stop"),
    # the number
    21211: Meaning("not a phone number", "dead"),
    21217: Meaning("not a phone number", "dead"),
    21614: Meaning("not a mobile number", "dead"),
    21635: Meaning("a landline", "dead"),
    30005: Meaning("unknown or inactive number", "dead"),
    30006: Meaning("a landline, or a carrier that cannot be reached", "dead"),
    # this message, or this pair of sender and recipient: one family abroad must not pause the whole channel
    21408: Meaning("sending to this country is not enabled in the account", "drop"),
    21602: Meaning("empty text", "drop"),
    21612: Meaning("no route from our number to this one", "drop"),
    21617: Meaning("text too long", "drop"),
    30007: Meaning("filtered by the carrier: review the wording, links and registration", "drop"),
    30450: Meaning("blocked as suspected SMS pumping", "drop"),
    # a moment that will pass
    14107: Meaning("sending too fast", "retry", SOON, account=True),
    20429: Meaning("too many requests at once", "retry", SOON, account=True),
    21611: Meaning("our number's queue is full", "retry", HOUR, account=True),
    30001: Meaning("the queue overflowed", "retry", timedelta(minutes=10)),
    30003: Meaning("handset off or out of reach", "retry", DAY),
    30008: Meaning("failed for an unknown reason at the carrier", "retry", HOUR),
    30022: Meaning("over the carrier's rate for this campaign", "retry", HOUR),
    30023: Meaning("over the carrier's daily cap", "retry", DAY),
    30027: Meaning("over the carrier's daily cap", "retry", DAY),
    30036: Meaning("waited too long in the queue", "retry", HOUR),
    30610: Meaning("blocked by the provider's quiet hours", "retry", timedelta(hours=12)),
    63038: Meaning("over the account's daily limit", "retry", DAY),
    # us
    20003: Meaning("wrong account or token", "halt"),
    20005: Meaning("account not active", "halt"),
    20008: Meaning("test credentials cannot do this", "halt"),
    21212: Meaning("our sending number is not valid", "halt"),
    21606: Meaning("our number cannot send texts", "halt"),
    21608: Meaning("a trial account sends to verified numbers only", "halt"),
    21609: Meaning("our public address is not one the provider can call back", "halt"),
    21659: Meaning("our sending number is not in this account", "halt"),
    21660: Meaning("our sending number is in another account", "halt"),
    21703: Meaning("the messaging service has no number to send from", "halt"),
    30002: Meaning("account suspended", "halt"),
    30024: Meaning("our number is not yet known to the carrier", "halt"),
    30032: Meaning("our toll-free number is not verified", "halt"),
    30033: Meaning("our campaign is suspended by the carrier", "halt"),
    30034: Meaning("our number is not registered for US texting (10DLC)", "halt"),
    90010: Meaning("account not active", "halt"),
}

STATUSES: dict[int, Meaning] = {
    401: CODES[20003],
    403: Meaning("the account may not do this", "halt"),
    404: Meaning("no such account", "halt"),
    429: CODES[20429],
}


def failure(code: int | None, status: int | None = None) -> SendFailed:
    """The failure that an error code, or else a bare HTTP status, stands for.

    A 5xx says nothing of whether the message was taken: ``unknown``. Anything not listed: ``drop``.
    """
    meaning = CODES.get(code or 0) or STATUSES.get(status or 0)
    if meaning is None:
        meaning = (
            Meaning("the provider failed", "unknown")
            if status is not None and status >= 500
            else Meaning("refused for a reason we do not know", "drop")
        )
    shown = code or status
    return SendFailed(
        meaning.reason,
        meaning.then,
        code=None if shown is None else str(shown),
        after=meaning.after,
        account=meaning.account,
    )


def number(code: str | None) -> int | None:
    """A code as it came, as a number; None for what is none."""
    return int(code) if code and code.isascii() and code.isdigit() and len(code) < 10 else None
