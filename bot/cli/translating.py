"""openline translate: what its commands share. A document is a survey's file, a campaign's, or what Openline says itself."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import langcodes
import typer
from rich.console import Console
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
from ..translation import gate
from ..translation.documents import HEARD, Changes, campaign_units, lacking, phrase_units, survey_units
from ..translation.documents import write as enter
from ..translation.memory import Memory
from ..translation.units import Unit
from .forms import FORMS
from .root import Problem, app, run, settings

translate = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Bring surveys and campaigns from English into families' languages, and have people approve them.

    `openline translate status` says what is missing. `fill` drafts it, `export` hands it to a person, `import` takes it
    back, `check` looks it over, `approve` writes down who has read it: only then is it sent. docs/translation.md has it
    step by step.
    """,
)
app.add_typer(translate, name="translate")

results = Console(highlight=False, soft_wrap=True, emoji=False)
PHRASES = "phrases"
"""The name of what Openline says itself."""

State = Literal["approved", "draft", "stale", "missing"]
"""Of one text in one language. stale: its language was approved, and words have changed since."""

FileArgument = Annotated[
    str, typer.Argument(help="A survey's file, a campaign's, or a name of the library.", metavar="FILE")
]
Language = Annotated[str, typer.Argument(help="The language, as es or zh-Hans.")]


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


def tag(language: str, source: str = "") -> str:
    """A language's tag as it is usually written. Raises Problem for what is none, or is the source."""
    if not langcodes.tag_is_valid(language):
        raise Problem(f"'{language}' is no language tag. Use one like es, ht or zh-Hans.")
    usual = langcodes.standardize_tag(language)
    if usual == source:
        raise Problem(f"{usual} is the language that the texts are written in.")
    return usual


def many(languages: str | None, source: str) -> list[str]:
    """Languages of an option: es,ht. Raises Problem."""
    named = [part.strip() for part in (languages or "").split(",")]
    return list(dict.fromkeys(tag(one, source) for one in named if one))


def target_path(given: Document, out: Path | None) -> Path:
    """Where a changed document is written. Raises Problem where it has no file."""
    if given.made is None:
        raise Problem("What Openline says itself is in no file of yours: see docs/translation.md.")
    if out is None and given.path is None:
        raise Problem(f"{given.name} is part of Openline. Write a copy of your own: --out {given.name}.yaml")
    return out or given.path or Path()


@dataclass(frozen=True)
class Entered:
    """A file's text with translations in it, and those that could not be taken, each with why."""

    text: str
    taken: Mapping[tuple[str, str], str]
    refused: Mapping[tuple[str, str], str]


def entered(given: Document, changes: Changes) -> Entered:
    """Enter translations that may stand there: those that the gate blocks stay out, and those with which the file could
    not be used, as a choice that reads like another's other words."""
    _with_its_parts(given, {tag for _, tag in changes})
    refused = blocked(given, changes)
    left = {key: said for key, said in changes.items() if key not in refused}
    path, campaign = given.path or Path(f"{given.name}.yaml"), isinstance(given.made, Campaign)

    def tried(some: Changes, text: str) -> str:
        try:
            written = enter(text, some)
            read(written, path, campaign=campaign)
        except (ValueError, LookupError) as error:
            raise Problem(str(error)) from None
        return written

    try:
        return Entered(tried(left, given.text), left, refused)
    except Problem:
        pass
    text, taken = given.text, {}
    for key, said in left.items():
        try:
            text = tried({key: said}, text)
            taken[key] = said
        except Problem as problem:
            refused[key] = str(problem).splitlines()[0]
    return Entered(text, taken, refused)


def _with_its_parts(given: Document, languages: Iterable[str]) -> None:
    """Raises Problem where a survey includes one that does not speak these languages."""
    if not isinstance(given.made, Survey):
        return
    for language in sorted(languages):
        keys = {one.partition("/")[0].partition(":")[2] for one in lacking(given.made.text, language)}
        for name in sorted(keys - {given.made.key}):
            raise Problem(
                f"{given.name} includes {name}, which is not all there in {language}. Translate that file first."
            )


def blocked(given: Document, changes: Changes) -> dict[tuple[str, str], str]:
    """Which of these translations the gate would never let pass, and why."""
    found = {}
    for language in dict.fromkeys(tag for _, tag in changes):
        new = {
            where: said
            for (where, tag), said in changes.items()
            if tag == language and not where.endswith(HEARD)
        }
        stands = {unit.context: unit.texts[language] for unit in given.units if language in unit.texts}
        for where, findings in gate.review(given.units, language, {**stands, **new}).items():
            if where in new and gate.blocks(findings):
                found[where, language] = next(one.what for one in findings if one.severity == "block")
    return found


def count(number: int, what: str) -> str:
    """So many of something.

    >>> count(1, "text"), count(2, "text")
    ('1 text', '2 texts')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"


def short(context: str) -> str:
    """A context without its document: hard/choice/bus."""
    return context.partition("/")[2] or context.partition(":")[2]


def contexts(units: Iterable[Unit]) -> dict[str, Unit]:
    """Units by their contexts."""
    return {unit.context: unit for unit in units}
