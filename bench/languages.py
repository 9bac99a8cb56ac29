"""How often the language of a short reply is told, how sure that is, how fast, and beside what.

The replies are made up (language_replies.yaml). Half of them, by a digest of each text, were looked at while the rules
were made; the other half were not, and are the figures to go by. Beside ours is py3langid restricted to the same
languages, with the rule that was ours before: a declared language stands unless another beats it by 5 points.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import yaml
from ground import ROUNDS, middle, table
from ground.creole import EVENT, SMS, is_creole, known

from analysis.language import clean, identify
from survey_flows import phrases

REPLIES = Path(__file__).with_name("language_replies.yaml")
LANGUAGES = phrases.LANGUAGES
HAITI = ("ht", "en", "fr", "es")
WRONG = {"en": "es"}
"""Everybody is declared English, for the wrong one; who is English, Spanish."""
ACCENTED = ("es", "fr", "ht", "pt", "vi")

Tell = Callable[[str, Sequence[str], str | None], str]


def ours(text: str, among: Sequence[str], declared: str | None) -> str:
    """What we tell."""
    return identify(text, among, declared).language


def raw(text: str, among: Sequence[str], declared: str | None) -> str:
    """What py3langid alone tells, among the same languages."""
    scores = dict(_model().rank(clean(text)))
    ranked = {tag: scores[tag.split("-")[0]] for tag in among}
    best = max(ranked, key=lambda tag: ranked[tag])
    return declared if declared and ranked[best] - ranked[declared] < 5 else best


@cache
def _model() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def held_out(text: str) -> bool:
    """Whether the reply is one that nobody looked at while the rules were made."""
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


def bare(text: str) -> str:
    """The text without its accents, as many phones write it."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in plain if unicodedata.category(letter) != "Mn")


def share(
    tell: Tell, texts: Sequence[str], language: str, among: Sequence[str], declared: str | None
) -> float:
    """How many of the texts are told to be in the language."""
    return sum(tell(text, among, declared) == language for text in texts) / len(texts)


def line(name: str, texts: Sequence[str], language: str, among: Sequence[str] = LANGUAGES) -> list[Any]:
    """One row: how many, and the shares told with nothing, the true and a wrong language declared; ours, then raw."""
    declared = (None, language, WRONG.get(language, "en"))
    figures = [share(tell, texts, language, among, who) for tell in (ours, raw) for who in declared]
    return [name, len(texts), *(f"{figure:.3f}" for figure in figures)]


HEAD = ["language", "n", "nothing", "true", "wrong", "py3langid: nothing", "true", "wrong"]


def accuracy(written: dict[str, dict[str, list[str]]]) -> None:
    """By language, held-out half; then what people do to their letters."""
    letters = {tag: [t for t in texts if held_out(t)] for tag, texts in written["letters"].items()}
    print(
        f"Held-out half, {len(LANGUAGES)} languages to choose from; declared: nothing, the true one, a wrong one"
    )
    rows = [line(tag, texts, tag) for tag, texts in letters.items()]
    table(HEAD, [*rows, _all("all", rows)])
    seen = [
        line(tag, [t for t in texts if not held_out(t)], tag) for tag, texts in written["letters"].items()
    ]
    capitals = [line(tag, [text.upper() for text in texts], tag) for tag, texts in letters.items()]
    without = [line(tag, [bare(text) for text in letters[tag]], tag) for tag in ACCENTED]
    print("\nThe same in other ways")
    table(
        HEAD,
        [
            _all("the half that was looked at", seen),
            _all("held out, ALL IN CAPITALS", capitals),
            _all(f"held out, no accents ({' '.join(ACCENTED)})", without),
        ],
    )
    print("\nIn Latin letters (Vietnamese: without accents), held-out half")
    typed = [
        line(tag, some, tag)
        for tag, texts in written["latin"].items()
        if (some := [*filter(held_out, texts)])
    ]
    table(HEAD, [*typed, _all("all", typed)])


def _all(name: str, rows: Sequence[Sequence[Any]]) -> list[Any]:
    whole = sum(row[1] for row in rows)
    means = [sum(row[1] * float(row[at]) for row in rows) / whole for at in range(2, len(HEAD))]
    return [name, whole, *(f"{mean:.3f}" for mean in means)]


