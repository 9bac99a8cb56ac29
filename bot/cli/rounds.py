"""rounds: how far the conversations of a survey came."""

from __future__ import annotations

from typing import Annotated

import typer

from analysis.findings import Response

from ..app import opened
from ..rounds import Round, look
from .root import Problem, app, run, settings

WORDS = {
    "complete": "answered to the end",
    "partial": "answered in part, then it ended: time ran out, STOP, or the number no longer works",
    "started": "have begun; a question waits",
    "paused": "have begun or been asked; another survey came between",
    "asked": "were asked and have not answered",
    "refused": "said STOP before they answered",
    "expired": "did not answer in 7 days",
    "unreachable": "could not be reached",
    "screened": "were thanked, because enough had answered (a quota)",
    "imported": "answered elsewhere and were imported",
}
"""Each disposition in plain words (survey_flows/dispositions.py has the rules)."""


@app.command()
def rounds(
    survey: Annotated[str, typer.Argument(help="The key of a survey that has been asked.", metavar="SURVEY")],
) -> None:
    """Show how far a survey's conversations came, and the response rate by language and school."""

    async def go() -> Round:
        async with opened(settings()) as service:
            keys = [listed.key for listed in await service.surveys()]
            if survey not in keys:
                raise Problem(f"There is no survey {survey}. There are: {', '.join(keys) or 'none yet'}.")
            findings = await service.findings(survey)
            shown = findings.unheard.response if findings else {}
            async with service.database.read() as db:
                book = await service.books.of_survey(db, survey)
                return await look(db, survey, book, service.settings.minimum_cell, shown)

    found = run(go())
    if not found.dispositions:
        raise Problem(f"Nobody has been asked {survey} yet. See `openline ask --help`.")
    for line in _lines(found):
        typer.echo(line)


def _lines(found: Round) -> list[str]:
    lines = [f"{found.survey}: {sum(found.dispositions.values())} people"]
    lines += [f"{count:7}  {state:11}  {WORDS[state]}" for state, count in found.dispositions.items()]
    if found.rate is None:
        return lines
    lines += [
        "",
        f"Response rate: {found.rate:.0%} ({_complete(found)} of {found.base}), docs/method.md says of what",
    ]
    for dimension, groups in found.by.items():
        lines += ["", f"by {dimension}", f"  {'':30}{'asked':>7}{'complete':>10}  rate"]
        shown = sorted(groups.items(), key=lambda one: (one[1].asked is None, -(one[1].asked or 0), one[0]))
        lines += [f"  {value[:29]:30}{_row(response)}" for value, response in shown]
    if any(response.rate is None for groups in found.by.values() for response in groups.values()):
        lines += ["", "- is hidden: too few people, or they could be worked out."]
    return lines


def _complete(found: Round) -> int:
    return found.dispositions.get("complete", 0)


def _row(response: Response) -> str:
    asked = "-" if response.asked is None else str(response.asked)
    complete = "-" if response.answered is None else str(response.answered)
    if response.rate is not None:
        rate = f"{response.rate:.0%}"
    elif response.at_most is not None and response.at_most < 1:
        rate = f"at most {response.at_most:.0%}"
    else:
        rate = "-"
    return f"{asked:>7}{complete:>10}  {rate}"
