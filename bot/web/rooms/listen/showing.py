"""What the pages of surveys show, made from what is known of them: pure, in the language of the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from survey_flows import Survey

from ....writing.outline import Item, Outline
from ...tongue import current, say, say_n
from ...view.tongues import direction


def named(tag: str) -> str:
    """A language's name in the language of the page."""
    return _named(tag, current())


@lru_cache(maxsize=2048)  # tags come from addresses too
def _named(tag: str, reader: str) -> str:
    try:
        found = Language.get(tag).display_name(reader)
    except LanguageTagError:
        return tag
    return found[:1].upper() + found[1:]


def kinds() -> dict[str, str]:
    """The kinds of question, as people call them."""
    return {
        "open": say("In their own words"),
        "scale": say("A scale, from low to high"),
        "one": say("One of several choices"),
        "many": say("Any number of choices"),
        "yesno": say("Yes or no"),
        "number": say("A number"),
        "range": say("A number between two ends"),
        "rank": say("Put choices in order"),
        "date": say("A date"),
        "time": say("A time of day"),
        "datetime": say("A date and a time"),
        "image": say("A photo"),
        "audio": say("A voice message"),
    }


def whats() -> dict[str, str]:
    """What stands in a survey besides questions."""
    return {
        "question": say("Question"),
        "note": say("Words without a question"),
        "group": say("Group of questions"),
        "split": say("Drawn by lot"),
        "quota": say("Enough is enough"),
        "compute": say("Worked out"),
        "include": say("Questions of another survey"),
    }


def kind_of(item: Item) -> str:
    """What one item is, in a few words."""
    return kinds().get(item.kind, item.kind) if item.what == "question" else whats().get(item.what, item.what)


def audiences() -> dict[str, str]:
    return {
        "families": say("Families"),
        "students": say("Students"),
        "staff": say("Staff"),
        "everyone": say("Everyone"),
    }


def sensitivities() -> dict[str, str]:
    return {
        "S0": say("Little risk"),
        "S1": say("Answers may hold private facts"),
        "S2": say("Answers may report harm: somebody has to read them every day"),
    }


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language of a survey: ``state`` is source, approved, draft, stale or missing."""

    tag: str
    name: str
    state: str
    told: str


def tongues(seen: Outline, survey: Survey | None) -> tuple[Tongue, ...]:
    """The languages of a survey, and how far each has been approved. Without a survey only what is lacking is known."""
    return tuple(_tongue(tag, seen, survey) for tag in seen.languages)


def _tongue(tag: str, seen: Outline, survey: Survey | None) -> Tongue:
    name = named(tag)
    if tag == seen.source:
        return Tongue(tag, name, "source", say("Written in it"))
    lacking = seen.lacking(tag)
    if lacking:
        told = say_n("{n} text is missing", "{n} texts are missing", lacking).format(n=lacking)
        return Tongue(tag, name, "missing", told)
    if survey is None:
        return Tongue(tag, name, "draft", say("Not looked over yet"))
    if tag in survey.stale:
        told = say("Changed since {by} approved it").format(by=survey.approved[tag].by)
        return Tongue(tag, name, "stale", told)
    if tag in survey.drafts:
        return Tongue(tag, name, "draft", say("Draft: nobody has approved it"))
    if tag in survey.approved:
        return Tongue(tag, name, "approved", say("Approved by {by}").format(by=survey.approved[tag].by))
    return Tongue(tag, name, "approved", say("Ready"))


def condition(item: Item, seen: Outline, language: str) -> tuple[str, ...]:
    """Who is asked, in sentences; nothing where everybody is."""
    if item.expression:
        return (say("Asked only where this is true: {expression}").format(expression=item.expression),)
    told = [_answers(name, keys, seen, language) for name, keys in (item.conditions or {}).items()]
    for name, (least, most) in (item.bounds or {}).items():
        asked = _asked(name, seen, language)
        if least and most:
            text = say("Asked only if the answer to “{question}” is {least} to {most}.")
        elif least:
            text = say("Asked only if the answer to “{question}” is {least} or more.")
        else:
            text = say("Asked only if the answer to “{question}” is {most} or less.")
        told.append(text.format(question=asked, least=least, most=most))
    return tuple(told)


def _answers(name: str, keys: Sequence[str], seen: Outline, language: str) -> str:
    earlier = seen.named(name)
    if earlier is not None and earlier.what == "split":
        return say("Asked only of those whom the lot “{name}” puts into: {answers}.").format(
            name=name, answers=", ".join(keys)
        )
    labels = answers_of(earlier, seen, language) if earlier else {}
    told = say(" or ").join(f"“{_isolated(labels.get(key, key), language)}”" for key in keys)
    return say("Asked only if the answer to “{question}” is {answers}.").format(
        question=_asked(name, seen, language), answers=told
    )


def _asked(name: str, seen: Outline, language: str) -> str:
    earlier = seen.named(name)
    return _isolated(words(earlier.main, language, seen.source) or name, language) if earlier else name


def _isolated(text: str, language: str) -> str:
    """Words that run from right to left, so that they do not turn the sentence about them round."""
    return f"\u2068{text}\u2069" if direction(language) == "rtl" else text


def answers_of(item: Item, seen: Outline, language: str) -> dict[str, str]:
    """The answers of a closed question that a condition can name, by key."""
    if item.kind == "yesno":
        return {"yes": say("Yes"), "no": say("No")}
    found = {choice.key: words(choice.texts, language, seen.source) or choice.key for choice in item.choices}
    if item.kind == "many" and found:
        none = item.texts.get("none", {})
        found["none"] = words(none, language, seen.source) or say("None of these")
    return found


def words(texts: Mapping[str, str], language: str, source: str) -> str:
    """The words in a language, else in the source, else whatever there is."""
    return texts.get(language) or texts.get(source) or next(iter(texts.values()), "")


def dear(culprits: Sequence[str]) -> str:
    """The letters that make a text message dearer, where a writer of a Latin alphabet could do without them; "" for a
    language whose every letter does.

    >>> dear(("ó", "í")), dear(("س", "ل"))
    ('ó í', '')
    """
    if any(char.isalpha() and not unicodedata.name(char, "").startswith("LATIN") for char in culprits):
        return ""
    return " ".join(culprits[:4])


def columns(seen: Outline, beside: str, also: str) -> tuple[str, ...]:
    """The languages that stand side by side: the source, and one or two that were chosen; the first other one to begin with."""
    others = [tag for tag in seen.languages if tag != seen.source]
    chosen = [tag for tag in dict.fromkeys((beside, also)) if tag in others]
    if not beside and not chosen and others:
        chosen = others[:1]
    return (seen.source, *chosen)
