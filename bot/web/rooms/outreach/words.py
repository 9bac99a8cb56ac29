"""The words of this room for what the service calls otherwise: states, reasons, rules, events. Said in the page's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from babel import dates
from babel.numbers import format_currency

from survey_flows.told import Told, listed, told

from ....outreach.campaign import Campaign
from ....outreach.checks import Finding
from ....outreach.hours import Window
from ....outreach.reasons import again
from ... import times
from ...tongue import current, say, say_n
from ...view import tongues
from .drafting import DAYS, weekly


def state(name: str) -> str:
    """How a campaign stands."""
    return {
        "draft": say("Draft"),
        "awaiting": say("Waits for approval"),
        "scheduled": say("Scheduled"),
        "sending": say("Sending now"),
        "paused": say("Paused"),
        "finished": say("Finished"),
        "stopped": say("Stopped"),
    }.get(name, name)


def rule(name: str) -> str:
    """What a check is about."""
    return {
        "name": say("Who writes"),
        "stop": say("Way to stop"),
        "tone": say("Tone"),
        "reading": say("Reading level"),
        "parts": say("Length"),
        "words": say("Names"),
        "links": say("Links"),
        "capitals": say("Capitals"),
        "translation": say("Language"),
        "stale": say("Language"),
        "missing": say("Language"),
        "audience": say("Who gets it"),
        "hours": say("Sending"),
        "when": say("When"),
        "channels": say("Ways to reach families"),
        "survey": say("Survey"),
        "caution": say("Take care"),
    }.get(name, name.capitalize())


def where(one: Finding, *, several: bool = True) -> str:
    """Which step (of several), variant and language a finding is about; "" for all of the campaign."""
    parts = [
        told("step {n}", n=one.step) if one.step and several else "",
        told("variant {name}", name=one.variant) if one.variant else "",
        tongues.name(one.language) if one.language else "",
    ]
    return beside(say(part) if isinstance(part, Told) else part for part in parts if part)


def found(one: Finding) -> str:
    """A finding as one text."""
    there, mend = where(one), cure(one)
    said = told("{what} {cure}", what=one.what, cure=mend) if mend else one.what
    return told("{where}: {what}", where=there, what=said) if there else said


def kept(reason: str) -> str:
    """Why a campaign is held up: what a person wrote as it is, what Openline wrote in the page's language."""
    return say(again(reason)) if reason else ""


def why(event: str, detail: str) -> str:
    """What the journal adds to an event, where it says something to the reader."""
    if event == "tested":  # the language's tag
        return say("in {language}").format(language=tongues.name(detail.removeprefix("in ")))
    return kept(detail) if event in ("returned", "paused") else ""


def cure(one: Finding) -> str:
    """How to mend a finding here: on these pages nobody has a file or a command line."""
    return {
        "translation": say(
            "Ask somebody who reads it to approve it under Translations; or below, send these families the text "
            "in the first language."
        ),
        "stale": say("Have it read again and approved under Translations."),
        "missing": say("Write the missing texts in this language, and have a speaker read them."),
        "audience": say("Look at who gets it, in part 2.") if one.severity == "block" else "",
        "hours": say("Choose another time or wider hours, in part 3.") if one.severity != "note" else "",
        "when": say("Choose another date, in part 3."),
        "channels": say("The person who runs Openline can set it up, under Settings."),
        "words": say("Take the gap out of the message, or fill in the list."),
    }.get(one.rule, one.cure if "`" not in one.cure and "openline " not in one.cure else "")


def event(name: str, by: str) -> str:
    """What happened to a campaign, as a sentence; ``by`` is a name, or "" where Openline did it."""
    if not by:
        return {
            "begun": say("Sending started."),
            "done": say("Everybody has been decided."),
            "paused": say("Paused by itself."),
            "held back": say("Held back: a second person has to approve it."),
        }.get(name, name.capitalize() + ".")
    return {
        "written": say("{name} saved it."),
        "scheduled": say("{name} scheduled it."),
        "asked": say("{name} asked for approval."),
        "approved": say("{name} approved it."),
        "returned": say("{name} sent it back."),
        "paused": say("{name} paused it."),
        "resumed": say("{name} let it go on."),
        "stopped": say("{name} stopped it."),
        "tested": say("{name} sent a test."),
        "begun": say("{name} started it."),
    }.get(name, "{name}: " + name).format(name=by)


