"""A survey: the items, all their languages side by side, and the text it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .asking import Question, Texts
from .choices import Option
from .items import Block, Computed, Item, Note, Quota
from .program import Program, walked
from .wording import nearest, said


@dataclass(frozen=True)
class About:
    """What staff should know before they ask it.

    ``sensitivity`` is S0 (little risk), S1 (open text may hold private facts) or S2 (a protected topic, or one that
    may bring reports of harm). ``ppra`` are the numbers of the areas that 20 U.S.C. 1232h protects (1 politics, 2
    mental health, 3 sex, 4 illegal or demeaning behavior, 5 critical views of family, 6 privileged relations, 7
    religion, 8 income) that students' answers may touch.
    """

    audience: str = ""
    grades: str = ""
    purpose: str = ""
    sensitivity: str = ""
    ppra: tuple[int, ...] = ()
    approximates: str = ""
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's word that a translation is right: who, when, and the digest of what."""

    by: str
    on: str
    of: str


@dataclass(frozen=True, eq=False)
class Survey:
    """One version of a survey, checked: every text is there in every language, and every condition can be met.

    ``version`` is 12 hex digits of the SHA-256 of ``text``, the file itself: answers are kept with both, so that what
    was asked can be read for ever. ``drafts`` are languages that no person has approved; ``approved`` tells who
    approved others, and ``stale`` are those whose words have changed since: they are drafts again. ``gaps`` are the values
    (``school``) that every message needs; ``fields`` those of them that staff give when they ask it, each with an
    example. ``contact`` are fields of the person that texts mention, each with words that stand in for a missing one. ``lists`` are a form's lists of choices, for expressions that look into them. ``called`` are names of languages that we do not know
    by their tag. ``notes`` is for staff and is never sent. ``untranslated`` says in which language which text is missing and stands in the source.

    >>> from survey_flows import library
    >>> survey = library("getting-to-school")
    >>> survey.speaks("zh-CN"), [question.key for question in survey.questions][:2], sorted(survey.gaps)
    ('zh-Hans', ['hard', 'what_hard'], ['school'])
    """

    key: str
    version: str
    source: str
    languages: tuple[str, ...]
    title: Texts
    intro: Texts
    thanks: Texts
    items: tuple[Item, ...]
    variants: tuple[str, ...] = ()
    drafts: frozenset[str] = frozenset()
    approved: Mapping[str, Approval] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    gaps: frozenset[str] = frozenset()
    fields: Mapping[str, Texts] = field(default_factory=dict)
    contact: Mapping[str, Texts] = field(default_factory=dict)
    lists: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    anonymous: bool = False
    about: About = About()
    untranslated: frozenset[tuple[str, str]] = frozenset()
    notes: str = ""
    text: str = field(default="", repr=False)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order of the file."""
        return tuple(item for item, _, _ in walked(self.items) if isinstance(item, Question))

    @cached_property
    def by_key(self) -> Mapping[str, Question]:
        return {question.key: question for question in self.questions}

    @cached_property
    def loops(self) -> Mapping[str, tuple[str, ...]]:
        """For each item, the repeated groups about it, outermost first."""
        return {item.key: loops for item, loops, _ in walked(self.items)}

    @cached_property
    def turns(self) -> Mapping[str, tuple[str, ...]]:
        """For each repeated group, itself and the repeated groups about it, outermost first."""
        return {
            item.key: (*loops, item.key)
            for item, loops, _ in walked(self.items)
            if isinstance(item, Block) and item.repeat is not None
        }

    @cached_property
    def inside(self) -> Mapping[str, tuple[str, ...]]:
        """For each group, the keys of all that it holds."""
        return {
            block.key: tuple(item.key for item, _, blocks in walked(self.items) if block in blocks)
            for block, _, _ in walked(self.items)
            if isinstance(block, Block)
        }

    @cached_property
    def has_lots(self) -> bool:
        """Whether any group's order is drawn by lot."""
        return any(isinstance(item, Block) and item.shuffled for item, _, _ in walked(self.items))

    @cached_property
    def quotas(self) -> Mapping[str, int]:
        """Each quota, with how many are enough."""
        return {item.key: item.most for item, _, _ in walked(self.items) if isinstance(item, Quota)}

    @cached_property
    def recalled(self) -> frozenset[str]:
        """The answers that expressions or texts refer to: an open one of these is kept with the place, word for word."""
        names: set[str] = set()
        for item, _, _ in walked(self.items):
            for gate in item.ask_if:
                names |= gate.names
            if isinstance(item, Computed):
                names |= item.expression.names
            elif isinstance(item, Block) and item.repeat and item.repeat.count:
                names |= item.repeat.count.names
            elif isinstance(item, Note | Question):
                names |= {
                    name for texts in item.texts.values() for text in texts.values() for name in said(text)
                }
            if isinstance(item, Question):
                names |= item.refers
        return frozenset(names)

    @cached_property
    def programs(self) -> dict[int, Program]:
        """The orders laid out so far, by seed."""
        return {}

    @cached_property
    def listed(self) -> dict[tuple[str, str], list[dict[str, str]]]:
        """The rows of the lists, by list and language, as far as they have been asked for."""
        return {}

    def question(self, key: str) -> Question:
        """Raises LookupError for a question that this version does not have."""
        if key not in self.by_key:
            raise LookupError(f"survey {self.key} {self.version} has no question {key!r}")
        return self.by_key[key]

    def speaks(self, language: str) -> str:
        """The survey's language that serves a speaker of ``language``: "es" for "es-MX", the source if there is none."""
        return nearest(language, self.languages, self.source)
