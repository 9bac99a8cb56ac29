"""The process in which translation on this machine runs. Knows nothing of the rest: it is started by its path.

The engine holds Python's lock while it works, 10 to 400 ms a sentence, and its objects belong to one thread. In a process
of its own it keeps nobody waiting; a text on which it dies or never ends takes only this process with it.

A line of JSON in, one out: ``{"models": [[model, source vocabulary, target vocabulary, shortlist or null], …], "text": …}``
to ``{"text": …}`` or ``{"error": kind}``. Several models are a way over other languages.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

KEPT = 4
"""How many models stay in memory, at some 40 to 90 MB each."""


def _read(path: str) -> bytes:
    read = Path(path).read_bytes()
    return gzip.decompress(read) if path.endswith(".gz") else read


def _load(files: list[Any]) -> Any:
    from fxtranslate import Translator

    model, source, target, shortlist = files
    return Translator(_read(model), _read(source), _read(target), shortlist and _read(shortlist))


def main() -> None:
    """Answer until nobody asks any more."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)  # conversations come first
    loaded: OrderedDict[str, Any] = OrderedDict()
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            text = asked["text"]
            for files in asked["models"]:
                key = files[0]
                if key not in loaded:
                    loaded[key] = _load(files)
                loaded.move_to_end(key)
                while len(loaded) > KEPT:
                    loaded.popitem(last=False)
                text = loaded[key].translate_long(text)
            answer = {"text": text}
        except Exception as error:
            answer = {"error": type(error).__name__}
        print(json.dumps(answer), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
