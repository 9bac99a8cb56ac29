"""The texts of a campaign's file, each with what a translator should know about it."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from survey_flows.told import sentences, told

from ..units import Unit
from . import notes
from .places import Entries, Place, context, entered, entries, items, plain, top
from .surveys import Document

FIRST = told(
    "The first message of a campaign. It says who writes, and how to end. STOP stays STOP in every language, because "
    "phone companies act on it."
)


def campaign_units(campaign: Document) -> list[Unit]:
    """Every text of a campaign: its messages in their order, then the words for their gaps."""
    found = (
        place.unit(campaign.languages, campaign.source, campaign.drafts) for place in places(campaign.text)
    )
    return [unit for unit in found if unit]


def places(text: str) -> Iterator[Place]:
    """Where the texts of a campaign's file stand. Raises ValueError for what is no mapping."""
    held = top(text)[0]
    source = plain(held, "source", "en")
    key = f"campaign:{plain(held, 'campaign')}"
    gaps = notes.gaps_of(held, source)
    steps = items(held["steps"][1]) if "steps" in held else []
    for number, step in enumerate(steps, 1):
        said = entries(step)
        after = plain(said, "after")
        note = FIRST
        if number > 1 and after:
            note = told(
                "Message {number} of a campaign, {after} after the first.", number=number, after=after
            )
        yield from _message(said, context(key, str(number), "text"), note, source, gaps)
    for name, under, value in entered(held, "fields"):
        note = told("Stands for {gap} in the messages: read it within them.", gap=f"{{{name}}}")
        yield Place(context(key, f"field:{name}"), value, under, "field", note)
    for name, under, value in entered(held, "fallback"):
        note = told(
            "Stands for {gap} where there is nothing for a person: read it within the sentences of the messages.",
            gap=f"{{{name}}}",
        )
        yield Place(context(key, f"fallback:{name}"), value, under, "field", note)


def _message(said: Entries, where: str, note: str, source: str, gaps: notes.Gaps) -> Iterator[Place]:
    if "message" not in said:
        return
    under, node = said["message"]
    held = entries(node)
    if not any(isinstance(value, yaml.MappingNode) for _, value in held.values()):
        yield _noted(Place(where, node, under), note, source, gaps)
        return
    for name, (key, value) in held.items():
        yield _noted(Place(context(where, name), value, key), notes.variant(note, name), source, gaps)


def _noted(place: Place, note: str, source: str, gaps: notes.Gaps) -> Place:
    text = place.texts((source,), source).get(source, "")
    said = sentences(filter(None, (note, notes.gaps_in(text, gaps))))
    return Place(place.context, place.holder, place.under, "message", said)
