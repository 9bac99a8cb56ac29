"""How far each conversation came: one word for each, and the table of how one becomes another.

The words follow what survey methodologists count (AAPOR, Standard Definitions), as far as they fit a conversation:

    asked        the first message is on its way or there; nothing has been answered
    started      something has been answered, and a question waits
    paused       another survey was begun in the middle; this one is taken up when that ends
    complete     the last question has been answered
    screened     enough people of that kind had answered (a quota)
    partial      something was answered, then it ended early: time ran out, they opted out, the number died
    refused      they opted out before they answered anything
    unreachable  there was no way to them, or it failed
    expired      time ran out before they answered anything
    imported     answers collected elsewhere
    cut          the answers of an anonymous survey were cut from the person; a stand-in is counted in their place

The rules:

* Only ``asked`` and ``started`` are open: a question waits, and an address has one open conversation at most.
* Whoever has answered anything is never counted as a refusal, a failure or an expiry: their answers count.
* What ended early can be taken up again by the person: START after STOP, or a word from a number thought dead.
* An expired conversation is not taken up: what comes late is kept with it, as an answer.
* ``complete``, ``screened`` and ``cut`` are final: what is said afterwards is kept, and changes nothing here.

>>> after("started", "stopped", answered=True), after("asked", "stopped", answered=False)
('partial', 'refused')
>>> after("complete", "stopped", answered=True)
'complete'
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Disposition = Literal[
    "asked",
    "started",
    "paused",
    "complete",
    "screened",
    "partial",
    "refused",
    "unreachable",
    "expired",
    "imported",
]
Event = Literal[
    "heard",
    "finished",
    "turned_away",
    "stopped",
    "failed",
    "timed_out",
    "interrupted",
    "resumed",
    "restarted",
    "revived",
]

OPEN: tuple[Disposition, ...] = ("asked", "started")
"""A question waits for an answer."""
ENDED_EARLY: tuple[Disposition, ...] = ("partial", "refused", "unreachable", "expired")

# (where it was, what happened) to where it is: first where nothing has been answered, then where something has.
_TABLE: Mapping[tuple[Disposition, Event], tuple[Disposition, Disposition]] = {
    ("asked", "heard"): ("started", "started"),
    ("asked", "finished"): ("complete", "complete"),
    ("asked", "turned_away"): ("screened", "screened"),
    ("asked", "stopped"): ("refused", "partial"),
    ("asked", "failed"): ("unreachable", "partial"),
    ("asked", "timed_out"): ("expired", "partial"),
    ("asked", "interrupted"): ("paused", "paused"),
    ("started", "heard"): ("started", "started"),
    ("started", "finished"): ("complete", "complete"),
    ("started", "turned_away"): ("screened", "screened"),
    ("started", "stopped"): ("refused", "partial"),
    ("started", "failed"): ("unreachable", "partial"),
    ("started", "timed_out"): ("expired", "partial"),
    ("started", "interrupted"): ("paused", "paused"),
    ("paused", "resumed"): ("asked", "started"),
    ("paused", "stopped"): ("refused", "partial"),
    ("paused", "failed"): ("unreachable", "partial"),
    ("paused", "timed_out"): ("expired", "partial"),
    ("refused", "restarted"): ("asked", "started"),
    ("partial", "restarted"): ("asked", "started"),
    ("unreachable", "restarted"): ("asked", "started"),
    ("unreachable", "revived"): ("asked", "started"),
    ("partial", "revived"): ("asked", "started"),
    ("expired", "heard"): ("partial", "partial"),
}


def after(disposition: Disposition, event: Event, *, answered: bool) -> Disposition:
    """What a conversation is after something happened to it; an event that has no row changes nothing.

    ``answered`` says whether anything has been answered in it.
    """
    rows = _TABLE.get((disposition, event))
    return disposition if rows is None else rows[answered]
