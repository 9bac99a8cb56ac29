#!/usr/bin/env python3
"""Brings bot/web/locale/*.po up to date with the texts marked in the templates and in the pages' code.

``scripts/interface_texts.py`` for all languages there are; ``scripts/interface_texts.py pt`` begins one. What is new stands
there without a translation, what is gone is dropped, and a text that was changed slightly is marked fuzzy.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "bot" / "web"
FUNCTIONS = {
    "say": None,
    "say_n": (1, 2),
    "say_in": ((1, "c"), 2),
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
DROPPED = tuple(
    f'"{name}'.encode()
    for name in (
        "POT-Creation",
        "PO-Revision",
        "Last-Translator",
        "Language-Team",
        "Report-Msgid",
        "Generated-By",
        "Project-Id",
    )
)
"""What would change with the day, or names an address."""
HEAD = """The words of Openline's own pages. A translation that no person has approved is marked: # drafted"""


def texts() -> Catalog:
    """Every text that is marked."""
    found = Catalog(project="Openline", header_comment=f"# {HEAD}", fuzzy=False)
    methods = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
    options = {"templates/**.html": {"trimmed": "true", "silent": "false", "extensions": "jinja2.ext.i18n"}}
    for file, _, message, comments, context in extract_from_dir(str(WEB), methods, options, FUNCTIONS):
        found.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return found


def brought_up(language: str, marked: Catalog) -> bytes:
    """The file of one language with every marked text in it."""
    file = WEB / "locale" / f"{language}.po"
    name = language.replace("-", "_")
    catalogue = read_po(io.BytesIO(file.read_bytes()), locale=name) if file.exists() else Catalog(locale=name)
    catalogue.update(marked, no_fuzzy_matching=False)
    catalogue.obsolete.clear()
    catalogue.header_comment = f"# {HEAD}"
    catalogue.project, catalogue.version = "Openline", "0"
    catalogue.fuzzy = False
    written = io.BytesIO()
    write_po(written, catalogue, width=120, no_location=True, omit_header=False, sort_output=True)
    kept = [
        line for line in written.getvalue().splitlines(keepends=True)
        if not line.startswith(DROPPED)
    ]  # fmt: skip
    return b"".join(kept)


def main() -> None:
    marked = texts()
    for language in sys.argv[1:] or [file.stem for file in (WEB / "locale").glob("*.po")]:
        file = WEB / "locale" / f"{language}.po"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(brought_up(language, marked))
        missing = sum(1 for each in read_po(io.BytesIO(file.read_bytes())) if each.id and not each.string)
        print(f"{file.relative_to(ROOT)}: {len(marked)} texts, {missing} to translate")  # noqa: T201


if __name__ == "__main__":
    main()
