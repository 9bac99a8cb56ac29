"""A campaign's message to oneself, before it goes to anybody else: with made-up names, counted nowhere."""

from __future__ import annotations

from sqlalchemy import insert

from survey_flows.told import listed, told

from ..app import App
from ..letters import outgoing
from ..speech import spoken
from ..store import inbound
from ..store.tables import messages
from . import reasons
from .campaign import Campaign, Texts
from .checks.surveys import Published, published
from .first_message import first
from .journal import did
from .rendering import Child, MissingWords, Reader, render
from .standing import Refused, campaign_of, find, gets_nothing

NAME, CHILD, SCHOOL = "Rosa", "Leo", "Lincoln Elementary"
"""Who reads a test message, and whom it is about: nobody. Names of the made-up district."""


async def test(app: App, key: str, to: tuple[str, str], language: str | None, by: str | None) -> None:
    """Queue every step's text (of each variant) to one (channel, address), as it would be sent to somebody who speaks
    that language (None: the source). ``by`` is the account that asked for it. Raises LookupError, and Refused where nothing can go there.
    """
    channel, _ = to
    if channel not in app.channels:
        there = listed(app.channels) or told("no channel")
        raise Refused(told("{channel} is not set up. There is: {channels}.", channel=channel, channels=there))
    campaign, now = await campaign_of(app, key), app.clock()
    language = language or campaign.source
    async with app.database.begin() as db:
        assumed = {"respondent": "staff", "language": language}
        who = (await inbound.correspondents(db, {to: assumed}, now, app.new_id))[to]
        if who.suppressed is not None:
            raise Refused(gets_nothing(who.suppressed))
        rows = []
        known = await published(db, app.shelf, campaign)
        for text, tag in texts(app, campaign, known, language):
            rows.append(outgoing(app.new_id(), who, text, now=now, purpose="test", language=tag))
        if not rows:
            raise Refused(
                told(
                    "{key} has nothing to show: publish the survey that it begins (openline publish).",
                    key=key,
                )
            )
        await db.execute(insert(messages), rows)
        await did(
            db,
            (await find(db, key), key),
            "tested",
            now,
            app.new_id,
            by,
            reasons.made(reasons.TRIED, language=language),
        )
        await app.database.rouse(db)


def texts(app: App, campaign: Campaign, known: Published, language: str) -> list[tuple[str, str]]:
    """Each text that a made-up reader of this language would get, and the language it is in, drafts included."""
    reader = Reader(
        app.new_id(), NAME, language, "family", SCHOOL, {}, (Child(CHILD, SCHOOL, {}),), app.clock().date()
    )
    found = []
    for step in campaign.steps:
        if step.survey is not None:
            if step.survey in known:
                who = inbound.Correspondent(
                    app.new_id(), app.new_id(), "sms", "", None, language, "family", SCHOOL
                )
                _, message = first(app.desk, *known[step.survey], who, step.given, app.clock())
                found.append((message["text"], message["language"]))
            continue
        for variant in step.texts:
            said = step.texts[variant]
            tag = spoken(language, tuple(said), (), campaign.source, allow_drafts=True)
            found.append((_rendered(app, campaign, said, reader, tag), tag))
    return found


def _rendered(app: App, campaign: Campaign, said: Texts, reader: Reader, language: str) -> str:
    """With the gap's own name where only the people on the list could fill it."""
    fallback = dict(campaign.fallback)
    while True:
        try:
            return render(
                said, reader, language=language, organization=app.desk.organization, fields=campaign.fields,
                fallback=fallback,
            )  # fmt: skip
        except MissingWords as missing:
            fallback[missing.name] = {language: f"[{missing.name}]"}
