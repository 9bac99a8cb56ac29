"""review start: the workbench at a terminal. One reply after another; themes are chosen by their numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import click
import typer

from analysis.codebook import Codebook, Theme

from ..app import App
from ..reviewing import deciding as decisions
from ..reviewing import queue
from ..reviewing.showing import Task
from ..store import draws
from .inbox import By, Reader, with_
from .review import Survey, lines, reader, review, suggested, survey_of, take, themes

KEYS = """\
  1 3        choose a theme by its number, or leave it out again
  /WORDS     look for a theme; what is found has numbers too
  Enter      that is all: enter the themes that are chosen
  a          accept: choose all that is suggested, and enter it
  n          none: no theme of the codebook fits
  ? 2        what theme 2 means
  s          pass this reply over, for somebody else
  u          take back the last reply you decided on, and see it again
  q          stop; nothing is lost"""
MOST = 9
"""So many themes at most are shown of those that were looked for."""


@dataclass
class Bench:
    """What is on the table: a reply, the themes with numbers, and those that are chosen."""

    task: Task
    listed: list[str] = field(default_factory=list)
    chosen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.listed = [one.theme for one in self.task.suggestions]

    def rows(self) -> list[str]:
        """Every theme with its number; what the coder suggests with its reasons, none of them chosen."""
        by_theme = {one.theme: one for one in self.task.suggestions}
        return [
            suggested(at, by_theme[theme], mark)
            if theme in by_theme
            else f"  {at} [{mark}] {self.task.codebook[theme].label} ({theme})"
            for at, theme in enumerate(self.listed, start=1)
            for mark in ["x" if theme in self.chosen else " "]
        ]

    def toggle(self, numbers: list[str]) -> str:
        """Choose these, or leave them out again. Returns what is wrong with them, if anything is."""
        wrong = [each for each in numbers if not 1 <= int(each) <= len(self.listed)]
        if wrong:
            return f"There is no theme {wrong[0]} here. Look for one with /"
        self.chosen ^= {self.listed[int(each) - 1] for each in numbers}
        return ""

    def search(self, words: str) -> str:
        """Put what is found for these words on the table. Returns what to say."""
        found = [theme.id for theme in _found(self.task.codebook, words)]
        self.listed += [theme for theme in found[:MOST] if theme not in self.listed]
        more = f" {len(found) - MOST} more fit: use other words." if len(found) > MOST else ""
        return more if found else f"No theme has “{words}” in its name, its meaning or its words."


@review.command()
def start(by: By = None, survey: Survey = None, speaks: Reader = "en") -> None:
    """Read one reply after another and choose the themes that it names: private.

    Nothing is chosen beforehand. Some replies are drawn for two readers; these come without suggestions.
    """

    async def go(service: App) -> int:
        who, key = await reader(service, by), await survey_of(service, survey)
        typer.echo("Type ? for the keys.")
        return await _sit(service, key, who, speaks)

    done = with_(go)
    typer.echo(f"\nYou have decided on {done} {'reply' if done == 1 else 'replies'}. Thank you.")


async def _sit(service: App, survey: str, who: str, speaks: str) -> int:
    done: list[decisions.Made] = []
    while (task := await take(service, survey, who, speaks)) is not None:
        bench = Bench(task)
        for line in lines(task):
            typer.echo(line)
        while (said := _ask(bench)) not in ("q", "s", "u", "enter"):
            _do(bench, said)
        if said == "q":
            return len(done)
        async with service.database.begin() as db:
            if said == "s":
                await queue.pass_over(service, db, task.answer, who)
            elif said == "u":
                if not done:
                    typer.echo("Nothing was decided in this sitting. See: openline review undo")
                    continue
                last = done.pop().answers[0]
                await decisions.withdraw(service, db, last, who)
                await draws.release(db, who, service.clock(), task.answer)
                await draws.hold(db, last, who, service.clock() + queue.LEASE)
            else:
                try:
                    made = await decisions.decide(service, db, task.answer, who, bench.chosen, seen=task.seen)
                except (decisions.CannotDecide, LookupError) as error:
                    typer.echo(str(error))
                    continue
                done.append(made)
                others = len(made.answers) - 1
                typer.echo(
                    f"Entered: {themes(made.themes)}" + (f", for {others} more like it" if others else "")
                )
    typer.echo("Nothing is left to read.")
    return len(done)


def _ask(bench: Bench) -> str:
    """What the reader wants: a key, or anything that is to be looked at further. ``enter`` when they are done."""
    for row in bench.rows():
        typer.echo(row)
    try:
        said = str(typer.prompt("", default="", show_default=False, prompt_suffix="> ")).strip()
    except click.exceptions.Abort:  # the end of what was typed
        return "q"
    if said == "a" and bench.task.suggestions:
        bench.chosen |= {one.theme for one in bench.task.suggestions}
        return "enter"
    if said == "n":
        bench.chosen.clear()
        return "enter"
    if not said and bench.chosen:
        return "enter"
    return said


def _do(bench: Bench, said: str) -> None:
    words = said.replace(",", " ").split()
    told = ""
    if words and all(word.isdecimal() for word in words):
        told = bench.toggle(words)
    elif said.startswith("/") and said[1:].strip():
        told = bench.search(said[1:].strip())
    elif said.startswith("?") and said[1:].strip().isdecimal():
        at = int(said[1:])
        if 1 <= at <= len(bench.listed):
            told = _meaning(bench.task.codebook[bench.listed[at - 1]])
    elif said.startswith("?"):
        told = KEYS
    elif not said:
        told = "Nothing is chosen. If no theme fits, type n."
    elif said == "a":
        told = "Nothing is suggested for this reply: look for its themes with /"
    else:
        told = f"“{said[:40]}” is no key. Type ? for the keys."
    if told:
        typer.echo(told)


def _found(book: Codebook, words: str) -> list[Theme]:
    """Codes with these words in their name, their meaning or their cues; those with them in the name first."""
    wanted = words.casefold().split()

    def has(*texts: str) -> bool:
        whole = " ".join(texts).casefold()
        return all(word in whole for word in wanted)

    codes = [book[code] for code in book.codes]
    named = [theme for theme in codes if has(theme.id, theme.label)]
    meant = [
        theme
        for theme in codes
        if has(theme.id, theme.label, theme.definition, theme.include, *(cue for some in theme.cues.values() for cue in some))
    ]  # fmt: skip
    return list({theme.id: theme for theme in (*named, *meant)}.values())


def _meaning(theme: Theme) -> str:
    said = [f"  {theme.label}: {theme.definition}"]
    said += [f"  Include: {theme.include}"] if theme.include else []
    said += [f"  Not: {theme.exclude}"] if theme.exclude else []
    return "\n".join(said)
