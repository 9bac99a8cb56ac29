"""A made-up district for tests of campaigns: people on a list, a phone that takes everything, a clock set by hand."""

from __future__ import annotations

from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import insert, select, update

from bot.app import opened
from bot.outreach import accounting, control
from bot.settings import Settings
from bot.store import consents
from bot.store.tables import (
    absences,
    addresses,
    campaigns,
    guardianships,
    messages,
    people,
    recipients,
    shared_addresses,
    students,
)
from channels.base import Received, Sent

STAFF, OTHER = "ines@example.org", "kim@example.org"

THANKS = """\
campaign: thanks
title: Thanks
source: en
audience: respondent = family
channels: [sms]
when: now
steps:
  - message:
      en: "{school} here. Thank you for being on time. Reply STOP to end."
      es: "Le escribe {school}. Gracias por llegar a tiempo. Responda STOP para terminar."
"""

SURVEY = """\
campaign: asking
title: Asking
source: en
audience: respondent = family
channels: [sms]
when: now
steps:
  - survey: getting-to-school
"""


class Phone:
    """A channel that keeps what is sent, and when; ``fails`` gives what goes wrong with a message, or None."""

    name = "sms"
    asks = True
    in_flight = 8
    chat_gap = timedelta()

    def __init__(self, clock, fails=lambda outgoing: None):
        self.sent = []
        self.fails = fails
        self._clock = clock

    async def hear(self, request):
        raise NotImplementedError

    async def send(self, outgoing):
        failed = self.fails(outgoing)
        if failed is not None:
            raise failed
        self.sent.append((outgoing.to, outgoing.text, self._clock()))
        return Sent(outgoing.id)

    async def find(self, trace):
        return None

    async def close(self):
        pass


class District:
    """The service on an empty store, with hands: people are entered, time is moved, workers work until nothing is due."""

    def __init__(self, app, clock, phone):
        self.app, self.clock, self.phone = app, clock, phone
        self.dispatch = app.dispatch()
        self.people = 0

    async def person(self, *, language="en", school=None, consent=True, number=True, suppressed=None, household=None,
                     respondent="family", groups=None, name=None, shares=None, children=()):  # fmt: skip
        """Enter somebody; gives (person id, address id or None). ``children`` are (name, school, attributes)."""
        self.people += 1
        new_id, now = self.app.new_id, self.clock()
        id_, address = new_id(), None
        async with self.app.database.begin() as db:
            row = {"id": id_, "respondent": respondent, "language": language, "language_by": "import", "school": school,
                   "groups": groups or {}, "name": name, "created_at": now}  # fmt: skip
            await db.execute(
                insert(people).values(**row, **({"household_id": household} if household else {}))
            )
            if number:
                address = new_id()
                await db.execute(
                    insert(addresses).values(
                        id=address, person_id=id_, channel="sms", address=f"+1503555{self.people:04}",
                        suppressed=suppressed, created_at=now,
                    )
                )  # fmt: skip
                if consent:
                    ground = {"address_id": address, "event": "granted", "source": "list: test", "at": now}
                    await consents.enter(db, [{"id": new_id(), **ground}])
            if shares is not None:
                await db.execute(insert(shared_addresses).values(person_id=id_, address_id=shares))
            for called, at, attributes in children:
                child = new_id()
                await db.execute(
                    insert(students).values(
                        id=child,
                        external_id=str(child),
                        name=called,
                        school=at,
                        attributes=attributes,
                        created_at=now,
                    )
                )
                await db.execute(insert(guardianships).values(person_id=id_, student_id=child))
        return id_, address

    async def absent(self, child_of, day):
        """A child of this person was absent on that day."""
        async with self.app.database.begin() as db:
            child = select(guardianships.c.student_id).where(guardianships.c.person_id == child_of)
            for student in (await db.execute(child)).scalars().all():
                row = {"student_id": student, "day": day, "kind": "absent", "created_at": self.clock()}
                await db.execute(insert(absences).values(**row))

    async def campaign(self, text=THANKS, *, approve=False):
        """Write a campaign and schedule it."""
        standing = await control.write(self.app, text, STAFF)
        standing = await control.schedule(self.app, standing.key, STAFF)
        if approve:
            standing = await control.approve(self.app, standing.key, OTHER)
        return standing

    async def begun(self, text):
        """Write a campaign and let it begin, without the looks that come before: whatever its audience is."""
        standing = await control.write(self.app, text, STAFF)
        now = self.clock()
        async with self.app.database.begin() as db:
            due = {"state": "scheduled", "next_at": now, "next_occasion": "once"}
            await db.execute(update(campaigns).where(campaigns.c.key == standing.key).values(**due))

    async def work(self):
        """All that is due now: begun, expanded, staged, sent."""
        self.dispatch._looked = None
        for _ in range(50):
            await self.dispatch.drain()
            sent = 0
            for outbox in self.app.outboxes():
                sent += await outbox.drain()
            if not sent:
                break
        self.dispatch._looked = None
        await self.dispatch.turn()

    async def until(self, moment, every=timedelta(hours=1)):
        """Move the clock to a moment, and work on the way."""
        while self.clock.now < moment:
            self.clock.now = min(self.clock.now + every, moment)
            await self.work()

    async def hears(self, number, text):
        """A message comes in."""
        id_ = f"SM-in-{self.app.new_id().hex}"
        await self.app.inbox.hear([Received("sms", id_, number, "+15550000000", text)])

    async def counts(self, key="thanks"):
        """The states of a campaign's recipients; the sum is checked against the rows."""
        async with self.app.database.read() as db:
            report = await accounting.report(db, await control.find(db, key))
            rows = (await db.execute(select(recipients.c.person_id))).all()
        assert report.total == sum(line.people for line in report.lines)
        assert report.total >= len(rows) or key != "thanks"
        return {line.state: line.people for line in report.lines}

    async def queued(self):
        """Texts that are in the queue."""
        async with self.app.database.read() as db:
            rows = await db.execute(select(messages.c.text).where(messages.c.state == "queued"))
            return list(rows.scalars())

    def sent_to(self):
        """How often each number was written to."""
        return Counter(to for to, _, _ in self.phone.sent)


@asynccontextmanager
async def district(url, clock, fails=lambda outgoing: None, **settings):
    """A district on this store. Its clock stands at 11 on a Wednesday in New York (15:00 UTC)."""
    phone = Phone(clock, fails)
    given = {"start_survey": "", "allow_drafts": True, "sms_rate": 0, "organization": "Riverbend"} | settings
    made = Settings(database_url=url, _env_file=None, **given)
    async with opened(made, clock=clock, channels={"sms": phone}) as app:
        yield District(app, clock, phone)
