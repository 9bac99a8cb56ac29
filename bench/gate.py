"""How well the quality gate looks: what it finds of damage that is planted, and what it says of texts that are right.

    python bench/gate.py            everything, about five minutes on one core (most of it embeddings)
    python bench/gate.py --quick    without embeddings: ten seconds
    python bench/gate.py --fit      fit the confidence again, and print the lines for bot/translation/gate/meaning.yaml

Right: the survey library (eight languages), Openline's own phrases (19), the demo's replies with their English. All of these
are machine-drafted, so a finding there is a false alarm or a mistake of the text; both are printed with --show RULE.
Bad: the same texts, damaged here, and sentence pairs in bench/ground/negation.yaml. Made up by the authors of the gate: the
figures compare rules and languages with each other, and are not what an engine's output would give.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import yaml
from babel.messages.pofile import read_po
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.translation.gate import Judge, look  # noqa: E402
from bot.translation.gate.kept import GAP, keyword  # noqa: E402
from bot.translation.gate.meaning import confidence, features, without_gaps  # noqa: E402
from bot.translation.gate.negation import turned  # noqa: E402
from bot.translation.gate.opposite import opposite  # noqa: E402
from bot.translation.units import Unit  # noqa: E402

LANGUAGES = ("en", "es", "ht", "pt", "vi", "zh-Hans", "ar", "fr")
RULES = (
    "empty",
    "placeholder",
    "url",
    "number",
    "keyword",
    "collision",
    "script",
    "leftover",
    "negation",
    "length",
    "term",
)
KINDS = ("turned", "other", "swapped", "half", "number")
SWAPPED = {
    "bus": "book", "buses": "books", "mother": "teacher", "mom": "teacher", "dad": "doctor", "son": "dog", "daughter": "dog",
    "child": "neighbor", "children": "neighbors", "kid": "neighbor", "kids": "neighbors", "teacher": "driver",
    "teachers": "drivers", "school": "hospital", "class": "kitchen", "classes": "kitchens", "family": "company",
    "families": "companies", "students": "soldiers", "student": "soldier", "meeting": "holiday", "food": "money",
    "lunch": "homework", "money": "music", "work": "weather", "job": "dream", "car": "dress", "home": "market",
    "sick": "rich", "doctor": "singer", "language": "garden", "english": "history", "phone": "table", "homework": "haircut",
    "morning": "winter", "night": "summer", "late": "cheap", "hard": "sweet", "safe": "blue", "help": "paint", "ride": "song",
    "clothes": "trees", "rent": "tea", "weeks": "miles", "week": "mile", "days": "dollars", "day": "dollar", "idea": "animal",
    "rules": "shoes", "questions": "flowers", "question": "flower", "friends": "enemies", "snow": "gold", "rain": "gold",
    "asthma": "football", "adults": "babies", "adult": "baby", "people": "horses",
}  # fmt: skip


@dataclass(frozen=True)
class Text:
    """One right translation: where it stands, both texts, and the other choices of its question."""

    where: str
    source: str
    target: str
    text: str
    said: str
    kind: str = "message"
    group: str = ""
    siblings: tuple[tuple[str, str], ...] = ()

    @property
    def unit(self) -> Unit:
        return Unit(self.where.lower(), self.source, self.text, kind=self.kind, group=self.group)  # type: ignore[arg-type]

    def look(self, said: str | None = None, **more: object) -> tuple[str, ...]:
        found = look(
            self.unit, self.target, self.said if said is None else said, siblings=dict(self.siblings), **more
        )  # type: ignore[arg-type]
        return tuple(f"{f.rule}:{f.severity}" for f in found)


def _texts(node: object, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, dict):
        if isinstance(node.get("en"), str):
            yield (
                path,
                {tag: text for tag, text in node.items() if tag in LANGUAGES and isinstance(text, str)},
            )
        for name, below in node.items():
            if name not in LANGUAGES:
                yield from _texts(below, f"{path}/{name}")
    elif isinstance(node, list):
        for at, below in enumerate(node):
            yield from _texts(below, f"{path}/{below.get('key', at) if isinstance(below, dict) else at}")


def library(sources: Iterable[str] = ("en",)) -> list[Text]:
    """Every text of the 26 surveys with its translations, each pair of words once."""
    found: list[Text] = []
    seen: set[tuple[str, ...]] = set()
    for file in sorted((ROOT / "survey_flows/library").glob("*.yaml")):
        here = list(_texts(yaml.load(file.read_text("utf-8"), yaml.BaseLoader), file.stem))
        groups: dict[str, list[tuple[str, dict[str, str]]]] = defaultdict(list)
        for path, texts in here:
            if "/choices/" in path:
                groups[path.rpartition("/")[0]].append((path, texts))
        for path, texts in here:
            group = path.rpartition("/")[0] if "/choices/" in path else ""
            kind = "choice" if group else "title" if path.endswith("title") else "message"
            for source in sources:
                for target in LANGUAGES:
                    if target == source or (source, target, texts[source], texts[target]) in seen:
                        continue
                    seen.add((source, target, texts[source], texts[target]))
                    beside = tuple(
                        (other.lower(), said[target]) for other, said in groups[group] if other != path
                    )
                    found.append(
                        Text(path, source, target, texts[source], texts[target], kind, group, beside)
                    )
    return found


def phrases() -> list[Text]:
    """Openline's own phrases, from English."""
    found = []
    for file in sorted((ROOT / "survey_flows/locale").glob("*/LC_MESSAGES/openline.po")):
        tag = file.parts[-3]
        with file.open("rb") as open_file:
            for message in read_po(open_file):
                if tag != "en" and message.context and message.string:
                    english, said = (
                        text if isinstance(text, str) else text[-1] for text in (message.id, message.string)
                    )
                    found.append(Text(f"phrase:{message.context}", "en", tag, english, said, "phrase"))
    return found


