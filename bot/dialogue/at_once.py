"""Sends words as they were written, without showing a draft: for who writes in a family's own language, or has no time for a
translation. Once, however often somebody clicks."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from ..app import App
from .drafting import draft
from .drafts import digest
from .sending import Sent, send


async def send_written(
    app: App,
    person: UUID,
    text: str,
    by: str,
    language: str,
    once: UUID,
    *,
    now_please: bool = False,
    member: UUID | None = None,
) -> Sent:
    """Draft and send in one go. ``once`` belongs to the form that was sent: the same form again changes nothing.

    Raises LookupError and Refused, as ``draft`` and ``send`` do.
    """
    with suppress(LookupError):  # the form had not been sent
        return await send(app, person, digest(once), by, "as written", now_please=now_please, member=member)
    with suppress(LookupError):  # it has been, between these two lines
        await draft(app, person, text, by, language, once=once)
    return await send(app, person, digest(once), by, "as written", now_please=now_please, member=member)
