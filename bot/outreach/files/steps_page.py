"""Reads what a campaign says: its steps, their variants, and the staff's own words for gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import yaml

from survey_flows.files.tree import Entry, did_you_mean, upper
from survey_flows.told import listed, told

from ..campaign import Step, Texts
from .campaign_page import NAME, CampaignPage, lasting

OWN = ("name", "children", "school", "organization", "day")
"""Gaps that are always filled from the person; any other is an attribute of theirs, or a field of the campaign."""
STEPS = 20
LATEST = timedelta(days=365)
VARIANTS = 8

_KEYS = ("after", "unless", "message", "survey", "set")
_SURVEY = re.compile(r"[a-z][a-z0-9-]*")


def variants(page: CampaignPage, entry: Entry | None) -> dict[str, int]:
    """The shares in percent: at least two, and they add to 100."""
    if entry is None:
        return {}
    shares = {}
    for name, held in page.mapping(entry.value, "'variants'").items():
        if not NAME.fullmatch(name) or len(name) > 20:
            page.wrong(
                held.key,
                told("A variant cannot be called '{name}'.", name=name[:40]),
                told("Use a small word, like a or kind."),
            )
        shares[name] = page.whole(held.value, told("the share of '{name}'", name=name[:40]), 1, 99)
    if not 2 <= len(shares) <= VARIANTS:
        page.wrong(
            entry.key,
            told("{number} variants cannot be compared.", number=len(shares)),
            told("Give two to {most}, or none.", most=VARIANTS),
        )
    elif sum(shares.values()) != 100:
        problem = told("The shares of the variants add to {sum}, not to 100.", sum=sum(shares.values()))
        cure = told("They are percent of those who get something, like {a: 50, b: 50}.")
        page.wrong(entry.key, problem, cure)
    return shares


def steps(page: CampaignPage, entry: Entry, shares: Mapping[str, int]) -> tuple[Step, ...]:
    """The steps, each later than the one before."""
    nodes = page.sequence(entry.value, "'steps'")
    if isinstance(entry.value, yaml.SequenceNode) and not 1 <= len(nodes) <= STEPS:
        problem = told("There are {number} steps.", number=len(nodes))
        page.wrong(entry.key, problem, told("Give one to {most}.", most=STEPS))
    made: list[Step] = []
    for number, node in enumerate(nodes[:STEPS]):
        step = _step(page, node, number, shares)
        if made and step.after <= made[-1].after:
            problem = told("Step {n} does not come after step {before}.", n=number + 1, before=number)
            cure = told(
                "'after' counts from the first step: give more than {time}.", time=lasting(made[-1].after)
            )
            page.wrong(node, problem, cure)
        made.append(step)
    if shares and made and not any(set(step.texts) - {""} for step in made):
        cure = told("Give a message as {a: {en: …}, b: {en: …}}, or take 'variants' out.")
        page.wrong(entry.key, told("No message differs between the variants."), cure)
    return tuple(made)


def _step(page: CampaignPage, node: yaml.Node, number: int, shares: Mapping[str, int]) -> Step:
    what = told("step {n}", n=number + 1)
    held = page.mapping(node, what, _KEYS)
    if isinstance(node, yaml.MappingNode) and ("message" in held) == ("survey" in held):
        problem = told("{what} has to have one of 'message' and 'survey'.", what=upper(what))
        page.wrong(node, problem, told("Words to send, or the key of a survey to begin."))
    after = (
        page.span(held["after"], told("'after' of {what}", what=what), timedelta(), LATEST)
        if "after" in held
        else timedelta()
    )
    if number == 0 and after:
        page.wrong(
            held["after"].key,
            told("The first step waits."),
            told("It goes when 'when' says: take its 'after' out."),
        )
    if "set" in held and "survey" not in held:
        problem = told("'set' stands beside no 'survey'.")
        page.wrong(held["set"].key, problem, told("It fills a survey's own fields."))
    return Step(
        after=after,
        texts=_message(page, held["message"], what, shares) if "message" in held else {},
        survey=_survey(page, held["survey"]) if "survey" in held else None,
        given=_given(page, held.get("set")),
        unless=_unless(page, held.get("unless"), number),
    )


def _message(page: CampaignPage, entry: Entry, what: str, shares: Mapping[str, int]) -> dict[str, Texts]:
    """For each variant its texts by language; "" where all get the same."""
    node, said = entry.value, told("the message of {what}", what=what)
    if not _varied(node):
        return {"": _spoken(page, node, said)}
    held = page.mapping(node, said)
    if not shares:
        shown = ", ".join(f"{name[:20]}: …" for name in held)
        cure = told("Declare them: {example}, in percent.", example=f"variants: {{{shown}}}")
        problem = told("The message of {what} has variants, and the campaign has none.", what=what)
        page.wrong(entry.key, problem, cure)
    for name in held.keys() - shares.keys() if shares else ():
        problem = told("'{name}' in the message of {what} is no variant.", name=name[:40], what=what)
        page.wrong(held[name].key, problem, did_you_mean(name, shares))
    for name in shares.keys() - held.keys():
        cure = told("Each variant says something; one message without variants goes to all.")
        problem = told("The message of {what} is not given for variant '{name}'.", what=what, name=name)
        page.wrong(entry.key, problem, cure)
    found = {
        name: _spoken(page, one.value, told("{message} for '{name}'", message=said, name=name[:40]))
        for name, one in held.items()
    }
    languages = {tag for texts in found.values() for tag in texts}
    for name, texts in found.items():
        # Else a language would hear one variant only, and the two would be compared over different people.
        if texts and (missing := sorted(languages - texts.keys())):
            problem = told(
                "The message of {what} for '{name}' is not given in {languages}.",
                what=what,
                name=name[:40],
                languages=listed(missing),
            )
            cure = told("Variants are compared: they speak the same languages.")
            page.wrong(held[name].key, problem, cure)
    return dict(found)


def _varied(node: yaml.Node) -> bool:
    """Whether a message is given by variant: each of its values is a mapping of its own."""
    return (
        isinstance(node, yaml.MappingNode)
        and bool(node.value)
        and any(isinstance(value, yaml.MappingNode) for _, value in node.value)
    )


def _spoken(page: CampaignPage, node: yaml.Node, what: str) -> dict[str, str]:
    texts = page.spoken(node, what)
    page.languages |= dict.fromkeys(texts)
    return texts


def _survey(page: CampaignPage, entry: Entry) -> str:
    key = page.words(entry.value, "'survey'", 64)
    if key and not _SURVEY.fullmatch(key):
        problem = told("'{key}' cannot be a survey.", key=key[:40])
        page.wrong(entry.value, problem, told("Give its key, like getting-to-school."))
    return key


def _given(page: CampaignPage, entry: Entry | None) -> dict[str, str]:
    held = page.mapping(entry.value, "'set'") if entry else {}
    return {
        name: page.words(one.value, told("'{name}' of 'set'", name=name[:40])) for name, one in held.items()
    }


def _unless(page: CampaignPage, entry: Entry | None, number: int) -> frozenset[str]:
    found = page.texts(entry.value, "'unless'") if entry else []
    for node, word in found:
        if word != "replied":
            problem = told("'unless' cannot be '{word}'.", word=word[:40])
            page.wrong(node, problem, told("What can stand here: {known}.", known="replied"))
    if entry and number == 0:
        problem = told("'unless' stands at the first step.")
        page.wrong(entry.key, problem, told("Nobody can have replied before it."))
    return frozenset(word for _, word in found)


def words_of_ours(page: CampaignPage, entry: Entry | None, what: str) -> dict[str, Texts]:
    """Names of gaps with the staff's own words for them, in every language that the messages speak."""
    found: dict[str, Texts] = {}
    for name, held in (page.mapping(entry.value, f"'{what}'") if entry else {}).items():
        if not NAME.fullmatch(name) or (what == "fields" and name in OWN):
            problem = told("Nothing under '{part}' can be called '{name}'.", part=what, name=name[:40])
            page.wrong(held.key, problem, told("Use a small word of your own, like help."))
            continue
        found[name] = page.spoken(
            held.value, told("'{name}' under '{part}'", name=name, part=what), filled=False
        )
        if name not in page.used:
            problem = told("No message has a gap {gap}.", gap=f"{{{name}}}")
            page.wrong(held.key, problem, _gap(page, name))
        elif missing := [tag for tag in page.languages if tag not in found[name]]:
            problem = told(
                "'{name}' under '{part}' is not given in {languages}.",
                name=name,
                part=what,
                languages=listed(missing),
            )
            page.wrong(held.key, problem, told("It is needed in every language of the messages."))
    return found


def _gap(page: CampaignPage, name: str) -> str:
    return did_you_mean(name, sorted(page.used)) if page.used else told("Take '{name}' out.", name=name)
