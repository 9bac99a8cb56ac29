"""The finding in words. A heading never claims an order that the likely ranges do not bear out."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.findings import Finding, Summary

from ..tongue import say
from .figures import listed, percent, shown, thousands
from .groups import who

MOST_NAMED = 3
"""More leaders than this are not a finding but a field."""


def leaders(themes: Sequence[Finding]) -> list[Finding]:
    """The barriers that may be the one named most: their likely range reaches up to that of the first."""
    ranked = [(numbers, theme) for theme in themes if (numbers := shown(theme))]
    if not ranked:
        return []
    best = max(numbers.count for numbers, _ in ranked)
    floor = next(numbers.low for numbers, _ in ranked if numbers.count == best)
    return [theme for numbers, theme in ranked if numbers.high >= floor]


def headline(found: Summary) -> str:
    """What people name most, or that nothing stands out."""
    first, many = leaders(found.themes), who(found).many
    if not first:
        return say("No barrier has been named by enough {people} to show").format(people=many)
    if len(first) == 1:
        text = say("{theme} is the barrier {people} name most")
        return text.format(theme=first[0].label, people=many)
    # A label may hold a comma and an "and" of its own.
    names = [f"“{theme.label}”" for theme in first]
    if len(first) <= MOST_NAMED:
        text = say("{themes} are the barriers {people} name most")
        return text.format(themes=listed(names), people=many)
    text = say("No single barrier stands out; {theme} is among the {number} named most")
    return text.format(theme=names[0], number=len(first))


def heading(found: Summary, chosen: Finding | None, group: str = "") -> str:
    """What the page is about, in one sentence. ``group``: whom the findings are of, where not of everybody."""
    if group:
        return say("{group}: {finding}").format(group=group, finding=_heading(found, chosen))
    return _heading(found, chosen)


def _heading(found: Summary, chosen: Finding | None) -> str:
    if not found.heard:
        return say("The replies are not coded yet") if found.answered else say("No replies yet")
    if chosen is None or [chosen] == leaders(found.themes):
        return headline(found)
    numbers = shown(chosen)
    if numbers is None:
        text = say("{theme}: too few {people} named it to show")
        return text.format(theme=chosen.label, people=who(found).many)
    text = say("{theme}: named by {count} of {families}")
    return text.format(
        theme=chosen.label, count=thousands(numbers.count), families=who(found).of(found.heard)
    )


def lede(found: Summary, chosen: Finding | None, spoken: Finding | None) -> str:
    """How much, how sure, and for whom it speaks. ``spoken`` is the theme whose numbers are given."""
    if not found.heard:
        return say("{families} were asked.").format(families=who(found).of(found.asked))
    whom = say("It speaks for {people} who replied.").format(people=who(found).many)
    numbers = shown(spoken)
    if spoken is None or numbers is None:
        return whom
    values = {
        "count": thousands(numbers.count),
        "families": who(found).of(found.heard),
        "share": percent(numbers.share),
        "low": percent(numbers.low),
        "high": percent(numbers.high),
        "theme": spoken.label,
    }
    if chosen or len(leaders(found.themes)) == 1:
        text = say(
            "{count} of {families} whose replies are coded named it: {share}, likely between {low} and {high} once chance "
            "is allowed for."
        )
    else:
        text = say(
            "{count} of {families} whose replies are coded named “{theme}”: {share}, likely between {low} and {high} once "
            "chance is allowed for."
        )
    return f"{text.format(**values)} {whom}"


def left_out(found: Summary) -> str:
    """Who answered and is not in the base, and who is in the base without having been understood."""
    parts = []
    if silent := found.answered - found.heard:
        text = say("{families} answered, but not in words of their own, or their words are not coded yet.")
        parts.append(text.format(families=who(found).of(silent)))
    if found.uncoded:
        text = say("The coder could not make out what {families} said.")
        parts.append(text.format(families=who(found).of(found.uncoded)))
    return " ".join(parts)


def awaited(found: Summary) -> str:
    """What a page without figures is waiting for."""
    if not found.answered:
        text = say("{families} were asked. First replies usually come within the hour.")
        return text.format(families=who(found).of(found.asked))
    text = say("{families} answered. Their words are read as soon as the coder runs.")
    return text.format(families=who(found).of(found.answered))


def tone(theme: Finding) -> str:
    """How the replies that name a theme sound to the coder; empty where the numbers are too small to show."""
    names = {"negative": say("negative"), "neutral": say("neutral"), "positive": say("positive")}
    told = [f"{thousands(count)} {names.get(name, name)}" for name, count in theme.tones.items() if count]
    hidden = [names.get(name, name) for name, count in theme.tones.items() if count is None]
    if not told:
        return ""
    if hidden:
        return say("To the coder, {told}; {hidden} hidden.").format(told=listed(told), hidden=listed(hidden))
    return say("To the coder, {told}.").format(told=listed(told))


def second_opinion(theme: Finding) -> str:
    """TextBlob's view of the English texts, named as what it is."""
    if theme.polarity is None:
        return ""
    text = say(
        "Second opinion, by TextBlob on the English of {people}: {mean} on a scale from -1 to +1. It knows English words "
        "only, and hears no plain facts."
    )
    return text.format(people=thousands(theme.polarity.people), mean=f"{theme.polarity.mean:+.2f}")
