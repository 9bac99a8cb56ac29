"""A person has read a language of a document: written into its text, and kept in the memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from survey_flows.files import approvals
from survey_flows.told import told

from ..translation import gate
from ..translation.memory import Memory, New
from ..translation.units import Unit
from .document import Document, Unusable
from .entering import Found, reviewed


class NotYet(Unusable):
    """A language cannot be approved: texts are ``lacking``, or the gate blocks some of what it ``found``."""

    def __init__(self, why: str, found: Found, lacking: Sequence[Unit]) -> None:
        super().__init__(why)
        self.found = found
        self.lacking = lacking


def readable(given: Document, language: str) -> Found:
    """What the gate says of a language that could be approved as it stands. Raises Unusable for a language that the document
    does not have, NotYet where texts are missing or blocked."""
    if language not in given.languages:
        said = {"language": language, "name": given.name, "source": given.source}
        if not given.languages:
            what = told("There is no {language} to approve: {name} is in {source} and no other.", **said)
        else:
            others = ", ".join(given.languages)
            what = told(
                "There is no {language} to approve: {name} is in {source} and {others}.",
                others=others,
                **said,
            )
        raise Unusable(what)
    found, lacking = reviewed(given.units, language), given.missing(language)
    if lacking or any(map(gate.blocks, found.values())):
        raise NotYet(told("{language} cannot be approved like this.", language=language), found, lacking)
    return found


def approved(given: Document, language: str, by: str, on: date) -> str:
    """The document's text with this approval in it. Raises Unusable."""
    try:
        text = approvals.approve(given.text, language, by, on, given.digest(language))
    except ValueError as error:
        raise Unusable(told("{name}: {what}.", name=given.name, what=str(error))) from None
    given.read(text)
    return text


async def keep(memory: Memory, given: Document, language: str, by: str) -> None:
    """Keep an approved language in the memory: the next document begins with it. What a machine has drafted stays known as
    that; anything else is a person's."""
    units = [unit for unit in given.units if language in unit.texts]
    known = await memory.find_units(units, language)
    texts = {unit.context: unit.texts[language] for unit in units}
    origins = {where: entry.origin for where, entry in known.items() if entry.text == texts[where]}
    await memory.keep(
        [
            New(
                unit.context, unit.source, language, unit.text, texts[unit.context],
                origins.get(unit.context) or "person", approved_by=by,
            )
            for unit in units
        ]
    )  # fmt: skip
