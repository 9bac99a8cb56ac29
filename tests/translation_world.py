"""A made-up district with texts to read: a survey of its own that a machine has drafted, a campaign, a saved reply, families."""

from __future__ import annotations

from sqlalchemy import insert

import survey_flows
from bot.dialogue import saved
from bot.outreach import control
from bot.store.tables import people

SURVEY = """\
survey: mornings
drafted: [es, ht]
title: {en: Mornings, es: Mañanas, ht: Maten yo}
intro:
  en: "{school} asks two questions about mornings. Reply STOP to end."
  es: "{school} hace dos preguntas sobre las mañanas. Responda STOP para terminar."
  ht: "{school} ap poze de kesyon sou maten yo. Reponn STOP pou fini."
thanks: {en: Thank you for your time., es: Gracias por su tiempo., ht: Mèsi pou tan ou.}
questions:
  - key: hard
    kind: scale
    text:
      en: Was it hard to get here in the last 2 weeks?
      es: En las últimas 2 semanas, ¿fue difícil llegar?
      ht: Èske li te difisil pou rive isit la nan 2 semèn ki sot pase yo?
    choices:
      - {key: no_, en: Not hard, es: Nada difícil, ht: Pa difisil}
      - {key: very, en: Very hard, es: Muy difícil, ht: Difisil anpil}
  - key: why
    kind: open
    text: {en: "What made it hard? Think of the bus stop too.", es: "¿Qué lo hizo difícil? Piense también en la parada.", ht: "Kisa ki te fè l difisil?"}
"""
CAMPAIGN = """\
campaign: thanks
title: Thank you for May
audience: respondent = family
when: now
drafted: [es]
steps:
  - message:
      en: "{school} here. Thank you for being on time. Reply STOP to end."
      es: "Le escribe {school}. Gracias por llegar a tiempo. Responda STOP para terminar."
"""


async def filled(app, *, readers=(("es", 12), ("ht", 5), ("ar", 2), ("en", 20))) -> None:
    """Enter all of it. ``readers``: how many people read each language."""
    now = app.clock()
    async with app.database.begin() as db:
        await app.shelf.publish(db, survey_flows.loads(SURVEY, "mornings"), now, app.new_id)
        rows = [
            {"id": app.new_id(), "respondent": "family", "language": tag, "language_by": "import", "groups": {}, "created_at": now}
            for tag, many in readers
            for _ in range(many)
        ]  # fmt: skip
        if rows:
            await db.execute(insert(people), rows)
    await control.write(app, CAMPAIGN, "kim@riverbend.example")
    await saved.save(
        app,
        "office-hours",
        "The office is open from 8 to 4.",
        "en",
        {"es": "La oficina abre de 8 a 4."},
        "Ana",
    )
