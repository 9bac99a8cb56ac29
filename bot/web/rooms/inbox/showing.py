"""What the pages of the inbox show, made of what the store tells: words, times, and what may be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from babel import dates
from babel.core import Locale, UnknownLocaleError

from ....dialogue.listing import Line
from ....dialogue.notes import Note
from ....dialogue.sureness import same
from ....dialogue.threads import Bubble
from ... import times
from ...tongue import current, say, say_n
from ...view import tongues

LONG = timedelta(hours=1)
"""From here on a wait is marked."""


def language(tag: str | None) -> str:
    """What a language is called in the language of the page.

    >>> language("ht"), language("zh-Hans"), language("es-MX"), language(None)
    ('Haitian Creole', 'Simplified Chinese', 'Mexican Spanish', 'language not known')
    """
    if tag is None or tag == "und":
        return say("language not known")
    try:
        names = Locale.parse(current(), sep="-").languages
    except (UnknownLocaleError, ValueError):
        return tongues.name(tag)
    return names.get(tag.replace("-", "_")) or tongues.name(tag)


def called(name: str | None, respondent: str) -> str:
    """What to call somebody, with or without a name."""
    if name:
        return name
    unnamed = {"student": say("A student, name not known"), "staff": say("A colleague, name not known")}
    return unnamed.get(respondent, say("A family, name not known"))


def waited(since: datetime, now: datetime) -> str:
    """How long somebody has been waiting.

    >>> from datetime import UTC
    >>> at = datetime(2026, 10, 14, tzinfo=UTC)
    >>> [waited(at - timedelta(minutes=n), at) for n in (0, 12, 60, 97, 1500, 2900)]
    ['just now', '12 min', '1 hour', '1 hour 37 min', '1 day', '2 days']
    """
    minutes = max(0, int((now - since).total_seconds() // 60))
    hours, rest = divmod(minutes, 60)
    if minutes < 1:
        return say("just now")
    if hours < 1:
        return say_n("{n} min", "{n} min", minutes).format(n=minutes)
    if hours >= 24:
        return say_n("{n} day", "{n} days", hours // 24).format(n=hours // 24)
    if not rest:
        return say_n("{n} hour", "{n} hours", hours).format(n=hours)
    return say_n("{n} hour {minutes} min", "{n} hours {minutes} min", hours).format(n=hours, minutes=rest)


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation in the list."""

    line: Line
    name: str
    href: str
    about: str
    wait: str
    long: bool
    at: str
    hidden: bool


def rows(lines: Sequence[Line], query: str, now: datetime) -> list[Row]:
    """The list. Words that raised an alert are not in it: they are for whoever opens it."""
    return [
        Row(
            line=line,
            name=called(line.name, line.respondent),
            href=f"/inbox/{line.person}{query}",
            about=", ".join(filter(None, (language(line.text_language or line.language), line.school))),
            wait=waited(line.since, now) if line.since else "",
            long=line.since is not None and now - line.since >= LONG,
            at=short_day(line.at, now),
            hidden=line.danger is not None,
        )
        for line in lines
    ]


def short_day(at: datetime, now: datetime) -> str:
    """The time today, the weekday within a week, else the date."""
    days = (times.here(now).date() - times.here(at).date()).days
    if days <= 0:
        return times.clock(at)
    if days < 7:
        return dates.format_date(times.here(at).date(), "EEE", locale=current().replace("-", "_"))
    return dates.format_date(times.here(at).date(), "d MMM", locale=current().replace("-", "_"))


def heading(on: date, today: date) -> str:
    """The line between the messages of two days.

    >>> heading(date(2026, 10, 13), date(2026, 10, 15)), heading(date(2026, 10, 14), date(2026, 10, 14))
    ('Tuesday 13 October', 'Today')
    """
    if on == today:
        return say("Today")
    if on == today - timedelta(days=1):
        return say("Yesterday")
    pattern = "EEEE d MMMM" if on.year == today.year else "EEEE d MMMM y"
    return dates.format_date(on, pattern, locale=current().replace("-", "_"))


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it is shown: ``text`` and its ``other`` language, who wrote it and what became of it (``meta``).

    ``alert``: it raised one that nobody has closed, and its words are shown only there. ``wrong``: where to say that the
    translation is wrong. ``missing``: there is no translation yet.
    """

    bubble: Bubble
    text: str
    other: str
    from_us: bool
    meta: str
    by_machine: bool
    doubtful: bool
    wrong: str
    alert: UUID | None
    missing: bool
    answer: str
    media: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the conversation: the head of a day, a message, or a note of a colleague."""

    day: str = ""
    said: Said | None = None
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What things are called: accounts by address, surveys and campaigns by key; and alerts by message, nobody's closed."""

    staff: Mapping[str, str]
    surveys: Mapping[str, str]
    campaigns: Mapping[str, str]
    alerts: Mapping[UUID, UUID]


