"""People who answer at random: sensibly, sloppily, off the point, or not at all. For walking through any survey."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random

from survey_flows import Place, Step, Survey, begin, hear
from survey_flows.choices import One
from survey_flows.expressions import Expression
from survey_flows.gates import Relevant
from survey_flows.items import Block, Computed
from survey_flows.program import walked
from survey_flows.questions import Date, DateTime, Number, Photo, Question, Rank, Time, YesNo
from survey_flows.scope import Scope, apart

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
VALUES = {"school": "Lincoln School"}
PATIENCE = 300
"""Answers after which somebody passes over all that is left."""
ENDLESS = 20_000
OFF_THE_POINT = (
    "I don't know", "skip", "back", "maybe", "2", "0", "-1", "3.5", "999999999", "yes", "no", "ok", "🙂", "…", " ",
    "I meant 1", "no, 2", "tomorrow", "${x} {y}", "' or 1=1", "a b c", "99", "الف", "三", "?" * 700,
)  # fmt: skip


def expressions(survey: Survey) -> Iterator[Expression]:
    """Every expression of a survey."""
    for item, _, _ in walked(survey.items):
        yield from (gate.expression for gate in item.ask_if if isinstance(gate, Relevant))
        if isinstance(item, Computed):
            yield item.expression
        elif isinstance(item, Block) and item.repeat and item.repeat.count:
            yield item.repeat.count
        elif isinstance(item, Question):
            yield from filter(None, (item.default, item.constraint and item.constraint.expression))
            if isinstance(item, One) and item.offered:
                yield item.offered


@dataclass
class Respondent:
    """One person with moods: ``random`` decides all that they say."""

    survey: Survey
    random: Random
    steps: int = 0
    met: set[str] = field(default_factory=set)

    def walk(self) -> Place:
        """From the first message to the last, whatever happens; raises AssertionError where there is no end."""
        random, survey = self.random, self.survey
        language = random.choice(survey.languages)
        step = begin(survey, language, VALUES, now=NOW, seed=random.randrange(2**31))
        while step.place.at is not None:
            self.steps += 1
            assert self.steps < ENDLESS, f"no end: {step.place.at}"
            self.met.add(apart(step.place.at)[0])
            step = self._said(step)
            if self.steps % 25 == 0:
                kept(step.place)
        return kept(step.place)

    def evaluate(self, place: Place) -> int:
        """Ask every expression of the survey about what this person said."""
        found = list(expressions(self.survey))
        for at, expression in enumerate(found):
            where = self.random.choice([None, *self.survey.by_key])
            scope = Scope(self.survey, place.answers, place.language, VALUES, NOW, at=where, this=str(at))
            scope.turn = (1,) * len(self.survey.loops.get(where or "", ()))
            assert expression.truth(scope) in (True, False)
            assert isinstance(expression.text(scope), str)
        return len(found)

    def _said(self, step: Step) -> Step:
        place, random = step.place, self.random
        question = self.survey.question(apart(place.at or "")[0])
        media: tuple[str, ...] = ()
        choice = None
        if self.steps > PATIENCE:
            heard = "skip"
        elif random.random() < 0.15:
            heard = random.choice(OFF_THE_POINT)
        else:
            heard = self._answer(question, step)
        if step.prompt and step.prompt.choices and random.random() < 0.2 and self.steps <= PATIENCE:
            choice = random.choice(step.prompt.choices).key
        if isinstance(question, Photo) and random.random() < 0.5:
            heard, media = "", (f"{question.kind}/x",)
        return hear(self.survey, place, heard, VALUES, choice, now=NOW, media=media)

    def _answer(self, question: Question, step: Step) -> str:
        random = self.random
        if isinstance(question, YesNo):
            return random.choice(["yes", "no", "1", "2", "no"])
        if isinstance(question, Rank):
            order = list(range(1, len(question.options) + 1))
            random.shuffle(order)
            return " ".join(map(str, order))
        if isinstance(question, One):
            return self._choice(question, step)
        if isinstance(question, Number):
            least = 0 if question.least is None else question.least
            most = least + random.choice([1, 5, 20, 150, 10**6]) if question.most is None else question.most
            return str(random.randint(int(least), int(most)))
        if isinstance(question, DateTime):
            return f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02} {random.randint(0, 23)}:15"
        if isinstance(question, Date):
            return (
                f"{random.choice([1990, 2020, 2026])}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
            )
        if isinstance(question, Time):
            return f"{random.randint(0, 23)}:{random.randint(0, 59):02}"
        return random.choice(["the bus", "La hora de salida", "Ana", "12", "yes", "x" * 900])

    def _choice(self, question: One, step: Step) -> str:
        random, place = self.random, step.place
        option = random.choice(question.options) if question.options else None
        label = option.labels[place.language] if option else "1"
        slip = label[:1] + label[2:]
        numbers = " ".join(str(random.randint(1, 6)) for _ in range(random.randint(1, 3)))
        return random.choice([label, label, slip, str(random.randint(0, 8)), numbers])


def kept(place: Place) -> Place:
    """The place as it comes back from the store: small JSON."""
    stored = json.dumps(place.to_json(), ensure_ascii=False)
    assert len(stored) < 400 + 800 * max(1, len(place.answers))
    back = Place.from_json(json.loads(stored))
    assert back == place
    return back
