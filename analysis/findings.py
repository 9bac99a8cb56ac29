"""What goes into a summary and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .quotes import Quote
from .sentiment import Sentiment

Floats = NDArray[np.float32]

Outcome = Literal["answered", "waiting", "stopped", "no_address", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("answered", "stopped", "waiting", "failed", "no_address")
"""Best known first: a person asked twice counts once, by the first of these that befell them."""
UNKNOWN = "unknown"
"""The group of those whose group is not known. They are a group like any other, so that groups add up."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One person who was to be asked, what came of it, and the groups they belong to: ``{dimension: value}``."""

    person: str
    outcome: Outcome
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """What people made of a reply: its ``themes``, whether it was read ``by_lot`` (else because the coder was unsure of it,
    which says nothing of other replies), and how probable a coder that had not learned from it ``held`` each code."""

    themes: tuple[str, ...]
    by_lot: bool
    held: Floats | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """One coded open answer. ``themes`` are the codes given, with their probability (1 where a person decided).
    ``polarity`` is TextBlob's, of the English text, where there is one; ``certainty`` how sure it is that the words are in
    this ``language``, from 0 to 1. ``chances``: how probable the machine coder holds each code, in the codebook's order.
    ``answer`` is its id, ``at`` when it was said. ``names`` are the person's own and their children's, as far as known: they
    are taken out of what is quoted.
    """

    person: str
    language: str
    original: str
    english: str | None
    english_origin: str | None
    themes: Mapping[str, float]
    groups: Mapping[str, str] = field(default_factory=dict)
    sentiment: Sentiment | None = None
    polarity: float | None = None
    certainty: float | None = None
    answer: str = ""
    question: str = ""
    at: datetime | None = None
    chances: Floats | None = None
    decided: Decided | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tongue:
    """The replies in one language: the share of them whose language is as good as certain, and the share that can be read in
    English (written in it, or translated)."""

    certain: float
    readable: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """TextBlob's mean polarity (-1 to 1) of so many people's English texts: a second opinion, never a finding."""

    mean: float
    people: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """A share corrected for the coder's errors as far as people have found them, with a 95% interval that includes what is
    not known of them; ``known`` is of how many people's replies, drawn by lot, that is known."""

    share: float
    low: float
    high: float
    known: int


@dataclass(frozen=True, slots=True)
class Finding:
    """How many of the people heard named a theme. Numbers are None when hidden, or when nobody was heard.

    ``low`` and ``high`` are Wilson's 95% interval of the share. ``tones`` counts people by the tone of their reply.
    ``weighted`` is the share after raking to the roster's margins.
    """

    theme: str
    label: str
    count: int | None
    share: float | None
    low: float | None
    high: float | None
    subs: tuple[Finding, ...] = ()
    quotes: tuple[Quote, ...] = ()
    tones: Mapping[str, int | None] = field(default_factory=dict)
    polarity: Opinion | None = None
    corrected: Corrected | None = None
    weighted: float | None = None


@dataclass(frozen=True, slots=True)
class GroupFinding:
    """One group: how many answered, how many of them were heard (said something in their own words), and the share
    of those who named each theme. None is hidden.
    """

    answered: int | None
    heard: int | None
    themes: Mapping[str, float | None]
    corrected: Mapping[str, Corrected] = field(default_factory=dict)  # of shown cells only


@dataclass(frozen=True, slots=True)
class Response:
    """How many of a group were asked and answered. Where the answer count is hidden, ``at_most`` is what the shown
    numbers leave possible: silence can be seen where the few who spoke cannot.
    """

    asked: int | None
    answered: int | None
    rate: float | None
    at_most: float | None


@dataclass(frozen=True, slots=True)
class Unheard:
    """Those who did not answer: by outcome, and the response of each group of each shown dimension."""

    outcomes: Mapping[str, int]
    response: Mapping[str, Mapping[str, Response]]


@dataclass(frozen=True, slots=True)
class Weighting:
    """What raking did: the dimensions whose margins were met, ``effect`` (Kish's design effect of the weights, 1 or more:
    so many times fewer people would have told as much), ``largest`` weight, and the groups that were joined because too
    few of them were heard."""

    dimensions: tuple[str, ...]
    effect: float
    largest: float
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """Which state of the numbers this is: the how-manieth, as of when, and how many people ``since`` then wait for the
    next one (None: too few to say)."""

    number: int
    at: datetime | None
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier release: the people who were heard in it, and ``shown`` as its Summary had it."""

    people: frozenset[str]
    shown: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Summary:
    """All that may be shown of one survey.

    ``asked`` people were to be asked; ``answered`` of them answered anything; ``heard`` said something in their own
    words, the base of every share; ``uncoded`` of those could not be understood. ``themes`` are the top themes, most
    named first; ``apart`` is "nothing is hard", ranked apart because it is no barrier. ``tongues`` are the languages that
    enough people wrote in.
    """

    survey: str
    asked: int
    answered: int
    heard: int
    uncoded: int
    minimum: int
    themes: tuple[Finding, ...]
    apart: Finding | None
    groups: Mapping[str, Mapping[str, GroupFinding]]
    unheard: Unheard
    tongues: Mapping[str, Tongue] = field(default_factory=dict)
    # Of two dimensions at once, as far as asked for: {("school", "language"): {("Lincoln", "es"): …}}
    pairs: Mapping[tuple[str, str], Mapping[tuple[str, str], GroupFinding]] = field(default_factory=dict)
    weighting: Weighting | None = None
    release: Release | None = None
    # Plain data that says which cells can be read: kept with a release, so that the next one gives nothing away.
    shown: Mapping[str, Any] = field(default_factory=dict, repr=False)
