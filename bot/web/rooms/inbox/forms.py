"""The reply as it is being written: what the family will read, what speaks against it, and when it would go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ....dialogue.drafting import Draft
from ....dialogue.wording import Letter
from ... import times
from ...tongue import say, say_n
from . import showing


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field of a form."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    """What a check says of a translation."""

    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A draft as staff read it before it goes. ``refused``: why the translation may not be sent. ``machine``: a computer
    made it. ``later``: when it goes, where that is not at once."""

    digest: str
    written: str
    language: str
    reads: str
    machine: bool
    sure: str
    back: str
    back_in: str
    checks: Sequence[Check]
    refused: str
    parts: str
    plain_parts: str
    when: str
    later: bool
    only_now: bool
    notes: Sequence[str]
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form below a conversation. ``once`` makes that what is sent without a preview goes once. ``same``: the family reads
    the language that it is written in."""

    text: str
    language: str
    once: UUID
    preview: Preview | None = None
    errors: Sequence[Wrong] = field(default_factory=tuple)


def preview(made: Draft, now: datetime) -> Preview:
    """What to show of a draft."""
    letter = made.translated
    machine = made.origin != "person"
    return Preview(
        digest=made.digest,
        written=made.written,
        language=made.language,
        reads=letter.text if letter else "",
        machine=machine and letter is not None,
        sure=_sure(made) if letter and machine else "",
        back=(made.back or "") if letter and machine else "",
        back_in=made.written_in,
        checks=[Check(one.severity, " ".join(filter(None, (one.what, one.cure)))) for one in made.findings],
        refused=_refused(made),
        parts=parts(letter, made.channel) if letter else "",
        plain_parts=parts(made.as_written, made.channel),
        when=_when(made.due, now),
        later=made.due is None or made.due > now,
        only_now=made.due is None,
        notes=_notes(made),
        text=made.text or "",
    )


def parts(letter: Letter, channel: str) -> str:
    """How many text parts it takes; nothing where a channel does not count."""
    if channel != "sms":
        return ""
    return say_n("{n} text part", "{n} text parts", letter.parts).format(n=letter.parts)


def _sure(made: Draft) -> str:
    return {
        "sure": say("The translation very likely means the same."),
        "fair": say("The translation probably means the same. Read it translated back."),
        "doubtful": say(
            "It is doubtful that the translation means the same. Read it translated back, or call."
        ),
        "not known": say("Nobody can say how good this translation is. Read it translated back."),
    }.get(made.sure or "not known", "")


def _refused(made: Draft) -> str:
    named = showing.language(made.language)
    return {
        None: "",
        "same": "",
        "none": say(
            "There is no translation into {language}: no translator answered, or none is set up. Send your words as "
            "they are, insert a saved reply, or hand the conversation over to a colleague who writes {language}."
        ).format(language=named),
        "off": say(
            "This school sends only what a person has translated. Send your words as they are, or insert a saved reply."
        ),
        "critical": say(
            "It speaks of danger, of a number to call, or of how to end messages. No computer’s wording of that is sent: "
            "send your words as they are, insert a saved reply, or call."
        ),
        "wrong": say(
            "The checks found something wrong with this translation. Write it in other words, or send your words as they are."
        ),
    }[made.closed]


def _when(due: datetime | None, now: datetime) -> str:
    if due is None:
        return say("Their school opens on no day of the next two months: it can only be sent at once.")
    if due <= now:
        return say("Sent at once.")
    return say("Goes out {day} at {time}, when their school’s hours begin.").format(
        day=times.day(due, now), time=times.clock(due)
    )


def _notes(made: Draft) -> list[str]:
    said = [say(note) for note in made.notes if note.startswith("They last wrote")]
    if made.translated is not None and made.origin != "person" and not made.translated.original:
        said.append(say("It is long: the family gets the translation only, without your own words below it."))
    return said
