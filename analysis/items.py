"""Closed questions as they are counted, and what may be told of each: percents with their base, never an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .amounts import Middle

Kind = Literal["one", "scale", "many", "yesno", "number", "range", "rank"]
KINDS: tuple[Kind, ...] = ("one", "scale", "many", "yesno", "number", "range", "rank")
NUMBERS = ("number", "range")
TOP = "top two"
"""The row of the two highest points of a scale."""
PASSED = ("skipped", "dont_know", "unclear")
"""How a question is passed over: left out, not known, or answered in words that stand for no choice."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice; ``apart`` is a way out that is left out of percents."""

    key: str
    label: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One closed question. Of a scale the choices go from low to high. ``none`` is the choice "none of these", which a
    list of no choices means; ``pick`` is how many may be picked. ``lots`` is True where each person is shown a part of
    the choices; ``ordered`` is False for a scale whose points
    changed, so that none are the highest; ``least`` is the smallest number that the question allows; ``note`` is for whoever reads the result.
    """

    key: str
    title: str
    kind: Kind
    choices: tuple[Choice, ...] = ()
    none: str | None = None
    pick: int | None = None
    lots: bool = False
    ordered: bool = True
    least: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer. ``missing`` says how a question was passed over; a ``value`` of None without it was not understood.
    ``shown`` are the choices that this person saw, where that is known and was not all of them."""

    person: str
    item: str
    value: Any
    missing: str | None = None
    groups: Mapping[str, str] = field(default_factory=dict)
    shown: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """How many of those counted chose this; None is hidden. ``low`` and ``high`` are Wilson's 95% interval. ``of`` is
    the base; ``mean`` the mean place that a ranked choice was given, 1 the first."""

    key: str
    label: str
    count: int | None = None
    of: int | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One group: how many are counted (None: hidden, and all else with it), and what they chose."""

    counted: int | None
    shares: Mapping[str, Share] = field(default_factory=dict)
    middle: Middle | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """All that may be shown of one question.

    ``answered`` people gave an answer; ``counted`` of them are the base of the percents, the rest took a way out
    (``apart``). ``passed`` passed over it, by how. ``base`` says what the percents are of: ``counted``, ``shown`` (of
    those who saw the choice) or ``asked`` (each saw a part of the choices, and it is not known who saw which).
    """

    item: Item
    answered: int | None
    counted: int | None
    shares: tuple[Share, ...]
    apart: tuple[Share, ...]
    passed: int | None
    passed_how: Mapping[str, int | None]
    top: Share | None = None
    middle: Middle | None = None
    bands: tuple[Share, ...] = ()
    base: Literal["counted", "shown", "asked"] = "counted"
    groups: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """What people chose in one survey."""

    survey: str
    title: str
    minimum: int
    items: tuple[Result, ...]
    left_out: tuple[str, ...] = ()
    """Questions that cannot be told in percents of people, by their titles."""
