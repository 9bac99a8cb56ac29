"""A form's answers entered into a campaign's file: what the form does not show stays in it as it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from survey_flows import Survey

from ....outreach.audience import AudienceError
from ....outreach.audience.narrowing import narrowed
from ....outreach.campaign import Campaign, CampaignError, When
from ....outreach.campaign_file import loads
from ....outreach.files.complaints import without_line
from ....outreach.files.editing import Unwritable, places, put, quoted, said
from ....outreach.hours import Window
from ...tongue import say
from . import conditions
from .conditions import Condition
from .reach import Schools

Form = Mapping[str, Sequence[str]]
RESERVED = frozenset({"new", "library"})
"""Words of our own in addresses, which no campaign of these pages is called."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

NEGATIVE = ("answered", "finished", "received")
"""Conditions that are mostly meant the other way round: those who have not."""

BLANK = """\
campaign: new-campaign
title: New campaign
source: en
audience: respondent = family
when: {at: %s}
steps:
  - message:
      en: "Hello from {school}. Reply STOP to end."
"""

ASKING = """\
campaign: new-survey
title: %s
source: %s
audience: respondent = %s
when: {at: %s}
steps:
  - survey: %s
"""
ASK = "ask:"
"""Before the key of a survey: a new campaign that asks it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an answer, at which field."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """A file as the form would have it. ``campaign`` is None where it cannot be read; ``problems`` say why, and what else."""

    text: str
    campaign: Campaign | None
    who: Sequence[Condition]
    problems: Sequence[Problem] = ()


def one(form: Form, name: str, otherwise: str = "") -> str:
    """The one answer to a question."""
    return next(iter(form.get(name, ())), otherwise).strip()


def opened(text: str, mine: Schools) -> Drafted:
    """A file as it stands, before anybody has answered anything. Its audience is shown narrowed to the schools of whoever looks."""
    made = loads(text, "campaign")
    wanted = narrowed(made.audience, mine)
    if wanted != made.audience:
        text = put(text, "audience", quoted(wanted))
        made = loads(text, "campaign")
    return Drafted(text, made, conditions.of_text(made.audience))


def renamed(text: str, key: str) -> str:
    """The file with another key."""
    return put(text, "campaign", key)


def entered(text: str, form: Form, mine: Schools) -> Drafted:
    """The file with a form's answers. ``mine`` are the schools of whoever writes: their audience is of these only."""
    problems: list[Problem] = []
    made = loads(text, "campaign")
    title = " ".join(one(form, "title").split())
    if not title:
        problems.append(Problem("title", say("Give the campaign a title. Families do not see it.")))
    elif title != made.title:
        text = put(text, "title", quoted(title[:200]))
    text = _said(text, made, form, problems)
    who: Sequence[Condition] = conditions.read(form) if "who" in form else conditions.of_text(made.audience)
    text, who = _audience(text, made, form, who, mine, problems)
    text = _when(text, made, form, problems)
    text = _hours(text, made, form, problems)
    if (choice := one(form, "untranslated")) in ("wait", "source") and choice != made.untranslated:
        text = put(text, "untranslated", choice)
    try:
        found: Campaign | None = loads(text, "campaign")
    except CampaignError as error:
        found = None
        complaints = error.complaints if not problems else ()
        problems += [Problem(_place(each), without_line(each)) for each in complaints]
    return Drafted(text, found, who, problems)


def _place(complaint: str) -> str:
    """The field that a complaint about the file is about, as far as its words tell."""
    language = re.search(r"\(([A-Za-z0-9-]{2,35})\)|in ([a-z]{2,3}(?:-[A-Za-z0-9]+)*),", complaint)
    tag = next((part for part in language.groups() if part), "") if language else ""
    return f"say.0.{tag}" if tag else "message"


