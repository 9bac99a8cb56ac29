"""Why a campaign is held up, and what its journal adds to an event: kept in English, and said again when it is shown."""

from __future__ import annotations

import re

from survey_flows.told import Told, told, told_n

UNREADABLE = told("It cannot be read: {error}")
UNREAD = told("cannot be read: {error}")
STALE = told("No absences were brought in of late: bring them in (openline import absences), and resume it")
GROWN = told_n(
    "Its audience is {n} person now: a second person has to approve it",
    "Its audience is {n} people now: a second person has to approve it",
    2,
    n="{n}",
)
LARGE = told_n(
    "{n} person: a second person has to approve it",
    "{n} people: a second person has to approve it",
    2,
    n="{n}",
)
HELD = told_n("{n} person: a second person approves", "{n} people: a second person approves", 2, n="{n}")
FAILED = told("{some} of the last {all} failed: more than {limit}")
STOPPED = told("{some} of the last {all} said STOP: more than {limit}")
BY_A_PERSON = told("by a person")
TRIED = told("in {language}")
KNOWN = (UNREADABLE, UNREAD, STALE, GROWN, LARGE, HELD, FAILED, STOPPED, BY_A_PERSON, TRIED)


def made(known: Told, **values: object) -> str:
    """The words that are kept, with their values."""
    return "".join(told(str(known), **values))


def again(kept: str) -> str:
    """What was kept, as a text that can be said again; what a person wrote stays as it is.

    >>> again("12 of the last 60 failed: more than 15%").values["limit"]
    '15%'
    """
    for known in KNOWN:
        gaps = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>\\S+)", re.escape(str(known)))
        if found := re.fullmatch(gaps, kept):
            return _said(known, found.groupdict())
    return kept


def _said(known: Told, values: dict[str, str]) -> str:
    number = values.get("n", "")
    if known.many is None or not number.isdigit():
        return told(known.one, **values)
    return told_n(known.one, known.many, int(number))
