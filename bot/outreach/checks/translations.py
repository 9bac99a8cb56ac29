"""Whether a person has approved the translations of a campaign as they stand now. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ..campaign import Campaign
from .finding import Finding


def stale(campaign: Campaign) -> Iterator[Finding]:
    """Languages that were approved and have changed since, and those in which words are missing: both are drafts."""
    for language in sorted(campaign.stale):
        given = campaign.approved[language]
        what = f"Changed since {given.by} approved it on {given.on}: it counts as a draft again."
        cure = f"Have it read again, then `openline translate approve FILE {language} --by NAME`."
        yield Finding("warn", "stale", what, cure, None, None, language)
    for language in sorted(campaign.lacking):
        what = "Texts are missing in this language, so it counts as a draft."
        cure = f"`openline translate status FILE` tells how many; then `openline translate fill FILE --to {language}`."
        yield Finding("warn", "missing", what, cure, None, None, language)
