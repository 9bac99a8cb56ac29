"""Reads what a campaign says: its steps, their variants, and the staff's own words for gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import yaml

from survey_flows.files.tree import Entry, did_you_mean

from ..campaign import Step, Texts
from .campaign_page import NAME, CampaignPage, told

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
                held.key, f"A variant cannot be called '{name[:40]}'.", "Use a small word, like a or kind."
            )
        shares[name] = page.whole(held.value, f"the share of '{name[:40]}'", 1, 99)
    if not 2 <= len(shares) <= VARIANTS:
        page.wrong(
            entry.key, f"{len(shares)} variants cannot be compared.", f"Give two to {VARIANTS}, or none."
        )
    elif sum(shares.values()) != 100:
        problem = f"The shares of the variants add to {sum(shares.values())}, not to 100."
        page.wrong(entry.key, problem, "They are percent of those who get something, like {a: 50, b: 50}.")
    return shares


def steps(page: CampaignPage, entry: Entry, shares: Mapping[str, int]) -> tuple[Step, ...]:
    """The steps, each later than the one before."""
    nodes = page.sequence(entry.value, "'steps'")
    if isinstance(entry.value, yaml.SequenceNode) and not 1 <= len(nodes) <= STEPS:
        page.wrong(entry.key, f"There are {len(nodes)} steps.", f"Give one to {STEPS}.")
    made: list[Step] = []
    for number, node in enumerate(nodes[:STEPS]):
        step = _step(page, node, number, shares)
        if made and step.after <= made[-1].after:
            problem = f"Step {number + 1} does not come after step {number}."
            cure = f"'after' counts from the first step: give more than {told(made[-1].after)}."
            page.wrong(node, problem, cure)
        made.append(step)
    if shares and made and not any(set(step.texts) - {""} for step in made):
        cure = "Give a message as {a: {en: …}, b: {en: …}}, or take 'variants' out."
        page.wrong(entry.key, "No message differs between the variants.", cure)
    return tuple(made)


def _step(page: CampaignPage, node: yaml.Node, number: int, shares: Mapping[str, int]) -> Step:
    what = f"step {number + 1}"
    held = page.mapping(node, what, _KEYS)
    if isinstance(node, yaml.MappingNode) and ("message" in held) == ("survey" in held):
        problem = f"{what.capitalize()} has to have one of 'message' and 'survey'."
        page.wrong(node, problem, "Words to send, or the key of a survey to begin.")
    after = (
        page.span(held["after"], f"'after' of {what}", timedelta(), LATEST)
        if "after" in held
        else timedelta()
    )
    if number == 0 and after:
        page.wrong(
            held["after"].key, "The first step waits.", "It goes when 'when' says: take its 'after' out."
        )
    if "set" in held and "survey" not in held:
        page.wrong(held["set"].key, "'set' stands beside no 'survey'.", "It fills a survey's own fields.")
    return Step(
        after=after,
        texts=_message(page, held["message"], what, shares) if "message" in held else {},
        survey=_survey(page, held["survey"]) if "survey" in held else None,
        given=_given(page, held.get("set")),
        unless=_unless(page, held.get("unless"), number),
    )


def _message(page: CampaignPage, entry: Entry, what: str, shares: Mapping[str, int]) -> dict[str, Texts]:
    """For each variant its texts by language; "" where all get the same."""
    node, said = entry.value, f"the message of {what}"
    if not _varied(node):
        return {"": _spoken(page, node, said)}
    held = page.mapping(node, said)
    if not shares:
        cure = "Declare them: variants: {" + ", ".join(f"{name[:20]}: …" for name in held) + "}, in percent."
        page.wrong(entry.key, f"The message of {what} has variants, and the campaign has none.", cure)
    for name in held.keys() - shares.keys() if shares else ():
        problem = f"'{name[:40]}' in the message of {what} is no variant."
        page.wrong(held[name].key, problem, did_you_mean(name, shares))
    for name in shares.keys() - held.keys():
        cure = "Each variant says something; one message without variants goes to all."
        page.wrong(entry.key, f"The message of {what} is not given for variant '{name}'.", cure)
    found = {name: _spoken(page, one.value, f"{said} for '{name[:40]}'") for name, one in held.items()}
    languages = {tag for texts in found.values() for tag in texts}
    for name, texts in found.items():
        # Else a language would hear one variant only, and the two would be compared over different people.
        if texts and (missing := sorted(languages - texts.keys())):
            problem = f"The message of {what} for '{name[:40]}' is not given in {', '.join(missing)}."
            page.wrong(held[name].key, problem, "Variants are compared: they speak the same languages.")
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
        page.wrong(entry.value, f"'{key[:40]}' cannot be a survey.", "Give its key, like getting-to-school.")
    return key


def _given(page: CampaignPage, entry: Entry | None) -> dict[str, str]:
    held = page.mapping(entry.value, "'set'") if entry else {}
    return {name: page.words(one.value, f"'{name[:40]}' of 'set'") for name, one in held.items()}


def _unless(page: CampaignPage, entry: Entry | None, number: int) -> frozenset[str]:
    found = page.texts(entry.value, "'unless'") if entry else []
    for node, word in found:
        if word != "replied":
            page.wrong(node, f"'unless' cannot be '{word[:40]}'.", "What can stand here: replied.")
    if entry and number == 0:
        page.wrong(entry.key, "'unless' stands at the first step.", "Nobody can have replied before it.")
    return frozenset(word for _, word in found)


def words_of_ours(page: CampaignPage, entry: Entry | None, what: str) -> dict[str, Texts]:
    """Names of gaps with the staff's own words for them, in every language that the messages speak."""
    found: dict[str, Texts] = {}
    for name, held in (page.mapping(entry.value, f"'{what}'") if entry else {}).items():
        if not NAME.fullmatch(name) or (what == "fields" and name in OWN):
            problem = f"Nothing under '{what}' can be called '{name[:40]}'."
            page.wrong(held.key, problem, "Use a small word of your own, like help.")
            continue
        found[name] = page.spoken(held.value, f"'{name}' under '{what}'", filled=False)
        if name not in page.used:
            page.wrong(held.key, f"No message has a gap {{{name}}}.", _gap(page, name))
        elif missing := [tag for tag in page.languages if tag not in found[name]]:
            problem = f"'{name}' under '{what}' is not given in {', '.join(missing)}."
            page.wrong(held.key, problem, "It is needed in every language of the messages.")
    return found


def _gap(page: CampaignPage, name: str) -> str:
    return did_you_mean(name, sorted(page.used)) if page.used else f"Take '{name}' out."