def entries(
    bubbles: Sequence[Bubble],
    notes: Sequence[Note],
    names: Names,
    person: UUID,
    reader: str,
    query: str,
    now: datetime,
) -> Iterator[Entry]:
    """Messages and notes in the order of time, with a line before each day."""
    today, last = times.here(now).date(), None
    both: list[tuple[datetime, Bubble | Note]] = [(one.at, one) for one in bubbles]
    both += [(note.at, note) for note in notes]
    for at, one in sorted(both, key=lambda pair: pair[0]):
        on = times.here(at).date()
        if on != last:
            yield Entry(day=heading(on, today))
            last = on
        if isinstance(one, Note):
            yield Entry(note=one)
        else:
            yield Entry(said=said(one, names, person, reader, query))


def said(one: Bubble, names: Names, person: UUID, reader: str, query: str) -> Said:
    """One message."""
    alert = names.alerts.get(one.id)
    machine = one.translated_by is not None and one.translated_by != "person"
    entry = machine and one.direction == "in" and one.translation is not None
    survey = names.surveys.get(one.survey or "", one.survey or "")
    return Said(
        bubble=one,
        text=_without_original(one),
        other=one.other or "",
        from_us=one.direction == "out",
        meta=", ".join(filter(None, (_writer(one, names), _became(one)))),
        by_machine=machine,
        doubtful=one.sure == "doubtful",
        wrong=f"/inbox/{person}/messages/{one.id}/wrong{query}" if entry else "",
        alert=alert,
        missing=one.note == "not translated yet" and not same(one.language, reader),
        answer=say("Answer to the survey {title}").format(title=survey) if one.answers and survey else "",
        media=tuple((kind_of(type_), _web(url)) for url, type_ in one.media),
    )


def kind_of(media_type: str) -> str:
    """What came with a message, in a word.

    >>> kind_of("image/jpeg"), kind_of("audio/ogg"), kind_of("application/pdf")
    ('Photo', 'Voice message', 'File (application/pdf)')
    """
    kinds = {"image": say("Photo"), "audio": say("Voice message"), "video": say("Video")}
    found = kinds.get(media_type.partition("/")[0])
    return found or say("File ({type})").format(type=media_type[:60] or "?")


def _web(url: str) -> str:
    return url if urlsplit(url).scheme == "https" else ""


def _without_original(one: Bubble) -> str:
    """What went out, without the words of staff below it: those stand beside it."""
    head, _, last = one.text.rpartition("\n\n")
    below = one.direction == "out" and one.other and last.endswith(f": {one.other}")
    return head if below else one.text


def _writer(one: Bubble, names: Names) -> str:
    if one.direction == "in":
        return ""
    if one.written_by:
        return names.staff.get(one.written_by.lower(), one.written_by)
    if one.campaign:
        return names.campaigns.get(one.campaign, one.campaign)
    if one.survey and one.purpose in ("ask", "outreach", "reply", "reminder", "farewell"):
        return names.surveys.get(one.survey, one.survey)
    return say("Sent by Openline itself")


def _became(one: Bubble) -> str:
    """When it came; of what is ours, what became of it."""
    if one.direction == "in":
        return times.clock(one.at)
    at = times.clock(one.sent or one.at)
    waits = say("goes out at {time}") if one.due else say("goes out as soon as it can")
    due = times.clock(one.due) if one.due else ""
    words = {
        "queued": waits.format(time=due),
        "sending": say("being sent"),
        "uncertain": say("sent {time}, not confirmed yet").format(time=at),
        "sent": say("sent {time}").format(time=at),
        "delivered": say("sent {time}, delivered").format(time=at),
        "read": say("sent {time}, read").format(time=at),
        "failed": say("did not arrive"),
        "cancelled": say("taken back before it went"),
        "held": say("held back"),
    }
    return words.get(one.state, at)
