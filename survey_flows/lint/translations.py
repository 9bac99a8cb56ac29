"""Whether every text is there in every language, and whether a person has approved what stands there now."""

from __future__ import annotations

from collections.abc import Iterator

from .. import phrases
from ..survey import Survey
from ..told import listed, told, told_n
from ..wording import nearest
from .finding import Finding


def missing(survey: Survey) -> Iterator[Finding]:
    """Texts that are not there in a language: the source stands in for them."""
    for language in survey.languages:
        lacking = sorted(what for tag, what in survey.untranslated if tag == language)
        if lacking:
            first = listed(lacking[:3])
            some = told("{some} …", some=first) if len(lacking) > 3 else first
            what = told_n(
                "{n} text is missing: {some}.", "{n} texts are missing: {some}.", len(lacking), some=some
            )
            yield Finding(
                "warning",
                what,
                told("Until it is there, people read it in the source: see `openline translate`."),
                None,
                language,
            )


def stale(survey: Survey) -> Iterator[Finding]:
    """Translations that were approved, and whose words or source have changed since."""
    for language in sorted(survey.stale):
        given = survey.approved[language]
        what = told(
            "Changed since {by} approved it on {on}: it counts as a draft again.", by=given.by, on=given.on
        )
        cure = told(
            "Have it read again, then `openline translate approve FILE {language} --by NAME`.",
            language=language,
        )
        yield Finding("warning", what, cure, None, language)


def drafts(survey: Survey) -> Iterator[Finding]:
    """Languages that nobody has approved."""
    waiting = sorted(survey.drafts - survey.stale)
    if waiting:
        what = told(
            "Nobody has approved {languages}: these are not sent, unless you say so.",
            languages=", ".join(waiting),
        )
        cure = told("Have two people who speak it at home read it aloud, then `openline translate approve`.")
        yield Finding("note", what, cure)


def our_words(survey: Survey) -> Iterator[Finding]:
    """Languages that Openline itself does not speak: STOP confirmations and reminders come in English."""
    for language in survey.languages:
        if not nearest(language, phrases.LANGUAGES, ""):
            what = told(
                "Openline's own words (thanks, help, reminders) are not there in this language: they go out in English."
            )
            yield Finding("note", what, told("docs/write-a-survey.md tells how to add them."), None, language)
