"""What openline translate works on: a survey's file, a campaign's, or what Openline says itself, and what the memory knows."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

import survey_flows
from survey_flows import Survey
from survey_flows.files.marks import header

from .. import clock, ids
from ..app import NotReady
from ..outreach import campaign_file
from ..outreach.campaign import Campaign
from ..store.database import connect
from ..store.migrate import newest, revision
from ..texts import entering
from ..texts.document import PHRASES, Document, State, Unusable
from ..texts.document import read as read_
from ..texts.entering import Entered
from ..translation.documents import Changes
from ..translation.memory import Memory
from .forms import FORMS
from .root import Problem, run, settings

__all__ = [
    "PHRASES", "Document", "State", "all_documents", "document", "entered", "memory", "read", "remembered", "target_path",
]  # fmt: skip


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
        return read_(text, path, campaign=campaign)
    except Unusable as error:
        raise Problem(str(error)) from None


def entered(given: Document, changes: Changes) -> Entered:
    """Enter translations that may stand there. Raises Problem."""
    try:
        return entering.entered(given, changes)
    except Unusable as error:
        raise Problem(str(error)) from None


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
