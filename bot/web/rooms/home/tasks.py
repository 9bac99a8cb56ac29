"""What needs whoever looks: a list in the order of a rule. Safety first, then people who wait, approvals, reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ....roles import Grants
from ....store.lately import Coming
from ... import allow, times
from ...tongue import say, say_n

LATE = timedelta(days=1)
"""Whoever has waited longer for an answer is overdue."""
A_READING = timedelta(seconds=30)
"""What reading one reply takes, so that a list can say how long it is."""


@dataclass(frozen=True, slots=True)
class Task:
    """One line: what to do, where, more about it, and by when; ``late``: it should have been done."""

    href: str
    what: str
    more: str
    when: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is counted for one person: families who wait and since when, replies, texts, duties, statements."""

    counts: Mapping[str, int]
    longest: datetime | None
    campaigns: Sequence[tuple[Coming, str]]


def tasks(waiting: Waiting, grants: Grants, now: datetime) -> list[Task]:
    """What this person can do something about, most pressing first. ``campaigns`` are pairs with their titles."""
    counts, found = waiting.counts, list[Task]()

    def mine(path: str) -> bool:
        return allow.allowed(grants, path, changes=True)

    if counts.get("inbox") and mine("/inbox"):
        n = counts["inbox"]
        since = waiting.longest
        found.append(
            Task(
                "/inbox",
                say_n("Answer {n} family", "Answer {n} families", n).format(n=n),
                say("The longest has waited {time}.").format(time=times.ago(since, now)) if since else "",
                say("Overdue") if since and now - since > LATE else "",
                bool(since and now - since > LATE),
            )
        )
    if counts.get("duties") and mine("/duties"):
        n = counts["duties"]
        found.append(
            Task(
                "/duties",
                say_n("Look at {n} reply that may mean a legal duty", "Look at {n} replies that may mean a legal duty", n).format(n=n),
                say("For example a child who interprets, or a family that has lost its home."),
            )
        )  # fmt: skip
    for campaign, title in waiting.campaigns:
        if campaign.state == "awaiting" and grants.may("organizer"):
            found.append(
                Task(
                    f"/campaigns/{campaign.key}",
                    say("Approve “{title}”").format(title=title),
                    say("It goes to more people than one person may decide alone."),
                    times.day(campaign.next_at, now) if campaign.next_at else "",
                )
            )
        elif campaign.state == "paused" and mine("/campaigns"):
            found.append(
                Task(
                    f"/campaigns/{campaign.key}",
                    say("Decide about “{title}”").format(title=title),
                    say("It is paused: nothing more goes out until somebody says so."),
                )
            )
    if counts.get("translations") and mine("/translations"):
        n = counts["translations"]
        found.append(
            Task(
                "/translations",
                say_n("Read {n} translation", "Read {n} translations", n).format(n=n),
                say("A machine drafted them. Families get them once somebody who knows the language has approved them."),
            )
        )  # fmt: skip
    if counts.get("coding") and mine("/coding"):
        n = counts["coding"]
        minutes = max(1, round(n * A_READING / timedelta(minutes=1)))
        found.append(
            Task(
                "/coding",
                say_n("Read {n} reply", "Read {n} replies", n).format(n=n),
                say_n("About {n} minute. It makes the numbers surer.", "About {n} minutes. It makes the numbers surer.", minutes).format(n=minutes),
            )
        )  # fmt: skip
    if counts.get("statements") and mine("/problems"):
        n = counts["statements"]
        found.append(
            Task(
                "/problems",
                say_n("Finish {n} problem statement", "Finish {n} problem statements", n).format(n=n),
                say("Drafted from the largest gaps; a team agrees on them."),
            )
        )
    return found
