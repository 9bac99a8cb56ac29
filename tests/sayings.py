"""For tests of the inbox: small surveys, a shelf with them, and what the store holds afterwards."""

from __future__ import annotations

from sqlalchemy import select, update

import survey_flows
from bot.shelf import Shelf
from bot.store.tables import keywords, messages

SURVEY = """\
survey: bus
source: en
drafted: []
title: {en: The bus, es: El autobús}
intro:
  en: "{school} here. We want to know what makes it hard to get to school. Reply STOP to end."
  es: "Le escribe {school}. Queremos saber qué dificulta llegar a la escuela. Responda STOP para terminar."
thanks: {en: Thank you. We will tell you what we do., es: Gracias. Le diremos qué haremos.}
questions:
  - key: hard
    kind: scale
    text: {en: Was it hard to get your child to school?, es: ¿Fue difícil llevar a su hijo o hija a la escuela?}
    choices:
      - {key: not_hard, en: Not hard, es: No fue difícil}
      - {key: a_little, en: A little hard, es: Un poco difícil}
      - {key: very, en: Very hard, es: Muy difícil}
  - key: why
    kind: open
    ask_if: {hard: [a_little, very]}
    text: {en: What made it hard?, es: ¿Qué lo hizo difícil?}
"""

LUNCH = """\
survey: lunch
title: Lunch
anonymous: yes
intro: "{school} asks about lunch. Reply STOP to end."
questions:
  - {key: good, kind: yesno, text: Is lunch good?}
"""
"""An anonymous survey; a test adds the questions that it needs."""


async def shelf_of(database, now, new_id, *texts):
    """A shelf with these surveys, each of which its own key starts."""
    made = Shelf()
    async with database.begin() as db:
        for text in texts:
            survey = survey_flows.loads(text, "test")
            row = {"keyword": survey.key, "created_at": now}
            row["survey_id"] = await made.publish(db, survey, now, new_id)
            await db.execute(keywords.insert().values(**row))
    return made


async def column(database, what):
    """One column of a table, in the order in which its rows were made."""
    async with database.read() as db:
        return list((await db.execute(select(what).order_by(what.table.c.id))).scalars())


async def gone_out(database, now):
    """Everything that was due has gone out."""
    due = messages.c.state == "queued", messages.c.due_at <= now
    async with database.begin() as db:
        await db.execute(update(messages).where(*due).values(state="sent"))
