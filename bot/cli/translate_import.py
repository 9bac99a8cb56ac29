"""translate import: what a person has translated, taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ..outreach.campaign import Campaign
from ..translation import exchange
from ..translation.exchange import Complaint, ExchangeError, Match, Returned
from ..translation.exchange.matching import WORDS
from ..translation.memory import New
from .root import Problem, console, run, write
from .translate_approve import By, approve_document, named
from .translate_documents import PHRASES, Document, document, memory, read, target_path
from .translate_entering import blocked, entered
from .translating import FileArgument, results, short, tag, translate

_TOLD = {
    "new": "new", "changed": "changed", "approved": "unchanged", "unchanged": "unchanged", "untouched": "unchanged",
    "missing": "still empty", "emptied": "emptied", "stale": "stale", "clash": "clash", "unknown": "unknown",
    "duplicate": "twice",
}  # fmt: skip
"""What a row is called in the table, by what the file says of it."""


@dataclass
class Taken:
    """What came back in one language: the texts to enter, and what became of each row."""

    language: str
    changes: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def tell(self, verdict: str, where: str, why: str) -> None:
        self.counted[verdict] += 1
        if why:
            self.rows.append((verdict, where, why))

    def fewer(self, gone: int) -> None:
        """So many that were counted as new or changed are not taken after all."""
        for verdict in ("new", "changed"):
            less = min(gone, self.counted[verdict])
            self.counted[verdict] -= less
            gone -= less


@translate.command("import")
def import_(
    file: FileArgument,
    returned: Annotated[
        list[Path],
        typer.Argument(help="Files that have come back.", metavar="RETURNED…", exists=True, dir_okay=False),
    ],
    by: By,
    approve: Annotated[
        bool,
        typer.Option(
            "--approve", help="Whoever has translated it has also read it over: approve it at once."
        ),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be taken.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="The file to write (default: FILE itself).", dir_okay=False)
    ] = None,
) -> None:
    """Take translations back: look them over, enter them into the file, and keep them for other documents.

    `openline translate import mornings.yaml mornings.es.xlsx --by "Ana Pérez"`. What would do harm stays out, and is told
    with why. What comes in is a draft until somebody approves it.
    """
    given, who = document(file), named(by)
    if given.made is None and approve:
        raise Problem("Take them in first, then: openline translate approve phrases LANGUAGE --by NAME")
    path = None if given.made is None else target_path(given, out)
    taken = [_looked_at(given, one) for one in returned]
    _agree(taken)
    changes = {key: said for one in taken for key, said in one.changes.items()}
    text, refused = given.text, blocked(given, changes) if path is None else {}
    if path is not None:
        written = entered(given, changes)
        text, refused = written.text, dict(written.refused)
    for one in taken:
        _refuse(one, refused)
        _show(one)
    changes = {key: said for key, said in changes.items() if key not in refused}
    if dry_run:
        results.print("[dim]Nothing was written: --dry-run.[/]")
        return
    if path is not None and (text != given.text or out is not None):
        write(path, given.encoded(text))
    if changes:
        _remember(given, changes)
    if path is None:
        return
    languages = list(dict.fromkeys(one.language for one in taken))
    again = replace(
        given,
        name=str(path),
        path=path,
        text=text,
        made=read(text, path, campaign=isinstance(given.made, Campaign)),
        before={},
    )
    for language in languages if approve else ():
        approve_document(again, path, language, who)
    if changes and not approve:
        results.print(
            f"[dim]Next: openline translate check {escape(str(path))} --to {','.join(languages)}, then "
            f"openline translate approve {escape(str(path))} {languages[0]} --by NAME[/]"
        )


def _looked_at(given: Document, file: Path) -> Taken:
    """What a file that came back means for the texts of today. Raises Problem for one that cannot be used."""
    try:
        sheet: Returned = exchange.read(file.read_bytes(), file.name)
        if not sheet.target:
            raise Problem(
                f"{file.name} does not say which language it is in: export it again, and copy the texts over."
            )
        language = tag(sheet.target, given.source)
        matches, complaints = exchange.match(sheet, given.offered, language)
    except ExchangeError as error:
        raise Problem(str(error)) from None
    except OSError as error:
        raise Problem(f"{file} cannot be read: {error.strerror}.") from None
    taken = Taken(language)
    why = {(one.context, one.place): f"{one.what} {one.cure}" for one in complaints if one.word in WORDS}
    for match in matches:
        _sort(taken, match, why.get((match.row.context, match.row.place), ""))
        if match.row.remark:
            taken.rows.append(("comment", short(match.row.context), match.row.remark))
    for one in complaints:
        if not one.context:
            taken.tell("not read", one.place, f"{one.what} {one.cure}")
    _look_at(taken, complaints)
    return taken


def _sort(taken: Taken, match: Match, why: str) -> None:
    verdict = _TOLD[match.verdict]
    where = short(match.row.context)
    if match.verdict in exchange.WANTED and match.unit is not None:
        if match.row.translation != match.unit.texts.get(taken.language):
            taken.changes[match.row.context, taken.language] = match.row.translation
        why = ""
    elif match.verdict in ("clash", "stale") and match.unit is not None:
        stands = match.unit.texts.get(taken.language, "")
        why += f" It said: {match.row.translation}" + (f" Here stands: {stands}" if stands else "")
    taken.tell(verdict, where, why)


def _look_at(taken: Taken, complaints: Sequence[Complaint]) -> None:
    """Of rows that are taken all the same, what is odd about them; the same thing about many is said once."""
    entered = {where for where, _ in taken.changes}
    odd: dict[str, list[str]] = {}
    for one in complaints:
        if one.context in entered and one.word not in WORDS:
            odd.setdefault(f"{one.what} {one.cure}", []).append(short(one.context))
    for what, places in odd.items():
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        taken.rows.append(("look", places[0] + more, what))


def _agree(taken: Sequence[Taken]) -> None:
    """Where two files say different things for one text, neither is taken: a person decides."""
    said: dict[tuple[str, str], set[str]] = {}
    for one in taken:
        for key, text in one.changes.items():
            said.setdefault(key, set()).add(text)
    for one in taken:
        for key in [key for key in one.changes if len(said[key]) > 1]:
            del one.changes[key]
            why = f"the files say different things: {' / '.join(sorted(said[key]))}. Import the one that is right."
            one.fewer(1)
            one.tell("clash", short(key[0]), why)


def _refuse(taken: Taken, refused: Mapping[tuple[str, str], str]) -> None:
    """Rows that the gate or the file does not take are counted as refused."""
    for (where, language), why in refused.items():
        if language == taken.language and (where, language) in taken.changes:
            taken.counted["refused"] += 1
            taken.rows.append(("refused", short(where), f"{why} It said: {taken.changes[where, language]}"))
    taken.fewer(sum(1 for key in taken.changes if key in refused))


def _show(taken: Taken) -> None:
    counted = ", ".join(f"{number} {verdict}" for verdict, number in taken.counted.items() if number)
    results.print(f"[bold]{taken.language}[/]  {counted or 'nothing in it'}")
    if not taken.rows:
        return
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1))
    for verdict, where, why in taken.rows:
        table.add_row(f"  [yellow]{verdict}[/]", escape(where), escape(why))
    results.print(table)


def _remember(given: Document, changes: Mapping[tuple[str, str], str]) -> None:
    """Keep a person's translations as drafts, where there is a memory."""
    units = {unit.context: unit for unit in given.own}
    new = [
        New(where, units[where].source, language, units[where].text, said, "person")
        for (where, language), said in changes.items()
        if where in units
    ]

    async def go() -> None:
        async with memory() as known:
            await known.keep(new)

    try:
        run(go())
    except Problem as problem:
        if given.name == PHRASES:
            raise
        console.print(f"Not kept in the translation memory: {problem}", highlight=False, markup=False)