def _said(text: str, made: Campaign, form: Form, problems: list[Problem]) -> str:
    known = places(text)
    changes: dict[tuple[str, str], str] = {}
    for number, place in enumerate(known):
        has = place.texts([*made.languages, made.source], made.source)
        for name, given in form.items():
            found = re.fullmatch(rf"say\.{number}\.([A-Za-z0-9-]{{2,35}})", name)
            if not found or not given:
                continue
            tag, words = found[1], given[0].replace("\r\n", "\n").strip()
            if words:
                changes[place.context, tag] = words
            elif tag in has:
                problems.append(Problem(name, say("Write the words: this language has had some.")))
    try:
        return said(text, changes, made.source)
    except (Unwritable, LookupError, ValueError) as error:
        problems.append(Problem("message", str(error)))
        return text


def _audience(
    text: str, made: Campaign, form: Form, who: Sequence[Condition], mine: Schools, problems: list[Problem]
) -> tuple[str, Sequence[Condition]]:
    raw = one(form, "filter")
    try:
        if raw and raw != one(form, "filter_was"):
            wanted, who = raw, conditions.of_text(raw)
        elif "who" in form:
            wanted = conditions.kept(made.audience, who)
        else:
            wanted = made.audience
        if narrowed(wanted, mine) != wanted:
            wanted = narrowed(wanted, mine)
            who = [*conditions.of_text(wanted), *(each for each in who if not each.complete)]
    except AudienceError as error:
        problems.append(Problem("filter", error.plain))
        return text, who
    return (text if wanted == made.audience else put(text, "audience", quoted(wanted))), who


def moved(form: Form) -> Form:
    """The form's answers with a condition more, or one less, where that button was pressed."""
    go, changed = one(form, "go"), dict(form)
    if go == "add" and one(form, "add_kind"):
        kind = one(form, "add_kind")
        last = max(
            (int(name.split(".")[1]) for name in form if re.fullmatch(r"who\.\d{1,3}\.kind", name)),
            default=-1,
        )
        changed |= {
            f"who.{last + 1}.kind": [kind],
            f"who.{last + 1}.not": ["not"] if kind in NEGATIVE else [""],
        }
        changed[f"who.{last + 1}.op"] = [">="] if kind in (*conditions.COUNTS, "children") else ["="]
    if go.startswith("remove:"):
        gone = f"who.{go.removeprefix('remove:')}."
        changed = {name: said for name, said in changed.items() if not name.startswith(gone)}
    return changed


def _when(text: str, made: Campaign, form: Form, problems: list[Problem]) -> str:
    kind = one(form, "when")
    if kind in ("", "kept"):
        return text
    wanted = _written(kind, form, problems)
    if wanted is None or wanted == when_yaml(made.when):
        return text
    return put(text, "when", wanted)


def _written(kind: str, form: Form, problems: list[Problem]) -> str | None:
    """What ``when:`` is to be, as YAML; None (and a problem) where an answer is missing."""
    if kind in ("now", "trigger"):
        return kind
    if kind == "at":
        day, clock = _day(one(form, "at_day")), _clock(one(form, "at_time"))
        if day is None:
            problems.append(Problem("at_day", say("Choose the day on which it goes out.")))
        if clock is None:
            problems.append(Problem("at_time", say("Choose the time at which it goes out, like 4:30 pm.")))
        return None if day is None or clock is None else f"{{at: {day} {clock:%H:%M}}}"
    if kind == "again":
        days = [day for day in form.get("again_days", ()) if day in DAYS]
        clock, ends = _clock(one(form, "again_time")), _day(one(form, "again_ends"))
        if not days:
            problems.append(Problem("again_days", say("Choose at least one day of the week.")))
        if clock is None:
            problems.append(Problem("again_time", say("Choose the time at which it goes out, like 4:30 pm.")))
        if not days or clock is None:
            return None
        until = f", ends: {ends}" if ends else ""
        return f"{{cron: {clock.minute} {clock.hour} * * {','.join(days)}{until}}}"
    return _by(form, problems) if kind == "by" else None


