"""review figures: how far people agree, how often the coder is right, and which themes to talk about, in plain words."""

from __future__ import annotations

import json as json_
from collections.abc import Iterator
from typing import Annotated

import typer

from analysis.agreement import Agreement, Figure, OfTheme
from analysis.agreement.quality import Hits

from ..app import App
from ..reviewing.figures import FEW, Figures, figures
from .inbox import with_
from .review import Named, review, survey_of


@review.command("figures")
def figures_(
    survey: Named = None,
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """How far people agree on what replies say, and how often the coder is right, theme by theme.

    Themes that people read alike are reliable from an alpha of .80, tentative from .67.
    """

    async def go(service: App) -> Figures:
        key = await survey_of(service, survey)
        async with service.database.read() as db:
            return await figures(service, db, key)

    found = with_(go)
    if json:
        typer.echo(json_.dumps(found.to_json(), ensure_ascii=False, indent=2))
        return
    typer.echo(f"{found.survey}, by the codebook {found.codebook.id} ({found.codebook.version})")
    for line in (*_people(found), *_machine(found)):
        typer.echo(line)


def _people(found: Figures) -> Iterator[str]:
    people = found.people
    yield ""
    yield "Between people"
    if not people.answers:
        yield "  No reply has been read by two people yet: openline review draw --double"
        return
    yield f"  {_replies(people.answers)} read by two or more of {people.readers} readers."
    if people.same is not None:
        yield f"  They gave exactly the same themes to {_share(people.same)}."
    yield f"  All themes together: {_alpha(people.alpha)}: {found.verdict.word}."
    yield f"  That is: {found.verdict.advice}."
    if found.verdict.doubt:
        yield f"  But {found.verdict.doubt}."
    yield from _discuss(found, people)
    yield ""
    yield "  named  differed  alpha"
    for theme in people.themes:
        verdict = found.verdicts[theme.theme]
        yield (
            f"  {theme.named:>5}  {theme.differed:>8}  {_alpha(theme.alpha):28} {_label(found, theme.theme)}: {verdict.word}"
        )


def _discuss(found: Figures, people: Agreement) -> Iterator[str]:
    for at, theme in enumerate(people.to_discuss(3)):
        yield f"  {'Talk about' if not at else 'And about '}: {_label(found, theme.theme)}, {_apart(found, theme)}"


def _apart(found: Figures, theme: OfTheme) -> str:
    instead = ", ".join(f"{_label(found, other)} ({times})" for other, times in theme.instead)
    said = f"read differently in {theme.differed} of {theme.named}"
    return f"{said}; instead of it: {instead}" if instead else said


def _machine(found: Figures) -> Iterator[str]:
    machine = found.machine
    yield ""
    yield "The coder against people"
    if not machine.replies:
        yield "  No reply that was drawn by lot has been read yet: openline review start"
        return
    yield f"  {_replies(machine.replies)} drawn by lot and read by people, before the coder had learned from them."
    if machine.replies < FEW:
        yield f"  That is few: of fewer than {FEW} the figures are no more than a hint."
    if found.seen:
        yield f"  {found.seen} of them were read with its suggestions in view, which flatters it."
    yield f"  All themes together: {_hits(machine.micro)}"
    for theme, hits in sorted(machine.themes.items(), key=lambda item: -item[1].true):
        yield f"  {_label(found, theme)}: {_hits(hits)}"


def _hits(hits: Hits) -> str:
    low = hits.intervals()
    said = []
    if hits.gave:
        part = f"{hits.both} of {hits.gave} that it gave were right"
        said.append(f"{part} (likely between {low['precision'].low:.0%} and {low['precision'].high:.0%})")
    if hits.true:
        part = f"it found {hits.both} of the {hits.true} that people found"
        said.append(f"{part} (likely between {low['recall'].low:.0%} and {low['recall'].high:.0%})")
    return "; ".join(said) or "nobody gave any"


def _label(found: Figures, theme: str) -> str:
    return found.codebook[theme].label if theme in found.codebook else theme


def _alpha(figure: Figure | None) -> str:
    return (
        "-" if figure is None else f"alpha {figure.value:.2f} (likely {figure.low:.2f} to {figure.high:.2f})"
    )


def _share(figure: Figure) -> str:
    return f"{figure.value:.0%} (likely between {figure.low:.0%} and {figure.high:.0%})"


def _replies(count: int) -> str:
    return f"{count} {'reply was' if count == 1 else 'replies were'}"
