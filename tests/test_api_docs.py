"""The page about the API says what there is: every operation, scope and problem. Run as a program, it mends the table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import tokens
from bot.web.api import application, door
from bot.web.api.problems import KINDS

PAGE = Path(__file__).parent.parent / "docs" / "api.md"
DESCRIBED = application.create(None).openapi()  # type: ignore[arg-type]  # it asks nothing of the app
PLACE = re.compile(r"(?<=out of date -->\n).*?(?=<!-- end of operations -->)", re.DOTALL)


def operations() -> str:
    """The table of operations, from the description."""
    rows = [
        f"| `{method.upper()} {path}` | {' '.join(f'`{scope}`' for scope in operation['security'][0]['token'])} "
        f"| {operation['summary']} |"
        for path, methods in DESCRIBED["paths"].items()
        for method, operation in methods.items()
    ]
    return "\n".join(["| request | scope | what it does |", "|---|---|---|", *rows, ""])


def test_the_table_of_operations_is_what_the_description_says():
    assert PLACE.search(PAGE.read_text("utf-8"))[0] == operations(), "run: python tests/test_api_docs.py"


@pytest.mark.parametrize("scope", tokens.SCOPES)
def test_every_scope_is_explained_on_the_page_as_in_the_program(scope):
    said = tokens.SCOPES[scope]
    row = f"| `{scope}` | {said[0].lower()}{said[1:].removesuffix('.')} |"

    assert row in PAGE.read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_every_problem_is_on_the_page_with_its_status(kind):
    assert re.search(rf"^\| `{kind}` \| {KINDS[kind][0]} \| \S", PAGE.read_text("utf-8"), re.MULTILINE)


def test_the_figures_on_the_page_are_those_of_the_program():
    page = " ".join(PAGE.read_text("utf-8").split())

    assert f"good for {tokens.DAYS} days, or as many as `--days` says ({tokens.MOST_DAYS} at most)" in page
    assert f"After {door.TRIES} tokens" in page
    assert f"waits {door.WINDOW.seconds // 60} minutes" in page


if __name__ == "__main__":
    PAGE.write_text(PLACE.sub(lambda _: operations(), PAGE.read_text("utf-8")), "utf-8")
