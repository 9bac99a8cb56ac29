"""What the page shows on which a campaign is written: its texts by language, one family's view, who gets it, when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ....app import App
from ....outreach import checks, trying
from ....outreach.calendars import Calendars
from ....outreach.campaign import Campaign
from ....outreach.checks import Checked
from ....outreach.checks.surveys import Published
from ....outreach.files.campaign_page import lasting
from ....outreach.files.editing import places
from ....outreach.hours import Calendar, opening
from ....outreach.wall_time import instant
from ....speech import spoken
from ...tongue import say
from ...view import tongues
from . import looking, words
from .drafting import DAYS, Drafted, Form, one, weekly

TABS = 12
"""Languages that are shown as tabs; the rest stay in the file."""


@dataclass(frozen=True, slots=True)
class Area:
    """One text of the form: ``say.0.es``."""

    name: str
    label: str
    hint: str
    value: str
    rows: int
    beside: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One language: how it stands, how many families need it, its texts."""

    tag: str
    name: str
    state: str
    people: int
    areas: Sequence[Area]
    rare: Sequence[Area]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one family sees: ``texts`` are pairs of when (of later steps) and words. ``made_up``: nobody on the list."""

    tag: str
    school: str
    texts: Sequence[tuple[str, str, str]]
    nth: int
    of: int
    made_up: bool
    waits: bool


def speaks(campaign: Campaign, published: Published) -> tuple[Sequence[str], frozenset[str]]:
    """The languages of what is said, and those of them that nobody has approved: of a campaign that only asks surveys,
    its first survey's."""
    asked = next((step.survey for step in campaign.steps if step.survey in published), None)
    if asked is None or any(step.texts for step in campaign.steps):
        return campaign.languages, frozenset(campaign.drafts)
    survey = published[asked][1]
    return survey.languages, frozenset(survey.drafts) | frozenset(survey.stale)


def tabs(drafted: Drafted, campaign: Campaign, found: Checked, form: Form, published: Published) -> list[Tab]:
    """The languages that there are, and those that families of the audience speak and the campaign does not."""
    spoken_, unread = speaks(campaign, published)
    needed: dict[str, int] = {}
    for (step, _, tag), row in found.tally.rows.items():
        if step == 0:
            needed[tag] = needed.get(tag, 0) + row.people + row.waiting + row.skipped - row.source.total()
            for tongue, count in row.source.items():
                needed[tongue] = needed.get(tongue, 0) + count
    lacking = sorted(
        (tag for tag in needed if tag not in spoken_ and needed[tag]), key=lambda tag: -needed[tag]
    )
    ways = [campaign.source, *(tag for tag in spoken_ if tag != campaign.source), *lacking][:TABS]
    made = [_tab(drafted, campaign, tag, needed, form) for tag in ways]
    if spoken_ is campaign.languages:
        return made
    states = {tag: "draft" if tag in unread else "approved" for tag in spoken_} | {campaign.source: "source"}
    return [replace(tab, state=states.get(tab.tag, "missing")) for tab in made]


def _tab(drafted: Drafted, campaign: Campaign, tag: str, needed: Mapping[str, int], form: Form) -> Tab:
    common: list[Area] = []
    rare: list[Area] = []
    several = len(campaign.steps) > 1
    for number, place in enumerate(places(drafted.text)):
        said = place.texts([tag, campaign.source], campaign.source)
        name = f"say.{number}.{tag}"
        value = one(form, name) if name in form else said.get(tag, "")
        label, hint = _label(place.context, campaign, several=several, language=tongues.name(tag))
        long = ":" not in place.context.rpartition("/")[2]
        beside = said.get(campaign.source, "") if tag != campaign.source else ""
        area = Area(name, label, hint, value, 6 if long else 2, beside)
        (rare if "/fallback:" in place.context else common).append(area)
    return Tab(
        tag, tongues.name(tag), looking.state_of(campaign, tag, needed), needed.get(tag, 0), common, rare
    )


def _label(context: str, campaign: Campaign, *, several: bool, language: str) -> tuple[str, str]:
    parts = context.split("/")
    last = parts[-1]
    if last.startswith("field:"):
        name = "{" + last.removeprefix("field:") + "}"
        return say("Words for {gap} in {language}").format(gap=name, language=language), ""
    if last.startswith("fallback:"):
        name = "{" + last.removeprefix("fallback:") + "}"
        return say("Where the list has no {gap}, in {language}").format(gap=name, language=language), ""
    hint = say("Keep the words in curly braces. They become each family’s own names.")
    number = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 1
    variant = parts[3] if len(parts) > 3 else ""
    if several and number > 1:
        after = say(lasting(campaign.steps[number - 1].after))
        label = say("Message {number} in {language}, {after} later")
        label = label.format(number=number, language=language, after=after)
    else:
        label = say("Message in {language}").format(language=language)
    if variant:
        label = say("{label}, wording {variant}").format(label=label, variant=variant.upper())
    return label, hint


