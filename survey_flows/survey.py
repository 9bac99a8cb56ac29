"""A survey: the questions, all their languages side by side, and the text it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .questions import Question, Texts
from .wording import nearest


@dataclass(frozen=True)
class Survey:
    """One version of a survey, checked: every text is there in every language, and every condition can be met.

    ``version`` is 12 hex digits of the SHA-256 of ``text``, the YAML itself: answers are kept with both, so that what
    was asked can be read for ever. ``drafts`` are languages that no person has approved. ``gaps`` are the values
    (``school``) that every message needs. ``notes`` is for staff and is never sent.
    """

    key: str
    version: str
    source: str
    languages: tuple[str, ...]
    title: Texts
    intro: Texts
    thanks: Texts
    questions: tuple[Question, ...]
    variants: tuple[str, ...] = ()
    drafts: frozenset[str] = frozenset()
    gaps: frozenset[str] = frozenset()
    notes: str = ""
    text: str = field(default="", repr=False)

    @cached_property
    def _by_key(self) -> Mapping[str, Question]:
        return {question.key: question for question in self.questions}

    def question(self, key: str) -> Question:
        """Raises LookupError for a question that this version does not have."""
        if key not in self._by_key:
            raise LookupError(f"survey {self.key} {self.version} has no question {key!r}")
        return self._by_key[key]

    def speaks(self, language: str) -> str:
        """The survey's language that serves a speaker of ``language``: "es" for "es-MX", the source if there is none."""
        return nearest(language, self.languages, self.source)
