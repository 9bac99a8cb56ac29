"""inbox reply, done and saved: an answer is drafted, read, and sent."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ..app import App
from ..dialogue import saved
from ..dialogue.drafting import Draft, draft
from ..dialogue.drafts import How
from ..dialogue.people import find
from ..dialogue.sending import Sent, done, send
from ..dialogue.sureness import same
from .campaigns import account, local
from .inbox import By, Id, inbox, tongue, with_
from .root import Problem, console

MARK = 8
"""So many digits of a draft's digest are shown, and enough to confirm it."""

saved_ = typer.Typer(no_args_is_help=True, help="Replies that are written once, with translations by people.")
inbox.add_typer(saved_, name="saved")


@inbox.command()
def reply(
    id_: Id,
    text: Annotated[
        str, typer.Argument(help="What to say, in your language; - reads it from standard input.")
    ] = "",
    by: By = None,
    language: Annotated[
        str, typer.Option("--from", metavar="LANGUAGE", help="The language you write in.")
    ] = "en",
    to: Annotated[str | None, typer.Option(metavar="LANGUAGE", help="Another language than theirs.")] = None,
    named: Annotated[
        str | None, typer.Option("--saved", metavar="NAME", help="Send this saved reply.")
    ] = None,
    as_written: Annotated[
        bool, typer.Option("--as-written", help="Send your own words, without translation.")
    ] = False,
    at_once: Annotated[
        bool, typer.Option("--now", help="Do not wait for the hours of their school.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask. A machine's translation needs --draft as well.")
    ] = False,
    mark: Annotated[
        str | None, typer.Option("--draft", metavar="MARK", help="The mark of the draft that you have read.")
    ] = None,
) -> None:
    """Draft an answer in their language, show it with what speaks against it, and send it once you have confirmed.

    Without a terminal it only shows the draft, unless `--yes` is given; what a machine has translated is sent only with
    the mark of the draft that somebody has read.
    """
    words = sys.stdin.read() if text == "-" else text

    async def go(service: App) -> tuple[Draft, Sent | None]:
        who = await account(service, by)
        async with service.database.read() as db:
            person = await find(db, id_)
        said, speaks = words, language
        if named is not None:
            kept = await saved.get(service, named)
            said, speaks = kept.text, kept.language
        made = await draft(service, person, said, who, speaks, to)
        how: How = "as written" if as_written or same(speaks, made.language) else "translated"
        for line in _draft(made, how, local(service, made.due)):
            typer.echo(line)
        if (why := made.refusals.get(how)) is not None:
            raise Problem(f"Not sent. {why}" + ("" if as_written else " (--as-written)"))
        if not _confirmed(made, how, yes, mark):
            return made, None
        return made, await send(service, person, made.digest, who, how, now_please=at_once)

    made, sent = with_(go)
    if sent is None:
        typer.echo(
            f"Nothing was sent. To send this draft: the same command with --yes --draft {made.digest[:MARK]}"
        )
        return
    typer.echo("It had been sent already." if sent.before else "It is on its way.")
    if sent.aside:
        typer.echo(
            "Their survey's question waits until you have both been quiet for a day, or until: openline inbox done"
        )


@inbox.command("done")
def done_(id_: Id) -> None:
    """Say that what they wrote needs no answer, or has had one. A survey's question that stepped aside is asked again."""

    async def go(service: App) -> int:
        async with service.database.read() as db:
            person = await find(db, id_)
        return await done(service, person)

    count = with_(go)
    typer.echo(
        f"{count} {'message waits' if count == 1 else 'messages wait'} no more."
        if count
        else "Nothing waited."
    )


@saved_.command("list")
def saved_list() -> None:
    """List saved replies with their translations."""

    async def go(service: App) -> list[saved.Saved]:
        return await saved.listed(service)

    found = with_(go)
    if not found:
        console.print("There are no saved replies. See `openline inbox saved add --help`.", highlight=False)
    for one in found:
        typer.echo(f"{one.key}  ({one.by or '-'})")
        for tag, words in ((one.language, one.text), *one.translations.items()):
            typer.echo(f"    {tag:8} {words}")


@saved_.command("add")
def saved_add(
    name: Annotated[str, typer.Argument(help="What to call it: small letters, digits, hyphens.")],
    text: Annotated[str, typer.Argument(help="What it says.")],
    said: Annotated[
        list[str],
        typer.Option(
            "--in", metavar="LANGUAGE=TEXT", help="A translation by a person; once for each language."
        ),
    ],
    language: Annotated[
        str, typer.Option("--from", metavar="LANGUAGE", help="The language of the text.")
    ] = "en",
    by: By = None,
) -> None:
    """Save a reply with translations that people have made: it goes out without a machine, whoever sends it."""
    pairs = dict(one.partition("=")[::2] for one in said)

    async def go(service: App) -> saved.Saved:
        return await saved.save(service, name, text, language, pairs, await account(service, by))

    kept = with_(go)
    typer.echo(
        f"Saved in {len(kept.translations) + 1} languages. Send it with: openline inbox reply ID --saved {name}"
    )


@saved_.command("remove")
def saved_remove(name: Annotated[str, typer.Argument(help="Its name.")]) -> None:
    """Take a saved reply out. What was sent with it stays sent."""

    async def go(service: App) -> bool:
        return await saved.remove(service, name)

    if not with_(go):
        raise Problem(f"There is no saved reply {name}. They are listed by: openline inbox saved list")
    typer.echo(f"{name} is removed.")


def _confirmed(made: Draft, how: How, yes: bool, mark: str | None) -> bool:
    """Whether to send it. A machine's words need somebody who has read them."""
    if mark is not None and (len(mark) < MARK or not made.digest.startswith(mark.lower())):
        raise Problem("Not sent. That is the mark of another draft: read this one.")
    if yes and (mark is not None or how == "as written" or made.origin == "person"):
        return True
    return not yes and sys.stdin.isatty() and typer.confirm("Send it?", default=False)


def _draft(made: Draft, how: How, due: str) -> list[str]:
    letter = made.as_written if how == "as written" or made.translated is None else made.translated
    closed = how in made.refusals
    begins = "A translation would say" if closed and letter is not made.as_written else "They will read"
    lines = [f"{begins}, in {tongue(made.written_in if letter is made.as_written else made.language)}:"]
    lines += [f"    {line}" for line in letter.text.splitlines()]
    if how == "translated" and made.text is not None:
        lines.append(f"Translated by {made.origin}: {made.sure}.")
        if made.back is not None:
            lines += ["Translated back:", *(f"    {line}" for line in made.back.splitlines())]
        lines += [f"{one.severity}: {one.what} {one.cure}" for one in made.findings]
    lines += made.notes
    cost = f", about ${letter.cost:.4f}" if letter.cost else ""
    parts = f"{letter.parts} text part{'' if letter.parts == 1 else 's'}"
    return [*lines, f"By {made.channel}, {parts}{cost}, at {due}. Draft {made.digest[:MARK]}"]
