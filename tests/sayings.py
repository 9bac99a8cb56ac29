"""For tests of the inbox: a small survey, a desk, and people who write to it."""

from __future__ import annotations

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