def _by(form: Form, problems: list[Problem]) -> str | None:
    """By a date of each family."""
    of, clock = one(form, "by_of"), _clock(one(form, "by_time"))
    days = re.fullmatch(r"\d{1,3}", one(form, "by_days", "0"))
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", of):
        problems.append(Problem("by_of", say("Choose the date that it goes by.")))
        return None
    if days is None or int(days[0]) > 366:
        problems.append(Problem("by_days", say("Give a number of days from 0 to 366.")))
        return None
    if clock is None:
        problems.append(Problem("by_time", say("Choose the time at which it goes out, like 4:30 pm.")))
        return None
    number = int(days[0]) * (-1 if one(form, "by_side") == "before" else 1)
    return f'{{date: {of}, days: {number}, at: "{clock:%H:%M}"}}'


def when_yaml(when: When) -> str:
    """What ``when:`` says, as this form would write it: so that what is the same is not written anew."""
    if when.kind == "at" and when.at:
        return f"{{at: {when.at:%Y-%m-%d %H:%M}}}"
    if when.kind == "cron":
        return f"{{cron: {when.cron}{f', ends: {when.ends}' if when.ends else ''}}}"
    if when.kind == "date" and when.time:
        return f'{{date: {when.of}, days: {when.days}, at: "{when.time:%H:%M}"}}'
    return when.kind


def _hours(text: str, made: Campaign, form: Form, problems: list[Problem]) -> str:
    if "hours_from" not in form:
        return text
    opens, closes = _clock(one(form, "hours_from")), _clock(one(form, "hours_to"))
    if opens is None or closes is None or opens >= closes:
        problems.append(
            Problem("hours_from", say("Choose the first and the last hour, the first before the last."))
        )
        return text
    window = Window(opens, closes, made.hours.days)
    return text if window == made.hours else put(text, "hours", str(window))


def weekly(when: When) -> tuple[list[str], time] | None:
    """The days of the week and the time of a pattern that the form can show; None for any other pattern."""
    found = re.fullmatch(r"(\d{1,2}) (\d{1,2}) \* \* ([a-z,*0-9-]+)", when.cron or "")
    if when.kind != "cron" or not found:
        return None
    days = found[3].split(",")
    if found[3] == "*":
        days = list(DAYS)
    return (days, time(int(found[2]), int(found[1]))) if all(day in DAYS for day in days) else None


def key_of(title: str, taken: Iterable[str] = ()) -> str:
    """A key made of a title, which no other campaign has.

    >>> key_of("On-time thank-you!"), key_of("¿Qué tal?"), key_of("New", {"x"})
    ('on-time-thank-you', 'que-tal', 'new-2')
    """
    plain = unicodedata.normalize("NFD", title.casefold()).encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-").lstrip("0123456789-")[:50].rstrip("-") or "campaign"
    held, key, number = {*taken, *RESERVED}, base, 1
    while key in held:
        number += 1
        key = f"{base}-{number}"
    return key


def blank(at: datetime) -> str:
    """The text of a campaign that nobody has written yet; ``at`` is when it might go out."""
    return BLANK % f"{at:%Y-%m-%d %H:%M}"


def asking(survey: Survey, respondent: str, at: datetime) -> str:
    """A campaign that asks a published survey; words that staff fill in have the survey's own examples until they do."""
    title = survey.title[survey.source]
    text = ASKING % (quoted(title), survey.source, respondent, f"{at:%Y-%m-%d %H:%M}", survey.key)
    if survey.fields:
        text += "    given:\n"
        text += "".join(
            f"      {name}: {quoted(example[survey.source])}\n" for name, example in survey.fields.items()
        )
    return text


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"20\d\d-\d\d-\d\d", text) else None
    except ValueError:
        return None


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text[:5]) if re.fullmatch(r"\d\d:\d\d(:\d\d)?", text) else None
    except ValueError:
        return None
