"""A made-up survey in a store: people of a few schools, what they said in their languages, coded by a machine and by staff."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import insert, update

from bot import ids
from bot.importing.answers import QUESTION, one_question
from bot.shelf import Shelf
from bot.store import staff as staff_rows
from bot.store.memory import digest
from bot.store.tables import answers, codings, conversations, figures, people, readings, translations, waves

KEY = "mornings"
AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
MACHINE = "made-up 1"
THEMES = {
    "transport.bus_service": "The bus is late every day",
    "transport.distance_time": "It is too far to walk",
    "health.illness": "My child is often ill",
    "safety.bullying": "Other children are mean",
    "x.no_barrier": "Nothing is hard",
    "x.unclear": "hm",
}
NAMED = "call Mrs. Rivera at 555-0142"
SPANISH = "El autobús llega tarde 🙏"
STAFF = UUID(int=7)


async def fill(database, count=400, *, schools=("Lincoln", "Marsh", "Oak"), seed=1, themes=None, rare=3):
    """``rare`` people speak a language of too few. Returns how many replies there are."""
    lots, new_id = random.Random(seed), ids.maker()
    shelf = Shelf()
    known = list(themes or THEMES)
    persons, talks, said, given = [], [], [], []
    async with database.begin() as db:
        survey = await shelf.publish(db, one_question(KEY, "What makes mornings hard?"), AT, new_id)
    for n in range(count):
        person, talk, answer = new_id(), new_id(), new_id()
        language = "so" if n < rare else lots.choice(["en", "en", "es"])
        codes = set(lots.choices(known, [9, 7, 5, 2, 3, 2][: len(known)], k=lots.choice([1, 1, 2])))
        words = (
            SPANISH
            if language == "es"
            else f"{'. '.join(THEMES.get(code, code) for code in sorted(codes))} {n}"
        )
        at = AT + timedelta(minutes=n)
        persons.append(
            {
                "id": person, "external_id": f"x{n}", "respondent": "family", "language": language,
                "language_by": "import", "school": lots.choice(schools), "groups": {"grade": str(lots.randrange(3))},
                "name": "Mirlande" if n == 5 else None, "created_at": AT,
            }
        )  # fmt: skip
        talks.append(
            {
                "id": talk, "survey_id": survey, "person_id": person, "address_id": None, "state": "imported",
                "place": None, "started_at": at, "heard_at": at,
            }
        )  # fmt: skip
        said.append(
            {
                "id": answer, "survey_id": survey, "conversation_id": talk, "person_id": person, "message_id": None,
                "question": QUESTION, "kind": "open", "value": None, "understood": True, "declared": language,
                "heard": f"=Mirlande! {words}" if n == 5 else f"{words}, {NAMED}" if n == 6 else words,
                "created_at": at, "language": language, "language_score": 0.99, "coder": MACHINE,
                "sentiment": lots.choice(["negative", "neutral", "positive"]), "sentiment_score": 0.5,
            }
        )  # fmt: skip
        given += [
            {
                "id": new_id(), "answer_id": answer, "theme": code, "probability": 0.8, "coder": MACHINE,
                "evidence": {"cues": ["bus"], "nearest": "the bus is late"}, "created_at": at,
            }
            for code in codes
        ]  # fmt: skip
    async with database.begin() as db:
        for table, rows in ((people, persons), (conversations, talks), (answers, said), (codings, given)):
            for start in range(0, len(rows), 1000):
                await db.execute(insert(table), rows[start : start + 1000])
        await db.execute(
            insert(translations),
            {
                "id": uuid4(), "digest": digest(SPANISH), "source": "es", "target": "en", "context": "said",
                "text": "The bus is late 🙏", "origin": "machine:test", "state": "draft", "created_at": AT,
            },
        )  # fmt: skip
    return said


async def read_by_staff(database, answer, themes):
    """A member of staff has read this answer, and what they say counts."""
    coder = f"staff:{STAFF}"
    async with database.begin() as db:
        if await staff_rows.by_email(db, "ana@example.org") is None:
            from bot.store.tables import staff

            await db.execute(
                insert(staff).values(id=STAFF, email="ana@example.org", name="Ana Muster", created_at=AT)
            )
        await db.execute(
            insert(readings).values(
                id=uuid4(), answer_id=answer, coder=coder, purpose="review", drawn="lot", codebook="school_barriers",
                codebook_version="1", created_at=AT, changed_at=AT,
            )
        )  # fmt: skip
        rows = [
            {"id": uuid4(), "answer_id": answer, "theme": theme, "probability": 1.0, "coder": coder, "evidence": {},
             "created_at": AT}
            for theme in themes
        ]  # fmt: skip
        if rows:
            await db.execute(insert(codings), rows)
        await db.execute(update(answers).where(answers.c.id == answer).values(decided=coder))


__all__ = ["AT", "KEY", "figures", "fill", "read_by_staff", "waves"]
