"""What Openline says itself, as texts to translate. They are kept in the catalogues of survey_flows/locale, not in a file
of staff's."""

from __future__ import annotations

from functools import cache

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from survey_flows import phrases
from survey_flows.told import sentences, told

from ..units import Unit
from . import notes

_CHOICES = frozenset({"none", "other", "yes", "no"})
_GAPS = {
    "least": "the smallest number", "most": "the largest number", "example": "an example", "label": "one choice",
    "labels": "two or three choices", "number": "a number", "skip": "the phrase skip_word", "value": "an earlier answer",
    "school": "the school's name",
}  # fmt: skip


def phrase_units() -> list[Unit]:
    """Every phrase but those that count: their forms differ from language to language (Arabic has six, Chinese one), so
    they are translated in the catalogue, whose format knows the forms.

    >>> unit = next(unit for unit in phrase_units() if unit.context == "phrase:help")
    >>> unit.critical, "911" in unit.texts["es"]
    (True, True)
    """
    found = {tag: _messages(tag) for tag in phrases.LANGUAGES}
    return [_unit(name, found) for name in phrases.PHRASES if name not in phrases.COUNTED]


def _unit(name: str, found: dict[str, dict[str, Message]]) -> Unit:
    english = phrases.PHRASES[name]
    said = {
        tag: held[name]
        for tag, held in found.items()
        if tag != phrases.SOURCE and name in held and held[name].id == english and held[name].string
    }
    commented = " ".join(
        dict.fromkeys(held[name].auto_comments[0] for held in found.values() if _told(held, name))
    )
    where = commented or told("Said around the questions of a survey.")
    return Unit(
        context=f"phrase:{name.lower()}",
        source=phrases.SOURCE,
        text=english,
        kind="choice" if name in _CHOICES else "phrase",
        note=sentences(filter(None, (where, notes.gaps_in(english, _GAPS)))),
        group="phrase:yes-no" if name in ("yes", "no") else "",
        critical=name in phrases.CRITICAL,
        texts={tag: str(message.string) for tag, message in said.items()},
        approved=frozenset(said) - phrases.drafts(name) - {tag for tag, one in said.items() if one.fuzzy},
    )


def _told(held: dict[str, Message], name: str) -> bool:
    return name in held and bool(held[name].auto_comments)


@cache
def _messages(language: str) -> dict[str, Message]:
    with phrases.catalogue(language).open("rb") as file:
        book: Catalog = read_po(file, locale=language.replace("-", "_"), abort_invalid=True)
    return {message.context: message for message in book if message.context}
