"""What the pages of people say: words for what the store has in codes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from ....people.changing import HOW
from ....people.listing import STATES, Line
from ... import times
from ...tongue import say, say_n
from ...view import tongues

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a form, and at which field."""

    field: str
    text: str


def state(word: str) -> str:
    """How somebody stands: whether and why we may write to them."""
    return {
        "reachable": say("Can be reached"),
        "stopped": say("Asked us to stop"),
        "no number": say("No usable number"),
        "no consent": say("On no list that lets us begin"),
        "off": say("On no list any more"),
        "sample": say("Made up, to look around with"),
    }.get(word, word)


def tone(word: str) -> str:
    """The colour of a state: only what staff have to know before they write."""
    return {"stopped": "tag-danger", "no number": "tag-warn", "no consent": "tag-warn"}.get(word, "")


def way(word: str) -> str:
    """How one number stands."""
    return {
        "open": say("In use"),
        "stopped": say("Asked us to stop"),
        "dead": say("Not in use: nothing arrives there"),
        "no consent": say("No list lets us begin"),
        "sample": say("Made up: nothing is ever sent there"),
    }.get(word, word)


def kind(word: str) -> str:
    """Who somebody is."""
    return {"family": say("Family"), "student": say("Student"), "staff": say("School staff")}.get(word, word)


def channel(word: str) -> str:
    return {"sms": say("Text messages"), "telegram": "Telegram", "sample": say("Made-up number")}.get(
        word, word
    )


def event(word: str) -> str:
    """What the consent ledger has."""
    return {
        "granted": say("Agreed to be written to"),
        "stopped": say("Asked us to stop"),
        "restarted": say("Asked to hear from us again"),
        "removed": say("Agreement ended"),
    }.get(word, word)


def source(word: str) -> str:
    """Where the ledger has it from."""
    if word.startswith("list:"):
        return say("from the list %(name)s") % {"name": word.removeprefix("list:").strip()}
    if word.startswith("staff: "):
        return say("told to staff, %(how)s") % {"how": how(word.removeprefix("staff: ")).lower()}
    return {
        "staff": say("written down by staff"),
        "message": say("by a message of theirs"),
        "provider": say("told by the phone company"),
        "another address": say("by another number of theirs"),
        "before they were erased": say("before they were erased"),
    }.get(word, word)


def how(word: str) -> str:
    """How somebody told staff."""
    return {
        "phone": say("On the phone"),
        "in person": say("In person"),
        "on paper": say("On paper"),
        "message": say("In a message"),
    }.get(word, word)


def hows() -> Pairs:
    return [(word, how(word)) for word in HOW]


def states() -> Pairs:
    return [("", say("Any state")), *((word, state(word)) for word in STATES)]


def kinds() -> Pairs:
    return [("", say("Everybody")), *((word, kind(word)) for word in ("family", "student", "staff"))]


def languages(tags: Sequence[str]) -> Pairs:
    named = sorted(((tag, tongues.name(tag)) for tag in tags), key=lambda pair: pair[1])
    return [("", say("Any language")), *named]


def total(count: int, most: int) -> str:
    """How many were found: told exactly up to ``most``."""
    if count > most:
        return say("More than %(most)s people") % {"most": f"{most:,}"}
    return say_n("%(num)s person", "%(num)s people", count) % {"num": f"{count:,}"}


def called(line: Line) -> str:
    """What a person is called where there may be no name: the end of their number."""
    if line.name:
        return line.name
    endings = [one.ending for one in line.ways]
    return say("No name, number ending in %(ending)s") % {"ending": endings[0]} if endings else say("No name")


def relation(word: str | None) -> str:
    """What somebody is to a child, as the list has it; "self" is the student."""
    return say("Themself") if word == "self" else (word or "")


GONE: dict[str, Callable[[int], str]] = {
    "messages": lambda n: say_n("%(num)s message, from and to them", "%(num)s messages, from and to them", n),
    "answers": lambda n: say_n("%(num)s answer", "%(num)s answers", n),
    "readings": lambda n: say_n("%(num)s reading of an answer", "%(num)s readings of their answers", n),
    "conversations": lambda n: say_n("%(num)s survey conversation", "%(num)s survey conversations", n),
    "numbers": lambda n: say_n("%(num)s number, with its consent", "%(num)s numbers, with their consent", n),
    "children": lambda n: say_n(
        "%(num)s child whom nobody else here looks after",
        "%(num)s children whom nobody else here looks after",
        n,
    ),
    "absences": lambda n: say_n("%(num)s absence of that child", "%(num)s absences of those children", n),
    "notes": lambda n: say_n("%(num)s note by staff", "%(num)s notes by staff", n),
    "alerts": lambda n: say_n("%(num)s closed safety alert", "%(num)s closed safety alerts", n),
    "duties": lambda n: say_n("%(num)s possible legal duty", "%(num)s possible legal duties", n),
    "lists": lambda n: say_n("their place on %(num)s list", "their place on %(num)s lists", n),
}
"""What goes when somebody is erased, each with its number."""


def gone(counts: dict[str, int]) -> list[str]:
    return [
        words(counts[what]) % {"num": f"{counts[what]:,}"} for what, words in GONE.items() if counts.get(what)
    ]


MOVES: dict[str, Callable[[int], str]] = {
    "addresses": lambda n: say_n(
        "%(num)s number, with its consent", "%(num)s numbers, with their consent", n
    ),
    "messages": GONE["messages"],
    "conversations": GONE["conversations"],
    "answers": GONE["answers"],
    "recipients": lambda n: say_n("%(num)s message of a campaign", "%(num)s messages of campaigns", n),
    "guardianships": lambda n: say_n("%(num)s child", "%(num)s children", n),
    "list_entries": lambda n: say_n("a place on %(num)s list", "places on %(num)s lists", n),
    "notes": GONE["notes"],
}


def moves(counts: dict[str, int]) -> list[str]:
    """What one record brings along to another."""
    return [
        words(counts[what]) % {"num": f"{counts[what]:,}"}
        for what, words in MOVES.items()
        if counts.get(what)
    ]


WORDS = {
    "state": state,
    "tone": tone,
    "way": way,
    "kind": kind,
    "channel": channel,
    "event": event,
    "source": source,
    "how": how,
    "called": called,
    "relation": relation,
    "language": tongues.name,
}
"""What every template of this room may call."""


def on(at: datetime, zone: tzinfo, now: datetime) -> str:
    """When somebody agreed. A list gives a day without a time: it is kept as the midnight of the district, and is that day
    also for a reader whose own clock says another."""
    there = at.astimezone(zone)
    return times.day(there.date(), now) if there.time() == time() else times.moment(at, now)
