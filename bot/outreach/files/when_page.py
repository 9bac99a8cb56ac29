"""Reads when a campaign goes out: at once, at a time, again and again, or so many days from a date of the person."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import yaml

from survey_flows.files.tree import Entry
from survey_flows.told import told

from ..campaign import DEFAULT_HOURS, When
from ..hours import Window
from ..recurrence import following
from .campaign_page import CampaignPage

KINDS = {"at": ("at",), "cron": ("cron", "ends"), "date": ("date", "days", "at")}
"""What may stand in ``when:``, by the key that says which kind it is."""
FURTHEST = 366
"""Days from a date of the person."""

_LIKE = told(
    "Write now, trigger, {at: 2026-10-15 16:30}, {cron: 30 16 * * thu} or {date: absence, days: 1, at: '16:30'}."
)
_DAY = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_HOUR = re.compile(r"\d\d?:\d\d", re.ASCII)
_CLOCK = (
    (told("The minute of a cron pattern cannot be '{word}'."), 59),
    (told("The hour of a cron pattern cannot be '{word}'."), 23),
)
_EXAMPLE = told("Minute, hour, day, month, weekday: 30 16 * * thu is Thursdays at 16:30.")


def when(page: CampaignPage, entry: Entry) -> When:
    """What ``when:`` says. To be used only if the page has no problems."""
    node = entry.value
    if isinstance(node, yaml.ScalarNode):
        word = page.text(node, "'when'") or ""
        if word == "now":
            return When("now")
        if word != "trigger":
            page.wrong(node, told("'when' cannot be '{word}'.", word=word[:40]), _LIKE)
        return When("trigger")
    held = page.mapping(node, "'when'", ("at", "cron", "ends", "date", "days"))
    kind = next((kind for kind in ("cron", "date", "at") if kind in held), None)
    if kind is None:
        if not page.problems:
            page.wrong(node, told("'when' does not say when."), _LIKE)
        return When("now")
    for name in held.keys() - set(KINDS[kind]):
        problem = told("'{name}' cannot stand beside '{kind}' in 'when'.", name=name, kind=kind)
        page.wrong(held[name].key, problem, _LIKE)
    return {"at": _once, "cron": _again, "date": _relative}[kind](page, held)


def _once(page: CampaignPage, held: dict[str, Entry]) -> When:
    node = held["at"].value
    text = (page.text(node, "'at'") or "").strip()
    day, _, hour = text.replace("T", " ", 1).partition(" ")
    found = _date(day), _time(hour.strip().removesuffix(":00") if hour.count(":") == 2 else hour.strip())
    if found[0] is None or found[1] is None:
        cure = told("Write it like 2026-10-15 16:30: the time on the clock at each school, without a zone.")
        page.wrong(node, told("'{word}' is no day with an hour.", word=text[:40]), cure)
        return When("now")
    return When("at", at=datetime.combine(found[0], found[1]))


def _again(page: CampaignPage, held: dict[str, Entry]) -> When:
    ends = None
    if "ends" in held:
        text = (page.text(held["ends"].value, "'ends'") or "").strip()
        ends = _date(text)
        if ends is None:
            problem = told("'{word}' is no day.", word=text[:40])
            page.wrong(held["ends"].value, problem, told("Write it like 2027-06-15."))
    pattern = (page.text(held["cron"].value, "'cron'") or "").strip().lower()
    if wrong := _pattern(pattern):
        page.wrong(held["cron"].value, *wrong)
    return When("cron", cron=" ".join(pattern.split()), ends=ends)


def _pattern(pattern: str) -> tuple[str, str] | None:
    """What is wrong with a cron pattern, and how to mend it."""
    fields = pattern.split()
    if len(fields) != 5:
        return told("A cron pattern has 5 fields, and this has {number}.", number=len(fields)), _EXAMPLE
    for (problem, most), given in zip(_CLOCK, fields, strict=False):
        if not re.fullmatch(r"\d\d?", given, re.ASCII) or int(given) > most:
            cure = told(
                "It is one number from 0 to {most}: a campaign goes out once a day at most.", most=most
            )
            return told(problem, word=given[:40]), cure
    try:
        comes = following(When("cron", cron=pattern), datetime(2024, 1, 1))  # noqa: DTZ001 - a wall time
    except (ValueError, OverflowError) as error:
        return str(error), ""
    return None if comes else (told("Such a day never comes."), told("Look at the day and the month."))


def _relative(page: CampaignPage, held: dict[str, Entry]) -> When:
    of = page.words(held["date"].value, "'date'", 64)
    days = page.whole(held["days"].value, "'days'", -FURTHEST, FURTHEST) if "days" in held else 0
    if "at" not in held:
        problem = told("There is no 'at' beside 'date'.")
        page.wrong(held["date"].key, problem, told("Add the hour, like at: '16:30'."))
        return When("date", of=of, days=days)
    node = held["at"].value
    text = (page.text(node, "'at'") or "").strip()
    at = _time(text)
    if at is None:
        problem = told("'{word}' is no hour.", word=text[:40])
        page.wrong(node, problem, told("Write it like '16:30': the clock at each school."))
    return When("date", of=of, days=days, time=at)


def hours(page: CampaignPage, entry: Entry | None) -> Window:
    """The hours in which its messages may go."""
    if entry is None:
        return DEFAULT_HOURS
    text = page.words(entry.value, "'hours'", 60)
    try:
        return Window.parse(text)
    except ValueError as error:  # it says how to write them
        page.wrong(entry.value, str(error), "")
        return DEFAULT_HOURS


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text.rjust(5, "0")) if _HOUR.fullmatch(text) else None
    except ValueError:
        return None
