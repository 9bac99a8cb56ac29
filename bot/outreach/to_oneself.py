"""A survey to oneself, on one's own phone: really sent, really answered, and counted nowhere."""

from __future__ import annotations

import re

from sqlalchemy import insert, select, update

import survey_flows
from survey_flows import Survey
from survey_flows.dispositions import OPEN
from survey_flows.told import listed, told

from ..app import App
from ..store import consents, inbound
from ..store.tables import TRIAL, conversations, messages, surveys
from .first_message import first
from .standing import Refused, gets_nothing


def trial(survey: Survey) -> Survey:
    """The same survey under a key of its own, so that no finding ever counts what staff answer to it."""
    text = re.sub(r"(?m)^survey:.*$", f"survey: {TRIAL}{survey.key}", survey.text, count=1)
    return survey_flows.loads(text, survey.key, published=True)


async def ask_oneself(app: App, survey: Survey, to: tuple[str, str], language: str, by: str) -> None:
    """Queue the first message of a survey to one (channel, address); an earlier trial there is ended.

    ``by`` is the account of who asks, who with it consents to be written to at that address. Gaps that staff fill have the
    survey's own examples. Raises Refused where nothing can go there.
    """
    channel, _ = to
    if channel not in app.channels:
        there = listed(app.channels) or told("no channel")
        raise Refused(told("{channel} is not set up. There is: {channels}.", channel=channel, channels=there))
    copy, now = trial(survey), app.clock()
    async with app.database.begin() as db:
        survey_id = await app.shelf.publish(db, copy, now, app.new_id)
        assumed = {"respondent": "staff", "language": language}
        who = (await inbound.correspondents(db, {to: assumed}, now, app.new_id))[to]
        if who.suppressed is not None:
            raise Refused(gets_nothing(who.suppressed))
        mine = select(surveys.c.id).where(surveys.c.key.startswith(TRIAL))
        before = conversations.c.address_id == who.address_id, conversations.c.state.in_(OPEN)
        busy = select(conversations.c.id).where(*before, conversations.c.survey_id.not_in(mine))
        if (await db.execute(busy.limit(1))).first() is not None:
            raise Refused(
                told("That address is in the middle of a real survey. Use another, or finish that one first.")
            )
        await db.execute(update(conversations).where(*before).values(state="expired", due_at=None))
        await consents.enter(
            db, [{"id": app.new_id(), "address_id": who.address_id, "event": "granted", "source": f"oneself:{by}", "at": now}]
        )  # fmt: skip
        given = {name: example[copy.source] for name, example in copy.fields.items()}
        conversation, message = first(app.desk, survey_id, copy, who, given, now)
        await db.execute(insert(conversations), [conversation])
        await db.execute(insert(messages), [message | {"priority": 0}])
        await app.database.rouse(db)
