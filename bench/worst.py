"""The worst that forms and replies do to one step: a form as long as ministries send them, and what nobody expects.

As in ``flows.py`` everything is pure computing: what is measured is the time of one core.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from statistics import median, quantiles

from flows import VALUES, head
from ground import ROUNDS, table

from survey_flows import LIBRARY, Place, Survey, begin, hear, library, loads
from survey_flows import danger as watch
from survey_flows import words as always

GOAL_MS = 10

# A long form


def long_form(questions: int = 564) -> Survey:
    """A form as ministries send them: groups, a condition on every third question, choices that hang on other choices."""
    regions, schools = 12, 40
    lists = ["lists:", "  regions:"]
    lists += [f"    - {{key: region_{n}, en: Region number {n}}}" for n in range(regions)]
    lists.append("  schools:")
    lists += [
        f"    - {{key: school_{r}_{n}, en: School {n} of region {r}, columns: {{region: region_{r}}}}}"
        for r in range(regions)
        for n in range(schools)
    ]
    rows = ["questions:"]
    earlier: list[str] = []
    for n in range(questions):
        indent = "      " if n >= 12 else "  "
        if n % 12 == 0 and n:
            rows.append(f"  - group: section_{n // 12}\n    questions:")
        key, condition = f"question_{n}", ""
        if n % 3 == 2 and earlier:
            condition = f"ask_if: \"${{{earlier[-1]}}} >= 0 and not(${{{earlier[0]}}} = '') or ${{{earlier[len(earlier) // 2]}}} = 3\", "
        kind = ("number", "number", "one", "open", "region", "school")[n % 6]
        text = f"text: {{en: 'Question {n}, which is about as long as questions in such forms are?'}}"
        if kind == "number":
            rows.append(f"{indent}- {{key: {key}, kind: number, min: 0, max: 999, {condition}{text}}}")
            earlier.append(key)
        elif kind == "one":
            rows.append(
                f"{indent}- {{key: {key}, kind: one, {condition}{text}, choices: [{{key: a, en: First thing}}, {{key: b, en: Second thing}}]}}"
            )
        elif kind == "region":
            rows.append(f"{indent}- {{key: {key}, kind: one, {condition}{text}, choices: regions}}")
        elif kind == "school":
            chosen = f'choice_filter: "region = ${{question_{n - 1}}}"'
            rows.append(f"{indent}- {{key: {key}, kind: one, {chosen}, {condition}{text}, choices: schools}}")
        else:
            rows.append(f"{indent}- {{key: {key}, kind: open, {condition}{text}}}")
    return loads(head("long", ["en"]).removesuffix("questions:\n") + "\n".join([*lists, *rows]), "long.yaml")


def form() -> None:
    start = time.process_time()
    survey = long_form()
    loaded = time.process_time() - start
    replies = {"number": "12", "one": "2", "open": "The bus is late nearly every day."}
    best: list[float] = []
    for _ in range(ROUNDS):
        place, times = begin(survey, "en", VALUES).place, []
        while place.at is not None:
            reply = replies[survey.question(place.at).kind]
            start = time.perf_counter()
            kept = Place.from_json(json.loads(json.dumps(place.to_json())))
            place = hear(survey, kept, reply, VALUES).place
            times.append((time.perf_counter() - start) * 1000)
        best = [min(pair) for pair in zip(best, times, strict=True)] if best else times
    print(
        f"\nA form of {len(survey.questions)} questions ({loaded:.1f} s to load), state through JSON, each step the best of {ROUNDS}:"
        f" median {median(best):.2f} ms, 99th of a hundred {quantiles(best, n=100)[98]:.2f} ms, worst {max(best):.2f} ms"
        f" (the goal is under {GOAL_MS} ms)"
    )


# Replies that nobody expects

STRANGE = {
    "1,600 letters in one word": "a" * 1600,
    "1,600 characters of sentences": ("The bus never comes and we are late again. " * 40)[:1600],
    "450 words": " ".join(["we walk and it rains so he is ill"] * 50),
    "400 numbers": " ".join(map(str, range(400))),
    "400 number words": " ".join(["twenty five hundred and three"] * 80),
    "800 emoji": "😀😭🚌👍🏽👨‍👩‍👧" * 160,
    "emoji between digits": "1️⃣2️⃣3️⃣" * 120,
    "what looks like a regular expression": "(a+)+$^(([a-z])+.)+[A-Z]([a-z])+$" * 40,
    "brackets": "[(" * 400,
    "stars": "⭐" * 800,
    "1,600 Chinese characters": "校车总是很晚孩子上学困难没有钱坐车" * 94,
    "a Chinese run of numbers": "二十五三四十百千" * 200,
    "Arabic with all its marks": "الحافِلَةُ تَتَأَخَّرُ كُلَّ يَوْمٍ " * 40,
    "commas": "1," * 800,
    "stop, stop, stop": "stop. " * 260,
    "no no no": "no " * 500,
    "spaces": " " * 1600,
    "letters with twenty marks each": ("e" + "\u0301" * 20) * 70,
}


def strange() -> None:
    """The slowest of the library's kinds of question for each strange reply."""
    asked = [
        (survey, question)
        for survey in map(library, LIBRARY)
        for question in survey.questions
        if question.kind in ("one", "scale", "many", "rank", "yesno", "number", "open", "date", "time")
    ]
    rows = []
    for name, reply in STRANGE.items():
        slowest, kind = 0.0, ""
        for survey, question in asked:
            place = Place(question.key, "en")
            spent = []
            for _ in range(2):
                start = time.process_time()
                hear(survey, place, reply, VALUES | dict.fromkeys(survey.fields, "this"))
                spent.append((time.process_time() - start) * 1000)
            if min(spent) > slowest:
                slowest, kind = min(spent), f"{question.kind} ({survey.key})"
        command, alarm = timed(always.read, reply), timed(watch.read, reply)
        rows.append((name, f"{slowest:.2f}", kind, f"{command:.2f}", f"{alarm:.2f}"))
    print("\nStrange replies, ms on one core, at the slowest question of the library")
    table(("", "step", "at", "STOP?", "danger?"), rows)


def timed(read: Callable[[str, str], object], reply: str) -> float:
    read("a first one", "en")
    start = time.process_time()
    read(reply, "en")
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    form()
    strange()