async def seen(
    app: App, campaign: Campaign, found: Checked, tag: str, nth: int, *, names: bool, published: Published
) -> Seen:
    """What a family that reads this language sees: the ``nth`` of the audience; somebody made up for those who may not know
    the families' names, and where no family reads it."""
    languages, drafts = speaks(campaign, published)
    waits = tag not in languages or (tag in drafts and not app.desk.allow_drafts)
    some = [
        who
        for tongue, held in (found.some.picked.items() if found.some else ())
        if spoken(tongue, tuple(languages), (), campaign.source, allow_drafts=True) == tag
        for who in held
    ]
    if names and some and tag in languages:
        at = nth % len(some)
        person, channel = some[at]
        told_ = await checks.read_by(app, campaign, found.at, person, channel)
        if told_ is not None and told_[1]:
            known, texts = told_
            school = next((child.school for child in known.children if child.school), known.person.school)
            shown = [(_after(campaign, step), language, text) for step, language, text in texts]
            return Seen(tag, school or app.settings.organization, shown, at, len(some), False, waits)
    language = tag if tag in languages else campaign.source
    said = trying.texts(app, campaign, published, language)
    made_up = [("", spoken_, text) for text, spoken_ in said]
    return Seen(tag, trying.SCHOOL, made_up, 0, 0, True, waits)


def _after(campaign: Campaign, step: int) -> str:
    return say(lasting(campaign.steps[step].after)) if step and step < len(campaign.steps) else ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a bar: hours in percent of it. ``opens`` is None where nothing goes out on it."""

    day: date
    opens: float | None
    closes: float | None
    at: float | None
    wide: float
    from_: datetime | None
    until: datetime | None
    next_at: datetime | None
    why: str
    opens_said: str = ""
    closes_said: str = ""
    next_said: str = ""


def hours_bar(
    campaign: Campaign, calendar: Calendar, at: datetime | None, lasts: timedelta, now: datetime, why: str
) -> Day:
    """The hours of the day on which a campaign goes out, at the school whose calendar this is."""
    zone = calendar.zone
    moment = instant(at, zone) if at else now
    day = moment.astimezone(zone).date()
    spans = calendar.open_on(day, campaign.hours)
    span = spans[0] if spans else None
    found = opening(calendar, campaign.hours, moment)
    begins = found[0] if found else None
    on_day = begins is not None and begins.astimezone(zone).date() == day
    wide = max(1.0, min(30.0, lasts.total_seconds() / 864))
    return Day(
        day,
        _share(span[0], zone) if span else None,
        (_share(span[1], zone) or 100.0) if span else None,
        _share(begins, zone) if begins and on_day else None, wide,
        span[0] if span else None, span[1] if span else None,
        begins, why if span is None else "",
        words.clock(span[0].astimezone(zone).time()) if span else "",
        words.clock(span[1].astimezone(zone).time()) if span else "",
        words.wall(begins.astimezone(zone)) if begins else "",
    )  # fmt: skip


def _share(moment: datetime, zone: ZoneInfo) -> float:
    here = moment.astimezone(zone)
    return round((here.hour * 60 + here.minute) / 14.4, 2)


@dataclass(frozen=True, slots=True)
class When:
    """The answers of part 3."""

    kind: str
    at_day: str
    at_time: str
    again_days: Sequence[str]
    again_time: str
    again_ends: str
    by_of: str
    by_days: str
    by_side: str
    by_time: str
    hours_from: str
    hours_to: str
    kept: str


def when(campaign: Campaign, form: Form, now: datetime, calendars: Calendars) -> When:
    """What the form says, else what the file says, else something sensible to begin with."""
    said, usual = campaign.when, "16:30"
    again = weekly(said)
    kind = {"cron": "again", "date": "by"}.get(said.kind, said.kind)
    kept = ""
    if said.kind == "cron" and again is None:
        kind, kept = "kept", str(said.cron)
    tomorrow = now.astimezone(calendars.other.zone).date() + timedelta(days=1)
    at = said.at or datetime.combine(tomorrow, campaign.hours.opens)
    return When(
        one(form, "when", kind), one(form, "at_day", f"{at:%Y-%m-%d}"), one(form, "at_time", f"{at:%H:%M}"),
        list(form["again_days"]) if "again_days" in form else (again[0] if again else [DAYS[0]]),
        one(form, "again_time", f"{again[1]:%H:%M}" if again else usual),
        one(form, "again_ends", str(said.ends or "")),
        one(form, "by_of", said.of or "absence"), one(form, "by_days", str(abs(said.days))),
        one(form, "by_side", "before" if said.days < 0 else "after"),
        one(form, "by_time", f"{said.time:%H:%M}" if said.time else usual),
        one(form, "hours_from", f"{campaign.hours.opens:%H:%M}"),
        one(form, "hours_to", f"{campaign.hours.closes:%H:%M}"), kept,
    )  # fmt: skip
