"""What is given back to families: one page a language, and a text message. Pure.

Of the findings it takes only themes that are shown, as "about 3 in 10"; no quotes, no groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from analysis import codebook
from analysis.findings import Finding, Summary
from bot.web.view.figures import Shown, shown
from bot.web.view.groups import PEOPLE, who
from survey_flows import segments

from .words import SOURCE, Words

MOST_THEMES = 5
MOST_PARTS = 3
"""So many SMS one message to families may take."""
FEW, NEARLY = 0.05, 0.95
"""Below and above these shares, words say more than "0 in 10" and "10 in 10"."""
SEPARATORS = {"zh-Hans": "；", "ar": "؛ "}
"""Between themes whose names hold commas."""
SCHOOL = "{school}"
CLOSES = ".。！!؟?"


@dataclass(frozen=True, slots=True)
class Plan:
    """What staff have written for the page, by language: what will be done, how to reach the school, and names for themes of their
    own: ``{theme: {language: text}}``."""

    will_do: Mapping[str, str] = field(default_factory=dict)
    contact: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that families named: its name, in how many of ten dots, and that in words."""

    label: str
    dots: int
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page, in one language. ``unsaid`` are the themes that the language has no name for: they are left out."""

    words: Words
    school: str
    title: str
    noun: str
    told: str
    lines: tuple[Line, ...]
    nothing: Line | None
    will_do: str
    contact: str
    minimum: int
    unsaid: tuple[str, ...]


def page(found: Summary, words: Words, plan: Plan, school: str, titles: Mapping[str, str]) -> Page:
    """The page in the language of ``words``. ``titles`` are the survey's, by language."""
    noun = _noun(found)
    named, unsaid = _named(found, words, plan)
    language = words.language
    apart = shown(found.apart)
    nothing = _label(found.apart, words, plan) if found.apart and apart else None
    return Page(
        words=words,
        school=school,
        title=titles.get(language, ""),
        noun=noun,
        told=words.count(f"told_{noun}", found.heard),
        lines=tuple(_line(label, numbers, words, noun) for label, numbers in named[:MOST_THEMES]),
        nothing=_line(nothing, apart, words, noun) if nothing and apart else None,
        will_do=plan.will_do.get(language, ""),
        contact=plan.contact.get(language, ""),
        minimum=found.minimum,
        unsaid=unsaid,
    )


def text(found: Summary, words: Words, plan: Plan, like: str) -> str:
    """The same as a text message of at most three SMS: what will be done, where it fits, and as many themes as there is room
    for; empty where there is none. ``{school}`` stays for a campaign to fill; its length is taken to be that of ``like``."""
    named, _ = _named(found, words, plan)
    items = [
        words.say("sms_item", theme=label, count=str(tenths(numbers.share)))
        for label, numbers in named
        if numbers.share >= FEW  # "0 in 10" says nothing
    ]
    step = plan.will_do.get(words.language, "").strip().rstrip(CLOSES)
    numbers = range(min(len(items), MOST_THEMES), 0, -1)
    # What will be done matters more to families than the fifth barrier.
    said = ""
    for done in dict.fromkeys((step, "")):
        for number in numbers:
            said = _text(items[:number], done, words)
            if segments.count(said.replace(SCHOOL, like)).parts <= MOST_PARTS:
                return said
    return said


def _text(items: list[str], step: str, words: Words) -> str:
    listed = SEPARATORS.get(words.language, "; ").join(items)
    parts = [words.say("sms", school=SCHOOL, list=listed)]
    if step:
        parts.append(words.say("sms_do", step=step))
    return ("" if words.language.startswith("zh") else " ").join([*parts, words.say("sms_end")])


def tenths(share: float) -> int:
    """Of ten, how many: 1 to 9.

    >>> tenths(0.31), tenths(0.05), tenths(0.25), tenths(0.97)
    (3, 1, 3, 9)
    """
    return min(9, max(1, int(share * 10 + 0.5)))


def _noun(found: Summary) -> str:
    noun = who(found)
    return "person" if noun == PEOPLE else noun.one


def _named(found: Summary, words: Words, plan: Plan) -> tuple[list[tuple[str, Shown]], tuple[str, ...]]:
    """The themes that are shown, most named first, by their names in this language; and those that have none in it."""
    ranked = [(theme, numbers) for theme in found.themes if (numbers := shown(theme))]
    labels = [(_label(theme, words, plan), theme, numbers) for theme, numbers in ranked]
    first = labels[:MOST_THEMES]
    return (
        [(label, numbers) for label, _, numbers in labels if label],
        tuple(theme.label for label, theme, _ in first if not label),
    )


def _label(theme: Finding, words: Words, plan: Plan) -> str:
    """A theme as families call it: staff's own name, ours for a theme of ours, in English the codebook's."""
    own = plan.themes.get(theme.theme, {}).get(words.language)
    if own:
        return own
    ours = f"theme:{theme.theme}"
    if ours in words and _is_ours(theme):
        return words.say(ours)
    return theme.label if words.language == SOURCE else ""


def _is_ours(theme: Finding) -> bool:
    """Whether it means what it means in our codebook, and not something else under the same id."""
    book = _our_book()
    return theme.theme in book and book[theme.theme].label == theme.label


_our_book = cache(codebook.load)


def _line(label: str, numbers: Shown, words: Words, noun: str) -> Line:
    if numbers.share < FEW:
        return Line(label, 0, words.say(f"few_{noun}"))
    if numbers.share > NEARLY:
        return Line(label, 10, words.say(f"nearly_{noun}"))
    many = tenths(numbers.share)
    return Line(label, many, words.count(f"in_ten_{noun}", many))
