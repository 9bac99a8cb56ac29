"""What a file would come to, or came to: every row in one count, what it changes, in whole sentences. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....importing.uploads import Upload
from ....importing.wording import unkept
from ...tongue import say, say_n


def rows(upload: Upload) -> list[tuple[str, str, int]]:
    """(key, words, count) of the rows of the file: they add up to all of it."""
    report = upload.report
    if not report or "rows" not in report:
        return []
    people = upload.kind == "people"
    return [
        ("taken", say("New") if people else say("New absences"), report["taken"]),
        ("changed", say("Here already, and changed by this file"), report["changed"]),
        ("known", say("Here already, and the same"), report["known"]),
        ("empty", say("Empty, or nothing to take"), report["empty"]),
        ("bad", say("To look at"), len(report["bad"])),
    ]


def lines(upload: Upload) -> list[tuple[int, str]]:
    """The lines that could not be taken as they are, each with what to do about it."""
    return [(line, _sentence(unkept(what))) for line, what in (upload.report or {}).get("bad", ())]


def facts(upload: Upload) -> list[str]:
    """What else is to be known of it, the most important first."""
    sums: Mapping[str, Any] = (upload.report or {}).get("sums", {})
    found: list[str] = []
    for what, one, many in (
        (
            "still stopped",
            say("%(num)s number asked us to stop before it was erased. It stays so: nothing is sent to it."),
            say(
                "%(num)s numbers asked us to stop before they were erased. They stay so: nothing is sent to them."
            ),
        ),
        (
            "joined",
            say("%(num)s person who had written to us before becomes one with their entry on the list."),
            say("%(num)s people who had written to us before become one with their entries on the list."),
        ),
        (
            "back",
            say("%(num)s person is on a list again, and may be written to."),
            say("%(num)s people are on a list again, and may be written to."),
        ),
        (
            "people without an address",
            say("%(num)s new person has no number that can be used, and cannot be reached."),
            say("%(num)s new people have no number that can be used, and cannot be reached."),
        ),
        (
            "phones shared",
            say("%(num)s person shares a phone with somebody else."),
            say("%(num)s people share a phone with somebody else."),
        ),
        (
            "numbers changed",
            say("%(num)s number is given up for another: agreement to it ends."),
            say("%(num)s numbers are given up for others: agreement to them ends."),
        ),
        (
            "landlines",
            say("%(num)s number is a landline, which gets no text messages."),
            say("%(num)s numbers are landlines, which get no text messages."),
        ),
        (
            "not valid",
            say("%(num)s number is in no numbering plan we know. It is taken all the same."),
            say("%(num)s numbers are in no numbering plan we know. They are taken all the same."),
        ),
        (
            "strange languages",
            say("%(num)s language is none we know: the usual one is assumed."),
            say("%(num)s languages are none we know: the usual one is assumed."),
        ),
        (
            "off the list",
            say("%(num)s person is taken off the list: the file has them no more."),
            say("%(num)s people are taken off the list: the file has them no more."),
        ),
        (
            "removed",
            say("%(num)s person is then on no list any more, and agreement to write to them ends."),
            say("%(num)s people are then on no list any more, and agreement to write to them ends."),
        ),
        (
            "messages cancelled",
            say("%(num)s message that has not gone out is cancelled."),
            say("%(num)s messages that have not gone out are cancelled."),
        ),
    ):
        if count := sums.get(what):
            found.append((one if count == 1 else many) % {"num": f"{count:,}"})
    return found


def consent(upload: Upload) -> int:
    """For how many numbers the list is the ground for writing."""
    return int(((upload.report or {}).get("sums") or {}).get("granted", 0))


def button(upload: Upload) -> str:
    """What the button says: how many it takes."""
    report = upload.report or {}
    if upload.kind == "absences":
        count = report.get("taken", 0)
        return say_n("Import %(num)s absence", "Import %(num)s absences", count) % {"num": f"{count:,}"}
    count = (report.get("sums") or {}).get("people", 0)
    return say_n("Import %(num)s person", "Import %(num)s people", count) % {"num": f"{count:,}"}


def doubtful(upload: Upload) -> bool:
    """Whether a list that is said to be whole lacks so many that it likely is not."""
    report = upload.report or {}
    unread = bool(report.get("bad")) and bool(upload.choices.get("whole"))
    return "missing" in (report.get("sums") or {}) or unread


def problem(upload: Upload) -> str:
    """Why it failed, and what to do."""
    what = str((upload.report or {}).get("problem", ""))
    said: dict[str, str] = {
        "": "",
        "dates": say(
            "The dates can be read in two ways: 3/4 may be March or April. Say below which comes first, the month or the day."
        ),
        "doubtful": say(
            "More than a fifth of the list is missing from this file, or some of its lines cannot be read. Is it the whole list?"
        ),
        "file": say(unkept((upload.report or {}).get("said", ""))),
        "defect": say(
            "Something failed on our side. Whoever was entered already is in; nobody is entered twice. Try again."
        ),
    }
    return said.get(what, what)


def _sentence(text: str) -> str:
    said = say(text)
    return said[:1].upper() + said[1:]
