"""Whatever the audience, the opt-outs, the caps and the failures: everybody is counted, once, and nobody is written to twice."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from campaign_world import STAFF, district
from conftest import HandClock
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.outreach import control
from channels.base import SendFailed

PERSON = st.fixed_dictionaries(
    {
        "language": st.sampled_from(["en", "es", "ht"]),
        "consent": st.booleans(),
        "number": st.booleans(),
        "suppressed": st.sampled_from([None, None, None, "stopped", "dead"]),
        "with_earlier": st.sampled_from(["no", "no", "household", "phone"]),
        "respondent": st.sampled_from(["family", "family", "student"]),
        "children": st.sampled_from([(), (("Leo", "Lincoln", {}),), ((None, "Oak Hill", {}),)]),
    }
)
EVENT = st.sampled_from(
    ["work", "stop a person", "hour", "day", "pause", "resume", "stop", "other worker", "fail"]
)
TEXT = """\
campaign: {key}
title: Any
source: en
drafted: [{drafted}]
audience: respondent = family
channels: [sms]
to: {per}
when: now
variants: {{a: 70, b: 30}}
holdout: {holdout}
steps:
  - message:
      a: {{en: "{{school}} here. Hello. Reply STOP to end.", es: "Hola, aquí {{school}}. Responda STOP para terminar."}}
      b: {{en: "{{school}} here. Good day. Reply STOP to end.", es: "Hola. Somos {{school}}. Responda STOP para terminar."}}
  - after: 1 day
    unless: replied
    message: {{en: "{{school}} again about {{children}}. Reply STOP to end."}}
"""


@settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    persons=st.lists(PERSON, max_size=12),
    events=st.lists(EVENT, max_size=10),
    per=st.sampled_from(["household", "person"]),
    drafted=st.sampled_from(["", "es"]),
    holdout=st.sampled_from([0, 20]),
    cap=st.sampled_from([0, 1, 3]),
)
def test_the_states_always_add_up(migrated, persons, events, per, drafted, holdout, cap):
    text = TEXT.format(key="any", per=per, drafted=drafted, holdout=holdout)
    asyncio.run(lived(migrated, persons, events, text, cap))


async def lived(migrated: Path, persons, events, text, cap):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated, Path(folder) / "openline.db")
        clock = HandClock()
        clock.now = datetime(2026, 10, 14, 16, 0, tzinfo=UTC)
        failing = [False]
        failure = SendFailed("filtered", "drop", code="30007")
        async with district(
            f"sqlite:///{folder}/openline.db", clock, fails=lambda _: failure if failing[0] else None,
            outreach_per_week=cap, allow_drafts=False,
        ) as town:  # fmt: skip
            numbers = await people_of(town, persons)
            meant = sum(person["respondent"] == "family" for person in persons)
            await town.begun(text)
            for event in events:
                await happens(town, event, failing, numbers)
                await adds_up(town, meant)
            await town.until(clock.now + timedelta(days=6), every=timedelta(hours=6))
            counts = await adds_up(town, meant)
            assert (await control.standing(town.app, "any")).state in ("finished", "stopped", "paused")
            if (await control.standing(town.app, "any")).state != "paused":
                assert not {"waiting", "queued", "sending"} & set(counts)


async def people_of(town, persons):
    """Each person; some in the household of the one before, or reached by the phone of one before. Gives their numbers."""
    household = phone = None
    numbers = []
    for person in persons:
        wanted = dict(person)
        along = wanted.pop("with_earlier")
        if along == "phone" and phone is not None:
            await town.person(**wanted | {"number": False}, shares=phone)
            continue
        id_, address = await town.person(**wanted, household=household if along == "household" else None)
        household, phone = id_, address or phone
        if address is not None:
            numbers.append(f"+1503555{town.people:04}")
    return numbers


async def happens(town, event, failing, numbers):
    if event == "work":
        await town.work()
    elif event == "other worker":
        await town.app.dispatch().drain()
    elif event in ("hour", "day"):
        town.clock.forward(hours=1 if event == "hour" else 24)
    elif event == "fail":
        failing[0] = not failing[0]
    elif event == "stop a person":
        if numbers:
            await town.hears(numbers.pop(), "STOP")
    else:
        with contextlib.suppress(control.Refused):
            await getattr(control, event)(town.app, "any", STAFF)


async def adds_up(town, meant):
    """Two steps of a run: twice the audience, whatever happened; nobody has one step twice."""
    counts = await town.counts("any")
    assert sum(counts.values()) in (0, meant, 2 * meant)
    firsts = [
        to for to, text, _ in town.phone.sent if "again" not in text and ("here" in text or "Hola" in text)
    ]
    assert len(firsts) == len(set(firsts))
    return counts
