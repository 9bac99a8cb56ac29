"""What the checks say of a campaign before it goes is what becomes of it: the same people, languages, variants, parts."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime

import pytest
from campaign_world import district
from sqlalchemy import select

from bot.outreach import checks, control
from bot.outreach.campaign_file import loads
from bot.store.tables import messages, recipients
from survey_flows.segments import count

NOON = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)  # in New York, a Wednesday

FILE = """\
campaign: thanks
title: Thanks
source: en
drafted: []
audience: {audience}
channels: [sms]
to: {to}
when: now
untranslated: source
holdout: 10
variants: {{a: 50, b: 50}}
steps:
  - message:
      a:
        en: "{{school}} here, {{name}}. Thank you for being on time. Reply STOP to end."
        es: "Le escribe {{school}}, {{name}}. Gracias por llegar a tiempo mañana también. Responda STOP para terminar."
      b:
        en: "{{school}}: {{children}} came on time, {{name}}. Reply STOP to end."
        es: "{{school}}: {{children}} a tiempo, {{name}}. Responda STOP para terminar."
fallback:
  children: {{en: your child, es: su hijo o hija}}
"""


@pytest.fixture
async def town(url, clock):
    clock.now = NOON
    async with district(url, clock) as made:
        yield made


async def settle(town, draw):
    """Eighty people in all the ways that people come: together, apart, at one phone, stopped."""
    homes, phones = [], []
    for _ in range(80):
        person, phone = await town.person(
            language=draw.choice(["en", "es", "ht"]),
            school=draw.choice([None, "Lincoln", "Oak Hill"]),
            consent=draw.random() > 0.1,
            number=draw.random() > 0.25,
            suppressed=draw.choice([None] * 8 + ["stopped", "dead"]),
            household=draw.choice(homes) if homes and draw.random() < 0.3 else None,
            shares=draw.choice(phones) if phones and draw.random() < 0.25 else None,
            name=draw.choice([None, "ANA", "Nguyễn Thị Hoa", "Leo"]) if draw.random() < 0.5 else "Rosa",
            children=[("Leo", "Lincoln", {"grade": draw.choice(["5", "6"])})] * draw.choice([0, 1, 2]),
        )
        homes.append(person)
        phones += [phone] if phone else []


@pytest.mark.parametrize("to", ["household", "person"])
@pytest.mark.parametrize("seed", range(2))
async def test_what_the_checks_count_is_what_becomes_of_everybody(town, to, seed):
    await settle(town, random.Random(seed))
    text = FILE.format(audience="respondent = family", to=to)

    said = await checks.look(town.app, loads(text, "thanks"), town.clock())
    await town.begun(text)
    await town.work()

    async with town.app.database.read() as db:
        key = await control.find(db, "thanks")
        rows = (await db.execute(
            select(recipients.c.state, recipients.c.reason, recipients.c.variant, messages.c.language, messages.c.text)
            .outerjoin(messages, messages.c.id == recipients.c.message_id)
            .where(recipients.c.campaign_id == key)
        )).all()  # fmt: skip
    sent = Counter((row.variant, row.language) for row in rows if row.text)
    skipped = Counter(row.reason for row in rows if row.reason)
    lacking = sum(row.skipped for row in said.tally.rows.values())
    assert len(rows) == said.tally.people
    assert skipped == said.tally.reasons + Counter({"words missing": lacking})
    assert sent == {
        (variant, tongue): row.people for (_, variant, tongue), row in said.tally.rows.items() if row.people
    }
    assert sum(count(row.text).parts for row in rows if row.text) == sum(
        row.parts for row in said.tally.rows.values()
    )


async def test_whoever_is_passed_over_for_their_household_takes_nobody_s_number(town):
    mother, _ = await town.person()
    _, father_s = await town.person(household=mother)
    await town.person(number=False, shares=father_s)  # an aunt, in a household of her own

    await town.campaign()
    await town.work()

    assert await town.counts() == {"sent": 2, "same household": 1}
