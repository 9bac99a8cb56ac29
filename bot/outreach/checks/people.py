"""What comes of the texts and the people together: who waits, who is skipped, how many SMS parts it takes. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from survey_flows.lint.messages import REFUSE, WARN, told
from survey_flows.segments import LOOK_ALIKES

from ..campaign import Campaign
from .counting import Row, Tally
from .finding import Finding

TOO_MANY = 0.2
"""Of those for whom words are missing, the share from which on nothing is sent."""


def people(campaign: Campaign, tally: Tally) -> Iterator[Finding]:
    """All that is to be said of a whole audience and what it would read."""
    if not tally.people:
        yield Finding("block", "audience", "Nobody is in the audience.", "Look at 'audience:' in the file.")
    elif not tally.going:
        reasons = ", ".join(f"{reason} {count}" for reason, count in tally.reasons.most_common())
        yield Finding(
            "block", "audience", f"It goes to nobody: {reasons}.", "Look at 'audience:' and 'channels:'."
        )
    if campaign.when.kind == "date":
        what = "It goes by a date: each day to those whose date it is. The figures are for everybody in the audience."
        yield Finding("note", "audience", what, "")
    for (step, variant, language), row in sorted(tally.rows.items()):
        for one in (*_waiting(campaign, step, language, row), *_missing(row), *_parts(row)):
            yield Finding(one.severity, one.rule, one.what, one.cure, step + 1, variant or None, language)


def _waiting(campaign: Campaign, step: int, language: str, row: Row) -> Iterator[Finding]:
    if row.waiting:
        drafted = language in campaign.drafts
        what = "No person has approved this text" if drafted else "There is no text in this language"
        cure = (
            f"Have a speaker read it, then `openline translate approve FILE {language} --by NAME`."
            if drafted
            else f"Add {language} to the message, and have a speaker read it."
        )
        source = f" Or send these people the {campaign.source} text: 'untranslated: source'."
        yield Finding(
            "block", "translation", f"{what}: {_persons(row.waiting)} would wait for it.", cure + source
        )
    if row.source:
        told_ = ", ".join(f"{tongue} {count}" for tongue, count in row.source.most_common())
        what = f"{_persons(row.source.total(), 'gets', 'get')} it in this language because theirs is not approved: {told_}."
        yield Finding("warn", "translation", what, "Have a speaker of each read a translation.")


def _missing(row: Row) -> Iterator[Finding]:
    if not row.skipped:
        return
    severe = row.skipped > TOO_MANY * (row.people + row.skipped)
    gaps = ", ".join(f"{{{name}}} {count}" for name, count in row.missing.most_common())
    some = f"{row.skipped:,} of {row.people + row.skipped:,} {'has' if row.skipped == 1 else 'have'}"
    what = f"{some} no words for a gap, so nothing goes there: {gaps}."
    cure = "Give a fallback for each: 'fallback: {name: {en: \"there\"}}'. Or take the gap out."
    yield Finding("block" if severe else "warn", "words", what, cure)


def _parts(row: Row) -> Iterator[Finding]:
    if row.most is None or not row.channels["sms"]:
        return
    if row.most.parts > WARN:
        typical = f", {row.parts / row.channels['sms']:.1f} on the average"
        what = f"Takes up to {row.most.parts} SMS ({told(row.most)}){typical}."
        cure = f"Shorten it: {WARN} are what people read, and each is paid for."
        yield Finding("block" if row.most.parts > REFUSE else "warn", "parts", what, cure)
    dear = row.most.culprits
    if dear and all(char in LOOK_ALIKES for char in dear):
        written = ", ".join(f"{char!r} as {LOOK_ALIKES[char]!r}" for char in dear)
        what = f"{' '.join(dear)} makes the whole message Unicode: 70 characters to an SMS instead of 160."
        yield Finding("warn", "parts", what, f"Write {written}.")


def _persons(count: int, one: str = "", several: str = "") -> str:
    """So many people, and the verb that goes with so many."""
    return f"{count:,} {'person' if count == 1 else 'people'} {one if count == 1 else several}".rstrip()
