"""translate approve: a person has read a language, and says that it may go out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.status import Status

from .. import clock, phrasebook
from ..texts import approving
from ..texts.document import Unusable
from ..texts.entering import reviewed
from ..translation import gate
from .root import Problem, console, run, write
from .translate_check import show
from .translate_documents import Document, document, memory, target_path
from .translating import FileArgument, Language, count, results, tag, translate

By = Annotated[str, typer.Option("--by", help="Who has read it: a person who speaks it at home.")]


@translate.command()
def approve(
    file: FileArgument,
    language: Language,
    by: By,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write (default: FILE itself).", dir_okay=False)
    ] = None,
) -> None:
    """Write into the file that a person has read a language and approves it. From then on it is sent.

    `openline translate approve mornings.yaml es --by "Ana Pérez"`. It holds for these words: when they or the source's
    change, the language is a draft again. `openline translate approve phrases es --by …` is for what Openline says itself.
    """
    given = document(file)
    if given.made is None:
        wanted, who = tag(language, given.source), named(by)
        results.print(
            f"{_phrases(wanted, who)} of Openline's own phrases in {wanted} are approved by {escape(who)}."
        )
        return
    approve_document(given, target_path(given, out), language, by)


def approve_document(given: Document, path: Path, language: str, by: str) -> None:
    """Approve a language of a document as it stands, in the file and in the memory. Raises Problem where it cannot be."""
    who, language = named(by), tag(language, given.source)
    try:
        with Status(f"Looking {language} over …", console=console):
            found = approving.readable(given, language)
        text = approving.approved(replace(given, path=path), language, who, clock.utcnow().date())
    except approving.NotYet as not_yet:
        show(given.name, given.units, language, not_yet.found, not_yet.lacking)
        raise Problem(f"{not_yet} Mend what stands above, then approve it.") from None
    except Unusable as error:
        raise Problem(str(error)) from None
    write(path, given.encoded(text))
    results.print(
        f"{language} of {escape(str(path))} is approved by {escape(who)}: {count(len(given.units), 'text')}."
    )
    if doubtful := sum(one.severity == "warn" for findings in found.values() for one in findings):
        results.print(
            f"[yellow]{count(doubtful, 'thing')} to read once more:[/] openline translate check {escape(str(path))} --to {language}"
        )
    remember(given, language, who)


def named(by: str) -> str:
    """A person's name on one line. Raises Problem for none."""
    who = " ".join(by.split())
    if not who:
        raise Problem("Say who approves it: --by 'Ana Pérez'.")
    return who


def remember(given: Document, language: str, who: str) -> None:
    """Keep an approved language in the translation memory, where there is one: the next document begins with it."""

    async def go() -> None:
        async with memory() as known:
            await approving.keep(known, given, language, who)

    try:
        run(go())
    except Problem as problem:
        console.print(f"Not kept in the translation memory: {problem}", highlight=False, markup=False)


def _phrases(language: str, who: str) -> int:
    """Approve what Openline says itself: the catalogue's words, and what people have put in their place. How many."""
    given = document("phrases")

    async def go() -> int:
        async with memory() as kept:
            known = await kept.find_units(given.units, language)
            ours = {
                where: entry.text for where, entry in known.items() if entry.context == where and entry.text
            }
            units = [
                replace(unit, texts={**unit.texts, language: ours.get(unit.context, unit.texts[language])})
                for unit in given.units
                if language in unit.texts
            ]
            found = reviewed(units, language)
            if any(map(gate.blocks, found.values())):
                show(given.name, units, language, found, [])
                raise Problem(
                    f"{language} cannot be approved like this. Mend what stands above: export, import."
                )
            try:
                return await phrasebook.approve(kept, language, who)
            except LookupError as error:
                raise Problem(f"{error.args[0]}.") from None

    return run(go())
