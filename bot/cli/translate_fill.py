"""translate fill: drafts for what is missing, from what has been translated before and from engines."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from ..settings import Settings
from ..translation import Translator, engines
from ..translation.filling import Filled, fill
from ..translation.memory import Memory
from ..translation.units import Unit
from .root import Problem, progress, run, settings, write
from .translate_documents import Document, document, entered, memory, target_path
from .translating import FileArgument, count, many, results, short, translate

NO_ENGINE = (
    "No translation engine is set up. Set OPENLINE_TRANSLATORS (docs/settings.md), for example "
    "OPENLINE_TRANSLATORS=libre with OPENLINE_LIBRETRANSLATE_URL; or take what has been translated before: --only-memory; "
    "or hand the texts to a person: openline translate export {name} --to {language} --format xlsx"
)


@translate.command("fill")
def fill_(
    file: FileArgument,
    to: Annotated[
        str | None, typer.Option("--to", help="Languages, as es,ht (default: those that the file has).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write (default: FILE itself).", dir_okay=False)
    ] = None,
    engine: Annotated[
        str | None, typer.Option("--engine", help="The engine to ask, instead of those in the settings.")
    ] = None,
    only_memory: Annotated[
        bool, typer.Option("--only-memory", help="Ask no engine: take only what has been translated before.")
    ] = False,
    all_drafts: Annotated[
        bool, typer.Option("--all-drafts", help="Also replace texts that are there and nobody has approved.")
    ] = False,
) -> None:
    """Write a draft of each missing text into the file: from what was translated before, then by engines.

    `openline translate fill mornings.yaml --to es,ht`. Drafts are not sent. What an engine damages stays out, and is told.
    No text is sent to an engine twice; Ctrl-C keeps what is done.
    """
    given = document(file)
    path = target_path(given, out)
    languages = many(to, given.source) or list(given.languages)
    if not languages:
        raise Problem(f"{given.name} has no other language yet. Name some: --to es,ht")
    filled = {language: Filled() for language in languages}
    set_up = settings(translators=engine)

    async def go() -> None:
        async with memory() as known:
            asked = None if only_memory else _engine(set_up)
            try:
                await _fill(known, given, filled, asked, all_drafts)
            finally:
                if asked is not None:
                    await asked.close()

    if not only_memory and not engines.chosen(set_up).names():
        raise Problem(NO_ENGINE.format(name=given.name, language=languages[0]))
    interrupted = False
    try:
        run(go())
    except KeyboardInterrupt:
        interrupted = True
    said = {(where, tag): one.text for tag, each in filled.items() for where, one in each.found.items()}
    written = entered(given, said)
    if written.text != given.text or out is not None:
        write(path, given.encoded(written.text))
    for language, each in filled.items():
        _tell(
            given,
            language,
            each,
            {where: why for (where, tag), why in written.refused.items() if tag == language},
        )
    if interrupted:
        results.print("Interrupted: what was done is kept. The same command goes on.")
        raise typer.Exit(130)
    results.print(f"[dim]Next: openline translate check {escape(str(path))} --to {languages[0]}[/]")


async def _fill(
    memory: Memory, given: Document, filled: dict[str, Filled], engine: Translator | None, all_drafts: bool
) -> None:
    wanted = {language: await _wanted(memory, given, language, all_drafts) for language in filled}
    with progress("Translating") as bar:
        task = bar.add_task("", total=sum(map(len, wanted.values())))
        for language, units in wanted.items():
            await fill(units, language, memory, engine, filled[language], lambda n: bar.advance(task, n))


async def _wanted(memory: Memory, given: Document, language: str, all_drafts: bool) -> list[Unit]:
    """What is to be translated: what is missing, and what stands there for words of the source that have changed."""
    old = await memory.stale(given.own)
    earlier = {
        where: {entry.text for entry in entries if entry.target == language} for where, entries in old.items()
    }
    return [
        unit
        for unit in given.own
        if language not in unit.texts
        or unit.texts[language] in earlier.get(unit.context, ())
        or (all_drafts and language not in unit.approved)
    ]


def _engine(given: Settings) -> Translator | None:
    try:
        return engines.engines(given)
    except engines.NotSetUp as error:
        raise Problem(f"{error}.") from None


def _tell(given: Document, language: str, filled: Filled, refused: dict[str, str]) -> None:
    """What came of one language: so many from where, and each that is not there with why."""
    origins = Counter(
        "the memory" if where in filled.remembered else one.origin.removeprefix("machine:")
        for where, one in filled.found.items()
        if where not in refused
    )
    told = ", ".join(f"{number} from {name}" for name, number in origins.most_common())
    results.print(
        f"[bold]{language}[/]  {count(origins.total(), 'text')} written" + (f": {told}" if told else "")
    )
    texts = {unit.context: unit for unit in given.own}
    for where, why in refused.items():
        results.print(f"  [yellow]refused[/]  {escape(short(where))}: {escape(why)}")
        results.print(f"           [dim]{escape(' '.join(filled.found[where].text.split()))}[/]")
    if filled.unknown:
        what = f"{count(len(filled.unknown), 'text')} left for a person: nobody has translated them, or an engine damaged them."
        results.print(f"  [red]{what}[/]")
    for where in filled.unknown:
        results.print(
            f"  [red]missing[/]  {escape(short(where))}: [dim]{escape(' '.join(texts[where].text.split()))}[/]"
        )
    if filled.failed:
        results.print(
            f"  [red]The engine stopped answering ({escape(filled.failed)}). Run it again later: it goes on.[/]"
        )
