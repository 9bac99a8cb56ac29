"""openline translate: the group of its commands, and what they share."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from ..texts import returned
from ..texts.document import Unusable
from ..texts.returned import short
from .root import Problem, app

__all__ = ["FileArgument", "Language", "count", "many", "results", "short", "tag", "translate"]

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
FileArgument = Annotated[
    str, typer.Argument(help="A survey's file, a campaign's, or a name of the library.", metavar="FILE")
]
Language = Annotated[str, typer.Argument(help="The language, as es or zh-Hans.")]


def tag(language: str, source: str = "") -> str:
    """A language's tag as it is usually written. Raises Problem for what is none, or is the source."""
    try:
        return returned.tag(language, source)
    except Unusable as error:
        raise Problem(str(error)) from None


def many(languages: str | None, source: str) -> list[str]:
    """Languages of an option: es,ht. Raises Problem."""
    named = [part.strip() for part in (languages or "").split(",")]
    return list(dict.fromkeys(tag(one, source) for one in named if one))


def count(number: int, what: str) -> str:
    """So many of something.

    >>> count(1, "text"), count(2, "text")
    ('1 text', '2 texts')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"