def calibration(written: dict[str, dict[str, list[str]]]) -> None:
    """Whether what is told with so much probability is right so often: held-out, whole and cut to two words."""
    told = []
    for tag, texts in written["letters"].items():
        for text in filter(held_out, texts):
            for said in (text, " ".join(text.split()[:2]), text.split()[-1]):
                found = identify(said, LANGUAGES)
                told.append((found.probability, found.language == tag))
    edges = (0.0, 0.5, 0.7, 0.9, 0.99, 1.01)
    rows = []
    for low, high in pairwise(edges):
        some = [(p, right) for p, right in told if low <= p < high]
        if some:
            said, right = (sum(column) / len(some) for column in zip(*some, strict=True))
            rows.append([f"{low:.2f} to {min(high, 1):.2f}", len(some), f"{said:.3f}", f"{right:.3f}"])
    print("\nThe probability, nothing declared: whole replies, their first two words, their last word")
    table(["told with", "n", "said", "right"], rows)


def mixing(written: dict[str, Any]) -> None:
    """Second languages: found where there is one, and nowhere else."""
    mixed = written["mixed"]
    found = [identify(each["text"], LANGUAGES) for each in mixed]
    right = sum(
        {told.language, *told.also} == {each["language"], *each["also"]}
        for told, each in zip(found, mixed, strict=True)
    )
    plain = [text for texts in written["letters"].values() for text in texts]
    wrong = sum(bool(identify(text, LANGUAGES).also) for text in plain)
    print(
        f"\nTwo languages in one reply: both told in {right} of {len(mixed)}; a second one told in {wrong} of"
    )
    print(f"{len(plain)} replies that have one. (The mixed replies were looked at.)")


def haiti() -> None:
    """Real text messages in distress: told among four languages. Their words are not part of this project."""
    if not known():
        print("\nThe Haiti 4636 messages are not here; their figures are left out.")
        return
    with SMS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["event"] == EVENT and row["original"].strip()]
    creole = [row["original"] for row in rows if is_creole(row["original"])]
    english = [row["message"] for row in rows]
    print(
        "\nHaiti 4636 messages with more Creole than French and English function words, and all the English translations"
    )
    table(
        HEAD,
        [
            line("ht, as written", creole, "ht", HAITI),
            line("ht, IN CAPITALS", [text.upper() for text in creole], "ht", HAITI),
            line("ht, no accents", [bare(text) for text in creole], "ht", HAITI),
            line("ht, of all languages", creole, "ht"),
            line("en", english, "en", HAITI),
            line("en, of all languages", english, "en"),
        ],
    )


def speed() -> None:
    """Each in a process of its own, in turns."""
    print("\nReplies a second of one process (its own CPU time), and the memory that it adds")
    figures: dict[str, list[list[float]]] = {"ours": [], "py3langid": []}
    for _ in range(ROUNDS):
        for name, rounds in figures.items():
            told = subprocess.run(
                [sys.executable, __file__, "--alone", name], capture_output=True, text=True, check=True
            )
            rounds.append([float(part) for part in told.stdout.split()])
    table(
        ["", "first time", "again", "load s", "MB more"],
        [
            [name, *(middle(column) for column in zip(*rounds, strict=True))]
            for name, rounds in figures.items()
        ],
    )


def alone(name: str, written: dict[str, dict[str, list[str]]]) -> None:
    """Measure one of the two in this process, and print the figures alone."""
    tell = {"ours": ours, "py3langid": raw}[name]
    texts = [text for texts in written["letters"].values() for text in texts]
    before = psutil.Process().memory_info().rss
    begin = time.process_time()
    for text in ("yes we can", "да нет", "نعم لا"):
        tell(text, LANGUAGES, None)
    load = time.process_time() - begin
    rates = []
    for again in (1, 10):
        begin = time.process_time()
        for text in _times(texts, again):
            tell(text, LANGUAGES, None)
        rates.append(len(texts) * again / (time.process_time() - begin))
    print(*rates, load, (psutil.Process().memory_info().rss - before) / 2**20)


def _times(texts: Sequence[str], times: int) -> Iterable[str]:
    for _ in range(times):
        yield from texts


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--alone", choices=["ours", "py3langid"], help="measure the speed of one, in this process"
    )
    chosen = options.parse_args()
    written = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    if chosen.alone:
        alone(chosen.alone, written)
        return
    accuracy(written)
    calibration(written)
    mixing(written)
    haiti()
    speed()


if __name__ == "__main__":
    main()
