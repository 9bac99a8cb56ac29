"""How good and how quick the theme coder is: ``python bench/coder.py [--tune]``.

The replies are the demo's: made up, labelled by their authors by the codebook's rules, and written without sight of its
examples. The coder has learned from the codebook alone. Labels are codes (sub-themes and x.*) or top themes.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from analysis import codebook, coder
from analysis.coder import Coded, Coder, Reply
from analysis.embed import Remembered, best
from analysis.forms import by_form
from analysis.space import Space, fit

REPLIES = Path(__file__).parents[1] / "bot" / "demo" / "replies.yaml"
Labels = Sequence[set[str]]


def f1(given: Labels, true: Labels) -> tuple[float, float]:
    """Micro and macro F1 over labels."""
    hit, extra, missed = Counter[str](), Counter[str](), Counter[str]()
    for said, right in zip(given, true, strict=True):
        hit.update(said & right)
        extra.update(said - right)
        missed.update(right - said)
    both = 2 * hit.total() + extra.total() + missed.total()
    each = [2 * hit[k] / (2 * hit[k] + extra[k] + missed[k]) for k in {*hit, *missed}]
    return 2 * hit.total() / both, float(np.mean(each))


def interval(given: Labels, true: Labels, draws: int = 1000) -> tuple[float, float]:
    """The middle 95% of micro F1 over replies drawn again with replacement."""
    chance = random.Random(42)
    number = range(len(true))
    scores = []
    for _ in range(draws):
        drawn = chance.choices(number, k=len(true))
        scores.append(f1([given[at] for at in drawn], [true[at] for at in drawn])[0])
    low, high = np.quantile(scores, [0.025, 0.975])
    return float(low), float(high)


def accuracy(learned: Coder) -> None:
    written = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    replies = [Reply(entry["text"], entry["language"], entry["to"]) for entry in written]
    true = [set(entry["themes"]) for entry in written]
    top = learned.codebook.top

    def tops(labels: Labels) -> Labels:
        return [{top(code) for code in codes} for codes in labels]

    for name, asked in (("the question is known", True), ("the question is not known", False)):
        coded = learned.code(replies if asked else [replace(reply, asked=None) for reply in replies])
        given = [{coding.theme for coding in one.codings} for one in coded]
        low, high = interval(tops(given), tops(true))
        first = np.mean(
            [
                top(one.codings[0].theme) in {top(code) for code in right}
                for one, right in zip(coded, true, strict=True)
            ]
        )
        print(f"\n{len(replies)} replies, {name}")
        print(
            f"  top themes   micro F1 {f1(tops(given), tops(true))[0]:.3f} ({low:.3f}-{high:.3f})  macro {f1(tops(given), tops(true))[1]:.3f}"
        )
        print("  codes        micro F1 {:.3f}  macro {:.3f}".format(*f1(given, true)))
        print(f"  the first code's top theme is right in {first:.1%}")
        print("  by language  " + split(tops(given), tops(true), [reply.language for reply in replies]))
        print(
            "  by question  "
            + split(
                tops(given),
                tops(true),
                [str(reply.asked or entry["to"]) for reply, entry in zip(replies, written, strict=True)],
            )
        )
        if asked:
            by_theme(tops(given), tops(true))
            calibration(coded, true)


def split(given: Labels, true: Labels, kinds: Sequence[str]) -> str:
    parts = []
    for kind in sorted(set(kinds)):
        own = [at for at, other in enumerate(kinds) if other == kind]
        parts.append(f"{kind} {f1([given[at] for at in own], [true[at] for at in own])[0]:.3f} ({len(own)})")
    return "  ".join(parts)


def by_theme(given: Labels, true: Labels) -> None:
    print("  by top theme (F1, replies that a person gave it, replies that the coder gave it)")
    for theme, number in Counter(code for codes in true for code in codes).most_common():
        mine = [{theme} & codes for codes in given]
        theirs = [{theme} & codes for codes in true]
        print(f"    {theme:16} {f1(mine, theirs)[0]:.3f} {number:4} {sum(map(bool, mine)):4}")


def calibration(coded: Sequence[Coded], true: Labels) -> None:
    print("  of the first codes given with this probability, so many were right")
    bins: dict[int, list[bool]] = defaultdict(list)
    for one, right in zip(coded, true, strict=True):
        bins[min(4, int(one.codings[0].probability * 5))].append(one.codings[0].theme in right)
    for at in sorted(bins):
        print(f"    {at / 5:.1f}-{(at + 1) / 5:.1f}  {np.mean(bins[at]):.0%} of {len(bins[at])}")


def speed(learned: Coder) -> None:
    written = yaml.safe_load(REPLIES.read_text(encoding="utf-8"))
    replies = [
        Reply(f"{entry['text']} {at}", entry["language"], entry["to"]) for at, entry in enumerate(written)
    ][:200]
    begin = time.perf_counter()
    learned.code(replies)
    together = len(replies) / (time.perf_counter() - begin)
    begin = time.perf_counter()
    for reply in replies[:40]:
        learned.code([reply])
    alone = 40 / (time.perf_counter() - begin)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"\n{together:.0f} different replies a second together, {alone:.0f} one by one; {memory} MB at most in this process"
    )


def tune() -> None:
    """Cross-validate on the codebook's examples, the same number of each theme and language in each of four folds.

    A third as many pairs of held-out barriers, joined in one text, stand for replies that name two.
    """
    book, embedder = codebook.load(), Remembered(best())
    lessons = list(coder.lessons_of(book))
    aid = coder.aid_of(book)
    vectors = embedder.embed([aid.help(text, language) for text, language, *_ in lessons])
    spoken = [language for _, language, _, _ in lessons]
    kinds = np.array([kind for *_, kind in lessons])
    labels = np.array([book.codes.index(code) for _, _, code, _ in lessons])
    seen, fold = Counter[tuple[str, str]](), np.full(len(lessons), -1)
    for at, (_, language, code, kind) in enumerate(lessons):
        if kind == "example":
            fold[at] = seen[code, language] % 4
            seen[code, language] += 1
    own = np.flatnonzero(kinds == "cues")

    def some(array: Iterable[int]) -> list[str]:
        return [spoken[at] for at in array]

    for penalty in (3e-4, 1e-4, 3e-5):
        logits, truth = [], []
        for held in range(4):
            examples = np.flatnonzero((kinds == "example") & (fold != held))
            rest = np.flatnonzero((kinds != "cues") & (fold != held))
            space = Space.of(vectors[examples], some(examples))
            cue_space = replace(Space.of(vectors[own], some(own)), scale=space.scale)
            places = np.concatenate(
                [space.place(vectors[rest], some(rest)), cue_space.place(vectors[own], some(own))]
            )
            model = fit(places, [*labels[rest], *labels[own]], len(book.codes), penalty=penalty)
            texts, languages, right = mixed(lessons, np.flatnonzero(fold == held).tolist(), book, held)
            read = [aid.help(text, language) for text, language in zip(texts, languages, strict=True)]
            logits.append(model.logits(space.place(embedder.embed(read), languages)))
            truth += right
        raw = np.concatenate(logits)
        for sharpness in (1.0, 1.4, 1.8, 2.2):
            chances = by_form(book, raw * sharpness, [None] * len(raw))
            single = [
                (row, next(iter(right))) for row, right in zip(chances, truth, strict=True) if len(right) == 1
            ]
            loss = -np.mean([np.log(max(row[book.codes.index(code)], 1e-6)) for row, code in single])
            given = [set(coder.choose(book, row)) for row in chances]
            micro = f1(given, truth)[0]
            tops = f1(*([{book.top(code) for code in codes} for codes in some_] for some_ in (given, truth)))[
                0
            ]
            print(
                f"penalty {penalty:.0e} sharpness {sharpness}: loss {loss:.3f}, codes {micro:.3f}, top themes {tops:.3f}"
            )


def mixed(
    lessons: Sequence[coder.Lesson], held: Sequence[int], book: codebook.Codebook, seed: int
) -> tuple[list[str], list[str], list[set[str]]]:
    """Held-out examples, and pairs of them: texts, languages, labels."""
    texts = [lessons[at][0] for at in held]
    languages = [lessons[at][1] for at in held]
    labels = [{lessons[at][2]} for at in held]
    chance = random.Random(seed)
    barriers = [at for at in held if book[lessons[at][2]].kind == "barrier"]
    for _ in range(len(held) // 3):
        first = chance.choice(barriers)
        _, language, code, _ = lessons[first]
        second = chance.choice(
            [at for at in barriers if lessons[at][1] == language and lessons[at][2] != code]
        )
        texts.append(f"{lessons[first][0]}. {lessons[second][0]}")
        languages.append(lessons[first][1])
        labels.append({lessons[first][2], lessons[second][2]})
    return texts, languages, labels


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--tune", action="store_true", help="cross-validate on the codebook instead (minutes)"
    )
    if options.parse_args().tune:
        tune()
        return
    begin = time.perf_counter()
    learned = coder.learn(codebook.load(), best())
    print(
        f"learned {len(learned.codebook.codes)} codes in {time.perf_counter() - begin:.1f} s; version {learned.version}"
    )
    accuracy(learned)
    speed(learned)


if __name__ == "__main__":
    main()
