"""How quickly a survey asks its next question, and how little of a conversation has to be kept.

Everything here is pure computing, so what is measured is the time of one core. Beside the engine, in the same run, is
the least that any engine could do: look the answer up in a dict of labels, put the next question into an f-string, and
take the state through JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import chain, cycle
from pathlib import Path
from random import Random

import yaml
from ground import ROUNDS, middle, table

from survey_flows import LIBRARY, Place, Survey, begin, hear, library, loads
from survey_flows import danger as watch
from survey_flows import words as always
from survey_flows.choices import One, Option

REPLIES = Path(__file__).parents[1] / "bot" / "demo" / "replies.yaml"
VALUES = {"school": "Lincoln School"}
LANGUAGES = ("en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr")
PEOPLE = 300
GOAL_STEPS, GOAL_BYTES = 20_000, 4096


def hard() -> tuple[Option, ...]:
    """The choices of a question in the library."""
    question = library("getting-to-school").by_key["hard"]
    assert isinstance(question, One)
    return question.options


OPTIONS = hard()


# Ten questions


def ten() -> Survey:
    """Five scales and five open questions in eight languages, in turns; the scale is one of the library's."""
    choices = "\n".join(
        f"      - {{key: {option.key}, {', '.join(f'{tag}: {json.dumps(label, ensure_ascii=False)}' for tag, label in option.labels.items())}}}"
        for option in OPTIONS
    )
    asked = [
        f"  - {{key: what_made_it_so_{n}, kind: open, text: {said(f'What made it so, in part {n}?')}}}"
        if n % 2
        else f"  - key: how_hard_was_it_{n}\n    kind: scale\n    text: {said(f'How hard was part {n}?')}\n    choices:\n{choices}"
        for n in range(10)
    ]
    return loads(head("ten") + "\n".join(asked), "ten.yaml")


def head(name: str, languages: Sequence[str] = LANGUAGES) -> str:
    title, intro = (
        said("A bench", languages),
        said("{school} has some questions. Reply STOP to end.", languages),
    )
    return f"survey: {name}\nsource: en\ndrafted: []\ntitle: {title}\nintro: {intro}\nquestions:\n"


def said(text: str, languages: Sequence[str] = LANGUAGES) -> str:
    return "{" + ", ".join(f"{tag}: {json.dumps(text)}" for tag in languages) + "}"


Said = tuple[str, list[tuple[str, str]]]
"""One person's language, and their answers with the message that carries each."""


def answered(kind: str, chance: Random) -> list[Said]:
    """What people answer to the ten questions: closed ones in one way, or mixed; open ones as the demo's families do."""
    replies = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    people: list[Said] = []
    for _ in range(PEOPLE):
        language = chance.choice(LANGUAGES)
        own = [reply["text"] for reply in replies if reply["language"] == language]
        said_so = []
        for _ in range(5):
            at = chance.randrange(len(OPTIONS))
            way = kind if kind != "mixed" else chance.choice(list(WAYS))
            said_so.append((WAYS[way](at, OPTIONS[at].labels[language], chance), chance.choice(own)))
        people.append((language, said_so))
    return people


def misspelt(at: int, label: str, chance: Random) -> str:
    spot = chance.randrange(1, len(label)) if len(label) > 1 else 0
    return label[:spot] + label[spot + 1 :] if len(label) > 4 else str(at + 1)


WAYS: dict[str, Callable[[int, str, Random], str]] = {
    "numbers": lambda at, label, chance: str(at + 1),
    "labels": lambda at, label, chance: label,
    "misspelt labels": misspelt,
    "sentences": lambda at, label, chance: (
        f"{label}, {chance.choice(('gracias', 'thank you', 'mèsi', 'merci'))}!"
    ),
}


def engine(survey: Survey, people: Sequence[Said], through_json: bool) -> float:
    """Steps a second."""
    steps, start = 0, time.process_time()
    for language, replies in people:
        place = begin(survey, language, VALUES).place
        messages = cycle(chain.from_iterable(replies))
        while place.at is not None:
            place = hear(survey, place, next(messages), VALUES).place
            steps += 1
            if through_json:
                place = Place.from_json(json.loads(json.dumps(place.to_json())))
    return steps / (time.process_time() - start)


def bare(survey: Survey, people: Sequence[Said]) -> float:
    """Steps a second of the least there could be: no misspellings, no second try, no commands, no conditions."""
    order = {question.key: at for at, question in enumerate(survey.questions)}
    keys = [question.key for question in survey.questions]
    asked = [question.ask("en") for question in survey.questions]
    known = {"1": "not", "2": "some", "3": "very"} | {
        option.labels[tag].lower(): option.key for option in OPTIONS for tag in LANGUAGES
    }
    steps, start = 0, time.process_time()
    for language, replies in people:
        kept = {"at": keys[0], "language": language, "answers": {}}
        for message in chain.from_iterable(replies):
            state = json.loads(json.dumps(kept))
            at = order[state["at"]]
            state["answers"][state["at"]] = True if at % 2 else known.get(message.strip(" .!").lower())
            state["at"] = keys[at + 1] if at < 9 else None
            prompt = f"{VALUES['school']}: {asked[min(at + 1, 9)]}"
            kept = state if prompt else kept
            steps += 1
    return steps / (time.process_time() - start)