def language_state(name: str) -> str:
    """How a language of a campaign stands."""
    return {
        "source": say("Written by you"),
        "approved": say("Approved"),
        "draft": say("Needs a reader"),
        "stale": say("Changed, needs a reader"),
        "missing": say("Missing"),
    }[name]


def _locale() -> str:
    return current().replace("-", "_")


def dollars(amount: float) -> str:
    """An amount of money, as the language writes it."""
    return format_currency(amount, "USD", locale=_locale())


def clock(at: time) -> str:
    """A time on the wall: "4:30 pm"."""
    text = dates.format_time(at, "short", locale=_locale())
    return text.replace("\u202f", " ").replace("AM", "am").replace("PM", "pm")


def wall(at: datetime) -> str:
    """A day and a time on the wall, whatever the reader's zone: "Thu 15 Oct 2026, 4:30 pm"."""
    return say("{day}, {time}").format(day=times.day(at.date()), time=clock(at.time()))


def beside(parts: Iterable[str]) -> str:
    """Several words in a row, as the language parts them: with its own commas."""
    known = listed(parts)
    return say(known) if isinstance(known, Told) else known


def lasting(span: timedelta) -> str:
    """How long something takes."""
    if span < timedelta(minutes=1):
        return say("less than a minute")
    minutes = -(-int(span.total_seconds()) // 60)
    if minutes < 90:
        return say_n("about {n} minute", "about {n} minutes", minutes).format(n=minutes)
    hours = round(minutes / 60)
    return say_n("about {n} hour", "about {n} hours", hours).format(n=hours)


def weekday(key: str) -> str:
    """A day of the week."""
    return {"mon": say("Monday"), "tue": say("Tuesday"), "wed": say("Wednesday"), "thu": say("Thursday"),
            "fri": say("Friday"), "sat": say("Saturday"), "sun": say("Sunday")}[key]  # fmt: skip


def when(campaign: Campaign) -> str:
    """When a campaign goes out, in words."""
    said = campaign.when
    if said.kind == "at" and said.at:
        return say("{when}, by each school’s clock").format(when=wall(said.at))
    if said.kind == "cron":
        again = weekly(said)
        if again is None:
            return say("By the pattern {pattern}").format(pattern=said.cron)
        days = say("every day") if len(again[0]) == len(DAYS) else beside(map(weekday, again[0]))
        text = say("Each week: {days}, {time}").format(days=days, time=clock(again[1]))
        if said.ends is None:
            return text
        return say("{told}, until {day}").format(told=text, day=times.day(said.ends))
    if said.kind == "date":
        of = say("an absence") if said.of == "absence" else str(said.of).replace("_", " ")
        n, hour = abs(said.days), clock(said.time or campaign.hours.opens)
        if not said.days:
            return say("On the day of {date}, {time}").format(date=of, time=hour)
        if said.days > 0:
            text = say_n("{n} day after {date}, {time}", "{n} days after {date}, {time}", n)
        else:
            text = say_n("{n} day before {date}, {time}", "{n} days before {date}, {time}", n)
        return text.format(n=n, date=of, time=hour)
    return (
        say("As soon as it is approved") if said.kind == "now" else say("Whenever somebody presses Send now")
    )


def window(one: Window) -> str:
    """Hours and days, in words."""
    days = beside(weekday(DAYS[day]) for day in sorted(one.days))
    if sorted(one.days) == list(range(min(one.days), max(one.days) + 1)) and len(one.days) > 2:
        days = say("{first} to {last}").format(
            first=weekday(DAYS[min(one.days)]), last=weekday(DAYS[max(one.days)])
        )
    return say("{days}, {opens} to {closes}").format(
        days=days, opens=clock(one.opens), closes=clock(one.closes)
    )
