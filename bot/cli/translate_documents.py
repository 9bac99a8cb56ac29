"""What openline translate works on: a survey's file, a campaign's, or what Openline says itself, and what the memory knows."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

import survey_flows
from survey_flows import Survey, SurveyError, phrases
from survey_flows.files.approvals import digest
from survey_flows.files.marks import header

from .. import clock, ids
from ..app import NotReady
from ..outreach import campaign_file
from ..outreach.campaign import Campaign, CampaignError
from ..store.database import connect
from ..store.migrate import newest, revision
from ..translation.documents import HEARD, campaign_units, phrase_units, survey_units
from ..translation.memory import Memory
from ..translation.units import Unit
from .forms import FORMS
from .root import Problem, run, settings

PHRASES = "phrases"
"""The name of what Openline says itself."""

State = Literal["approved", "draft", "stale", "missing"]
"""Of one text in one language. stale: its language was approved, and words have changed since."""


@dataclass(frozen=True)
class Document:
    """Something with texts in several languages. ``path`` is the file that can be written; None for the library.
    ``before`` are texts that the memory knows as approved, by language: where a whole language is a draft again because one
    text has changed, these have not."""

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


def document(named: str) -> Document:
    """A document by its file or its name. Raises Problem."""
    path = Path(named)
    if path.is_file():
        return _file(path)
    if named == PHRASES:
        return Document(named, None, "", None)
    if named in survey_flows.LIBRARY:
        survey = survey_flows.library(named)
        return Document(named, None, survey.text, survey)
    if named in campaign_file.LIBRARY:
        text = campaign_file.starter(named)
        return Document(named, None, text, campaign_file.loads(text, named))
    known = ", ".join((*survey_flows.LIBRARY, *campaign_file.LIBRARY, PHRASES))
    raise Problem(
        f"There is no file {named}, and nothing of that name in the library. The library has: {known}."
    )


def _file(path: Path) -> Document:
    if path.suffix.lower() in FORMS:
        raise Problem(f"{path} is a form. Make it a survey first: openline survey import {path}")
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
        held = header(text)
    except UnicodeDecodeError:
        raise Problem(f"{path} is not in UTF-8. Save it again as UTF-8.") from None
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise Problem(f"{path}: {error}.") from None
    return Document(
        str(path), path, text, read(text, path, campaign="campaign" in held), marked=data.startswith(BOM_UTF8)
    )


def read(text: str, path: Path, *, campaign: bool) -> Survey | Campaign:
    """What a file's text says; a survey with those that it includes, which stand beside ``path``. Raises Problem."""
    try:
        return (
            campaign_file.loads(text, path.name)
            if campaign
            else survey_flows.loads(_whole(text, path), path.name)
        )
    except SurveyError as error:
        raise Problem("\n".join(map(str, (error, *error.others)))) from None
    except CampaignError as error:
        raise Problem(str(error)) from None


def _whole(text: str, path: Path) -> str:
    """The text with the surveys that it includes behind it."""
    return survey_flows.loading.together(text, path) if "include:" in text else text


def all_documents() -> list[Document]:
    """All that comes with Openline."""
    return [document(name) for name in (*survey_flows.LIBRARY, *campaign_file.LIBRARY, PHRASES)]


def target_path(given: Document, out: Path | None) -> Path:
    """Where a changed document is written. Raises Problem where it has no file."""
    if given.made is None:
        raise Problem("What Openline says itself is in no file of yours: see docs/translation.md.")
    if out is None and given.path is None:
        raise Problem(f"{given.name} is part of Openline. Write a copy of your own: --out {given.name}.yaml")
    return out or given.path or Path()


@asynccontextmanager
async def memory() -> AsyncIterator[Memory]:
    """The translation memory, without the rest of the service. Raises NotReady where there is none."""
    database = connect(settings().database_url)
    try:
        try:
            ready = await revision(database) == newest()
        except (OSError, SQLAlchemyError) as error:
            raise NotReady(
                f"The database cannot be reached ({type(error).__name__}): OPENLINE_DATABASE_URL"
            ) from None
        if not ready:
            raise NotReady("The database is empty or of another version. Run: openline migrate")
        yield Memory(database, clock.utcnow, ids.maker())
    finally:
        await database.close()


def remembered(documents: Sequence[Document]) -> list[Document]:
    """The documents with what the memory knows to be approved in them. Where there is no store, as they are."""
    asked = [(one, tag) for one in documents for tag in one.languages if one.made is None or tag in one.stale]
    if not asked:
        return list(documents)

    async def go() -> dict[str, dict[str, frozenset[str]]]:
        found: dict[str, dict[str, frozenset[str]]] = {}
        async with memory() as known_of:
            for one, tag in asked:
                known = await known_of.find_units(one.units, tag)
                found.setdefault(one.name, {})[tag] = frozenset(
                    unit.context
                    for unit in one.units
                    if (entry := known.get(unit.context))
                    and entry.state == "approved"
                    and entry.text == unit.texts.get(tag)
                )
        return found

    try:
        known = run(go())
    except Problem:
        return list(documents)
    return [replace(one, before=known.get(one.name, {})) for one in documents]
