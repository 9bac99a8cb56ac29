"""translate status: what is missing, what waits for a person, what is done."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from langcodes import Language
from rich.table import Table
from rich.text import Text

from .translate_documents import Document, State, all_documents, document, remembered
from .translating import count, results, translate

STATES: tuple[State, ...] = ("approved", "draft", "stale", "missing")
_COLOUR = {"approved": "green", "draft": "yellow", "stale": "magenta", "missing": "red"}
_SIGN = {"approved": "█", "draft": "▓", "stale": "▒", "missing": "░"}
"""Colours alone would say nothing in a file, nor to everybody."""
_BAR = 20
_WIDE = 110
"""From so many columns on there is room for long bars, and for who has approved what beside them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One document in one language: how many of its texts are in which state, and who approved it."""

    name: str
    language: str
    states: Counter[State]
    by: str = ""

    @property
    def total(self) -> int:
        return self.states.total()

    def to_json(self) -> dict[str, Any]:
        """All of it, by name."""
        states: dict[str, int] = {state: self.states[state] for state in STATES}
        return {
            "document": self.name,
            "language": self.language,
            "texts": self.total,
            **states,
            "by": self.by,
        }


@translate.command()
def status(
    named: Annotated[
        list[str] | None,
        typer.Argument(
            help="Survey or campaign files, names of the library, or `phrases`. Default: all of the library.",
            metavar="FILE|NAME",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write every document and language as JSON.")
    ] = False,
) -> None:
    """Show how far each language is: texts that a person has approved, drafts, texts that changed since, missing ones.

    `openline translate status mornings.yaml`, or without a name for everything that comes with Openline. Works without a database; with one it knows which
    texts have not changed since.
    """
    documents = remembered([document(name) for name in named] if named else all_documents())
    found = [standing(one, language) for one in documents for language in one.languages]
    if as_json:
        typer.echo(json.dumps([one.to_json() for one in found], ensure_ascii=False, indent=2))
        return
    if named:
        for one in documents:
            mine = [each for each in found if each.name == one.name]
            _show(one, mine)
            results.print(_next(one, mine))
        return
    _sums("Document", [(one.name, [f for f in found if f.name == one.name]) for one in documents])
    languages = sorted(
        {one.language for one in found}, key=lambda tag: -sum(f.total for f in found if f.language == tag)
    )
    _sums("Language", [(_name(tag), [f for f in found if f.language == tag]) for tag in languages])
    results.print("One document in all its languages: openline translate status NAME")


def standing(given: Document, language: str) -> Standing:
    """How a document stands in a language."""
    states: Counter[State] = Counter(given.state(unit, language) for unit in given.units)
    approved = given.made.approved.get(language) if given.made else None
    by = f"{approved.by}, {approved.on}" if approved else ""
    return Standing(given.name, language, states, by)


def _show(given: Document, found: Sequence[Standing]) -> None:
    wide = results.width >= _WIDE
    table = _table("Language", *(["By"] if wide else []))
    for one in found:
        table.add_row(_name(one.language), *_cells(one.states), *([one.by] if wide else []))
    title = (
        f" · {given.made.title if isinstance(given.made.title, str) else given.made.title[given.source]}"
        if given.made
        else ""
    )
    results.print(
        Text(
            f"{given.name}{title} · {count(len(given.units), 'text')} in {Language.get(given.source).display_name()}"
        )
    )
    if found:
        results.print(table)
        for one in found if not wide else ():
            if one.by:
                results.print(Text(f"{one.language}: {one.by}"))
        results.print(Text.assemble(*((f"{_SIGN[state]} {state}   ", _COLOUR[state]) for state in STATES)))


def _sums(heading: str, rows: Iterable[tuple[str, Sequence[Standing]]]) -> None:
    table = _table(heading)
    for name, found in rows:
        table.add_row(name, *_cells(sum((one.states for one in found), Counter())))
    results.print(table)


def _table(heading: str, *more: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(heading, no_wrap=True)
    table.add_column("", no_wrap=True, min_width=_bar())
    for name in ("Texts", "Approved", "Drafts", "Stale", "Missing"):
        table.add_column(name, justify="right", no_wrap=True, min_width=len(name))
    for name in more:
        table.add_column(name)
    return table


def _bar() -> int:
    """How long bars are: half as long in a window of 80 columns, so that the figures have room."""
    return _BAR if results.width >= _WIDE else _BAR // 2


def _cells(states: Counter[State]) -> list[Text]:
    figures = [states.total(), *(states[state] for state in STATES)]
    shown = [Text(f"{figure:,}" if figure else "·") for figure in figures]
    for state, cell in zip(STATES, shown[1:], strict=True):
        cell.stylize(_COLOUR[state] if states[state] else "dim")
    return [bar(states, _bar()), *shown]


def bar(states: Counter[State], width: int = _BAR) -> Text:
    """The states as lengths of one bar; what there is at all takes one sign at least.

    >>> bar(Counter(approved=5, draft=4, missing=1), 10).plain, bar(Counter(approved=999, missing=1), 10).plain
    ('█████▓▓▓▓░', '█████████░')
    """
    total = states.total() or 1
    lengths = {state: max(round(states[state] / total * width), 1) for state in STATES if states[state]}
    while sum(lengths.values()) > width:
        lengths[max(lengths, key=lambda state: lengths[state])] -= 1
    while lengths and sum(lengths.values()) < width:
        lengths[max(lengths, key=lambda state: lengths[state])] += 1
    return Text.assemble(*((_SIGN[state] * length, _COLOUR[state]) for state, length in lengths.items()))


def _next(given: Document, found: Sequence[Standing]) -> str:
    """What to do now, for the first language that needs something."""
    if given.made is None:
        return "[dim]Read them with a speaker, then: openline translate approve phrases LANGUAGE --by NAME[/]"
    name = given.name
    if not found:
        return (
            f"[dim]Only in one language so far. Next: openline translate fill {name} --to es, which drafts it;\n"
            f"      or, for a person who translates: openline translate export {name} --to es[/]"
        )
    copy = "" if given.path else f" --out {name}.yaml"
    for one in found:
        if one.states["missing"]:
            return (
                f"[dim]Next: openline translate fill {name} --to {one.language}{copy}, which drafts what is missing;\n"
                f"      or, for a person: openline translate export {name} --to {one.language}[/]"
            )
    for one in found:
        if one.states["draft"] or one.states["stale"]:
            return (
                f"[dim]Next: openline translate export {name} --to {one.language}, for somebody who speaks it "
                f"at home;\n      or if it has been read already: openline translate approve {name} {one.language} --by NAME{copy}[/]"
            )
    return "[dim]Every language has been approved as it stands.[/]"


def _name(tag: str) -> str:
    """A language for a table: es, Spanish."""
    return f"{tag:8}{Language.get(tag).display_name()}"
