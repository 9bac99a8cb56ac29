"""Something with texts in several languages: a survey, a campaign, or what Openline says itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import survey_flows
from survey_flows import Survey, SurveyError, phrases
from survey_flows.files.approvals import digest
from survey_flows.told import lines

from ..outreach import campaign_file
from ..outreach.campaign import Campaign, CampaignError
from ..translation.documents import HEARD, campaign_units, phrase_units, survey_units
from ..translation.units import Unit

PHRASES = "phrases"
"""The name of what Openline says itself."""

State = Literal["approved", "draft", "stale", "missing"]
"""Of one text in one language. stale: its language was approved, and words have changed since."""


class Unusable(ValueError):  # noqa: N818
    """This cannot be done with these texts; the text says why, and what to do. ``first`` is the first reason of several."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(lines(reasons))
        self.first = reasons[0]


@dataclass(frozen=True)
class Document:
    """Something with texts in several languages. ``path`` is the file that can be written; None for the library, and for
    what stands in the store. ``before`` are texts that the memory knows as approved, by language: where a whole language is
    a draft again because one text has changed, these have not."""

    name: str
    path: Path | None
    text: str
    made: Survey | Campaign | None
    before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    marked: bool = False

    def encoded(self, text: str) -> bytes:
        """A text as the file is to hold it: where the file began with a byte order mark, it does again."""
        return text.encode("utf-8-sig" if self.marked else "utf-8")

    @cached_property
    def units(self) -> list[Unit]:
        """Every text that people are shown."""
        if self.made is None:
            return phrase_units()
        return survey_units(self.made) if isinstance(self.made, Survey) else campaign_units(self.made)

    @cached_property
    def own(self) -> list[Unit]:
        """The texts that stand in this file: those of surveys that it includes are in theirs."""
        return [unit for unit in self.offered if not unit.context.endswith(HEARD)]

    @cached_property
    def offered(self) -> list[Unit]:
        """What a translator is given of this file: its texts, and the words that are only listened for."""
        if not isinstance(self.made, Survey):
            return self.units
        begins = f"survey:{self.made.key}/"
        return [unit for unit in survey_units(self.made, heard=True) if unit.context.startswith(begins)]

    @property
    def source(self) -> str:
        return phrases.SOURCE if self.made is None else self.made.source

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages beside the source."""
        spoken = phrases.LANGUAGES if self.made is None else self.made.languages
        return tuple(tag for tag in spoken if tag != self.source)

    @property
    def stale(self) -> frozenset[str]:
        return frozenset() if self.made is None else self.made.stale

    def state(self, unit: Unit, language: str) -> State:
        """How a text stands in a language."""
        if language not in unit.texts:
            return "missing"
        if language in unit.approved or unit.context in self.before.get(language, ()):
            return "approved"
        return "stale" if language in self.stale else "draft"

    def digest(self, language: str) -> str:
        """What an approval of a language is bound to."""
        if self.made is None:
            raise ValueError("the phrases are no file")
        return digest(self.made, language) if isinstance(self.made, Survey) else self.made.digest(language)

    def missing(self, language: str) -> list[Unit]:
        """The texts that it does not have in a language."""
        return [unit for unit in self.units if language not in unit.texts]

    def read(self, text: str) -> Survey | Campaign:
        """What another text of this document says. Raises Unusable."""
        path = self.path or Path(f"{self.name}.yaml")
        return read(text, path, campaign=isinstance(self.made, Campaign))


def read(text: str, path: Path, *, campaign: bool) -> Survey | Campaign:
    """What a file's text says; a survey with those that it includes, which stand beside ``path``. Raises Unusable."""
    try:
        if campaign:
            return campaign_file.loads(text, path.name)
        return survey_flows.loads(_whole(text, path), path.name)
    except SurveyError as error:
        raise Unusable(str(error), *map(str, error.others)) from None
    except CampaignError as error:
        raise Unusable(str(error)) from None


def _whole(text: str, path: Path) -> str:
    """The text with the surveys that it includes behind it."""
    return survey_flows.loading.together(text, path) if "include:" in text else text
