"""A person at a terminal; in tests, a phone that keeps what it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

from channels.base import Heard, Outgoing, Received, Refused, Request, Sent, Trace
from channels.wire import bound, clean, same


class Console:
    """Writes what it is asked to send with ``write``, and keeps it in ``sent``.

    ``hear`` takes JSON: ``{"id": "1", "from": "amal", "text": "a pie", "choice": null}``. Reached over the web it
    needs a ``secret``, which calls carry as ``X-Console-Secret``; None is for the terminal and for tests, where
    whoever holds this object is the person.
    """

    name = "console"
    asks = True
    in_flight = 1
    chat_gap = timedelta()

    def __init__(self, write: Callable[[str], object] = print, *, secret: str | None = None) -> None:
        self._write = write
        self._secret = secret
        self.sent: list[Outgoing] = []

    async def hear(self, request: Request) -> Heard:
        """Read one message. Raises Refused."""
        bound(request)
        if self._secret is not None and not same(request.headers.get("x-console-secret"), self._secret):
            raise Refused(403, "secret missing or wrong")
        try:
            document = json.loads(request.body)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise Refused(422, "not a JSON object")
        fields = {name: clean(value) for name, value in document.items() if isinstance(value, str)}
        if not fields.get("id") or not fields.get("from"):
            raise Refused(422, "no id, or no sender")
        return Heard(
            (
                Received(
                    channel=self.name,
                    provider_id=fields["id"],
                    sender=fields["from"],
                    recipient="console",
                    text=fields.get("text", ""),
                    choice=fields.get("choice") or None,
                ),
            )
        )

    async def send(self, outgoing: Outgoing) -> Sent:
        """Write the text, and the options numbered under it."""
        self.sent.append(outgoing)
        options = [f"  [{number}] {each.label}" for number, each in enumerate(outgoing.options, 1)]
        self._write("\n".join([outgoing.text, *options]))
        return Sent(outgoing.id, "delivered")

    async def find(self, trace: Trace) -> Sent | None:
        """What was sent under this id, or None."""
        known = any(each.id == trace.outgoing.id for each in self.sent)
        return Sent(trace.outgoing.id, "delivered") if known else None

    async def close(self) -> None:
        """Nothing to give back."""
