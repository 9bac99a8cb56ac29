"""A school with an inbox: families write from their phones, staff answer, translators know a few sentences."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace

from campaign_world import Phone
from sayings import SURVEY
from sqlalchemy import insert, select, update

import survey_flows
from bot.app import opened
from bot.dialogue.drafting import draft
from bot.dialogue.sending import send
from bot.dialogue.threads import thread
from bot.reminders import remind
from bot.settings import Settings
from bot.store import consents
from bot.store.tables import addresses, keywords, messages, people
from bot.translation import Failed, Glossary
from channels.base import Received

STAFF = "ines@riverbend.example"

LATE = "Bis la an reta chak jou. Kiyès mwen ka rele?"
LATE_EN = "The bus is late every day. Whom can I call?"
LATE_ES = "El autobús llega tarde todos los días. ¿A quién puedo llamar?"
ANSWER_ES = "Hablé con la oficina de autobuses. Llámeme al 555 0100."
ANSWER_HT = "Mwen te pale ak biwo bis la. Rele m nan 555 0100."
KNOWN = [
    ("ht", "en", LATE, LATE_EN),
    ("ht", "es", LATE, LATE_ES),
    ("es", "ht", ANSWER_ES, ANSWER_HT),
    ("ht", "es", ANSWER_HT, "Hablé con la oficina del autobús. Llámeme al 555 0100."),
    ("en", "ht", "We will look into it.", "Nou pral gade sa."),
    ("ht", "en", "Nou pral gade sa.", "We are going to look at that."),
    ("en", "ar", "The office opens at 8.", "يفتح المكتب الساعة 8."),
    ("en", "es", "Bring 2 forms.", "Traiga 3 formularios."),
]


class Machine(Glossary):
    """A translator that says how sure it is."""

    def __init__(self, known, sure=0.7):
        super().__init__(known, origin="machine:test")
        self.sure = sure

    async def translate(self, texts, source, target):
        found = await super().translate(texts, source, target)
        return [None if one is None else replace(one, confidence=self.sure) for one in found]


class Dead:
    """A translator that does not answer; ``error`` is what it raises."""

    def __init__(self, error=None):
        self.error = error or Failed("it is away")

    async def translate(self, texts, source, target):
        raise self.error

    async def close(self):
        pass


class School:
    """The service with hands: somebody writes, staff draft and send, all that is due is sent and understood."""

    def __init__(self, app, clock, phone):
        self.app, self.clock, self.phone = app, clock, phone
        self.count = 0

    async def person(
        self, language="ht", *, name=None, school=None, consent=True, suppressed=None, by="import", **more
    ):
        """Enter somebody; gives their id and number."""
        self.count += 1
        number, now, new_id = f"+1503555{self.count:04}", self.clock(), self.app.new_id
        person, address = new_id(), new_id()
        row = {"respondent": "family", "groups": {}, "language_by": by, "created_at": now} | more
        async with self.app.database.begin() as db:
            await db.execute(
                insert(people).values(id=person, language=language, name=name, school=school, **row)
            )
            await db.execute(
                insert(addresses).values(
                    id=address,
                    person_id=person,
                    channel="sms",
                    address=number,
                    suppressed=suppressed,
                    created_at=now,
                )
            )
            if consent:
                ground = {"address_id": address, "event": "granted", "source": "list: test", "at": now}
                await consents.enter(db, [{"id": new_id(), **ground}])
        return person, number

    async def says(self, number, text, **more):
        """They write; gives what the inbox made of it."""
        self.clock.forward(seconds=30)
        self.count += 1
        heard = Received("sms", f"SM-in-{self.count}", number, "+15550000000", text, **more)
        return (await self.app.inbox.hear([heard]))[0]

    async def understands(self):
        """What works in the background tells languages and translates."""
        while await self.app.interpreter.read() or await self.app.interpreter.translate():
            pass

    async def sends(self):
        """All that is due goes out; gives the texts in order."""
        before = len(self.phone.sent)
        for outbox in self.app.outboxes():
            await outbox.drain()
        return [text for _, text, _ in self.phone.sent[before:]]

    async def thread(self, person, reader="en", **more):
        async with self.app.database.read() as db:
            return await thread(db, person, reader, **more)

    async def draft(self, person, text, language="en", **more):
        return await draft(self.app, person, text, STAFF, language, **more)

    async def reply(self, person, text, how="translated", language="en", **more):
        """Draft and send in one go."""
        made = await self.draft(person, text, language)
        return await send(self.app, person, made.digest, STAFF, how, **more)

    async def publish(self, text=SURVEY):
        survey = survey_flows.loads(text, "test")
        async with self.app.database.begin() as db:
            id_ = await self.app.shelf.publish(db, survey, self.clock(), self.app.new_id)
            await db.execute(
                keywords.insert().values(keyword=survey.key, survey_id=id_, created_at=self.clock())
            )

    async def reminds(self):
        return await remind(self.app.database, self.app.shelf, self.app.desk, self.clock())

    async def column(self, what, *where):
        async with self.app.database.read() as db:
            return list((await db.execute(select(what).where(*where).order_by(what.table.c.id))).scalars())

    async def set(self, table, *where, **values):
        async with self.app.database.begin() as db:
            await db.execute(update(table).where(*where).values(**values))

    async def states(self):
        """The states of all that was heard."""
        return await self.column(messages.c.state, messages.c.direction == "in")


@asynccontextmanager
async def school(url, clock, *translators, **settings):
    """A school on this store. Its clock stands at 11 on a Wednesday in New York (15:00 UTC)."""
    phone = Phone(clock)
    given = {"start_survey": "", "allow_drafts": True, "sms_rate": 0, "organization": "Riverbend",
             "language_menu": False, "reading_languages": "en, es"} | settings  # fmt: skip
    made = Settings(database_url=url, _env_file=None, **given)
    engines = translators or (Machine(KNOWN),)
    async with opened(made, clock=clock, channels={"sms": phone}, translators=engines) as app:
        yield School(app, clock, phone)


async def asked(town, language="en"):
    """A family in the middle of a survey: its person and number."""
    await town.publish()
    person, number = await town.person(language)
    await town.says(number, "JOIN BUS")
    await town.says(number, "3")
    await town.sends()
    return person, number
