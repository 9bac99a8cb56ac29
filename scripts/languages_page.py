"""Writes the table of docs/languages.md from the catalogues and word lists themselves."""

from __future__ import annotations

import re
from pathlib import Path

from langcodes import Language

from survey_flows import LIBRARY, library, phrases
from survey_flows.danger import FOLDER as DANGER
from survey_flows.lexicon import LEXICONS
from survey_flows.prompts import right_to_left

PAGE = Path(__file__).parent.parent / "docs" / "languages.md"
START, END = "<!-- table: begin -->", "<!-- table: end -->"


def made_and_approved(language: str) -> tuple[str, str]:
    """Who made a catalogue, and who approved it, as its head says."""
    head = phrases.catalogue(language).read_text("utf-8")[:2000]
    found = [re.search(rf'"{name}: *(.*?) *\\n"', head) for name in ("X-Made-By", "X-Approved-By")]
    made, approved = (match[1] if match else "" for match in found)
    return made, approved or "nobody yet"


def table() -> str:
    """One row a language: its name, its tag, what we have in it, who made it and who approved it."""
    rows = [
        "| language | tag | replies understood | what Openline says: made by | approved by | surveys of the library | danger list |",
        "|---|---|---|---|---|---|---|",
    ]
    surveys = {tag: sum(tag in library(key).languages for key in LIBRARY) for tag in LEXICONS}
    for tag in sorted(LEXICONS, key=lambda tag: (-surveys[tag], Language.get(tag).display_name())):
        made, approved = made_and_approved(tag)
        name = Language.get(tag).display_name() + (" (right to left)" if right_to_left(tag) else "")
        danger = "yes" if (DANGER / f"{tag}.yaml").exists() else "no"
        rows.append(f"| {name} | `{tag}` | yes | {made} | {approved} | {surveys[tag] or 'none'} | {danger} |")
    return "\n".join(rows)


def page() -> str:
    """The page with its table as it should be now."""
    text = PAGE.read_text("utf-8")
    before, after = text[: text.index(START) + len(START)], text[text.index(END) :]
    return f"{before}\n{table()}\n{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
