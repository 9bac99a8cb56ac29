"""One send: a claimed row becomes the channel's message, and what came back becomes what is recorded."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from channels.base import Channel, Option, Outgoing, SendFailed, Sent

from .clock import Clock
from .store.queue import Claimed, Record

log = structlog.get_logger(__name__)

BACKOFF = (10, 30, 120, 600, 1800)
"""Seconds before each further try of a message the provider surely did not take; after the last it has failed."""
PAUSE = timedelta(minutes=5)
"""How long a channel rests when our own account or sender is at fault."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one send: what is to be recorded, and what else follows from it."""

    row: Claimed
    record: Record
    suppress: Literal["stop", "dead"] | None = None  # the address gets nothing more
    rest_until: datetime | None = None  # nobody gets anything from this sender before


async def send(channel: Channel, row: Claimed, until: datetime, clock: Clock, lease: timedelta) -> Outcome:
    """Hand one message to its provider; never raises. It is given up at ``until``, or when the message expires."""
    if row.expires_at is not None:
        until = min(until, row.expires_at)
    left = (until - clock()).total_seconds()
    if left <= 0:  # the process stood still since the claim; by now another may look after this message
        return back(row, "not begun in time", clock())
    outgoing = Outgoing(
        str(row.id),
        row.address,
        row.text,
        row.language or "en",
        tuple(Option(payload, label) for payload, label in row.options or ()),
        row.expires_at,
    )
    try:
        async with asyncio.timeout(left):
            sent = await channel.send(outgoing)
    except SendFailed as failed:
        return _failed(channel, row, failed, clock(), lease)
    except TimeoutError:
        return _failed(channel, row, SendFailed("no answer in time", "unknown"), clock(), lease)
    except Exception as error:  # a defect in a channel: whether it was sent is not known
        log.error("send raised", channel=channel.name, message=str(row.id), error=type(error).__name__)
        return _failed(channel, row, SendFailed("unexpected error", "unknown"), clock(), lease)
    return Outcome(row, _record(row, "sent", sent=sent, sent_at=clock()))


def back(row: Claimed, reason: str, now: datetime) -> Outcome:
    """It was claimed, and surely not sent: as if it had not been claimed."""
    return Outcome(row, _record(row, "queued", due_at=now, reason=reason))


def cancelled(row: Claimed, reason: str) -> Outcome:
    """It was claimed, and then not sent, for it is not wanted any more."""
    return Outcome(row, _record(row, "cancelled", reason=reason))


def _failed(channel: Channel, row: Claimed, failed: SendFailed, now: datetime, lease: timedelta) -> Outcome:
    log.info(
        "not sent",
        channel=channel.name,
        message=str(row.id),
        then=failed.then,
        code=failed.code,
        reason=failed.reason,
    )
    code, reason = failed.code, failed.reason
    if failed.then == "unknown":
        return Outcome(row, _record(row, "uncertain", due_at=now + lease, code=code, reason=reason))
    if failed.then == "halt" or (failed.then == "retry" and failed.account):
        # No fault of this message's: it does not use up its tries.
        until = now + (failed.after or PAUSE)
        if failed.then == "halt":
            log.error("channel rests", channel=channel.name, reason=reason, code=code)
        record = _record(row, "queued", due_at=until, code=code, reason=reason)
        return Outcome(row, record, rest_until=until)
    if failed.then == "retry" and row.attempts <= len(BACKOFF):
        after = failed.after or timedelta(seconds=BACKOFF[row.attempts - 1])
        return Outcome(row, _record(row, "queued", due_at=now + after, code=code, reason=reason))
    suppress = failed.then if failed.then in ("stop", "dead") else None
    return Outcome(row, _record(row, "failed", code=code, reason=reason), suppress)


def _record(
    row: Claimed,
    state: str,
    *,
    sent: Sent | None = None,
    sent_at: datetime | None = None,
    due_at: datetime | None = None,
    code: str | None = None,
    reason: str | None = None,
) -> Record:
    return {
        "_id": row.id,
        "state": state,
        "provider_id": sent.provider_id if sent else None,
        "sent_at": sent_at,
        "due_at": due_at,
        "code": code,
        "reason": reason,
    }
