"""How long it takes to sum a survey up: 20 themes, 4 dimensions, 10,000 and 100,000 answers, with and without crossings.

Beside it, in the same run, is the least that any program could do: numpy counts the people of each group who named each
theme, from arrays that are there already.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
from ground import ROUNDS, middle, table

from analysis.codebook import Codebook, Theme
from analysis.findings import Asked, Voice
from analysis.summary import summarize

SIZES = (10_000, 100_000)
GOAL = 2.0
DIMENSIONS = {"school": 30, "language": 8, "grade": 4, "channel": 3}
PAIRS = tuple(combinations(DIMENSIONS, 2))
TOPS, SUBS = 20, 3
WORDS = (
    "the bus is late every day",
    "my job starts before the school",
    "no money for clothes",
    "she is sick",
)


def book() -> Codebook:
    """20 themes of 3 parts each."""
    themes = []
    for top in range(TOPS):
        themes.append(Theme(f"t{top}", None, f"Theme {top}", "", "", "", "barrier"))
        themes += [
            Theme(f"t{top}.{sub}", f"t{top}", f"Part {sub}", "", "", "", "barrier") for sub in range(SUBS)
        ]
    return Codebook("bench", "1", "Bench", tuple(themes))


def answers(number: int, codebook: Codebook) -> tuple[list[Asked], list[Voice]]:
    """As many people as answers; few groups and themes are large and many are small, as they are in life."""
    random = Random(20)
    names = {name: [f"{name} {n}" for n in range(size)] for name, size in DIMENSIONS.items()}
    weights = {name: [1 / (n + 1) for n in range(size)] for name, size in DIMENSIONS.items()}
    liking = [1 / (n + 1) for n in range(len(codebook.codes))]
    columns = {name: random.choices(names[name], weights[name], k=number) for name in names}
    asked, voices = [], []
    for n in range(number):
        groups = {name: columns[name][n] for name in columns}
        asked.append(Asked(str(n), "answered", groups))
        themes = {
            code: 0.5 + random.random() / 2
            for code in random.choices(codebook.codes, liking, k=random.choice((1, 1, 2)))
        }
        text = f"{random.choice(WORDS)} {random.randrange(10**6)}"
        voices.append(
            Voice(
                str(n),
                groups["language"],
                text,
                None,
                None,
                themes,
                groups,
                "negative",
                random.random(),
                0.95,
            )
        )
    return asked, voices


def bare(asked: list[Asked], voices: list[Voice], codebook: Codebook) -> Callable[[], Any]:
    """The counts alone."""
    places = {
        name: {value: n for n, value in enumerate(sorted({one.groups[name] for one in asked}))}
        for name in DIMENSIONS
    }
    codes = [np.array([places[name][one.groups[name]] for one in asked]) for name in DIMENSIONS]
    tops = {top.id: n for n, top in enumerate(codebook.tops)}
    said = np.zeros((len(tops), len(asked)), dtype=bool)
    for voice in voices:
        for code in voice.themes:
            said[tops[codebook.top(code)], int(voice.person)] = True
    return lambda: [np.bincount(of[row], minlength=int(of.max()) + 1) for of in codes for row in said]


def seconds(job: Callable[[], Any]) -> float:
    """The middle of some runs, in seconds of one core."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        job()
        took.append(time.process_time() - began)
    return middle(took)


def main() -> None:
    """Measure and print."""
    codebook = book()
    lines = []
    for number in SIZES:
        asked, voices = answers(number, codebook)
        least = seconds(bare(asked, voices, codebook))
        for name, pairs, quotes in (
            ("no quotes", (), 0),
            ("with quotes", (), 4),
            ("all crossings", PAIRS, 4),
        ):
            took = seconds(
                lambda a=asked, v=voices, p=pairs, q=quotes: summarize(
                    "bench", a, v, codebook, pairs=p, quotes=q
                )
            )
            lines.append((f"{number:,}", name, f"{took:.2f}", f"{least:.3f}", f"{took / least:.0f}"))
    table(("answers", "summary", "seconds", "bare count", "times"), lines)
    goal = next(float(line[2]) for line in lines if line[:2] == (f"{SIZES[-1]:,}", "with quotes"))
    print(
        f"\n{SIZES[-1]:,} answers with quotes in {goal:.2f} s: {'met' if goal < GOAL else 'MISSED'} (under {GOAL:.0f} s)"
    )


if __name__ == "__main__":
    main()
