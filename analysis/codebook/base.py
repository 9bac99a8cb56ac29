"""What a codebook is: themes, the tree they stand in, and the error of one that cannot be used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Kind = Literal["barrier", "other"]
KINDS: tuple[Kind, ...] = ("barrier", "other")
Reach = Literal["school", "district", "partners", "outside"]
"""Who can change what a theme names: the school itself, its district, either with partners, or none of these."""
REACHES: tuple[Reach, ...] = ("school", "district", "partners", "outside")
UNCLEAR = "x.unclear"
NO_BARRIER = "x.no_barrier"


class CodebookError(ValueError):
    """A codebook that cannot be used. Says where (file, place in it, theme), what is wrong and how to cure it."""

    def __init__(self, file: str, theme: str | None, problem: str, cure: str, place: str = "") -> None:
        where = ", ".join(part for part in (file, place, theme and f"theme {theme}") if part)
        super().__init__(f"{where}: {problem}. {cure}")
        self.file = file
        self.place = place
        self.theme = theme
        self.problem = problem
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme. A top theme has no parent and no examples; replies are coded to the others.

    ``examples`` and ``cues`` are keyed by BCP 47 language; ``drafted`` are the languages whose examples no person has
    approved yet; ``flag`` says what people must do when the theme turns up (None: nothing); ``map`` leads to the
    same idea in other code lists.
    """

    id: str
    parent: str | None
    label: str
    definition: str
    include: str
    exclude: str
    kind: Kind
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flag: str | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    drafted: frozenset[str] = frozenset()
    reach: Reach | None = None


@dataclass(frozen=True, eq=False)
class Codebook:
    """All themes, a top theme before its own sub-themes, in the order that people see them."""

    id: str
    version: str
    title: str
    themes: tuple[Theme, ...]

    def __getitem__(self, code: str) -> Theme:
        return self._by_id[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_id

    def __iter__(self) -> Iterator[Theme]:
        return iter(self.themes)

    @cached_property
    def _by_id(self) -> dict[str, Theme]:
        return {theme.id: theme for theme in self.themes}

    @cached_property
    def tops(self) -> tuple[Theme, ...]:
        """The top themes."""
        return tuple(theme for theme in self.themes if theme.parent is None)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The ids that a reply can be coded to: every theme that stands under a top theme."""
        return tuple(theme.id for theme in self.themes if theme.parent is not None)

    @cached_property
    def barriers(self) -> tuple[str, ...]:
        """The codes that name a barrier."""
        return tuple(code for code in self.codes if self[code].kind == "barrier")

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have examples."""
        return tuple(sorted({language for theme in self.themes for language in theme.examples}))

    @cached_property
    def digest(self) -> str:
        """12 hex digits that change whenever anything that a coder learns from changes."""
        learned = [
            [
                theme.id,
                theme.label,
                theme.definition,
                theme.include,
                _plain(theme.examples),
                _plain(theme.cues),
            ]
            for theme in self.themes
        ]
        text = json.dumps(learned, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def top(self, code: str) -> str:
        """The top theme of a code: itself for a top theme, and for a code of kind *other* (``x.thanks``), which
        stand for themselves.
        """
        theme = self[code]
        if theme.parent is None or theme.kind == "other":
            return code
        return theme.parent

    def children(self, top: str) -> tuple[Theme, ...]:
        """The sub-themes of a top theme, in order."""
        return tuple(theme for theme in self.themes if theme.parent == top)


def _plain(phrases: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {language: list(texts) for language, texts in phrases.items()}
