"""What comes of the texts and the people together: who waits, who is skipped, how many SMS parts it takes. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from survey_flows.lint import messages
from survey_flows.lint.messages import REFUSE, WARN
from survey_flows.segments import LOOK_ALIKES
from survey_flows.told import listed, told, told_n

from ..campaign import Campaign
from .counting import Row, Tally
from .finding import Finding

TOO_MANY = 0.2
"""Of those for whom words are missing, the share from which on nothing is sent."""
WHY = {
    str(one): one
    for one in (
        told("no address"), told("opted out"), told("unreachable"), told("no consent"), told("same household"),
        told("same number"), told("held out"), told("no child meant"),
    )
}  # fmt: skip
"""The reasons why somebody gets nothing (``reach``, ``counting``), to be read."""


def people(campaign: Campaign, tally: Tally) -> Iterator[Finding]:
    """All that is to be said of a whole audience and what it would read."""
    if not tally.people:
        what, cure = told("Nobody is in the audience."), told("Look at 'audience:' in the file.")
        yield Finding("block", "audience", what, cure)
    elif not tally.going:
        reasons = [
            told("{why} {n}", why=WHY.get(reason, reason), n=count)
            for reason, count in tally.reasons.most_common()
        ]
        what = told("It goes to nobody: {reasons}.", reasons=listed(reasons))
        yield Finding("block", "audience", what, told("Look at 'audience:' and 'channels:'."))
    if campaign.when.kind == "date":
        what = told(
            "It goes by a date: each day to those whose date it is. The figures are for everybody in the audience."
        )
        yield Finding("note", "audience", what, "")
    for (step, variant, language), row in sorted(tally.rows.items()):
        for one in (*_waiting(campaign, step, language, row), *_missing(row), *_parts(row)):
            yield Finding(one.severity, one.rule, one.what, one.cure, step + 1, variant or None, language)


def _waiting(campaign: Campaign, step: int, language: str, row: Row) -> Iterator[Finding]:
    if row.waiting:
        yield Finding("block", "translation", *_unread(campaign, language, row.waiting))
    if row.source:
        tongues = listed(f"{tongue} {count}" for tongue, count in row.source.most_common())
        what = told_n(
            "{count} person gets it in this language because theirs is not approved: {languages}.",
            "{count} people get it in this language because theirs is not approved: {languages}.",
            row.source.total(),
            count=f"{row.source.total():,}",
            languages=tongues,
        )
        yield Finding("warn", "translation", what, told("Have a speaker of each read a translation."))


def _unread(campaign: Campaign, language: str, waiting: int) -> tuple[str, str]:
    """What holds the text of a language back, and how to mend it."""
    count, values = f"{waiting:,}", {"language": language, "source": campaign.source}
    if language in campaign.drafts:
        what = told_n(
            "No person has approved this text: {count} person would wait for it.",
            "No person has approved this text: {count} people would wait for it.",
            waiting,
            count=count,
        )
        return what, told(
            "Have a speaker read it, then `openline translate approve FILE {language} --by NAME`. Or send these people "
            "the {source} text: 'untranslated: source'.",
            **values,
        )
    what = told_n(
        "There is no text in this language: {count} person would wait for it.",
        "There is no text in this language: {count} people would wait for it.",
        waiting,
        count=count,
    )
    return what, told(
        "Add {language} to the message, and have a speaker read it. Or send these people the {source} text: "
        "'untranslated: source'.",
        **values,
    )


def _missing(row: Row) -> Iterator[Finding]:
    if not row.skipped:
        return
    severe = row.skipped > TOO_MANY * (row.people + row.skipped)
    what = told_n(
        "{some} of {all} has no words for a gap, so nothing goes there: {gaps}.",
        "{some} of {all} have no words for a gap, so nothing goes there: {gaps}.",
        row.skipped,
        some=f"{row.skipped:,}",
        all=f"{row.people + row.skipped:,}",
        gaps=listed(f"{{{name}}} {count}" for name, count in row.missing.most_common()),
    )
    cure = told("Give a fallback for each: 'fallback: {name: {en: \"there\"}}'. Or take the gap out.")
    yield Finding("block" if severe else "warn", "words", what, cure)


def _parts(row: Row) -> Iterator[Finding]:
    if row.most is None or not row.channels["sms"]:
        return
    if row.most.parts > WARN:
        what = told(
            "Takes up to {parts} SMS ({counted}), {each} on the average.",
            parts=row.most.parts,
            counted=messages.size(row.most),
            each=f"{row.parts / row.channels['sms']:.1f}",
        )
        cure = told("Shorten it: {n} are what people read, and each is paid for.", n=WARN)
        yield Finding("block" if row.most.parts > REFUSE else "warn", "parts", what, cure)
    dear = row.most.culprits
    if dear and all(char in LOOK_ALIKES for char in dear):
        what = told(
            "{letters} makes the whole message Unicode: 70 characters to an SMS instead of 160.",
            letters=" ".join(dear),
        )
        plain = (told("{letter} as {plain}", letter=repr(one), plain=repr(LOOK_ALIKES[one])) for one in dear)
        yield Finding("warn", "parts", what, told("Write {changes}.", changes=listed(plain)))
