"""A made-up survey whose replies a machine has coded, in an office with staff: for the pages of the room "coding"."""

from __future__ import annotations

from datetime import timedelta
from zlib import crc32

import numpy as np
import pytest
from office import office
from sayings import SURVEY
from sqlalchemy import insert, select

import survey_flows
from bot.reviewing import deciding, queue
from bot.store.memory import SAID, digest
from bot.store.tables import answers, codings, conversations, people, translations

MACHINE = "0123456789ab"
NOBODY = "00000000-0000-0000-0000-000000000000"
SCHOOL = "school_barriers"
BUS, ILL, FEES, WORK = "transport.bus_service", "health.chronic", "needs.money", "care.caregiver_work"

REPLY = (
    "Mi hija camina sola porque yo entro a las 5:30 y no hay autobús en nuestra calle. Cuando llueve llega mojada y a veces "
    "mejor se queda en casa. También tiene asma y la enfermera no contesta el teléfono."
)
ENGLISH = (
    "My daughter walks alone because I start at 5:30 and there is no bus on our street. When it rains she arrives wet, and "
    "sometimes it is better that she stays home. She also has asthma, and the nurse does not answer the phone."
)
GIVEN = {BUS: (["autobús"], 0.86), WORK: (["entro a las"], 0.71), ILL: (["asma"], 0.66), FEES: ([], 0.31)}


class Lamps:
    """A model of meaning that knows what a lamp is."""

    name, size = "lamps", 32

    def embed(self, texts):
        return np.array([self._one(text) for text in texts] or np.empty((0, 32)), np.float32)

    def _one(self, text):
        place = np.random.default_rng(crc32(text.encode())).normal(size=32)
        place[0] = 15 if "lamp" in text else 0
        return place / np.linalg.norm(place)


class Replies:
    """Enters replies of one survey into an office's store."""

    def __init__(self, here, survey_id):
        self.here, self.app, self.survey_id = here, here.app, survey_id

    async def says(
        self, text, themes=(BUS,), *, language="en", school="Lincoln", doubt=0.5, english=None, **more
    ):
        """One reply, coded by the machine; ``themes`` may be {theme: (cues, probability)}. Returns its id."""
        app = self.app
        person, talk, id_, now = app.new_id(), app.new_id(), app.new_id(), app.clock()
        given = themes if isinstance(themes, dict) else {theme: (["bus"], 0.8) for theme in themes}
        async with app.database.begin() as db:
            await db.execute(
                insert(people).values(
                    id=person, respondent="family", language=language, language_by="import", groups={}, school=school,
                    created_at=now)
            )  # fmt: skip
            await db.execute(
                insert(conversations).values(
                    id=talk, survey_id=self.survey_id, person_id=person, state="complete", started_at=now
                )
            )
            row = {
                "id": id_, "survey_id": self.survey_id, "conversation_id": talk, "person_id": person, "question": "why",
                "kind": "open", "heard": text, "understood": True, "declared": language, "language": language,
                "created_at": now - timedelta(days=1), "coder": MACHINE, "doubt": doubt,
            }  # fmt: skip
            await db.execute(insert(answers).values(row | more))
            if given:
                await db.execute(insert(codings), [
                    {"id": app.new_id(), "answer_id": id_, "theme": theme, "probability": sure, "coder": MACHINE,
                     "evidence": {"cues": cues, "nearest": "The bus never came."}, "created_at": now}
                    for theme, (cues, sure) in given.items()])  # fmt: skip
            if english:
                await db.execute(insert(translations).values(
                    id=app.new_id(), digest=digest(text), source=language, target="en", context=SAID,
                    text=english, state="approved", origin="person", created_at=now))  # fmt: skip
        return id_

    async def reads(self, desk, answer, *themes):
        """This member of staff decides."""
        async with self.app.database.begin() as db:
            return await deciding.decide(self.app, db, answer, queue.reader(desk.member.id), themes)


async def rows(here, table, *where):
    """What a table holds."""
    async with here.app.database.read() as db:
        return list(await db.execute(select(table).where(*where)))


async def replies(here):
    """The survey of the bus, published in this office."""
    async with here.app.database.begin() as db:
        survey = survey_flows.loads(SURVEY, "test")
        id_ = await here.app.shelf.publish(db, survey, here.app.clock(), here.app.new_id)
    return Replies(here, id_)


@pytest.fixture
async def here(sqlite_url, clock, tmp_path, monkeypatch):
    monkeypatch.setattr("bot.app.embedder", lambda settings: Lamps())
    async with office(sqlite_url, clock, cache_folder=tmp_path, double_share=0.0) as made:
        made.say = await replies(made)
        yield made


@pytest.fixture
async def ines(here):
    return await here.sign_in("coder", "organizer")


@pytest.fixture
async def kim(here):
    return await here.sign_in("coder", name="Kim Muster")
