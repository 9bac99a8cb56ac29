"""The pages on languages and expressions say what there is."""

import runpy
from pathlib import Path

from survey_flows.expressions import FUNCTIONS, UNSUPPORTED

ROOT = Path(__file__).parent.parent


def test_the_page_of_languages_is_what_the_catalogues_and_lists_say():
    made = runpy.run_path(str(ROOT / "scripts/languages_page.py"))["page"]()

    written = (ROOT / "docs/languages.md").read_text("utf-8")
    assert written == made, "run: .venv/bin/python scripts/languages_page.py"


def test_every_function_and_what_stays_blank_is_on_the_page_of_expressions():
    page = (ROOT / "docs/expressions.md").read_text("utf-8")

    assert [name for name in (*FUNCTIONS, *UNSUPPORTED) if f"`{name}`" not in page] == []
