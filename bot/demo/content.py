"""The demo's content files: what people say (replies.yaml), and who they are (people.yaml)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

FOLDER = Path(__file__).parent
UNTRANSLATED = 0.1
"""The share of replies whose English is kept back, so that one sees how an untranslated reply looks."""

World = Mapping[str, Any]
"""people.yaml as it stands; its comments say what each part means."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One made-up answer to an open question. ``english`` is None where the text is English already."""

    to: str
    by: str
    language: str
    text: str
    themes: tuple[str, ...]
    english: str | None = None


def replies() -> tuple[Reply, ...]:
    """Every made-up reply, in the order of the file."""
    return tuple(Reply(**row | {"themes": tuple(row["themes"])}) for row in _read("replies.yaml"))


def world() -> World:
    """The district, its schools, and how people behave."""
    return dict(_read("people.yaml"))


def entries(said: Sequence[Reply], rng: Random) -> list[tuple[str, str, str, str]]:
    """The replies' English for a glossary, less a tenth of each language."""
    kept = []
    for language in dict.fromkeys(reply.language for reply in said):
        known = [reply for reply in said if reply.language == language and reply.english is not None]
        rng.shuffle(known)
        kept += known[round(len(known) * UNTRANSLATED) :]
    return [(reply.language, "en", reply.text, reply.english) for reply in kept if reply.english is not None]


def _read(name: str) -> Any:
    # libyaml's loader where there is one: the pure Python one takes a second for 650 replies.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((FOLDER / name).read_text("utf-8"), loader)  # noqa: S506  # a safe loader, and our own file
