"""Problem statements as pages show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from analysis.problems import Lack, Statement
from analysis.problems.statement import in_percent

from ....problems import Kept, kept
from ....roles import Grants
from ...tongue import say

FIELDS = ("verb", "what", "who", "where", "start", "target", "by", "going_well", "our_rules")


@dataclass(frozen=True, slots=True)
class Told:
    """One statement in a list or on a card."""

    href: str
    line: str
    state: str
    state_said: str
    first_fact: str
    lacking: int
    by: str
    changed: datetime


def of_theme(rows: Iterable[Row[Any]], theme: str) -> Told | None:
    """The newest statement about a theme that was not dropped."""
    of = [one for row in rows if (one := kept(row)).statement.about[0].partition(".")[0] == theme]
    return next((told(one) for one in reversed(of) if one.state != "dropped"), None)


def told(one: Kept, name: str = "") -> Told:
    """``name``: who changed it last, as staff are shown to one another."""
    facts = [fact.text for fact in one.statement.evidence if fact.kind == "listening"]
    return Told(
        f"/problems/{one.id}",
        one.statement.line,
        one.state,
        state_said(one.state),
        facts[0] if facts else "",
        len(one.lacks),
        name,
        one.changed,
    )


def state_said(state: str) -> str:
    """How a statement stands, in words."""
    return {"agreed": say("Agreed"), "dropped": say("Dropped")}.get(state, say("Draft"))


def may_change(grants: Grants, statement: Statement) -> bool:
    """Whether somebody may change a statement: organizers of everything, and those of the one school that it is about."""
    reach = grants.reach("organizer")
    _, dimension, group = statement.about
    return reach is None or (dimension == "school" and group in reach)


@dataclass(frozen=True, slots=True)
class Lacking:
    """Something that is not there yet: the field it is about, and what to do, in words of a page."""

    field: str
    text: str


def lacking(one: Kept, lacks: Sequence[Lack]) -> list[Lacking]:
    """What a statement lacks."""
    return [Lacking(_field(lack.field), _words(lack, one.statement)) for lack in lacks]


def _field(field: str) -> str:
    return {"line": "what"}.get(field, field)


def _words(lack: Lack, statement: Statement) -> str:
    if lack.field in statement.unset and "proposal" in lack.problem:
        return {
            "target": say("The target is Openline’s proposal. Set the one that you want to be held to."),
            "by": say("The day is Openline’s proposal. Set the one that you want to be held to."),
        }.get(lack.field, say("Openline proposed this. Set it yourselves."))
    if lack.field == "by":
        if statement.by is None:
            return say("There is no day. Say by when.")
        return say("{day} has passed. Say by when: a day to come.").format(day=statement.by)
    if lack.field == "line" and (quoted := re.search("“(.*)”", lack.problem)):
        return _about_words(lack.problem).format(words=quoted[1])
    if lack.field == "start" and statement.start is None:
        return say("There is no number. Say from how much to how much: start and target, as shares.")
    if lack.field == "evidence":
        if not statement.evidence:
            return say("There is no source. Add where the numbers are from.")
        return say("No listening source is cited. Add what people themselves have said, and where.")
    if lack.field == "target" and statement.start is not None and statement.target is not None:
        return say("“{verb}” does not go with {start} to {target}. Turn one of them round.").format(
            verb=say(statement.verb), start=in_percent(statement.start), target=in_percent(statement.target)
        )
    return f"{lack.problem[:1].upper()}{lack.problem[1:]}. {lack.cure}"


def _about_words(problem: str) -> str:
    """What is wrong with words of a statement, which are put in their place."""
    if problem.startswith("the first line names a cause"):
        return say(
            "The first line names a cause (“{words}”). Say what happens to whom; put causes to the drill-down."
        )
    if problem.startswith("the first line has a solution"):
        return say(
            "The first line has a solution in it (“{words}”). Say what shall be different, and leave open how."
        )
    return say(
        "It blames families or students (“{words}”). Say what stands in their way, and what of it is ours."
    )
