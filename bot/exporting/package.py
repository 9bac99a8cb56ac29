"""A Frictionless data package: tables as CSV with a description that programs read, in a zip.

Replies come a second time, as Flow Results (flowinterop.org, 1.0.0-rc1): a package of its own, since such a one holds one
resource. Its timestamps are days, its contacts and sessions random names.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from . import csvs
from .replies import Replies
from .tables import About, Column, Kind, Sheet, Tables

TYPES: Mapping[Kind, str] = {
    "text": "string", "code": "string", "several": "string", "count": "integer", "number": "number",
    "share": "number", "yesno": "boolean",
}  # fmt: skip
FLOW = "flow-results"
VERSION = "1.0.0-rc1"
FIELDS = (
    ("timestamp", "The day of the reply", "datetime"),
    ("row_id", "Row ID", "string"),
    ("contact_id", "Contact ID", "string"),
    ("session_id", "Session ID", "string"),
    ("question_id", "Question ID", "string"),
    ("response", "Response", "any"),
    ("response_metadata", "Response Metadata", "object"),
)


def write(tables: Tables, path: Path, replies: Replies | None) -> None:
    """Write the package; ``replies`` are those that the tables are made of."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        sheets = tables.all()
        _json(packed, "datapackage.json", _describe(tables.about, sheets))
        for sheet in sheets:
            with _open(packed, f"{sheet.name}.csv") as out:
                # As they are: the description says what is text, and programs run no formulas.
                csvs.write(sheet, out, guard=False)
        if replies is not None:
            _json(packed, f"{FLOW}/datapackage.json", _flow(replies))
            with _open(packed, f"{FLOW}/responses.json") as out:
                _rows(replies, out)


def _open(packed: zipfile.ZipFile, name: str) -> IO[bytes]:
    entry = zipfile.ZipInfo(name, csvs.THEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return packed.open(entry, "w", force_zip64=True)


def _json(packed: zipfile.ZipFile, name: str, data: object) -> None:
    with _open(packed, name) as out:
        out.write(json.dumps(data, ensure_ascii=False, indent=2).encode())


def _describe(about: About, sheets: tuple[Sheet, ...]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": name_of(f"openline-{about.survey}-{about.purpose}"),
        "title": f"{about.title} ({about.purpose})",
        "description": "\n".join(f"{what}: {said}" for what, said in about.facts()),
        "created": about.at.isoformat(),
        "resources": [_resource(sheet) for sheet in sheets],
    }


def _resource(sheet: Sheet) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name_of(sheet.name),
        "title": sheet.title,
        "path": f"{sheet.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"},
        "schema": {"fields": [_field(column) for column in sheet.columns], "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "title": column.label, "type": TYPES[column.kind]}
    if column.kind == "yesno":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.kind == "several":
        field["description"] = "Several, with “; ” between them."
    if column.kind == "code" and column.values:
        field["constraints"] = {"enum": list(column.values)}
        field["description"] = "; ".join(f"{key}: {label}" for key, label in column.values.items())
    return field


def _flow(replies: Replies) -> dict[str, Any]:
    about, title = replies.about, f"{replies.about.title} (replies: not to be published)"
    name = name_of(f"openline-{about.survey}")
    return {
        "profile": "flow-results-package",
        "name": name,
        "flow_results_specification_version": VERSION,
        "created": about.at.isoformat(),
        "modified": about.at.isoformat(),
        "id": replies.package,
        "title": title,
        "description": "\n".join(f"{what}: {said}" for what, said in about.facts()),
        "resources": [
            {
                "profile": "data-resource",
                "name": f"{name}-data",
                "path": "responses.json",
                "api-data-url": None,
                "mediatype": "application/json",
                "encoding": "utf-8",
                "schema": {
                    "language": "eng",
                    "fields": [{"name": one, "title": two, "type": three} for one, two, three in FIELDS],
                    "questions": {
                        key: {"type": "open", "label": asked, "type_options": {}}
                        for key, asked in replies.questions.items()
                    },
                },
            }
        ],
    }


def _rows(replies: Replies, out: IO[bytes]) -> None:
    out.write(b"[")
    for number, one in enumerate(replies.each()):
        metadata = {
            "language": iso639_3(one["language"]),
            "themes": [each["theme"] for each in one["codings"] if each["counts"]],
            "read_by": one["read_by"],
        } | ({"english": one["english"]} if one["english"] else {})
        row = [
            f"{one['day']}T00:00:00+00:00", one["id"], one["person"], one["talk"], one["question"], one["words"],
            metadata,
        ]  # fmt: skip
        out.write(f"{',' if number else ''}\n{json.dumps(row, ensure_ascii=False)}".encode())
    out.write(b"\n]\n")


def name_of(text: str) -> str:
    """A name as packages have them.

    >>> name_of("openline-Fall Survey_2")
    'openline-fall-survey_2'
    """
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-")


def iso639_3(tag: str) -> str:
    """A language as Flow Results names it.

    >>> iso639_3("ht"), iso639_3("pt-BR"), iso639_3("und")
    ('hat', 'por', 'und')
    """
    try:
        return Language.get(tag).to_alpha3()
    except (LookupError, LanguageTagError):
        return "und"
