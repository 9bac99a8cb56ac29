"""emerging: themes that families speak of and the codebook does not have, for staff to accept or dismiss."""

from __future__ import annotations

import json as json_
from typing import Annotated, Any

import typer
from langcodes import Language

from analysis.codebook import CodebookError

from ..app import App, opened
from ..codebooks import NoCodebook
from ..dialogue.people import SHORT
from ..emerging import Accepted, Emerging, Look, NoProposal, Open
from .root import Problem, app, console, progress, run, settings

emerging = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="""Find themes that families speak of and the codebook does not have.

    `openline emerging find SURVEY` groups the replies that no theme fits, over all languages, and shows typical ones with
    names taken out; `openline emerging accept ID --label "Dark stops" --under transport` makes one a theme;
    `openline emerging dismiss ID` keeps it from coming again.
    """,
)
app.add_typer(emerging, name="emerging")

Id = Annotated[str, typer.Argument(help="A proposal, as `openline emerging find` shows it.", metavar="ID")]
By = Annotated[str | None, typer.Option(help="Who decides: a name or an e-mail address.")]


@emerging.command("find")
def find(
    survey: Annotated[str, typer.Argument(help="Which survey's replies.")],
    least: Annotated[
        int | None,
        typer.Option(
            min=5, help="Groups of so many people or more; default: the smallest group that is shown."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON, for other programs.")] = False,
) -> None:
    """Group the replies that no theme fits, and propose the groups as themes. Private: it shows what people wrote."""

    async def go() -> Look:
        async with opened(settings()) as service:
            keys = [listed.key for listed in await service.surveys()]
            if survey not in keys:
                raise Problem(f"There is no survey {survey}. There are: {', '.join(keys) or 'none yet'}.")
            with progress("Reading") as bar:
                task = bar.add_task("", total=None)
                return await _of(service).look(
                    survey,
                    max(least or service.settings.minimum_cell, 5),
                    lambda done, of: bar.update(task, completed=done, total=of),
                )

    look = run(_told(go()))
    if json:
        typer.echo(json_.dumps([_plain(one) for one in look.open], ensure_ascii=False, indent=2))
        return
    for one in look.open:
        typer.echo("\n".join(_lines(one)) + "\n")
    typer.echo(
        f"{look.uncovered} of {look.replies} replies fit no theme well; {len(look.open)} groups wait for a decision"
        + (f", {look.decided} were decided on before." if look.decided else ".")
    )


@emerging.command()
def accept(
    id_: Id,
    label: Annotated[str, typer.Option(help="What the theme is called.")],
    under: Annotated[
        str | None,
        typer.Option(
            metavar="TOP", help="The top theme it belongs to; default: one for what was added here."
        ),
    ] = None,
    definition: Annotated[str, typer.Option(help="What it means, in a sentence.")] = "",
    examples: Annotated[
        bool, typer.Option("--examples/--no-examples", help="Whether its typical replies teach the coder.")
    ] = True,
    by: By = None,
) -> None:
    """Make a proposal a theme, in a new version of the survey's codebook. Replies are coded with it from then on."""
    if not label.strip():
        raise Problem('Give the theme a name: --label "Dark stops".')

    async def go() -> Accepted:
        async with opened(settings()) as service:
            return await _of(service).accept(
                id_, label.strip(), under=under, definition=definition.strip(), examples=examples, by=by
            )

    done = run(_told(go()))
    book, theme = done.added.codebook, done.theme
    typer.echo(f"{theme.id} is in version {book.version} of {book.id}.")
    if theme.examples:
        typer.echo(
            "The coder learns it from these replies. They are people's words: read them before the codebook goes"
        )
        typer.echo("to anybody else. With --no-examples there are none.")
        for language, texts in theme.examples.items():
            typer.echo("\n".join(f"  {language:8} {text}" for text in texts))
    console.print("Code the earlier replies again: openline code --again", highlight=False)


@emerging.command()
def dismiss(id_: Id, by: By = None) -> None:
    """This is no theme. It comes again only when half of the replies in it are new."""

    async def go() -> str:
        async with opened(settings()) as service:
            return await _of(service).dismiss(id_, by)

    typer.echo(f"Dismissed: {run(_told(go()))}")


def _of(service: App) -> Emerging:
    return Emerging(service.database, service.books, service.coders, service.clock, service.new_id)


async def _told(work: Any) -> Any:
    """What can go wrong, as one line."""
    try:
        return await work
    except (NoProposal, NoCodebook, CodebookError) as error:
        raise Problem(str(error)) from None


def _lines(one: Open) -> list[str]:
    found = one.found
    tongues = ", ".join(
        f"{Language.get(tag).display_name()} {people}" for tag, people in found.languages.items()
    )
    lines = [f"{one.id.hex[-SHORT:]}  {found.label}  ({found.people} people: {tongues})"]
    lines += [f"  {tag:8} {', '.join(words)}" for tag, words in found.words.items()]
    lines += [f"  {example.language:8} “{example.text}”" for example in found.typical]
    nearest = f"; nearest theme: {found.nearest[0]} ({found.nearest[1]:.2f})" if found.nearest else ""
    return [*lines, f"  likeness {found.cohesion:.2f}{nearest}"]


def _plain(one: Open) -> dict[str, Any]:
    found = one.found
    return {
        "id": one.id.hex[-SHORT:],
        "label": found.label,
        "people": found.people,
        "languages": dict(found.languages),
        "words": {tag: list(words) for tag, words in found.words.items()},
        "typical": [{"language": example.language, "text": example.text} for example in found.typical],
        "cohesion": found.cohesion,
        "nearest": found.nearest[0] if found.nearest else None,
        "replies": len(found.members),
        "since": one.since.isoformat(),
    }