def replies() -> list[Text]:
    """What the demo's people say, and its English."""
    rows = yaml.safe_load((ROOT / "bot/demo/replies.yaml").read_text("utf-8"))
    return [
        Text(f"reply:{row['to']}", row["language"], "en", row["text"], row["english"])
        for row in rows
        if row["language"] != "en" and "english" in row
    ]


# What is planted. Each takes a right text and gives what should be found, or None where it cannot be planted.
Damage = Callable[[Text, random.Random], str | None]


def _gap_dropped(text: Text, rng: random.Random) -> str | None:
    found = list(GAP.finditer(text.said))
    return text.said[: found[0].start()] + text.said[found[0].end() :] if found else None


def _gap_translated(text: Text, rng: random.Random) -> str | None:
    return GAP.sub("{escuela}", text.said, count=1) if GAP.search(text.said) else None


def _number_changed(text: Text, rng: random.Random) -> str | None:
    found = list(re.finditer(r"\d+", GAP.sub(lambda gap: "x" * len(gap[0]), text.said)))
    if not found or not re.search(r"\d", text.text):
        return None
    one = rng.choice(found)
    return text.said[: one.start()] + str(int(one[0]) + rng.choice((1, 2, 3, 5, 10))) + text.said[one.end() :]


def _keyword_translated(text: Text, rng: random.Random) -> str | None:
    found = [m for m in re.finditer(r"\b[A-Z]{2,}\b", text.said) if keyword(m[0])]
    words = {
        "es": "PARAR",
        "pt": "PARE",
        "fr": "ARRÊT",
        "ht": "SISPANN",
        "vi": "DỪNG",
        "zh-Hans": "停止",
        "ar": "توقف",
    }
    return (
        text.said[: found[0].start()] + words.get(text.target, "X") + text.said[found[0].end() :]
        if found
        else None
    )


def _as_another_choice(text: Text, rng: random.Random) -> str | None:
    return rng.choice(text.siblings)[1].upper() + "." if text.siblings else None


def _other_script(text: Text, rng: random.Random) -> str | None:
    return (
        "حافلة المدرسة متأخرة"
        if text.target in ("es", "pt", "fr", "ht", "vi", "en")
        else "Texto en otra escritura"
    )


def _untranslated(text: Text, rng: random.Random) -> str | None:
    return text.text if len(re.findall(r"[A-Za-z]{2,}", GAP.sub("", text.text))) > 3 else None


