"""The finding in words. A heading never claims an order that the likely ranges do not bear out."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.findings import Finding, Summary

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
        return f"No barrier has been named by enough {many} to show"
    if len(first) == 1:
        return f"{first[0].label} is the barrier {many} name most"
    # A label may hold a comma and an "and" of its own.
    names = [f"“{theme.label}”" for theme in first]
    if len(first) <= MOST_NAMED:
        return f"{listed(names)} are the barriers {many} name most"
    return f"No single barrier stands out; {names[0]} is among the {len(first)} named most"


def heading(found: Summary, chosen: Finding | None) -> str:
    """What the page is about, in one sentence."""
    if not found.heard:
        return "The replies are not coded yet" if found.answered else "No replies yet"
    if chosen is None or [chosen] == leaders(found.themes):
        return headline(found)
    numbers = shown(chosen)
    if numbers is None:
        return f"{chosen.label}: too few {who(found).many} named it to show"
    return f"{chosen.label}: named by {thousands(numbers.count)} of {who(found).of(found.heard)}"


def lede(found: Summary, chosen: Finding | None, spoken: Finding | None) -> str:
    """How much, how sure, and for whom it speaks. ``spoken`` is the theme whose numbers are given."""
    if not found.heard:
        return f"{who(found).of(found.asked)} were asked."
    whom = f"It speaks for {who(found).many} who replied."
    numbers = shown(spoken)
    if spoken is None or numbers is None:
        return whom
    it = "it" if chosen or len(leaders(found.themes)) == 1 else f"“{spoken.label}”"
    return (
        f"{thousands(numbers.count)} of {who(found).of(found.heard)} whose replies are coded named {it}: "
        f"{percent(numbers.share)}, likely between {percent(numbers.low)} and {percent(numbers.high)} "
        f"once chance is allowed for. {whom}"
    )


def left_out(found: Summary) -> str:
    """Who answered and is not in the base, and who is in the base without having been understood."""
    parts = []
    if silent := found.answered - found.heard:
        parts.append(
            f"{who(found).of(silent)} answered, but not in words of their own, or their words are not coded yet."
        )
    if found.uncoded:
        parts.append(f"The coder could not make out what {who(found).of(found.uncoded)} said.")
    return " ".join(parts)


def awaited(found: Summary) -> str:
    """What a page without figures is waiting for."""
    if not found.answered:
        return f"{who(found).of(found.asked)} were asked. First replies usually come within the hour."
    return f"{who(found).of(found.answered)} answered. Their words are read as soon as the coder runs."


def tone(theme: Finding) -> str:
    """How the replies that name a theme sound to the coder; empty where the numbers are too small to show."""
    shown_ = [f"{thousands(count)} {name}" for name, count in theme.tones.items() if count]
    hidden = [name for name, count in theme.tones.items() if count is None]
    rest = f"; {listed(hidden)} hidden" if hidden else ""
    return f"To the coder, {listed(shown_)}{rest}." if shown_ else ""


def second_opinion(theme: Finding) -> str:
    """TextBlob's view of the English texts, named as what it is."""
    if theme.polarity is None:
        return ""
    return (
        f"Second opinion, by TextBlob on the English of {thousands(theme.polarity.people)}: "
        f"{theme.polarity.mean:+.2f} on a scale from -1 to +1. It knows English words only, and hears no plain facts."
    )
