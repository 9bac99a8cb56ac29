#!/usr/bin/env python3
"""Brings bot/web/locale/*.po up to date with the texts marked in the templates and in the pages' code.

    scripts/interface_texts.py                    all languages there are: what is new stands there without a translation
    scripts/interface_texts.py es                 this one; a language that there is not is begun
    scripts/interface_texts.py es --missing       lists what has no translation, as JSON: [{"id", "plural", "context", "in"}]
    scripts/interface_texts.py es --take FILE     enters translations from such a JSON file, each with "said": words, or a list
                                                  with one for each plural form
    scripts/interface_texts.py es --approve NAME  a person has read all of it
    scripts/interface_texts.py --count            how many texts there are, file by file

What is gone from the pages is kept below, marked ``#~``, and comes back by itself should the text do so. A text that was
changed is a new text: its old translation would say something else.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "bot" / "web"
LOCALE = WEB / "locale"
FUNCTIONS: dict[str, Any] = {
    "say": None,
    "to_say": None,
    "say_n": (1, 2),
    "say_in": ((1, "c"), 2),
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
TOLD: dict[str, Any] = {"told": None, "told_n": (1, 2)}
REFUSALS = {"Refused": None, "Check": (2,), "to_say": None}
DOMAIN: dict[str, dict[str, Any]] = {"bot": TOLD, "survey_flows": TOLD, "bot/dialogue": REFUSALS}
"""What is said where something is found or refused: pages show it in their own language."""
TEMPLATES = {
    "trimmed": "true",
    "newstyle_gettext": "true",
    "silent": "false",
    "extensions": "jinja2.ext.i18n",
}
"""As bot/web/page.py has it, or texts stand in the files that no page asks for."""
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
HEAD = """# The words of Openline's own pages, kept up to date by scripts/interface_texts.py.
# Drafted by a machine. Once a person who speaks the language has read all of it, their name and the day stand here:
# Approved by: {by}"""


def texts() -> Catalog:
    """Every text that is marked, with the files in which it stands."""
    found = Catalog(project="Openline", fuzzy=False)
    for file, message, context in _marked():
        found.add(message, locations=[(file, 0)], context=context)
    return found


def _marked() -> Iterator[tuple[str, Any, str | None]]:
    methods = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
    options = {"templates/**.html": TEMPLATES}
    for file, _, message, _, context in extract_from_dir(str(WEB), methods, options, FUNCTIONS):
        yield f"bot/web/{file}", message, context
    for folder, functions in DOMAIN.items():
        for file, _, message, _, context in extract_from_dir(
            str(ROOT / folder), [("**.py", "python")], {}, functions
        ):
            yield f"{folder}/{file}", message, context


def held(language: str) -> Catalog:
    """The catalogue of a language as it stands, with what was kept of texts that are gone."""
    file, name = LOCALE / f"{language}.po", language.replace("-", "_")
    if not file.exists():
        return Catalog(locale=name)
    catalogue = read_po(io.BytesIO(file.read_bytes()), locale=name, abort_invalid=True)
    for message in list(catalogue.obsolete.values()):
        if catalogue.get(message.id, message.context) is None:
            catalogue[message.id] = message
    return catalogue


def merged(language: str, marked: Catalog) -> Catalog:
    """The catalogue of a language with every marked text in it, and what was translated before."""
    catalogue = held(language)
    catalogue.obsolete.clear()
    catalogue.update(marked, no_fuzzy_matching=True)
    for key, message in list(catalogue.obsolete.items()):
        if not _said(message):
            del catalogue.obsolete[key]
    return catalogue


def write(language: str, catalogue: Catalog, by: str | None = None) -> None:
    """Write the file, the same for the same texts on every day."""
    file = LOCALE / f"{language}.po"
    before = approver(file)
    catalogue.header_comment = HEAD.format(by=before if by is None else by)
    catalogue.project, catalogue.version, catalogue.fuzzy = "Openline", "0", False
    written = io.BytesIO()
    write_po(written, catalogue, width=120, no_location=True, omit_header=False, sort_output=True)
    lines = written.getvalue().splitlines(keepends=True)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"".join(line.rstrip() + b"\n" for line in lines if not line.startswith(DROPPED)))