def _half_left(text: Text, rng: random.Random) -> str | None:
    before, after = text.text.split(), (text.said.split() if text.target != "zh-Hans" else list(text.said))
    if len(before) < 8 or len(after) < 6 or GAP.search(" ".join(before[len(before) // 2 :])):
        return None
    return (
        ("" if text.target == "zh-Hans" else " ").join(after[: len(after) // 2])
        + " "
        + " ".join(before[len(before) // 2 :])
    )


def _cut(text: Text, rng: random.Random) -> str | None:
    return text.said[: len(text.said) // 3] if len(text.text) > 60 else None


DAMAGE: dict[str, tuple[str, Damage]] = {
    "gap dropped": ("placeholder empty", _gap_dropped),
    "gap translated": ("placeholder", _gap_translated),
    "number changed": ("number", _number_changed),
    "keyword translated": ("keyword", _keyword_translated),
    "choice as another": ("collision", _as_another_choice),
    "another script": ("script", _other_script),
    "not translated": ("leftover script", _untranslated),
    "half left over": ("leftover script", _half_left),
    "cut to a third": ("length", _cut),
}


def speed(texts: list[Text]) -> None:
    for text in texts[:300]:
        text.look()
    began = time.process_time()
    for text in texts:
        text.look()
    print(
        f"look: {len(texts) / (time.process_time() - began):,.0f} texts a second of processor time (tables laid out, no judge)"
    )


def alarms(texts: list[Text], name: str, show: str = "") -> None:
    """Findings on texts that are right, by rule and language, notes left out."""
    count: dict[str, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    for text in texts:
        tongue = text.target if text.source == "en" else text.source
        total[tongue] += 1
        found = text.look()
        for rule in {said.split(":")[0] for said in found if not said.endswith(":note")}:
            count[rule][tongue] += 1
            if rule == show:
                print(f"  {rule} {text.where} {text.source}>{text.target}: {text.text} | {text.said}")
    print(f"\nFalse alarms, {name}: {sum(total.values())} pairs; per cent by language")
    print("  " + " ".join(f"{tag:>7}" for tag in total) + "     all")
    for rule in RULES:
        if count[rule]:
            row = " ".join(f"{100 * count[rule][tag] / total[tag]:7.1f}" for tag in total)
            print(f"  {row} {100 * sum(count[rule].values()) / sum(total.values()):7.2f}  {rule}")


def planted(texts: list[Text]) -> None:
    """How much of each damage its rule finds."""
    rng = random.Random(7)
    print("\nPlanted damage, found by its rule (number of texts)")
    for name, (rules, damage) in DAMAGE.items():
        hits, total = Counter[str](), Counter[str]()
        for text in texts:
            bad = damage(text, rng)
            if bad is None or bad == text.said:
                continue
            total[text.target] += 1
            hits[text.target] += any(said.split(":")[0] in rules.split() for said in text.look(bad))
        row = " ".join(f"{tag} {100 * hits[tag] / total[tag]:.0f}" for tag in total)
        print(
            f"  {name:20} {100 * sum(hits.values()) / max(sum(total.values()), 1):5.1f} % of {sum(total.values()):4}   {row}"
        )


def negations(texts: list[Text], name: str) -> None:
    """English turned round by rule (bot/translation/gate/opposite.py): is the other language's side seen rightly?"""
    hits, total, alarms_ = Counter[str](), Counter[str](), Counter[str]()
    every: Counter[str] = Counter()
    for text in texts:
        tongue, english = (text.target, text.text) if text.source == "en" else (text.source, text.said)
        every[tongue] += 1
        alarms_[tongue] += bool(turned(text.text, text.source, text.said, text.target))
        bad = opposite(english)
        if bad is None or text.kind == "title":
            continue
        total[tongue] += 1
        pair = (bad, "en", text.said, tongue) if text.source == "en" else (text.text, tongue, bad, "en")
        hits[tongue] += bool(turned(*pair))
    row = " ".join(f"{t} {100 * hits[t] / total[t]:.0f}/{100 * alarms_[t] / every[t]:.1f}" for t in total)
    print(
        f"  {name:28} found {100 * sum(hits.values()) / sum(total.values()):.1f} %, alarms {100 * sum(alarms_.values()) / sum(every.values()):.2f} %   {row}"
    )


def ground() -> None:
    """The hand-written pairs."""
    hits, wrong, total = Counter[str](), Counter[str](), Counter[str]()
    for item in yaml.safe_load((ROOT / "bench/ground/negation.yaml").read_text("utf-8")):
        said, denied = item.pop("en")
        for tag, (yes, no) in item.items():
            total[tag] += 2
            hits[tag] += sum(map(bool, (turned(said, "en", no, tag), turned(denied, "en", yes, tag))))
            wrong[tag] += sum(map(bool, (turned(said, "en", yes, tag), turned(denied, "en", no, tag))))
    row = " ".join(f"{t} {hits[t]}-{wrong[t]}/{total[t]}" for t in total)
    print(
        f"  hand-written pairs           found {100 * sum(hits.values()) / sum(total.values()):.1f} %, alarms {100 * sum(wrong.values()) / sum(total.values()):.2f} %   {row}"
    )


Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """English (right or damaged) beside another language's text. ``split`` tells texts apart, not languages."""

    name: str
    language: str
    kind: str
    english: str
    other: str
    split: int


def pairs(texts: list[Text], name: str) -> list[Pair]:
    """Every right pair, and the same with its English damaged."""
    rng = random.Random(5)
    texts = [text for text in texts if text.kind != "title"]
    told = [(t.target, t.text, t.said) if t.source == "en" else (t.source, t.said, t.text) for t in texts]
    pool = sorted({english for _, english, _ in told})
    found = []
    for tongue, english, other in told:
        split = blake2b(english.encode()).digest()[0] % 5
        near = sorted(
            (text for text in pool if text != english), key=lambda text: abs(len(text) - len(english))
        )[:8]
        for kind, bad in (
            ("good", english), ("turned", opposite(english)), ("other", rng.choice(near)), ("swapped", _swapped(english, rng)),
            ("half", _halved(english, rng)), ("number", _counted(english, rng)),
        ):  # fmt: skip
            if bad and (kind == "good" or bad != english):
                found.append(Pair(name, tongue, kind, bad, other, split))
    return found


def _swapped(text: str, rng: random.Random) -> str | None:
    found = [
        m
        for m in re.finditer(r"[A-Za-z]+", GAP.sub(lambda gap: "_" * len(gap[0]), text))
        if m[0].lower() in SWAPPED
    ]
    if not found:
        return None
    one = rng.choice(found)
    return text[: one.start()] + SWAPPED[one[0].lower()] + text[one.end() :]


def _halved(text: str, rng: random.Random) -> str | None:
    words = text.split()
    half = len(words) // 2
    return None if len(words) < 5 else " ".join(words[:half] if rng.random() < 0.5 else words[half:])


def _counted(text: str, rng: random.Random) -> str | None:
    found = list(re.finditer(r"(?<![\w{])\d+(?![\w}])", text))
    if not found:
        return None
    one = rng.choice(found)
    return text[: one.start()] + str(int(one[0]) + rng.choice((1, 2, 3, 5, 10))) + text[one.end() :]


def _auc(good: Floats, bad: Floats) -> float:
    """How often a good pair stands above a bad one."""
    return float((good[:, None] > bad[None]).mean() + 0.5 * (good[:, None] == bad[None]).mean())


def _matrix(rows: list[Pair], judge: Judge) -> tuple[Floats, list[str]]:
    made = []
    for start in range(0, len(rows), 500):  # fewer than a judge keeps
        some = rows[start : start + 500]
        judge.learn(without_gaps(text) for row in some for text in (row.english, row.other))
        made += [features(row.english, "en", row.other, row.language, judge) for row in some]
    return np.array([list(one.values()) for one in made]), list(made[0])


def _weights(rows: list[Pair], chosen: Floats) -> Floats:
    """As many good pairs as bad ones, and of the bad each kind as many."""
    kinds = np.array([row.kind for row in rows])
    weights = np.zeros(len(rows))
    for kind in ("good", *KINDS):
        here = (kinds == kind) & (chosen > 0)
        weights[here] = (len(KINDS) if kind == "good" else 1) / max(here.sum(), 1)
    return weights / weights.sum() * chosen.sum()


def _fit(made: Floats, good: Floats, weights: Floats) -> Floats:
    """Logistic regression by Newton's method, lightly held back."""
    at = np.zeros(made.shape[1])
    for _ in range(50):
        likely = 1 / (1 + np.exp(-made @ at))
        slope = made.T @ (weights * (good - likely)) - 0.5 * at
        curve = (made * (weights * likely * (1 - likely))[:, None]).T @ made + 0.5 * np.eye(len(at))
        at += np.linalg.solve(curve, slope)
    return at


def judged(texts: list[Text], judge: Judge) -> None:
    """What a judge adds: alarms on right texts, and how many sentences turned round it blocks instead of warning."""
    alarm, severity = Counter[str](), Counter[str]()
    for text in texts:
        judge.learn([without_gaps(text.text), without_gaps(text.said)])
        found = text.look(judge=judge)
        alarm["meaning"] += "meaning:warn" in found
        alarm["negation blocked"] += "negation:block" in found
        bad = opposite(text.text if text.source == "en" else text.said)
        if bad is None or text.kind == "title":
            continue
        one = replace(text, text=bad) if text.source == "en" else replace(text, said=bad)
        here = [said.partition(":")[2] for said in one.look(judge=judge) if said.startswith("negation")]
        severity[here[0] if here else "not found"] += 1
    print(
        f"\nWith a judge, {len(texts)} right pairs: "
        + ", ".join(f"{name} {100 * n / len(texts):.2f} %" for name, n in alarm.items())
    )
    print(
        "  sentences turned round: "
        + ", ".join(f"{name} {100 * n / severity.total():.0f} %" for name, n in severity.items())
    )


def meanings(rows: list[Pair], judge: Judge) -> None:
    """AUC of likeness alone and of the confidence, each text held out of the fit that judges it."""
    made, names = _matrix(rows, judge)
    good = np.array([row.kind == "good" for row in rows], float)
    split = np.array([row.split for row in rows])
    likely = np.zeros(len(rows))
    for part in range(5):
        chosen = (split != part).astype(float)
        at = _fit(made[chosen > 0], good[chosen > 0], _weights(rows, chosen)[chosen > 0])
        likely[split == part] = 1 / (1 + np.exp(-made[split == part] @ at))
    whole = _fit(made, good, _weights(rows, np.ones(len(rows))))
    print(
        "  weights: {"
        + ", ".join(f"{name}: {value:.2f}" for name, value in zip(names, whole, strict=True))
        + "}"
    )
    like = made[:, names.index("likeness")]
    kinds, sets, tongues = (
        np.array([getattr(row, field) for row in rows]) for field in ("kind", "name", "language")
    )
    for name in dict.fromkeys(sets):
        print(f"\nMeaning, {name}: AUC of the confidence (of likeness alone)")
        for tongue in (*dict.fromkeys(tongues), "all"):
            here = (sets == name) & ((tongues == tongue) | (tongue == "all"))
            right = here & (kinds == "good")
            cells = []
            for kind in KINDS:
                bad = here & (kinds == kind)
                if bad.sum() > 4:
                    cells.append(
                        f"{kind} {_auc(likely[right], likely[bad]):.2f} ({_auc(like[right], like[bad]):.2f})"
                    )
            print(
                f"  {tongue:8} {'  '.join(cells)}   good under .5: {100 * (likely[right] < 0.5).mean():.0f} %, under .25: {100 * (likely[right] < 0.25).mean():.1f} %"
            )
        here = sets == name
        for under in (0.5, 0.25):
            print(
                f"  under {under}: "
                + ", ".join(
                    f"{kind} {100 * (likely[here & (kinds == kind)] < under).mean():.0f} %"
                    for kind in ("good", *KINDS)
                )
            )
    print("\nCalibration (half of all pairs bad): confidence -> share that is good")
    weights = _weights(rows, np.ones(len(rows)))
    for low in np.arange(0, 1, 0.2):
        here = (likely >= low) & (likely < low + 0.2)
        print(f"  {low:.1f}-{low + 0.2:.1f}: {(weights[here] * good[here]).sum() / weights[here].sum():.2f}")


KNOWN = (
    ("es", "Nadie en la escuela habla español", "Anybody in the school speaks Spanish", "Nobody at the school speaks Spanish"),
    ("es", "nadie hace nada", "anybody does at all", "nobody does anything"),
    ("es", "Las cuotas son muy caras", "The quotas are very expensive", "The fees are very expensive"),
    ("es", "No puedo ir a las juntas", "I can not go to the joints", "I can't go to the meetings"),
    ("pt", "Não tenho com quem deixar meus filhos à noite", "I don't have to leave my children at night", "I have nobody to leave my children with at night"),
    ("pt", "o onibus nao passa no meu bairro", "the bus in the pass in my neighborhood", "the bus does not come through my neighborhood"),
)  # fmt: skip
"""Mistakes that engines have made (Apertium spa-eng, a small neural pt-en), and what was meant. "quotas" and "joints" were
words in other sentences; these are made up around them."""


def engines(judge: Judge) -> None:
    print("\nReal mistakes of engines: confidence in them, and in what was meant")
    for tongue, said, wrong, right in KNOWN:
        scores = [confidence(said, tongue, text, "en", judge) for text in (wrong, right)]
        print(f"  {scores[0]:.2f} {wrong!r}; {scores[1]:.2f} {right!r}")
    if shutil.which("apertium"):
        _apertium(judge)


def _apertium(judge: Judge) -> None:
    """The Spanish replies as a rule-based engine puts them into English, where it is installed (Debian: apertium-eng-spa)."""
    texts = [text for text in replies() if text.source == "es"]
    asked = "\n".join(text.text.replace("\n", " ") for text in texts)
    done = subprocess.run(
        ["apertium", "-u", "spa-eng"], check=False, input=asked, capture_output=True, text=True, timeout=120
    )
    said = done.stdout.splitlines()
    if done.returncode or len(said) != len(texts):
        print(f"  apertium spa-eng did not answer: {done.stderr.strip()[:80]}")
        return
    judge.learn(without_gaps(text) for text in (*asked.splitlines(), *said))
    machine = np.array(
        [confidence(t.text, "es", out, "en", judge) for t, out in zip(texts, said, strict=True)]
    )
    human = np.array([confidence(t.text, "es", t.said, "en", judge) for t in texts])
    print(
        f"  {len(texts)} Spanish replies: median {np.median(machine):.2f} of Apertium's English, {np.median(human):.2f} of ours; AUC {_auc(human, machine):.2f}; under .5: {100 * (machine < 0.5).mean():.0f} % and {100 * (human < 0.5).mean():.0f} %"
    )
    turned_round = [
        (t.text, out) for t, out in zip(texts, said, strict=True) if turned(t.text, "es", out, "en")
    ]
    print(
        f"  its negation differs in {len(turned_round)}, for example "
        + "; ".join(f"{a!r} > {b!r}" for a, b in turned_round[:3])
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="without embeddings")
    parser.add_argument("--fit", action="store_true", help="only fit the confidence again")
    parser.add_argument("--show", default="", metavar="RULE", help="print what this rule says of right texts")
    chosen = parser.parse_args()
    surveys, ours, said = library(), phrases(), replies()
    if not chosen.fit:
        speed(surveys)
        alarms(surveys, "survey library, from English", chosen.show)
        alarms(ours, "Openline's phrases, from English", chosen.show)
        alarms(said, "replies of the demo, into English", chosen.show)
        alarms(library(LANGUAGES[1:]), "survey library, all other directions", "")
        planted(surveys)
        print("\nNegation: found of sentences turned round / false alarms, per cent by language")
        negations(surveys, "survey library")
        negations(said, "replies")
        ground()
    if not chosen.quick:
        judge = Judge()
        rows = [*pairs(surveys, "survey library"), *pairs(said, "replies")]
        meanings(rows, judge)
        if not chosen.fit:
            judged([*surveys, *said], judge)
            engines(judge)


if __name__ == "__main__":
    main()
