"""Decides who takes part in the demo and all that each of them will say. Pure: one seed, one cast."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, product
from random import Random
from typing import Any, Literal

from survey_flows import Survey, words
from survey_flows.gates import open_to
from survey_flows.scope import Scope

from .content import Reply, World
from .slips import slip

Behaviour = Literal["all", "first_only", "never", "stops", "wrong_number", "unreachable"]

AFTERWARDS = {0: 0.3, 1: 0.45, 2: 0.25}
"""How many more texts come after the thanks, from people who found it hard: share of them. Our guess, as all rates."""
TWICE = 0.05
"""The share of people whose every message the provider delivers twice."""
FAILURES = (30005, 21211, 30006, 21610)
"""Why numbers cannot be reached, in turn: handset away, no such number, landline, opted out at the provider."""
ABOUT = {"what_hard": "hard", "what_helps": "helps", "one_thing": "idea"}
"""Which replies answer which open question of the survey."""
MORE = "hard"
"""What people add after the thanks is about."""
CHATS = 700_000_001
"""The first made-up Telegram chat."""
TENTH = 1.2816
"""Standard deviations above the median beyond which one in ten lies."""


@dataclass(frozen=True, slots=True)
class Person:
    """One family or student. ``script`` holds for each question what they say, and then what when asked again.

    ``choice`` is the place (0, 1, 2) of their answer to the scale; ``presses`` says that they press its button where
    there is one. ``afterwards`` is what they add after the thanks. ``minutes`` pass until the first reply, and until
    each later one. ``failure`` is the provider's code where nothing reaches them.
    """

    number: int
    respondent: str
    school: str
    grade: str
    language: str
    channel: str
    address: str
    behaviour: Behaviour
    script: Mapping[str, tuple[str, ...]]
    choice: int
    presses: bool
    afterwards: tuple[str, ...]
    minutes: tuple[float, float]
    twice: bool
    failure: int | None = None


class Deck:
    """Replies to draw from: no text comes twice before all that would do have come.

    Left out is what no survey takes for an answer: "who is this?" asks for help, "wrong number" is a STOP.
    """

    def __init__(self, replies: Sequence[Reply], rng: Random) -> None:
        self._rng = rng
        self._all: dict[tuple[str, str, str], list[Reply]] = {}
        for reply in (reply for reply in replies if words.read(reply.text) is None):
            self._all.setdefault((reply.to, reply.by, reply.language), []).append(reply)
        self._left: dict[tuple[str, str, str], list[Reply]] = {}

    def draw(self, to: str, by: str, language: str, weigh: Callable[[Reply], float]) -> str:
        """The text of one reply; how likely each is, says ``weigh``. Raises LookupError where there is none at all."""
        pool = (to, by, language)
        left = self._left.get(pool) or list(self._all.get(pool, ()))
        if not left:
            raise LookupError(f"replies.yaml: no reply to {to!r} by a {by} in {language!r}")
        drawn = self._rng.choices(range(len(left)), [weigh(reply) for reply in left])[0]
        self._left[pool] = left
        return left.pop(drawn).text


def cast(world: World, replies: Sequence[Reply], survey: Survey, rng: Random) -> tuple[Person, ...]:
    """Everybody in ``world``, each with the whole of their part in ``survey``.

    The scale's three choices are those of its first scale question; open questions are answered from the replies
    about the same (``ABOUT``). Raises LookupError for an open question without replies.
    """
    deck, failures = Deck(replies, rng), cycle(FAILURES)
    numbers, chats = _numbers(world["phones"]), iter(range(CHATS, CHATS + 10_000))
    made: list[Person] = []
    for school in world["schools"]:
        for respondent, column, channel in (
            ("family", "families", "sms"),
            ("student", "students", "telegram"),
        ):
            for language, count in school[column].items():
                for _ in range(count):
                    behaviour: Behaviour = _draw(rng, world["behaviour"][column])
                    address = next(numbers) if channel == "sms" else str(next(chats))
                    part = _Part(world, survey, deck, rng, respondent, school["name"], language, behaviour)
                    made.append(
                        Person(
                            number=len(made) + 1,
                            respondent=respondent,
                            school=school["name"],
                            grade=rng.choice(school["grades"]),
                            language=language,
                            channel=channel,
                            address=address,
                            behaviour=behaviour,
                            script=part.script(),
                            choice=part.choice,
                            presses=channel == "telegram" and part.style == "number",
                            afterwards=part.afterwards(),
                            minutes=_minutes(world["reply_minutes"], rng),
                            twice=rng.random() < TWICE,
                            failure=next(failures) if behaviour == "unreachable" else None,
                        )
                    )
    return tuple(made)


class _Part:
    """What one person says, drawn in the order in which they will say it."""

    def __init__(
        self,
        world: World,
        survey: Survey,
        deck: Deck,
        rng: Random,
        by: str,
        school: str,
        language: str,
        does: str,
    ) -> None:
        self.world, self.survey, self.deck, self.rng, self.by, self.does = world, survey, deck, rng, by, does
        self.language = language
        story = world["story"]
        in_story = by == "family" and school in story["schools"] and language in story["languages"]
        self.theme: str | None = story["theme"] if in_story else None
        self.weight: float = story["weight"]
        self.choice: int = _draw(rng, world["hardness"]["story" if in_story else "usual"]) - 1
        self.style: str = _draw(rng, world["first_answer"])
        other = _draw(rng, world["open_language"]) == "other"
        self.writes = rng.choice(world["other_languages"][language]) if other else language

    def script(self) -> dict[str, tuple[str, ...]]:
        first = self.survey.questions[0].key
        word = {"stops": "stop_words", "wrong_number": "wrong_number_words"}.get(self.does)
        if word:
            return {first: (str(self.rng.choice(self.world[word][self.language])),)}
        said = dict(self._answers()) if self.does in ("all", "first_only") else {}
        return said if self.does == "all" else {key: said[key] for key in (first,) if key in said}

    def _answers(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        given: dict[str, Any] = {}
        for question in self.survey.questions:
            if not open_to(question.ask_if, Scope(self.survey, given, self.language)):
                continue
            if question.kind == "scale":
                given[question.key] = question.keys[self.choice]
                yield question.key, self._scale([choice.label for choice in question.choices(self.language)],
                                                [choice.label for choice in question.choices("en")])  # fmt: skip
            elif question.kind == "number":
                days = _draw(self.rng, self.world["days_missed"][self.choice + 1])
                given[question.key] = days
                worded = _draw(self.rng, self.world["days_said"]) == "with_word"
                said = f"{days} {self.world['days_words'][self.language]}" if worded else str(days)
                yield question.key, (said, str(days))
            else:
                given[question.key] = True
                yield question.key, (self._open(ABOUT.get(question.key, question.key)),)

    def _scale(self, labels: Sequence[str], english: Sequence[str]) -> tuple[str, ...]:
        number = str(self.choice + 1)
        if self.style == "emoji":
            emoji = self.world["emoji"]
            kind = "keycap" if self.rng.random() < emoji["keycap_share"] else "face"
            return emoji[kind][self.choice + 1], number
        said = {
            "number": number,
            "label": labels[self.choice],
            "misspelt": slip(labels[self.choice], self.rng),
            "english": english[self.choice],
        }
        return said[self.style], number

    def _open(self, about: str) -> str:
        def weigh(reply: Reply) -> float:
            return self.weight if self.theme in reply.themes else 1.0

        return self.deck.draw(about, self.by, self.writes, weigh)

    def afterwards(self) -> tuple[str, ...]:
        if self.does != "all" or self.choice == 0:
            return ()
        return tuple(self._open(MORE) for _ in range(_draw(self.rng, AFTERWARDS)))


def _draw(rng: Random, rates: Mapping[Any, float]) -> Any:
    return rng.choices(list(rates), list(rates.values()))[0]


def _numbers(phones: Mapping[str, Any]) -> Iterator[str]:
    block = range(phones["first"], phones["last"] + 1)
    return (f"+1{area}{phones['exchange']}{n:04d}" for n, area in product(block, phones["area_codes"]))


def _minutes(rates: Mapping[str, float], rng: Random) -> tuple[float, float]:
    """Half are quicker than the median and one in ten takes longer than ``slow``: a log-normal."""
    spread = math.log(rates["slow"] / rates["median"]) / TENTH
    return rng.lognormvariate(math.log(rates["median"]), spread), rng.uniform(0.2, rates["followup"])