def approver(file: Path) -> str:
    """Who has approved a file; "" for nobody."""
    head = file.read_text("utf-8")[:2000] if file.exists() else ""
    found = re.search(r"^# Approved by: *(\S.*)$", head, re.MULTILINE)
    return found[1].strip() if found else ""


def missing(catalogue: Catalog) -> list[Message]:
    """The messages without a translation, or with one that lacks a plural form."""
    return [message for message in catalogue if message.id and not _said(message)]


def _said(message: Message) -> bool:
    said = message.string
    return all(said) if isinstance(said, tuple | list) else bool(said)


def take(catalogue: Catalog, given: list[dict[str, Any]]) -> int:
    """Enter translations. Raises SystemExit for one of another number of forms, or with other gaps than its text."""
    count = 0
    for row in given:
        id_ = (row["id"], row["plural"]) if row.get("plural") else row["id"]
        message = catalogue.get(row["id"], row.get("context"))
        if message is None or not row.get("said"):
            continue
        said = tuple(row["said"]) if row.get("plural") else row["said"]
        if isinstance(said, tuple) and len(said) != catalogue.num_plurals:
            sys.exit(f"{row['id']!r} needs {catalogue.num_plurals} forms")
        if wrong := gaps_differ(id_, said):
            sys.exit(f"{row['id']!r}: {wrong}")
        message.string = said
        message.flags.discard("fuzzy")
        count += 1
    return count


def gaps_differ(text: str | tuple[str, ...], said: str | tuple[str, ...]) -> str:
    """What is wrong with the gaps and elements of a translation; "" for nothing.

    >>> gaps_differ("Read %(n)s <b>now</b>", "Lea %(m)s <b>ahora</b>")
    'it has %(m)s, and the text does not'
    """

    def gaps(one: str) -> Counter[str]:
        return Counter(re.findall(r"%\(\w+\)[sd]|\{\w*(?:[:!][^{}]*)?\}|</?\w+[^>]*>", one))

    sources = (text,) if isinstance(text, str) else text
    whole = gaps(sources[-1])
    for one in (said,) if isinstance(said, str) else said:
        there = gaps(one)
        if strange := set(there) - set(whole) - set(gaps(sources[0])):
            return f"it has {min(strange)}, and the text does not"
        if isinstance(text, str) and there != whole:
            return f"it has {sorted(there)}, and the text {sorted(whole)}"
    return ""


def main() -> None:
    """What the command line asks for."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("languages", nargs="*")
    asked.add_argument("--missing", action="store_true")
    asked.add_argument("--take", type=Path)
    asked.add_argument("--approve")
    asked.add_argument("--count", action="store_true")
    given = asked.parse_args()
    marked = texts()
    if given.count:
        counted = Counter(place for message in marked if message.id for place, _ in message.locations)
        for place, number in sorted(counted.items()):
            print(f"{number:5}  {place}")  # noqa: T201
        print(f"{len(marked):5}  different texts")  # noqa: T201
        return
    for language in given.languages or sorted(file.stem for file in LOCALE.glob("*.po")):
        catalogue = merged(language, marked)
        if given.missing:
            places = {message.id: sorted({place for place, _ in message.locations}) for message in marked}
            rows = [_row(message, places.get(message.id, [])) for message in missing(catalogue)]
            print(json.dumps(rows, ensure_ascii=False, indent=1))  # noqa: T201
            continue
        if given.take:
            taken = take(catalogue, json.loads(given.take.read_text("utf-8")))
            print(f"{taken} taken")  # noqa: T201
        left = missing(catalogue)
        if given.approve and left:
            sys.exit(f"{len(left)} texts are not there in {language}: it cannot be approved like this.")
        by = f"{given.approve}, {datetime.now(UTC).date()}" if given.approve else None
        write(language, catalogue, by)
        name = (LOCALE / f"{language}.po").relative_to(ROOT)
        print(f"{name}: {len(marked)} texts, {len(left)} to translate")  # noqa: T201


def _row(message: Message, places: list[str]) -> dict[str, Any]:
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    row: dict[str, Any] = {"id": ids[0], "in": places}
    if len(ids) > 1:
        row["plural"] = ids[1]
    if message.context:
        row["context"] = message.context
    return row


if __name__ == "__main__":
    main()
