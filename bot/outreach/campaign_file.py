"""From a campaign's file to a checked Campaign, and the files that staff can start from.

All that can be known from the file alone is looked at here, and every fault is told at once with its line. What needs
the store (does the audience exist, is the survey there, does the text fit two SMS) is for ``checks``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from channels import CHANNELS
from survey_flows import SurveyError
from survey_flows.files.approved_page import approved
from survey_flows.files.tree import Entry, did_you_mean
from survey_flows.told import told

from .campaign import TRY_FOR, Campaign, CampaignError, When
from .files.campaign_page import CampaignPage
from .files.complaints import complaint
from .files.steps_page import steps, variants, words_of_ours
from .files.when_page import hours, when

FOLDER = Path(__file__).parent / "library"
LIBRARY: tuple[str, ...] = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
"""The campaigns that come with Openline, to be copied and made one's own."""

NEEDED = {
    "campaign": "thanks-for-may",
    "title": "Thank you for May",
    "audience": "respondent = family",
    "when": "now",
    "steps": "",
}
"""What every file has, each with an example."""
MAY = (
    "source", "drafted", "approved", "channels", "to", "hours", "try_for", "untranslated", "variants", "holdout", "fields", "fallback",
)  # fmt: skip
_KEY = re.compile(r"[a-z][a-z0-9-]{0,63}")
_SHORTEST_TRY, _LONGEST_TRY = timedelta(hours=1), timedelta(days=30)
_AUDIENCE = 4000
"""Characters of a filter."""


@lru_cache(maxsize=256)
def loads(text: str, name: str) -> Campaign:
    """The campaign in a text; ``name`` stands for the file in errors. The same text gives the same object.

    Raises CampaignError with every fault.

    >>> one = loads(
    ...     "campaign: thanks\\ntitle: Thank you\\naudience: respondent = family\\nwhen: now\\n"
    ...     "steps:\\n  - message: {en: '{school} thanks you. Reply STOP to end.'}\\n", "thanks.yaml")
    >>> one.key, one.languages, one.steps[0].said("")["en"]
    ('thanks', ('en',), '{school} thanks you. Reply STOP to end.')
    """
    page = CampaignPage(name)
    try:
        root = page.root(text)
        top = page.mapping(root, told("a campaign"), (*NEEDED, *MAY))
        for needed, example in NEEDED.items():
            if needed not in top:
                problem = told("There is no '{key}:'.", key=needed)
                page.wrong(root, problem, told("Add one, like '{example}'.", example=f"{needed}: {example}"))
        made = _campaign(page, top, text)
        page.finish()
    except SurveyError as error:
        found = sorted((error, *error.others), key=lambda one: one.line)
        complaints = dict.fromkeys(complaint(one.line, one.problem, one.cure) for one in found)
        raise CampaignError(name, tuple(complaints)) from None
    return made


def _campaign(page: CampaignPage, top: dict[str, Entry], text: str) -> Campaign:
    """The campaign as far as it could be read: to be used only if the page has no problems."""
    page.source = _source(page, top.get("source"))
    page.languages = {page.source: None}
    shares = variants(page, top.get("variants"))
    said = steps(page, top["steps"], shares) if "steps" in top else ()
    made = Campaign(
        key=_key(page, top.get("campaign")),
        title=page.words(top["title"].value, "'title'", 200) if "title" in top else "",
        text=text,
        source=page.source,
        languages=tuple(page.languages),
        drafted=_drafted(page, top.get("drafted")),
        audience=page.words(top["audience"].value, "'audience'", _AUDIENCE) if "audience" in top else "",
        when=when(page, top["when"]) if "when" in top else When("now"),
        steps=said,
        channels=_channels(page, top.get("channels")),
        per="person" if _one_of(page, top, "to", ("household", "person")) == "person" else "household",
        hours=hours(page, top.get("hours")),
        try_for=page.span(top["try_for"], "'try_for'", _SHORTEST_TRY, _LONGEST_TRY)
        if "try_for" in top
        else TRY_FOR,
        fields=words_of_ours(page, top.get("fields"), "fields"),
        fallback=words_of_ours(page, top.get("fallback"), "fallback"),
        variants=shares,
        holdout=page.whole(top["holdout"].value, "'holdout'", 0, 90) if "holdout" in top else 0,
        untranslated="source"
        if _one_of(page, top, "untranslated", ("wait", "source")) == "source"
        else "wait",
        approved=approved(page, top.get("approved"), page.languages, "translate approve"),
        lacking=frozenset(page.lacking),
    )
    if page.problems:
        return made
    stale = (tag for tag, said in made.approved.items() if tag != made.source and said.of != made.digest(tag))
    return replace(made, stale=frozenset(stale))


def _key(page: CampaignPage, entry: Entry | None) -> str:
    if entry is None:
        return ""
    key = page.words(entry.value, "'campaign'", 64)
    if key and not _KEY.fullmatch(key):
        cure = told("Use small letters a-z, digits and hyphens, 64 at most, like 'thanks-for-may'.")
        page.wrong(entry.value, told("A campaign cannot be called '{name}'.", name=key[:40]), cure)
    return key


def _source(page: CampaignPage, entry: Entry | None) -> str:
    if entry is None:
        return "en"
    tag = page.words(entry.value, "'source'", 35)
    return tag if page.tag(entry.value, tag) else "en"


def _drafted(page: CampaignPage, entry: Entry | None) -> frozenset[str]:
    found = page.texts(entry.value, "'drafted'") if entry else []
    for node, tag in found:
        if tag == page.source:
            problem = told("The source language, {language}, cannot be a draft.", language=tag)
            page.wrong(node, problem, told("Take it off the list."))
        elif tag not in page.languages:
            problem = told("'{language}' in 'drafted' is no language of the messages.", language=tag[:40])
            page.wrong(node, problem, did_you_mean(tag, page.languages))
    return frozenset(tag for _, tag in found)


def _channels(page: CampaignPage, entry: Entry | None) -> tuple[str, ...]:
    found = page.texts(entry.value, "'channels'") if entry else []
    for at, (node, channel) in enumerate(found):
        if channel not in CHANNELS:
            problem = told("There is no channel '{channel}'.", channel=channel[:40])
            page.wrong(node, problem, did_you_mean(channel, CHANNELS))
        elif channel in [before for _, before in found[:at]]:
            problem = told("'{name}' is given twice in {what}.", name=channel, what="'channels'")
            page.wrong(node, problem, told("Keep one of them."))
    if entry and not found:
        page.wrong(
            entry.key,
            told("There is no channel in 'channels'."),
            told("Leave it out for every one that is set up."),
        )
    return tuple(channel for _, channel in found)


def _one_of(page: CampaignPage, top: dict[str, Entry], key: str, known: tuple[str, ...]) -> str:
    return page.one_of(top[key].value, f"'{key}'", known) if key in top else known[0]


def starter(kind: str) -> str:
    """The text of a campaign that comes with Openline, with comments that teach. Raises LookupError.

    >>> starter("missed-you").startswith("# ")
    True
    """
    if kind not in LIBRARY:
        raise LookupError(f"no campaign {kind!r} comes with Openline: {', '.join(LIBRARY)}")
    return (FOLDER / f"{kind}.yaml").read_text(encoding="utf-8")
