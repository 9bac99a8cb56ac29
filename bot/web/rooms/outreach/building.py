"""The conditions of an audience as rows of a form, each with what there is to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from ....app import App
from ....outreach import audience
from ....outreach.audience import AudienceError
from ....outreach.audience.narrowing import within
from ...tongue import say
from ...view import tongues
from .choices import Choices, Known, narrowed
from .conditions import ATTRIBUTE, CALLS, COUNTS, Condition
from .reach import Schools
from .words import beside

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One condition: ``how`` names the controls (``values``, ``typed``, ``call``, ``count``, ``days``, ``raw``)."""

    one: Condition
    label: str
    how: str
    options: Options = ()
    ways: Options = ()


@dataclass(frozen=True, slots=True)
class Built:
    """What the form shows of an audience: its conditions, what may be added, and the same as a sentence."""

    rows: Sequence[Row]
    more: Options
    clauses: Sequence[str]


class Builder:
    """Makes the rows, with what is known of the list."""

    def __init__(self, app: App, choices: Choices) -> None:
        self._app, self._choices = app, choices

    def forget(self) -> None:
        """Something was saved."""
        self._choices.forget()

    async def shown(self, db: AsyncConnection, found: Sequence[Condition], mine: Schools) -> Built:
        """The rows of these conditions, for somebody of these schools."""
        known = await self._choices.known(db, [one.attribute for one in found])
        if mine is not None:
            theirs = await saved_within(db, mine)
            known = narrowed(known, mine, {"audience": list(theirs)})
        rows = [row(one, known) for one in found]
        return Built(rows, more(known), [clause(one) for one in found if one.complete])


async def saved_within(db: AsyncConnection, mine: Schools) -> Mapping[str, str]:
    """The saved audiences that somebody of these schools may see: those of their schools only."""
    every = await audience.listed(db)
    if mine is None:
        return every
    kept = {}
    for key, text in every.items():
        try:
            if within(await audience.resolve(db, text), mine):
                kept[key] = text
        except AudienceError:
            continue
    return kept


def row(one: Condition, known: Known) -> Row:
    """One condition with its controls."""
    name = label(one.kind)
    is_not = [("", say("is one of")), ("not", say("is none of"))]
    has_not = [("", say("yes")), ("not", say("no"))]
    if one.kind == "raw":
        return Row(one, name, "raw")
    if one.kind in ("school", "language", "respondent"):
        return Row(one, name, "values", _named(one.kind, _with(known.values[one.kind], one.values)), is_not)
    if one.kind in CALLS:
        return Row(
            one, name, "call", [(each, each) for each in _with(known.calls[one.kind], one.values)], has_not
        )
    if one.kind == "replied":
        return Row(one, name, "days", (), has_not)
    amount = [(">=", say("at least")), ("<=", say("at most")), ("=", say("exactly"))]
    if one.kind in (*COUNTS, "children"):
        spans = [("7", say("in the last 7 days")), ("14", say("in the last 14 days")),
                 ("30", say("in the last 30 days")), ("0", say("on all days we know of"))]  # fmt: skip
        if one.days not in dict(spans):
            spans.append((one.days, say("in the last {n} days").format(n=one.days)))
        return Row(one, name, "count", spans if one.kind in COUNTS else (), amount)
    few = known.values.get(one.attribute, [])
    how = "values" if few and one.op == "=" else "typed"
    ways = [("=", say("is one of")), ("!=", say("is none of")), (">=", say("is at least")), ("<=", say("is at most")),
            ("known", say("is known")), ("missing", say("is missing"))]  # fmt: skip
    return Row(one, name, how, [(each, each) for each in _with(few, one.values)], ways)


def _with(known: Sequence[str], chosen: Sequence[str]) -> list[str]:
    there = {each.casefold() for each in known}
    return [*known, *(each for each in chosen if each.casefold() not in there)]


def _named(kind: str, found: Sequence[str]) -> Options:
    if kind == "language":
        return [(each, tongues.name(each)) for each in found]
    if kind == "respondent":
        return [(each, people(each)) for each in found]
    return [(each, each) for each in found]


def people(kind: str) -> str:
    """What kind of people they are."""
    return {"family": say("families"), "student": say("students"), "staff": say("staff")}.get(kind, kind)


def label(kind: str) -> str:
    """What a condition is about."""
    if kind.startswith(ATTRIBUTE):
        words = kind.removeprefix(ATTRIBUTE).replace("_", " ").strip()
        return words[:1].upper() + words[1:]
    return {
        "school": say("School"),
        "language": say("Language"),
        "respondent": say("Who"),
        "absences": say("Days absent"),
        "late": say("Days late"),
        "children": say("Children on the list"),
        "answered": say("Has answered the survey"),
        "finished": say("Has finished the survey"),
        "asked": say("Was asked the survey"),
        "received": say("Has had the campaign"),
        "on_list": say("Is on the list"),
        "audience": say("Is in the saved audience"),
        "replied": say("Has written to us"),
        "raw": say("By a filter"),
    }[kind]


def more(known: Known) -> Options:
    """The conditions that may be added."""
    kinds = ["school", "language", "respondent", "absences", "late", "children", "replied"]
    kinds += [
        kind
        for kind in ("answered", "finished", "asked", "received", "on_list", "audience")
        if known.calls[kind]
    ]
    return [(kind, label(kind)) for kind in kinds] + [
        (ATTRIBUTE + name, label(ATTRIBUTE + name)) for name in known.attributes[:40]
    ]


def clause(one: Condition) -> str:
    """A condition in words, to be read."""
    name = label(one.kind)
    if one.kind == "raw":
        return one.raw
    if one.kind in CALLS:
        said = say("{what}: not {which}") if one.opposite else say("{what}: {which}")
        return said.format(what=name, which=one.values[0])
    if one.kind == "replied":
        said = (
            say("Has not written to us in {n} days")
            if one.opposite
            else say("Has written to us in the last {n} days")
        )
        return said.format(n=one.values[0])
    if one.kind in (*COUNTS, "children"):
        how = {">=": say("{what}: {n} or more"), "<=": say("{what}: {n} or fewer"), "=": say("{what}: {n}")}
        told = how[one.op].format(what=name, n=one.values[0])
        if one.kind == "children" or one.days == "0":
            return told
        return say("{told}, in the last {days} days").format(told=told, days=one.days)
    if one.op == "known":
        return (say("{what} is missing") if one.opposite else say("{what} is known")).format(what=name)
    if one.op != "=":
        how = {">=": say("{what}: {n} or above"), "<=": say("{what}: {n} or below")}
        return how[one.op].format(what=name, n=one.values[0])
    shown = beside(said for _, said in _named(one.kind, list(one.values)))
    return (say("{what}: not {which}") if one.opposite else say("{what}: {which}")).format(
        what=name, which=shown
    )
