"""The command ``openline``. Every command says what it does with ``--help``, and errors say how to mend them."""

from __future__ import annotations

import sys

from rich.markup import escape

from . import (
    alerts,
    asking,
    audiences,
    calendar,
    campaign_files,
    campaign_moves,
    campaign_views,
    campaign_watch,
    campaigns,
    code,
    codebook,
    codebook_files,
    codebook_moves,
    data,
    demo,
    duties,
    emerging,
    export,
    forms,
    import_codings,
    inbox,
    inbox_reply,
    languages,
    people,
    person,
    problems,
    publishing,
    report,
    results,
    review,
    review_decide,
    review_figures,
    review_start,
    rounds,
    service,
    staff,
    summary,
    survey_tools,
    surveys,
    tokens,
    translate_approve,
    translate_check,
    translate_export,
    translate_fill,
    translate_import,
    translate_status,
    waves,
)
from .root import Problem, app, console

__all__ = [
    "alerts",
    "app",
    "asking",
    "audiences",
    "calendar",
    "campaign_files",
    "campaign_moves",
    "campaign_views",
    "campaign_watch",
    "campaigns",
    "code",
    "codebook",
    "codebook_files",
    "codebook_moves",
    "data",
    "demo",
    "duties",
    "emerging",
    "export",
    "forms",
    "import_codings",
    "inbox",
    "inbox_reply",
    "languages",
    "main",
    "people",
    "person",
    "problems",
    "publishing",
    "report",
    "results",
    "review",
    "review_decide",
    "review_figures",
    "review_start",
    "rounds",
    "service",
    "staff",
    "summary",
    "survey_tools",
    "surveys",
    "tokens",
    "translate_approve",
    "translate_check",
    "translate_export",
    "translate_fill",
    "translate_import",
    "translate_status",
    "waves",
]


def main() -> None:
    """Run the command line. An expected problem is one clear line and exit code 1; a defect is a traceback."""
    try:
        app()
    except Problem as problem:
        console.print("[bold red]openline:[/]", escape(str(problem)), highlight=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
