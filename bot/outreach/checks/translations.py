"""Whether a person has approved the translations of a campaign as they stand now. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from survey_flows.told import told

from ..campaign import Campaign
from .finding import Finding


def stale(campaign: Campaign) -> Iterator[Finding]:
    """Languages that were approved and have changed since, and those in which words are missing: both are drafts."""
    for language in sorted(campaign.stale):
        given = campaign.approved[language]
        what = told(
            "Changed since {name} approved it on {day}: it counts as a draft again.",
            name=given.by,
            day=given.on,
        )
        cure = told(
            "Have it read again, then `openline translate approve FILE {language} --by NAME`.",
            language=language,
        )
        yield Finding("warn", "stale", what, cure, None, None, language)
    for language in sorted(campaign.lacking):
        what = told("Texts are missing in this language, so it counts as a draft.")
        cure = told(
            "`openline translate status FILE` tells how many; then `openline translate fill FILE --to {language}`.",
            language=language,
        )
        yield Finding("warn", "missing", what, cure, None, None, language)