def steps() -> None:
    survey = ten()
    people = {kind: answered(kind, Random(7)) for kind in ("mixed", *WAYS)}
    engine(survey, people["mixed"], through_json=False)
    rounds: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        rounds.setdefault("bare, with JSON", []).append(bare(survey, people["mixed"]))
        rounds.setdefault("Openline, mixed, with JSON", []).append(engine(survey, people["mixed"], True))
        for kind, said_so in people.items():
            rounds.setdefault(f"Openline, {kind}", []).append(engine(survey, said_so, False))
        rounds.setdefault("Openline, mixed, and listening for STOP and danger", []).append(
            listening(survey, people["mixed"])
        )
    rows = {name: middle(rates) for name, rates in rounds.items()}
    least = rows["bare, with JSON"]
    print(f"\nA survey of 10 questions, steps a second on one core (the goal is {GOAL_STEPS:,})")
    table(
        ("", "steps/s", "share of bare"),
        [(name, f"{rate:,.0f}", f"{rate / least:.2f}") for name, rate in rows.items()],
    )


def listening(survey: Survey, people: Sequence[Said]) -> float:
    """Steps a second of what the service does with a message before it is an answer, and then."""
    count, start = 0, time.process_time()
    for language, replies in people:
        place = begin(survey, language, VALUES).place
        for message in chain.from_iterable(replies):
            always.read(message, language)
            watch.read(message, language)
            place = hear(survey, place, message, VALUES).place
            count += 1
    return count / (time.process_time() - start)


# What is kept


def state() -> None:
    """The bytes of a place after a hundred short answers of all kinds."""
    kinds = ("scale", "yesno", "number", "open", "many", "one", "date", "time", "rank", "scale")
    choices = "[{key: bus, en: The bus}, {key: school_hours, en: School hours}, {key: cost, en: The cost}]"
    asked = []
    for n in range(100):
        kind = kinds[n % len(kinds)]
        listed = f", choices: {choices}" if kind in ("scale", "many", "one", "rank") else ""
        key = f"{('how_often', 'hardest', 'what_helps', 'days_missed')[n % 4]}_{n}"
        asked.append(f"  - {{key: {key}, kind: {kind}, text: {{en: 'Question {n}?'}}{listed}}}")
    survey = loads(head("hundred", ["en"]) + "\n".join(asked), "hundred.yaml")
    replies = {
        "scale": "2",
        "yesno": "yes",
        "number": "12",
        "open": "the bus is late again",
        "many": "1 3",
        "one": "1",
    }
    replies |= {"date": "11/03/2026", "time": "7:45 am", "rank": "2 1 3"}
    place = begin(survey, "en", VALUES, seed=123_456_789).place
    while place.at is not None:
        step = hear(survey, place, replies[survey.question(place.at).kind], VALUES)
        assert step.answer is not None
        assert step.answer.understood, (step.answer, place.at)
        place = step.place
    kept = len(json.dumps(place.to_json()).encode())
    compact = len(json.dumps(place.to_json(), separators=(",", ":")).encode())
    print(
        f"\nState after {len(place.answers)} short answers: {kept:,} bytes of JSON, {compact:,} without spaces (the goal is under {GOAL_BYTES:,})"
    )


# Starting


def starting() -> None:
    program = (
        "import psutil, time; a = time.process_time()\n"
        "import survey_flows as flows; b = time.process_time()\n"
        "flows.words.read('hello'); flows.begin(flows.library('getting-to-school'), 'es', {'school': 'L'})\n"
        "c = time.process_time(); [flows.library(key) for key in flows.LIBRARY]; d = time.process_time()\n"
        "print((b - a) * 1000, (c - b) * 1000, (d - c) * 1000, psutil.Process().memory_info().rss / 2**20)"
    )
    runs = [
        [
            float(part)
            for part in subprocess.run(
                [sys.executable, "-c", program], capture_output=True, check=True
            ).stdout.split()
        ]
        for _ in range(ROUNDS)
    ]
    imported, first, rest, memory = (middle(column) for column in zip(*runs, strict=True))
    print(
        f"\nimport survey_flows {imported:.0f} ms; the first survey, with the words of all languages {first:.0f} ms;"
        f" the whole library of {len(LIBRARY)} {rest:.0f} ms; {memory:.0f} MB in all"
    )


if __name__ == "__main__":
    steps()
    state()
    starting()
